# RADIUS by hand: PAP, CHAP, EAP-MD5, accounting, status, wrong secrets.
import hashlib
import hmac
import os
import socket
import struct
import sys

CODES = {2: "Accept", 3: "Reject", 5: "Accounting", 11: "Challenge"}


def attr(kind, value):
    value = value.encode() if isinstance(value, str) else value
    return bytes([kind, len(value) + 2]) + value


def ask(label, code, attrs, secret=b"testing123", port=1812, password=None, sign=True, state=None, wait=3):
    auth = os.urandom(16)
    if password is not None:
        p = password.encode()
        p += b"\0" * (-len(p) % 16 or (16 if not p else 0))
        out, last = b"", auth
        for i in range(0, len(p), 16):
            last = bytes(a ^ b for a, b in zip(p[i:i + 16], hashlib.md5(secret + last).digest()))
            out += last
        attrs = attrs + attr(2, out)
    if sign and code == 1:
        attrs = attrs + attr(80, b"\0" * 16)
    n = 20 + len(attrs)
    if code == 4:
        auth = hashlib.md5(struct.pack(">BBH", code, 7, n) + b"\0" * 16 + attrs + secret).digest()
    head = struct.pack(">BBH", code, 7, n) + auth
    if sign and code == 1:
        attrs = attrs[:-16] + hmac.new(secret, head + attrs, "md5").digest()
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.settimeout(wait)
    s.sendto(head + attrs, ("127.0.0.1", port))
    try:
        got = s.recv(4096)
    except TimeoutError:
        print(label, "no answer")
        return {}
    good = got[4:20] == hashlib.md5(got[:4] + auth + got[20:] + secret).digest()
    found, i, shown = {}, 20, []
    while i < len(got):
        k, v = got[i], got[i + 2:i + got[i + 1]]
        found.setdefault(k, b"")
        found[k] += v
        i += got[i + 1]
        shown.append((k, "..." if k in (24, 79, 80) else v.decode() if v.isascii() and v.decode().isprintable() else v.hex()))
    print(label, CODES.get(got[0], got[0]), good, shown)
    return found


name = lambda n: attr(1, n) + attr(4, bytes([127, 0, 0, 1]))
if sys.argv[1] == "quick":
    ask("pap", 1, name("ann"), password="secret")
    sys.exit()
ask("pap", 1, name("ann"), password="secret")
ask("wrong", 1, name("ann"), password="wrong")
ask("long", 1, name("ann"), password="x" * 50)
ask("sha2", 1, name("bob"), password="hidden")
ask("reject", 1, name("eve"), password="secret")
ask("unknown", 1, name("nobody"), password="secret")
ask("nas", 1, name("dora") + attr(32, "kitchen"), password="secret")
ask("other nas", 1, name("dora") + attr(32, "cellar"), password="secret")
ask("machine", 1, name("02-00-00") + attr(31, "02-00-00-00-00-01"), password="")
ask("guest", 1, name("guest-21"), password="42")
ask("bad name", 1, name("a b@@c"), password="secret")
ask("realm", 1, name("ann@nowhere"), password="secret")
for pw in ("secret", "wrong"):
    challenge = os.urandom(16)
    ask("chap " + pw, 1, name("ann") + attr(60, challenge) + attr(3, b"\x05" + hashlib.md5(b"\x05" + pw.encode() + challenge).digest()))
for pw in ("secret", "wrong"):
    f = ask("eap identity", 1, name("ann") + attr(79, struct.pack(">BBHB", 2, 1, 8, 1) + b"ann"))
    eap = f[79]
    if eap[4] != 4:
        reply = struct.pack(">BBHBB", 2, eap[1], 6, 3, 4)
        f = ask("eap nak", 1, name("ann") + attr(24, f[24]) + attr(79, reply))
        eap = f[79]
    value = eap[6:6 + eap[5]]
    answer = hashlib.md5(bytes([eap[1]]) + pw.encode() + value).digest()
    ask("eap md5 " + pw, 1, name("ann") + attr(24, f[24]) + attr(79, struct.pack(">BBHBB", 2, eap[1], 22, 4, 16) + answer))
ask("eap nonsense", 1, name("ann") + attr(79, b"\x02\x01\x00\x40"), wait=2)
ask("secret", 1, name("ann"), password="secret", secret=b"other", wait=2)
for kind, t in ((1, 0), (3, 60), (2, 120)):
    ask(f"accounting {kind}", 4, name("ann") + attr(40, struct.pack(">I", kind)) + attr(44, "session1") + attr(46, struct.pack(">I", t)), port=1813)
ask("accounting secret", 4, name("ann") + attr(40, struct.pack(">I", 1)) + attr(44, "s"), port=1813, secret=b"other", wait=2)
