# What the language itself says.
print GPVAL_VERSION > 5
print sprintf("%.3f %s %05d %g", pi, "ü", 42, 1e-7), strlen("grün"), substr("grün", 3, 4), word("a b c", 2), words("a b c")
print gamma(5), lgamma(10), erf(0.5), besj0(1), norm(1), invnorm(0.9), lambertw(1), igamma(2, 3), ibeta(1, 2, 0.3), {1, 2} * {0, 1}, abs({3, 4}), 7 / 2, 7 % 4, 5!, 1 / 3.0, int(2.7), floor(-2.5), rand(0) < 1
print strftime("%Y-%m-%d %H:%M:%S %j", 1704164645), strptime("%d/%m/%Y", "02/01/2024"), tm_wday(1704164645)
array A[3] = [1, "two", {3, 4}]
print A, |A|
f(x) = a * x + b
fit f(x) "data.txt" using 1:2 via a, b
print sprintf("%.4f %.4f", a, b)
stats "data.txt" using 2 name "S"
print S_mean, S_records, S_max
set dummy t; print sum [i = 1:10] i**2
do for [i = 1:3] { if (i == 2) { continue }; print "loop ", i }
set print "out.txt"; print "to a file"; unset print
$block << EOD
1 10
2 20
EOD
set table "table.txt"; plot $block using 1:2 smooth cumulative; unset table
show version
save "saved.gp"
undefine a
print exists("a"), defined(b)
print "before the end"
nonsense command
