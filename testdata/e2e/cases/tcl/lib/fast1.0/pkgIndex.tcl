package ifneeded fast 1.0 [list load [file join $dir libfast1.0.so]]
