package ifneeded robot 1.0 [list apply {dir {
    foreach file [lsort [glob $dir/part-*.tcl]] { uplevel #0 [list source $file] }
    package provide robot 1.0
}} $dir]
