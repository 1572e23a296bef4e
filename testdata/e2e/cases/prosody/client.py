# A client of streams: logs in with PLAIN or SCRAM, over TLS or not, and prints the answers without ids and times.
import base64
import hashlib
import hmac
import http.client
import os
import re
import socket
import ssl


def clean(text):
    text = re.sub(r" id='[0-9a-zA-Z_-]{8,}'| id=\"[^\"]{8,}\"", "", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME", text)
    text = re.sub(r"(stamp|from|ver|hash|sid|queryid|key)='[0-9a-f=A-Z+/a-z-]{20,}'", r"\1=''", text)
    return text


def ordered(text):
    """Attributes come in the order of a hash: sorted within each tag."""
    def tag(m):
        found = re.findall(r"""[\w:.-]+=(?:'[^']*'|"[^"]*")""", m.group(2))
        return "<" + m.group(1) + "".join(" " + a for a in sorted(found)) + ("/" if m.group(2).rstrip().endswith("/") else "") + ">"
    return re.sub(r"<([\w:.-]+)((?:\s+[\w:.-]+=(?:'[^']*'|\"[^\"]*\"))*\s*/?)>", tag, text)


class Stream:
    def __init__(self, tls=True, to="localhost", port=5222, ns="jabber:client"):
        self.sock = socket.create_connection(("127.0.0.1", port), 20)
        self.to, self.ns, self.data = to, ns, b""
        self.features = self.open()
        if tls:
            self.send("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
            self.until("<proceed[^>]*>")
            context = ssl._create_unverified_context()
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            self.sock = context.wrap_socket(self.sock, server_hostname=to)
            self.features = self.open()

    def send(self, text):
        self.sock.sendall(text.encode())

    def until(self, pattern):
        while not re.search(pattern, self.data.decode(errors="replace"), re.S):
            more = self.sock.recv(65536)
            if not more:
                out, self.data = self.data.decode(), b""
                return clean(out) + " [closed]"
            self.data += more
        text = self.data.decode()
        end = re.search(pattern, text, re.S).end()
        self.data = text[end:].encode()
        return clean(text[:end])

    def open(self):
        self.send(f"<?xml version='1.0'?><stream:stream to='{self.to}' xmlns='{self.ns}' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>")
        return self.until("</stream:features>|</stream:stream>|<stream:features/>")

    def plain(self, user, password):
        self.send(f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{base64.b64encode(f'{chr(0)}{user}{chr(0)}{password}'.encode()).decode()}</auth>")
        return self.until("<success[^>]*>|</failure>|</stream:stream>")

    def scram(self, user, password):
        bare = f"n={user},r=abcdef"
        self.send(f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1'>{base64.b64encode(('n,,' + bare).encode()).decode()}</auth>")
        got = base64.b64decode(re.search("<challenge[^>]*>(.*)</challenge>", self.until("</challenge>")).group(1)).decode()
        part = dict(p.split("=", 1) for p in got.split(","))
        salted = hashlib.pbkdf2_hmac("sha1", password.encode(), base64.b64decode(part["s"]), int(part["i"]))
        key = hmac.new(salted, b"Client Key", "sha1").digest()
        final = f"c=biws,r={part['r']}"
        sign = hmac.new(hashlib.sha1(key).digest(), f"{bare},{got},{final}".encode(), "sha1").digest()
        proof = base64.b64encode(bytes(a ^ b for a, b in zip(key, sign))).decode()
        self.send(f"<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>{base64.b64encode(f'{final},p={proof}'.encode()).decode()}</response>")
        return re.sub(">[^<]+<", ">-<", self.until("</success>|</failure>"))

    def session(self, resource):
        self.open()
        return self.iq("set", f"<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>{resource}</resource></bind>")

    def iq(self, kind, body, to=""):
        to = f" to='{to}'" if to else ""
        self.send(f"<iq type='{kind}' id='q1'{to}>{body}</iq>")
        pattern = r"<iq(?=[^>]* id='q1')(?=[^>]* type='(?:result|error)')(?:[^>]*/>|.*?</iq>)"
        return ordered(re.search(pattern, self.until(pattern), re.S).group(0))


def main():
    s = Stream(tls=False)
    print(sorted(re.findall("<mechanism>([^<]*)", s.features)), "starttls" in s.features, "register" in s.features)
    print(s.plain("ann", "wrong"))
    print(s.iq("set", "<query xmlns='jabber:iq:register'><username>bob</username><password>bobpw</password></query>"))
    print(s.iq("set", "<query xmlns='jabber:iq:register'><username>bob</username><password>x</password></query>"))
    print(s.iq("get", "<query xmlns='jabber:iq:register'/>"))
    print(Stream(tls=False, to="elsewhere.example").features.count("host-unknown"))
    a = Stream()
    print(a.scram("ann", "secret"), a.session("desk"))
    b = Stream(tls=False)
    print(b.plain("bob", "bobpw"), b.session("phone"))
    print(a.iq("get", "<query xmlns='jabber:iq:roster'/>"))
    for where in ("localhost", "rooms.localhost", "upload.localhost", "news.localhost"):
        info = a.iq("get", "<query xmlns='http://jabber.org/protocol/disco#info'/>", where)
        print(where, sorted(re.findall("<identity[^>]*>", info)), sorted(re.findall(" var='([^']*)'", info)))
    print(sorted(re.findall(" jid='([^']*)'", a.iq("get", "<query xmlns='http://jabber.org/protocol/disco#items'/>", "localhost"))))
    print(sorted(re.findall(" node='([^']*)'", a.iq("get", "<query xmlns='http://jabber.org/protocol/disco#items' node='http://jabber.org/protocol/commands'/>", "localhost"))))
    a.send("<presence/>")
    print(ordered(a.until("Tea at five.*?</message>")).count("Tea at five"))
    b.send("<presence/>")
    b.until("Tea at five.*?</message>")
    print(a.iq("set", "<vCard xmlns='vcard-temp'><FN>Ann Ä</FN></vCard>"))
    print(b.iq("get", "<vCard xmlns='vcard-temp'/>", "ann@localhost"))
    print(a.iq("get", "<ping xmlns='urn:xmpp:ping'/>", "localhost"))
    print(re.sub("<(os|version)>[^<]*", r"<\1>", a.iq("get", "<query xmlns='jabber:iq:version'/>", "localhost")))
    print(a.iq("get", "<nonsense xmlns='x:y'/>", "localhost"))
    a.send("<message to='bob@localhost' type='chat'><body>hé &amp; ho</body></message>")
    print(re.findall("<body>.*?</body>", b.until("h. &amp; ho</body></message>|ho</body>.*?</message>"))[-1:])
    a.send("<message to='nobody@localhost' type='chat'><body>x</body></message>")
    print(re.findall("<error.*?</error>", ordered(a.until("</error>"))))
    found = a.iq("set", "<query xmlns='urn:xmpp:mam:2'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>urn:xmpp:mam:2</value></field><field var='with'><value>bob@localhost</value></field></x></query>")
    print(re.findall("complete='[^']*'|<count>[^<]*", found))
    a.send("<presence to='tea@rooms.localhost/ann'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
    print(sorted(set(re.findall("code='[0-9]+'", a.until("code='110'.*?</presence>")))))
    print(a.iq("set", "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field><field var='muc#roomconfig_membersonly'><value>1</value></field></x></query>", "tea@rooms.localhost"))
    b.send("<presence to='tea@rooms.localhost/bob'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
    print(re.findall("<(registration-required|forbidden)", b.until("</error>")))
    print(a.iq("set", "<query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='member' jid='bob@localhost'/></query>", "tea@rooms.localhost"))
    b.send("<presence to='tea@rooms.localhost/bob'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
    b.until("code='110'.*?</presence>")
    b.send("<message to='tea@rooms.localhost' type='groupchat'><body>in the room</body></message>")
    print("room", len(a.until("in the room</body>")) > 0)
    print(a.iq("set", "<pubsub xmlns='http://jabber.org/protocol/pubsub'><create node='n1'/></pubsub>", "news.localhost"))
    print(a.iq("set", "<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='n1'><item id='i1'><e xmlns='x:e'>tea</e></item></publish></pubsub>", "news.localhost"))
    print(b.iq("get", "<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='n1'/></pubsub>", "news.localhost"))
    print(b.iq("set", "<pubsub xmlns='http://jabber.org/protocol/pubsub'><delete node='n1'/></pubsub>", "news.localhost"))
    slot = a.iq("get", "<request xmlns='urn:xmpp:http:upload:0' filename='a b.txt' size='5' content-type='text/plain'/>", "upload.localhost")
    print(a.iq("get", "<request xmlns='urn:xmpp:http:upload:0' filename='a.txt' size='50000'/>", "upload.localhost"))
    put = re.search("<put[^>]* url='([^']*)'", slot).group(1)
    token = re.search("<header[^>]*>([^<]*)", slot)
    path = re.sub("^https?://[^/]*", "", put)
    for head in ({"Authorization": token.group(1)} if token else {}, {}):
        c = http.client.HTTPConnection("127.0.0.1", 5280, timeout=20)
        c.request("PUT", path.replace("&amp;", "&"), "hello", {"Host": "localhost", "Content-Type": "text/plain", **head})
        print("upload", c.getresponse().status)
    got = http.client.HTTPConnection("127.0.0.1", 5280, timeout=20)
    got.request("GET", re.sub("^https?://[^/]*", "", re.search("<get[^>]* url='([^']*)'", slot).group(1)), headers={"Host": "localhost"})
    r = got.getresponse()
    print(r.status, r.getheader("content-type"), r.read())
    print(a.iq("set", "<command xmlns='http://jabber.org/protocol/commands' node='http://jabber.org/protocol/admin#get-online-users-list' action='execute'/>", "localhost").count("<field"))
    print(b.iq("set", "<command xmlns='http://jabber.org/protocol/commands' node='http://jabber.org/protocol/admin#add-user' action='execute'/>", "localhost").count("forbidden"))
    b.send("<enable xmlns='urn:xmpp:sm:3' resume='false'/><r xmlns='urn:xmpp:sm:3'/>")
    print(re.findall("<(enabled|a) ", b.until("<a [^>]*>")))
    b.send("<message><broken></message>")
    print(re.findall("not-well-formed", b.until("</stream:stream>")))
    http_part()
    component()
    a.send("</stream:stream>")
    print("end", "</stream:stream>" in a.until("</stream:stream>"))


def http_part():
    c = http.client.HTTPConnection("127.0.0.1", 5280, timeout=20)
    for path in ("/", "/index.html", "/none", "/http-bind", "/xmpp-websocket"):
        c.request("GET", path, headers={"Host": "localhost"})
        r = c.getresponse()
        body = r.read().decode()
        print(path, r.status, r.getheader("content-type"), re.findall("<title>[^<]*|chat page", body))
    c.request("GET", "/metrics", headers={"Host": "localhost"})
    r = c.getresponse()
    print("metrics", r.status, sorted(set(re.findall("# TYPE (prosody_mod_(?:c2s|s2s)__[a-z_]+ \\w+)", r.read().decode()))))
    c.request("POST", "/http-bind", "<body content='text/xml; charset=utf-8' hold='1' rid='1000' to='localhost' wait='5' ver='1.6' xmlns='http://jabber.org/protocol/httpbind' xmlns:xmpp='urn:xmpp:xbosh' xmpp:version='1.0'/>", {"Host": "localhost", "Content-Type": "text/xml"})
    text = c.getresponse().read().decode()
    print("bosh", sorted(re.findall("<mechanism>([^<]*)", text)))
    sid = re.search("sid='([^']*)'", text).group(1)
    auth = base64.b64encode(b"\0bob\0bobpw").decode()
    c.request("POST", "/http-bind", f"<body rid='1001' sid='{sid}' xmlns='http://jabber.org/protocol/httpbind'><auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{auth}</auth></body>", {"Host": "localhost"})
    print("bosh success", "<success" in c.getresponse().read().decode())
    w = socket.create_connection(("127.0.0.1", 5280), 20)
    w.sendall(b"GET /xmpp-websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: xmpp\r\n\r\n")
    print(sorted(line for line in w.recv(4096).decode().split("\r\n") if re.match("HTTP|Sec-W", line, re.I)))
    opening = b"<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='localhost' version='1.0'/>"
    w.sendall(bytes([0x81, 0x80 | len(opening)]) + b"\0\0\0\0" + opening)
    data = b""
    while b"features>" not in data:
        data += w.recv(4096)
    print("websocket", b"<open" in data)


def component():
    s = socket.create_connection(("127.0.0.1", 5347), 20)
    s.sendall(b"<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='echo.localhost'>")
    text = s.recv(4096).decode()
    sid = re.search(" id=['\"]([^'\"]*)", text).group(1)
    s.sendall(f"<handshake>{hashlib.sha1((sid + 'ping').encode()).hexdigest()}</handshake>".encode())
    print("component", s.recv(4096).decode())


if os.environ.get("AGAIN"):
    s = Stream()
    print(s.plain("bob", "bobpw"), s.session("again"), s.iq("get", "<vCard xmlns='vcard-temp'/>", "ann@localhost"))
else:
    main()
