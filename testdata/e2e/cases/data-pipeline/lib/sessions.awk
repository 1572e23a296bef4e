#!/usr/bin/gawk -f
# Groups lines of an access log by address, with times as seconds.
@include "join"
BEGIN { PROCINFO["sorted_in"] = "@ind_str_asc" }
match($0, /^(\S+) \[([^\]]+)\] "(\S+) (\S+)" ([0-9]+)/, m) {
    t = mktime(gensub(/[-T:]/, " ", "g", m[2]))
    if (!(m[1] in first)) first[m[1]] = t
    last[m[1]] = t
    count[m[1]][m[5]]++
}
END {
    for (a in count) {
        printf "%s %ds", a, last[a] - first[a]
        for (code in count[a]) printf " %s=%d", code, count[a][code]
        print ""
    }
    "date -u -d @0 +%F" | getline day
    print day, strftime("%Y", 0, 1), toupper("ä"), length("茶"), strtonum("0x1F"), and(12, 10), join(list, 1, split("c b a", list), "+")
}
