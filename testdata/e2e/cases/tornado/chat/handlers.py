import asyncio
import io
import json

import bcrypt
import magic
import markdown
import msgpack
import tornado.escape
import tornado.gen
import tornado.httpclient
import tornado.httputil
import tornado.iostream
import tornado.process
import tornado.web
import tornado.websocket
from PIL import Image
from tornado.options import options

PASSWORDS = {"ann": bcrypt.hashpw(b"secret", bcrypt.gensalt(4))}


class Base(tornado.web.RequestHandler):
    def get_current_user(self):
        user = self.get_secure_cookie("user")
        return user.decode() if user else None

    def write_error(self, status_code, **kw):
        self.render("error.html", status=status_code, reason=self._reason)


class Missing(Base):
    def prepare(self):
        raise tornado.web.HTTPError(404)


class MessageModule(tornado.web.UIModule):
    def render(self, row):
        return self.render_string("message.html", row=row, html=markdown.markdown(row["text"], extensions=["tables", "fenced_code"]))


class Home(Base):
    def get(self):
        rows = self.settings["db"].all()
        self.set_etag_header()
        self.render("home.html", rows=rows, greeting=options.greeting, name=self.get_argument("name", "you"))


class Login(Base):
    def get(self):
        self.render("login.html", next=self.get_argument("next", "/"))

    async def post(self):
        name, secret = self.get_body_argument("name"), self.get_body_argument("password")
        ok = name in PASSWORDS and await asyncio.get_running_loop().run_in_executor(None, bcrypt.checkpw, secret.encode(), PASSWORDS[name])
        if not ok:
            raise tornado.web.HTTPError(403, reason="Wrong name or password")
        self.set_secure_cookie("user", name, httponly=True)
        self.redirect(self.get_query_argument("next", "/"))


class Messages(Base):
    def get(self, which):
        if which:
            row = self.settings["db"].one(int(which))
            if not row:
                raise tornado.web.HTTPError(404)
            return self.finish(row)
        rows = self.settings["db"].all()
        if self.request.headers.get("accept") == "application/msgpack":
            self.set_header("content-type", "application/msgpack")
            return self.finish(msgpack.packb(rows))
        self.finish({"messages": rows})

    @tornado.web.authenticated
    def post(self, which):
        try:
            text = json.loads(self.request.body)["text"]
        except (ValueError, KeyError):
            raise tornado.web.HTTPError(400, "bad body")
        if len(text) > options.limit:
            raise tornado.web.HTTPError(413, reason="Too long")
        row = self.settings["db"].add(self.current_user, text)
        for socket in Socket.open_ones:
            socket.write_message(row)
        self.set_status(201)
        self.finish(row)


class Socket(tornado.websocket.WebSocketHandler):
    open_ones = set()

    def get_compression_options(self):
        return {}

    def select_subprotocol(self, subprotocols):
        return "chat" if "chat" in subprotocols else None

    def open(self):
        self.open_ones.add(self)

    def on_message(self, message):
        if message == "close":
            return self.close(4000, "as you wish")
        if isinstance(message, bytes):
            return self.write_message(message[::-1], binary=True)
        self.write_message(tornado.escape.xhtml_escape(message))

    def on_close(self):
        self.open_ones.discard(self)


class Fetch(Base):
    async def get(self):
        client = tornado.httpclient.AsyncHTTPClient()
        try:
            r = await client.fetch(self.get_argument("url"), request_timeout=5, follow_redirects=True)
        except tornado.httpclient.HTTPClientError as e:
            return self.finish({"error": e.code})
        except OSError as e:
            return self.finish({"error": type(e).__name__})
        self.finish({"client": type(client).__name__, "code": r.code, "body": r.body.decode()[:60]})


class Lines(Base):
    async def get(self):
        for n in range(3):
            self.write(f"line {n}\n")
            await self.flush()
            await tornado.gen.sleep(0.05)


@tornado.web.stream_request_body
class Upload(Base):
    def prepare(self):
        self.n = 0
        self.head = b""

    def data_received(self, chunk):
        self.n += len(chunk)
        self.head = (self.head + chunk)[:2048]

    def put(self):
        self.finish({"bytes": self.n, "kind": magic.from_buffer(self.head, mime=True)})


class Thumb(Base):
    def post(self):
        try:
            image = Image.open(io.BytesIO(self.request.files["image"][0].body))
        except (KeyError, OSError):
            raise tornado.web.HTTPError(415)
        kind = self.get_argument("as", "PNG")
        image.thumbnail((8, 8))
        out = io.BytesIO()
        image.convert("RGB").save(out, kind)
        self.set_header("content-type", Image.MIME[kind])
        self.finish(out.getvalue())


class Process(Base):
    async def get(self):
        p = tornado.process.Subprocess(["sort", "-r"], stdin=tornado.process.Subprocess.STREAM, stdout=tornado.process.Subprocess.STREAM)
        await p.stdin.write(b"a\nc\nb\n")
        p.stdin.close()
        text = await p.stdout.read_until_close()
        self.finish({"sorted": text.decode().split(), "status": await p.wait_for_exit()})


class Crash(Base):
    def get(self):
        return 1 / 0


class Health(Base):
    def get(self):
        self.finish("ok")
