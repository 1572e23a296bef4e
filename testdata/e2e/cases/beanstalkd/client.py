import socket
import sys
import time


class Conn:
    def __init__(self):
        self.s = socket.create_connection(("127.0.0.1", 11300), 10)
        self.f = self.s.makefile("rb")

    def __call__(self, line, body=None, quiet=False):
        self.s.sendall(line.encode() + b"\r\n" + (body.encode() + b"\r\n" if body is not None else b""))
        head = self.f.readline().decode().strip()
        w = head.split()
        data = ""
        if w and w[0] in ("RESERVED", "FOUND", "OK"):
            data = self.f.read(int(w[-1]) + 2).decode().strip()
        if not quiet:
            print(f"{line!r:.60} -> {head} {data if not data.startswith('---') else ''}")
        return dict(x.split(": ", 1) for x in data.split("\n") if ": " in x) if data.startswith("---") else head


a, b = Conn(), Conn()
if sys.argv[1] == "first":
    a("put 10 0 60 3", "low"), a("put 1 0 60 4", "high"), a("put 5 1 60 5", "later"), a("put 1 0 60 2001", "x" * 2001), a("put 1 0 60 2", "abc")
    a = Conn()
    a("use mail"), a("put 1 0 60 4", "post"), a("put 9 0 1 5", "short"), b("watch mail"), b("ignore default"), b("ignore mail")
    b("reserve-with-timeout 0"), b("touch 5"), b("bury 5 7"), a("peek-buried"), a("kick 5"), b("reserve-with-timeout 1"), b("release 5 3 9"), a("peek-delayed"), a("kick-job 5"), a("peek-ready")
    b("reserve-job 5"), b("delete 5"), b("delete 5"), b("reserve-with-timeout 0"), time.sleep(2.5), b("delete 6"), a("peek 1"), a("peek 99")
    c = Conn()
    time.sleep(0.5)
    c("reserve"), c("delete 2"), c("reserve"), c("reserve-with-timeout 0"), c("reserve-with-timeout 0")
    c("pause-tube default 1"), c("pause-tube none 1")
    print({k: v for k, v in sorted(c("stats-job 1", quiet=True).items()) if k in ("tube", "state", "pri", "ttr", "reserves", "timeouts", "releases", "buries", "kicks", "id")})
    print({k: v for k, v in sorted(a("stats-tube mail", quiet=True).items())})
    st = a("stats", quiet=True)
    print({k: st[k] for k in sorted(st) if k.startswith(("current-jobs", "cmd-", "total-jobs", "max-job", "current-tubes", "binlog-max", "draining"))}, len(st))
    a("list-tubes"), a("list-tube-used"), b("list-tubes-watched"), a("nonsense"), a("put x"), a("use " + "n" * 300)
    d = Conn()
    d("put 1 0 60 9", "remember!"), d("use mail"), d("put 1 0 60 5", "draft")
else:
    st = a("stats", quiet=True)
    print({k: st[k] for k in sorted(st) if k.startswith("current-jobs")})
    a("watch mail")
    for _ in range(4):
        a("reserve-with-timeout 0")
