namespace eval robot {}

proc robot::menu {{pass secret}} {
    global spawn_id timeout
    set said {}
    spawn -noecho menu.sh
    expect "Login: " { send "ann\r" } timeout { error "no login" }
    expect "Password: " { send -- "$pass\r" }
    expect {
        "denied" { lappend said denied }
        "Choice? " {
            send "1\r"
            expect -re {Balance of (\w+): (\d+)} { lappend said "$expect_out(1,string) has $expect_out(2,string)" }
            expect "Choice? "; send "2\r"
            expect "Numbers: "; send "1 2 39\r"
            expect -re {Sum: (\d+)} { lappend said "sum $expect_out(1,string)" }
            expect "Choice? "; send "9\r"
            expect "No such choice" { lappend said refused }
            expect "Choice? "; send "3\r"
            exp_continue
        }
        "Bye" { lappend said bye }
        timeout { error "it hangs" }
    }
    expect eof
    lassign [wait] pid id os status
    lappend said "status $status"
    join $said \n
}

proc robot::slow {} {
    global spawn_id timeout
    set timeout 1
    spawn -noecho sleep 20
    expect {
        nothing { return something }
        timeout { close; error "gave up" }
    }
}

proc robot::ssh {host} {
    global spawn_id
    spawn -noecho ssh -o StrictHostKeyChecking=no -p 9 ann@$host
    expect {
        "assword:" { return asked }
        -re {connect to host \S+ port \d+: ([^\r\n]*)} { return "ssh: $expect_out(1,string)" }
        -re {Could not resolve hostname ([^\r\n]*)} { return "ssh: unknown $expect_out(1,string)" }
        eof { error closed }
    }
}

proc robot::telnet {host} {
    global spawn_id
    spawn -noecho telnet $host 9
    expect -re {Connection refused} { return refused } eof { return closed } timeout { return late }
}

proc robot::missing {} {
    spawn -noecho no-such-program
}
