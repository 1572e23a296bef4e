# A web service: the shop's items as text, JSON, HTML and XML.
package require Tcl 8.6
package require shop
package require json
package require json::write
package require html
package require tdom
package require uri
package require ncgi
package require md5
package require logger

set port [lindex $argv 0]
if {![string is integer -strict $port]} {
    puts stderr "usage: server.tcl PORT"
    exit 2
}
set log [logger::init server]
${log}::setlevel notice
proc logline {text} { puts stdout "notice: $text"; flush stdout }
${log}::logproc notice txt { puts stdout "notice: $txt"; flush stdout }
shop::Store create store :memory:
foreach {name price} {tea 3.5 cup 12} { store add $name $price }
source [file join [file dirname [info script]] pages.tcl]

proc accept {sock host peer} {
    fconfigure $sock -translation crlf -encoding utf-8 -blocking 0
    coroutine session$sock serve $sock
    fileevent $sock readable session$sock
}

proc line {sock} {
    while {[gets $sock text] < 0} {
        if {[eof $sock]} { return -code error eof }
        yield
    }
    return $text
}

proc serve {sock} {
    yield
    if {[catch {
        lassign [line $sock] method target
        set headers {}
        while {[set text [line $sock]] ne ""} {
            if {[regexp {^([^:]+):\s*(.*)$} $text -> key value]} { dict set headers [string tolower $key] $value }
        }
        set body {}
        if {[dict exists $headers content-length]} {
            fconfigure $sock -translation binary
            set want [dict get $headers content-length]
            while {[string length $body] < $want} {
                append body [read $sock [expr {$want - [string length $body]}]]
                if {[string length $body] < $want} { yield }
            }
            set body [encoding convertfrom utf-8 $body]
        }
        lassign [pages::answer $method $target $headers $body] status type text
        set data [encoding convertto utf-8 $text]
        fconfigure $sock -translation binary
        puts -nonewline $sock "HTTP/1.0 $status\r\nContent-Type: $type\r\nContent-Length: [string length $data]\r\nX-Sum: [string tolower [md5::md5 -hex $data]]\r\n\r\n$data"
        ${::log}::notice "$method $target $status"
    } problem]} {
        ${::log}::notice "broken: $problem"
    }
    catch {close $sock}
}

if {[catch {socket -server accept $port} problem]} {
    puts stderr "cannot listen: $problem"
    exit 1
}
${log}::notice "listening on $port"
vwait forever
