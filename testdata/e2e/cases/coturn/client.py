# STUN and TURN by hand: binding, allocation with long-term credentials, permissions, relayed data, over UDP, TCP and TLS.
import base64
import binascii
import hashlib
import hmac
import os
import socket
import ssl
import struct
import sys
import time

COOKIE = 0x2112A442
NAMES = {0x20: "XOR-MAPPED", 0x16: "XOR-RELAYED", 0x15: "NONCE", 0x14: "REALM", 0x0D: "LIFETIME", 0x09: "ERROR", 0x08: "INTEGRITY", 0x8022: "SOFTWARE", 0x8028: "FINGERPRINT", 0x22: "TOKEN", 0x01: "MAPPED",
         0x802B: "ORIGIN", 0x802C: "OTHER", 0x12: "XOR-PEER", 0x13: "DATA", 0x0A: "UNKNOWN", 0x2A: "CONNECTION-ID"}


def attr(kind, value):
    return struct.pack(">HH", kind, len(value)) + value + b"\0" * (-len(value) % 4)


def peer(port):
    return attr(0x12, struct.pack(">BBHI", 0, 1, port ^ (COOKIE >> 16), 0x7F000001 ^ COOKIE))


class Turn:
    def __init__(self, kind="udp", port=3478):
        self.kind = kind
        if kind == "udp":
            self.s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.s.connect(("127.0.0.1", port))
        else:
            self.s = socket.create_connection(("127.0.0.1", port))
            if kind == "tls":
                self.s = ssl._create_unverified_context().wrap_socket(self.s)
        self.s.settimeout(10)
        self.nonce = self.realm = self.key = None

    def read(self):
        if self.kind == "udp":
            return self.s.recv(4000)
        data = b""
        while len(data) < 4 or len(data) < 20 + struct.unpack(">H", data[2:4])[0]:
            more = self.s.recv(4000)
            if not more:
                raise EOFError
            data += more
        return data

    def ask(self, method, *attrs, auth=True, label="", wait=True):
        body = b"".join(attrs)
        if auth and self.key:
            body += attr(0x06, self.user) + attr(0x14, self.realm) + attr(0x15, self.nonce)
            tid = os.urandom(12)
            head = struct.pack(">HHI", method, len(body) + 24, COOKIE) + tid
            body += attr(0x08, hmac.new(self.key, head + body, hashlib.sha1).digest())
        else:
            tid = os.urandom(12)
        self.s.send(struct.pack(">HHI", method, len(body), COOKIE) + tid + body)
        return self.parse(self.read(), label) if wait else None

    def parse(self, data, label=""):
        kind, n = struct.unpack(">HH", data[:4])
        got, i, shown = {}, 20, []
        while i < 20 + n:
            k, length = struct.unpack(">HH", data[i:i + 4])
            v = data[i + 4:i + 4 + length]
            got[k] = v
            i += 4 + length + (-length % 4)
            name = NAMES.get(k, hex(k))
            if k == 0x09:
                name += f" {v[2] * 100 + v[3]} {v[4:].decode().strip()}"
            elif k == 0x20 or k == 0x16 or k == 0x12:
                port, addr = struct.unpack(">HI", v[2:8])
                name += " " + socket.inet_ntoa(struct.pack(">I", addr ^ COOKIE))
                self.port = port ^ (COOKIE >> 16)
            elif k == 0x0D:
                name += f" {struct.unpack('>I', v)[0]}"
            elif k == 0x14:
                name += f" {v.decode()}"
            elif k == 0x13:
                name += f" {v!r}"
            shown.append(name)
        crc = 0x8028 not in got or struct.unpack(">I", got[0x8028])[0] == (binascii.crc32(data[:-8]) ^ 0x5354554E)
        print(label, hex(kind), shown, crc)
        return kind, got

    def login(self, user, password):
        _, got = self.ask(0x003, attr(0x19, b"\x11\0\0\0"), label="unauthorized")
        self.user, self.realm, self.nonce = user.encode(), got[0x14], got[0x15]
        self.key = hashlib.md5(f"{user}:{self.realm.decode()}:{password}".encode()).digest()


if sys.argv[1] == "rest":
    for secret in (b"shared", b"other"):
        t = Turn()
        user = f"{int(time.time()) + 600}:eve"
        t.login(user, base64.b64encode(hmac.new(secret, user.encode(), hashlib.sha1).digest()).decode())
        t.ask(0x003, attr(0x19, b"\x11\0\0\0"), label="rest")
    sys.exit()
for kind, port in (("udp", 3478), ("tcp", 3478), ("tls", 5349)):
    t = Turn(kind, port)
    t.ask(0x001, label=f"binding {kind}")
    t.login("ann", "secret")
    t.ask(0x003, attr(0x19, b"\x11\0\0\0"), attr(0x0D, struct.pack(">I", 300)), label="allocate")
    relay = t.port if kind == "udp" else None
    friend = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    friend.bind(("127.0.0.1", 0))
    friend.settimeout(10)
    here = friend.getsockname()[1]
    t.ask(0x008, peer(here), label="permission")
    t.ask(0x016, peer(here), attr(0x13, b"hello"), auth=False, wait=False)
    text, back = friend.recvfrom(100)
    print(text, 49160 <= back[1] <= 49200)
    friend.sendto(b"and back", back)
    t.parse(t.read(), "indication")
    t.ask(0x009, attr(0x0C, b"\x40\0\0\0"), peer(here), label="channel")
    t.s.send(b"\x40\0\0\x04chan")
    print(friend.recvfrom(100)[0])
    t.ask(0x003, attr(0x19, b"\x11\0\0\0"), label="again")
    t.ask(0x004, attr(0x0D, struct.pack(">I", 0)), label="refresh")
    t.ask(0x008, peer(here), label="after")
t = Turn()
t.login("ann", "wrong")
t.ask(0x003, attr(0x19, b"\x11\0\0\0"), label="wrong")
t = Turn()
t.login("bob", "hidden")
t.ask(0x003, attr(0x19, b"\x06\0\0\0"), label="bob by tcp relay")
t.ask(0x003, attr(0x19, b"\x63\0\0\0"), label="bad transport")
t.ask(0x003, label="no transport")
t.ask(0x003, attr(0x19, b"\x11\0\0\0"), attr(0x7FFF, b"x"), label="unknown attribute")
t.nonce = b"stale"
t.ask(0x003, attr(0x19, b"\x11\0\0\0"), label="stale nonce")
