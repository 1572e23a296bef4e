# NATS, spoken by hand: the probe mounts nothing, this runs among the clients.
import base64, json, re, socket, struct, sys, time


class Nats:
    def __init__(self, user=None, password=None, port=4222, **more):
        self.s = socket.create_connection(("127.0.0.1", port), 20)
        self.f = self.s.makefile("rb")
        self.info = json.loads(self.f.readline().split(b" ", 1)[1])
        options = {"verbose": False, "pedantic": True, "headers": True, "no_responders": True, "name": "probe", **more}
        if user:
            options.update(user=user, **{"pass": password})
        self.send(f"CONNECT {json.dumps(options)}")
        self.send("PING")
        self.first = self.f.readline().strip().decode()
        self.sid = 0

    def send(self, line, payload=None):
        self.s.sendall(line.encode() + b"\r\n" + (payload + b"\r\n" if payload is not None else b""))

    def sub(self, subject, queue=""):
        self.sid += 1
        self.send(f"SUB {subject} {queue + ' ' if queue else ''}{self.sid}")
        return self.sid

    def pub(self, subject, data, reply=""):
        data = data.encode()
        self.send(f"PUB {subject} {reply + ' ' if reply else ''}{len(data)}", data)

    def read(self, wait=3):
        self.s.settimeout(wait)
        while True:
            try:
                line = self.f.readline()
            except TimeoutError:
                return "timeout"
            if not line:
                return "closed"
            words = line.decode().split()
            if words[0] == "PING":
                self.send("PONG")
            elif words[0] in ("MSG", "HMSG"):
                data = self.f.read(int(words[-1]) + 2)[:-2]
                return f"{' '.join(words[:3])} {data.decode()!r}"
            else:
                return line.strip().decode()

    def call(self, subject, data=""):
        inbox = f"_INBOX.x{self.sid}"
        sid = self.sub(inbox)
        self.pub(subject, data, inbox)
        answer = self.read(5)
        self.send(f"UNSUB {sid}")
        return answer


def js(c, subject, value=None):
    text = c.call("$JS.API." + subject, json.dumps(value) if value is not None else "")
    text = re.sub(r'"(created|ts|time|first_ts|last_ts|time_stamp)":"[^"]*"', r'"\1":""', text)
    print("js", subject, text)


info = Nats("ann", "secret").info
print({k: info[k] for k in ("server_name", "proto", "max_payload", "headers", "auth_required", "jetstream")})
print("no user", Nats().first, "| wrong", Nats("ann", "wrong").first)
a, b, e = Nats("ann", "secret"), Nats("bob", "other"), Nats("eve", "else")
print(a.first, b.first, e.first)
a.sub("in.*.x"), a.sub("in.>"), a.send("PING"), print(a.read())
b.pub("in.one.x", "hello ä"), print(sorted([a.read(), a.read()]))
b.pub("out.no", "x"), print(b.read())
b.sub("in.>"), print(b.read())
e.sub("app.shared.>"), e.send("PING"), e.read()
a.pub("shared.news", "over the fence"), print(e.read())
q1, q2 = Nats("ann", "secret"), Nats("ann", "secret")
for q in (q1, q2):
    q.sub("work", "workers"), q.send("PING"), q.read()
for i in range(20):
    a.pub("work", str(i))
got = [x for q in (q1, q2) for x in iter(lambda: q.read(0.5), "timeout")]
print("queue", len(got), len(set(got)))
print("nobody", a.call("nobody.there"))
a.send("HPUB in.h.x 22 24", b"NATS/1.0\r\nA: b\r\nCd:\r\n\r\nhi"[:24].ljust(24))
print(a.read()), a.read()
js(a, "STREAM.CREATE.ORDERS", {"name": "ORDERS", "subjects": ["orders.>"], "storage": "file", "max_msgs": 3, "discard": "old"})
js(a, "STREAM.CREATE.ORDERS", {"name": "ORDERS", "subjects": ["other"], "storage": "memory"})
for i in range(5):
    print("ack", a.call("orders.new", f"order {i}"))
js(a, "STREAM.NAMES", {})
js(a, "STREAM.MSG.GET.ORDERS", {"seq": 4})
js(a, "STREAM.MSG.GET.ORDERS", {"seq": 1})
js(a, "CONSUMER.DURABLE.CREATE.ORDERS.d", {"stream_name": "ORDERS", "config": {"durable_name": "d", "ack_policy": "explicit"}})
print(re.sub(r"ACK\S*", "ACK", a.call("$JS.API.CONSUMER.MSG.NEXT.ORDERS.d", "1")))
js(a, "STREAM.CREATE.KV_b", {"name": "KV_b", "subjects": ["$KV.b.>"], "max_msgs_per_subject": 2, "allow_rollup_hdrs": True, "storage": "memory"})
print(a.call("$KV.b.k", "v1"), a.call("$KV.b.k", "v2"))
js(a, "STREAM.MSG.GET.KV_b", {"last_by_subj": "$KV.b.k"})
js(a, "STREAM.INFO.NONE")
big = Nats("ann", "secret")
big.send("PUB x 70000"), print("big", big.read())
bad = Nats("ann", "secret")
bad.send("NONSENSE"), print("bad", bad.read())
s = Nats("sys", "sys")
print(re.sub(r'"(version|git_commit|go|host|id|time|start|seq|addr)":"?[^,}"]*"?', "", s.call("$SYS.REQ.SERVER.PING"))[:40])

ws = socket.create_connection(("127.0.0.1", 9222), 10)
key = base64.b64encode(b"0123456789abcdef").decode()
ws.sendall(f"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
head = ws.recv(400).split(b"\r\n\r\n")
print("ws", head[0].split(b"\r\n")[0].decode())

def mqtt(user, password):
    m = socket.create_connection(("127.0.0.1", 1883), 10)
    field = lambda t: struct.pack(">H", len(t)) + t.encode()
    body = field("MQTT") + b"\x04\xc2\x00\x3c" + field("dev-" + user) + field(user) + field(password)
    m.sendall(b"\x10" + bytes([len(body)]) + body)
    return m, m.recv(4).hex()

m, code = mqtt("ann", "secret")
print("mqtt", code, mqtt("ann", "wrong")[1])
m.sendall(b"\x82\x0c\x00\x01\x00\x07mq/temp\x00"), print(m.recv(9).hex())
a.pub("mq.temp", "21"), print(m.recv(30))
