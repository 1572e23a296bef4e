# One picture for each terminal: TERMINAL and OUT come from the command line.
load "functions.gp"
set encoding utf8
set output OUT
set title "Tea & cups — grün {/Symbol a}_{1}^2"
set xlabel "day"; set ylabel "{/:Italic price}"
set key left top box
set grid
set label 1 "peak" at 5, bell(5, 5, 1) point pt 7
set arrow 1 from 2, 0.1 to 4, 0.3
set object 1 rect from 6, 0.2 to 8, 0.3 fc rgb "gold"
plot [0:10] bell(x, 5, 1) ls 1 title "bell", "data.txt" using 1:(half($2)) with linespoints title "data", "" using 1:2:3 with yerrorbars notitle, \
    "" using 1:2:(sprintf("%d", $1)) with labels offset 0, 1 notitle
