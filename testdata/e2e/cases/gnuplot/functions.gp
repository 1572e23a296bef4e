# Shared by the plots: load "functions.gp"
bell(x, m, s) = exp(-0.5 * ((x - m) / s)**2) / (s * sqrt(2 * pi))
half(x) = x / 2.0
set style line 1 lc rgb "#7a5230" lw 2 pt 7
