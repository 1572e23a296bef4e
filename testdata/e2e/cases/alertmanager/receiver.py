# Notes what is sent to it: webhooks on 8000 (GET /seen answers with the notes), mail on 25.
import http.server
import json
import re
import socketserver
import threading

seen = []


class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        data = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if "alerts" in data:
            seen.append(["hook", data["receiver"], data["status"], data["groupLabels"], sorted((a["labels"]["alertname"], a["labels"].get("severity", ""), a["status"]) for a in data["alerts"])])
        else:
            a = data["attachments"][0]
            seen.append(["chat", data["channel"], a["title"], sorted(a["text"].strip().split("\n")), a["color"]])
        self.send_response(200)
        self.end_headers()

    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write("".join(sorted(json.dumps(s, ensure_ascii=False) + "\n" for s in seen)).encode())

    def log_message(self, *a):
        pass


class Mail(socketserver.StreamRequestHandler):
    def handle(self):
        say = lambda t: self.wfile.write(t + b"\r\n")
        say(b"220 shop")
        while line := self.rfile.readline().strip():
            verb = line[:4].upper()
            if verb == b"DATA":
                say(b"354 go")
                body = b""
                while (more := self.rfile.readline()) != b".\r\n":
                    body += more
                text = body.decode()
                seen.append(["mail", re.findall(r"(?m)^(Subject|To|From): (.*?)\r?$", text), "<html" in text or "=3D" in text, sorted(set(re.findall(r"(?m)^Content-Type: ([a-z/]+)", text)))])
            elif verb == b"QUIT":
                return say(b"221 bye")
            say(b"250 ok")


socketserver.ThreadingTCPServer.allow_reuse_address = True
threading.Thread(target=socketserver.ThreadingTCPServer(("127.0.0.1", 25), Mail).serve_forever, daemon=True).start()
http.server.ThreadingHTTPServer(("127.0.0.1", 8000), Hook).serve_forever()
