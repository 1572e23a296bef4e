# Talks to itself over TLS with its own certificate, then to nobody.
package require tls
package require http
proc accept {s host port} { fconfigure $s -blocking 0 -buffering line; fileevent $s readable [list echo $s] }
proc echo {s} { if {[catch {tls::handshake $s} ok] || !$ok} { return }; if {[gets $s l] >= 0} { puts $s [string toupper $l]; flush $s } elseif {[eof $s]} { close $s } }
tls::socket -server accept -certfile /scripts/c.pem -keyfile /scripts/k.pem -require 0 -request 0 8443
set c [tls::socket -async -autoservername 1 localhost 8443]
fconfigure $c -blocking 0 -buffering line
fileevent $c writable { if {![catch {tls::handshake $c} ok] && $ok} { fileevent $c writable {}; puts $c hello; flush $c; fileevent $c readable { if {[gets $c line] >= 0} { set done $line } } } }
after 20000 { set done timeout }
vwait done
puts "tls: $done"
catch { http::geturl http://localhost:9/ } problem
puts $problem
puts [join [lsort [info loaded]] \n]
exit 3
