set output OUT
set multiplot layout 2, 2 title "four"
set isosamples 12; set hidden3d; set contour both; set cntrparam levels 4
splot x**2 - y**2
unset contour; set pm3d map; set palette defined (0 "blue", 1 "white", 2 "red"); unset hidden3d
splot sin(x) * cos(y) notitle
unset pm3d; set style data histograms; set style fill solid 0.5; set boxwidth 0.9
plot "data.txt" using 2:xtic(1) title "two", "" using 3 title "three"
set polar; set grid polar; unset xtics
plot 1 + sin(t)
unset multiplot
