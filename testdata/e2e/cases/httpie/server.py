# What the client is pointed at: plain on 80 and TLS on 443.
import base64
import gzip
import hashlib
import http.server
import json
import re
import ssl
import subprocess
import threading
import time


class H(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "shop", ""

    def date_time_string(self, timestamp=None):
        return "Mon, 01 Jan 2024 00:00:00 GMT"

    def answer(self, status, body, kind="application/json", **headers):
        body = body if isinstance(body, bytes) else json.dumps(body, sort_keys=True).encode()
        self.send_response(status)
        for k, v in {"content-type": kind, "content-length": str(len(body)), **headers}.items():
            self.send_header(k.replace("_", "-"), v)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do(self):
        path = self.path.split("?")[0]
        if self.headers.get("transfer-encoding") == "chunked":
            body = b""
            while n := int(self.rfile.readline(), 16):
                body += self.rfile.read(n)
                self.rfile.readline()
            self.rfile.readline()
        else:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if self.headers.get("content-encoding") == "deflate":
            import zlib
            body = b"deflated " + zlib.decompress(body)
        if path == "/xml":
            return self.answer(200, b'<?xml version="1.0"?><a><b c="1">\xc3\xbc</b><d/></a>', "application/xml")
        if path == "/html":
            return self.answer(200, "<html><body><p>grün</p></body></html>".encode("latin1"), "text/html; charset=iso-8859-1")
        if path == "/gzip":
            return self.answer(200, gzip.compress(b'{"zipped": true}', mtime=0), content_encoding="gzip")
        if path == "/binary":
            return self.answer(200, bytes(range(256)), "application/octet-stream")
        if path == "/file":
            start = re.match(r"bytes=(\d+)-", self.headers.get("range") or "")
            data = b"0123456789" * 50
            if start:
                n = int(start.group(1))
                return self.answer(206, data[n:], "text/plain", content_range=f"bytes {n}-499/500")
            return self.answer(200, data, "text/plain", content_disposition='attachment; filename="../data.txt"')
        if path.startswith("/redirect"):
            return self.answer(302, b"", "text/plain", location="/get" if path == "/redirect" else "/redirect-loop")
        if path.startswith("/status/"):
            return self.answer(int(path[8:]), {"status": path[8:]})
        if path == "/basic":
            ok = self.headers.get("authorization") == "Basic " + base64.b64encode(b"ann:secret").decode()
            return self.answer(200 if ok else 401, {"ok": ok}, **({} if ok else {"www_authenticate": 'Basic realm="x"'}))
        if path == "/digest":
            got = dict(re.findall(r'(\w+)="?([^",]*)', self.headers.get("authorization") or ""))
            a1, a2 = hashlib.md5(b"ann:x:secret").hexdigest(), hashlib.md5(b"GET:/digest").hexdigest()
            want = hashlib.md5(":".join([a1, got.get("nonce", ""), got.get("nc", ""), got.get("cnonce", ""), got.get("qop", ""), a2]).encode()).hexdigest()
            ok = got.get("response") == want
            return self.answer(200 if ok else 401, {"digest": ok}, **({} if ok else {"www_authenticate": 'Digest realm="x", nonce="n", qop="auth"'}))
        if path == "/cookie":
            return self.answer(200, {"sent": self.headers.get("cookie")}, set_cookie="tea=green; Path=/")
        if path == "/slow":
            time.sleep(5)
        if path == "/stream":
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            for n in range(3):
                line = b'{"n":%d}\n' % n
                self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
            self.wfile.write(b"0\r\n\r\n")
            return None
        kind = self.headers.get("content-type") or ""
        text = body.decode("utf-8", "replace")
        for mark in re.findall("boundary=(\\S+)", kind):
            text, kind = text.replace(mark, "B"), kind.replace(mark, "B")
        agent = re.sub("/.*", "", self.headers.get("user-agent") or "")
        self.answer(200, {"method": self.command, "path": self.path, "type": kind, "accept": self.headers.get("accept"), "agent": agent, "body": text,
                          "x": {k: v for k, v in self.headers.items() if k.lower().startswith("x-")}, "auth": self.headers.get("authorization")})

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = do_OPTIONS = do_TEA = do

    def log_message(self, *a):
        pass


subprocess.run("openssl req -x509 -nodes -newkey rsa:2048 -days 9 -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout /tmp/k -out /certs/c.pem".split(), check=True, capture_output=True)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("/certs/c.pem", "/tmp/k")
tls = http.server.ThreadingHTTPServer(("127.0.0.1", 443), H)
tls.socket = context.wrap_socket(tls.socket, server_side=True)
threading.Thread(target=tls.serve_forever, daemon=True).start()
http.server.ThreadingHTTPServer(("127.0.0.1", 80), H).serve_forever()
