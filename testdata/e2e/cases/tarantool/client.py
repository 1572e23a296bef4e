# A client of the binary protocol: the small part of MessagePack that it needs, authentication, calls, SQL.
import base64
import hashlib
import socket
import struct


def pack(v):
    if v is None:
        return b"\xc0"
    if isinstance(v, bool):
        return b"\xc3" if v else b"\xc2"
    if isinstance(v, int):
        return bytes([v]) if 0 <= v < 128 else b"\xcf" + struct.pack(">Q", v) if v >= 0 else b"\xd3" + struct.pack(">q", v)
    if isinstance(v, float):
        return b"\xcb" + struct.pack(">d", v)
    if isinstance(v, bytes):
        return b"\xc4" + bytes([len(v)]) + v
    if isinstance(v, str):
        v = v.encode()
        return b"\xda" + struct.pack(">H", len(v)) + v
    if isinstance(v, (list, tuple)):
        return bytes([0x90 + len(v)]) + b"".join(map(pack, v))
    return bytes([0x80 + len(v)]) + b"".join(pack(k) + pack(x) for k, x in v.items())


def unpack(b, i=0):
    c, i = b[i], i + 1
    if c < 0x80 or c >= 0xE0:
        return c if c < 0x80 else c - 256, i
    if c < 0x90 or c in (0xDE, 0xDF):
        n, i = (c & 15, i) if c < 0x90 else (int.from_bytes(b[i:i + (2 if c == 0xDE else 4)], "big"), i + (2 if c == 0xDE else 4))
        out = {}
        for _ in range(n):
            k, i = unpack(b, i)
            out[k], i = unpack(b, i)
        return out, i
    if c < 0xA0 or c in (0xDC, 0xDD):
        n, i = (c & 15, i) if c < 0xA0 else (int.from_bytes(b[i:i + (2 if c == 0xDC else 4)], "big"), i + (2 if c == 0xDC else 4))
        out = []
        for _ in range(n):
            x, i = unpack(b, i)
            out.append(x)
        return out, i
    if c < 0xC0 or 0xD9 <= c <= 0xDB:
        w = 0 if c < 0xC0 else 1 << (c - 0xD9)
        n = c & 31 if c < 0xC0 else int.from_bytes(b[i:i + w], "big")
        return b[i + w:i + w + n].decode(), i + w + n
    if c in (0xC0, 0xC2, 0xC3):
        return {0xC0: None, 0xC2: False, 0xC3: True}[c], i
    if c in (0xCA, 0xCB):
        w = 4 if c == 0xCA else 8
        return struct.unpack(">f" if w == 4 else ">d", b[i:i + w])[0], i + w
    if 0xCC <= c <= 0xD3:
        w = 1 << ((c - 0xCC) & 3)
        return int.from_bytes(b[i:i + w], "big", signed=c >= 0xD0), i + w
    if 0xD4 <= c <= 0xD8:
        w = 1 << (c - 0xD4)
        return ("ext", b[i], b[i + 1:i + 1 + w].hex()), i + 1 + w
    if 0xC7 <= c <= 0xC9:
        w = 1 << (c - 0xC7)
        n = int.from_bytes(b[i:i + w], "big")
        return ("ext", b[i + w], b[i + w + 1:i + w + 1 + n].hex()), i + w + 1 + n
    raise ValueError(hex(c))


class Client:
    def __init__(self):
        self.sock = socket.create_connection(("127.0.0.1", 3301), 20)
        self.greeting = self.exactly(128)
        self.sync = 0

    def exactly(self, n):
        out = b""
        while len(out) < n:
            got = self.sock.recv(n - len(out))
            if not got:
                raise EOFError
            out += got
        return out

    def ask(self, kind, **body):
        self.sync += 1
        keys = dict(space=0x10, index=0x11, limit=0x12, offset=0x13, iterator=0x14, key=0x20, tuple=0x21, function=0x22, user=0x23, expr=0x27, ops=0x28, sql=0x40, bind=0x41)
        data = pack({0: kind, 1: self.sync}) + pack({keys[k]: v for k, v in body.items()})
        self.sock.sendall(b"\xce" + struct.pack(">I", len(data)) + data)
        data = self.exactly(struct.unpack(">I", self.exactly(5)[1:])[0])
        head, i = unpack(data)
        body = unpack(data, i)[0] if i < len(data) else {}
        if head[0]:
            return f"error {head[0] & 0x7fff}: {body[0x31]}"
        return body.get(0x30, {k: v for k, v in body.items() if k != 0x32} or "ok")

    def auth(self, user, password):
        salt = base64.b64decode(self.greeting[64:108])[:20]
        one = hashlib.sha1(password.encode()).digest()
        scramble = bytes(a ^ b for a, b in zip(one, hashlib.sha1(salt + hashlib.sha1(one).digest()).digest()))
        return self.ask(7, user=user, tuple=["chap-sha1", scramble])


