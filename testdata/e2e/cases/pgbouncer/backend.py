# As much of a PostgreSQL server as a pooler and psql need: it asks for a password and tells which connection answers.
import socketserver, struct, threading

lock = threading.Lock()
count = 0


def message(kind, body=b""):
    return kind + struct.pack(">I", len(body) + 4) + body


class Server(socketserver.StreamRequestHandler):
    def take(self, n):
        data = self.rfile.read(n)
        if len(data) < n:
            raise EOFError
        return data

    def handle(self):
        try:
            self.session()
        except (EOFError, ConnectionError):
            pass

    def ready(self, state=b"I"):
        self.wfile.write(message(b"Z", state))

    def session(self):
        global count
        size = struct.unpack(">I", self.take(4))[0]
        words = self.take(size - 4)[4:].split(b"\0")
        start = dict(zip(words[::2], words[1::2]))
        self.wfile.write(message(b"R", struct.pack(">I", 3)))
        self.take(1)
        password = self.take(struct.unpack(">I", self.take(4))[0] - 4).rstrip(b"\0")
        user = start[b"user"]
        if password not in (b"secret", b"other") and not password.startswith(b"md5"):
            self.wfile.write(message(b"E", b"SFATAL\0C28P01\0Mpassword authentication failed\0\0"))
            return
        with lock:
            count += 1
            me = count
        self.wfile.write(message(b"R", struct.pack(">I", 0)))
        for name, value in ((b"server_version", b"15.0"), (b"client_encoding", b"UTF8"), (b"DateStyle", b"ISO, MDY"),
                            (b"TimeZone", b"UTC"), (b"standard_conforming_strings", b"on"), (b"application_name", b"")):
            self.wfile.write(message(b"S", name + b"\0" + value + b"\0"))
        self.wfile.write(message(b"K", struct.pack(">II", me, 7)))
        self.ready()
        state, seen = b"I", []
        while True:
            kind = self.take(1)
            text = self.take(struct.unpack(">I", self.take(4))[0] - 4).rstrip(b"\0").decode()
            if kind == b"X":
                return
            low = text.lower().strip("; ")
            seen.append(low)
            if low.startswith("begin"):
                state = b"T"
            elif low.startswith(("commit", "rollback")):
                state = b"I"
            if low == "die":
                return
            if low == "fail":
                self.wfile.write(message(b"E", b"SERROR\0C22012\0Mdivision by zero\0\0"))
            elif low.startswith("select"):
                what = {"select conn": f"connection {me}", "select who": f"{user.decode()}@{start[b'database'].decode()}",
                        "select seen": " | ".join(x for x in seen if not x.startswith("select"))}.get(low, text)
                value = what.encode()
                self.wfile.write(message(b"T", struct.pack(">H", 1) + b"answer\0" + struct.pack(">IHIHIH", 0, 0, 25, 65535, 0xFFFFFFFF, 0)))
                self.wfile.write(message(b"D", struct.pack(">HI", 1, len(value)) + value) + message(b"C", b"SELECT 1\0"))
            else:
                self.wfile.write(message(b"C", low.split(" ")[0].upper().encode() + b"\0"))
            self.ready(state)


socketserver.ThreadingTCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer.daemon_threads = True
with socketserver.ThreadingTCPServer(("127.0.0.1", 5432), Server) as s:
    s.serve_forever()
