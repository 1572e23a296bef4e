namespace eval robot {}

proc robot::data {} {
    package require json
    package require json::write
    package require csv
    package require md5
    package require sha256
    package require base64
    package require uuid
    package require struct::list
    package require math::statistics
    package require textutil
    package require yaml
    set d [::json::json2dict {{"a": [1, 2, {"b": "\u00e4"}], "n": null}}]
    lappend out $d [::json::write object k [::json::write array 1 2] s [::json::write string "q\"q"]]
    lappend out [::csv::split {a,"b, c",d}] [::md5::md5 -hex tea] [::sha2::sha256 tea] [::base64::encode [encoding convertto utf-8 é]]
    lappend out [string length [::uuid::uuid generate]] [::struct::list permutations {1 2 3}] [format %.3f [::math::statistics::mean {1 2 4}]]
    lappend out [::textutil::adjust "one two three four five six seven" -length 14] [::yaml::yaml2dict "a: 1\nb: \[x, y\]"]
    join $out \n
}

proc robot::sql {} {
    package require sqlite3
    sqlite3 db :memory:
    db function twice {apply {x {expr {$x * 2}}}}
    db eval {create table t (a int, b text); insert into t values (1, 'one'), (2, 'ü')}
    set rows [db eval {select twice(a), upper(b) from t order by a desc}]
    catch {db eval {select * from none}} why
    return "$rows\n$why"
}

proc robot::xml {} {
    package require tdom
    set doc [dom parse {<list><item n="1">tea</item><item n="2">jam &amp; bread</item></list>}]
    set root [$doc documentElement]
    set names [lmap node [$root selectNodes {//item[@n > 1]}] {$node text}]
    catch {dom parse {<a><b></a>}} why
    return "$names\n[$doc asXML -indent none]\n[lindex [split $why \n] 0]"
}

proc robot::time {} {
    set t [clock scan "2024-07-01 12:00" -timezone :Europe/Berlin -format "%Y-%m-%d %H:%M"]
    return "$t [clock format $t -timezone :UTC -format {%A %d %B %H:%M} -locale de] [clock add 0 1 month -timezone :UTC]"
}

proc robot::net {} {
    set server [socket -server {apply {{chan args} { puts $chan "hello [lindex $args 0]"; close $chan }}} -myaddr 127.0.0.1 0]
    set chan [socket 127.0.0.1 [lindex [fconfigure $server -sockname] 2]]
    fileevent $chan readable [list set ::got 1]
    vwait ::got
    set line [gets $chan]
    catch {socket 127.0.0.1 9} why
    package require http
    package require tls
    ::http::register https 443 ::tls::socket
    catch {::http::geturl https://127.0.0.1:9/} https
    return "$line\n$why\n$https\nencodings [expr {[llength [encoding names]] > 50}] [encoding convertfrom shiftjis \x82\xa0]"
}

proc robot::fail {} { expr {1 / 0} }