c = Client()
print(c.greeting[:9], c.ask(64), c.auth("ann", "wrong"), c.auth("nobody", "x"), c.ask(10, function="report", tuple=[]))
c = Client()
print(c.auth("ann", "secret"))
call = lambda f, *a: c.ask(10, function=f, tuple=list(a))
print(call("report"), call("prices.of", "tea", 3), call("prices.of", "ham"), call("nonsense"))
print(call("checks.modules"))
print(call("checks.fibers"), call("checks.fetch", "http://127.0.0.1:9/"), call("checks.fetch", "nonsense://x"))
ev = lambda text, *a: c.ask(8, expr=text, tuple=list(a))
print(ev("return ..., 1 + 1, box.info.status", "a"), ev("return nonsense("), ev("error('seven', 0)"))
space = ev("return box.space.book.id")[0]
print(c.ask(1, space=space, index=0, limit=10, offset=0, iterator=0, key=[2]), c.ask(1, space=space, index=1, limit=10, offset=0, iterator=0, key=["ZEBRA"]), c.ask(1, space=space, index=2, limit=10, offset=1, iterator=0, key=["all"]))
print(c.ask(2, space=space, tuple=[None, "Dune", 9, ["t9"]]), c.ask(2, space=space, tuple=[1, "Again", 1, []]), c.ask(2, space=space, tuple=[9, "x", "dear"]))
print(c.ask(4, space=space, index=0, key=[4], tuple=[["+", 2, 1], ["=", 1, "Dune 2"]]), c.ask(5, space=space, index=0, key=[4]), c.ask(1, space=9999, index=0, limit=1, offset=0, iterator=0, key=[]))
print(ev("return box.space.area.index.place:select({2.5, 2.5}, {iterator = 'overlaps'})"), ev("for i = 1, 2000 do box.space.cold:replace({i, string.rep('x', 50)}) end; box.snapshot(); return box.space.cold:count()"))
print(ev("box.begin() box.space.cold:delete(1) box.rollback() return box.space.cold:get(1)[1]"), ev("return require('net.box').connect('ann:secret@127.0.0.1:3301'):call('prices.of', {'cup'})"))
sql = lambda text, *a: c.ask(11, sql=text, bind=list(a))
print(sql("create table t (id int primary key autoincrement, name text collate \"unicode_ci\" unique, n double)"), sql("insert into t (name, n) values (?, ?), ('Zoë', 2.5)", "ann", 1.5))
print(sql("select name, n * 2 from t where name = 'ZOË'"), sql("select upper(name), typeof(n), printf('%05.1f', n), substr(name, 2), quote(name) from t order by 1"), sql("select count(*), group_concat(name) from t"))
print(sql("with recursive x (n) as (select 1 union all select n + 1 from x where n < 9) select sum(n) from x"), sql("insert into t (name) values ('ANN')"), sql("selec 1"), sql("select * from none"), sql("explain query plan select * from t where name = 'a'"))
s = socket.create_connection(("127.0.0.1", 3302), 20)
f = s.makefile("rwb")
print(f.readline().split()[0], f.readline().split()[:2])
for line in ("1 + 1", "report()", "nonsense(", "box.space.book:len()"):
    f.write(line.encode() + b"\n")
    f.flush()
    while True:
        got = f.readline().decode().rstrip()
        print(" ", got)
        if got == "..." or got.endswith(";"):
            break
bad = socket.create_connection(("127.0.0.1", 3301), 20)
bad.recv(128)
bad.sendall(b"GET / HTTP/1.0\r\n\r\n")
print(len(bad.recv(500)) > 0)
