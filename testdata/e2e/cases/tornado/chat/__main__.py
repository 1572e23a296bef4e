"""The server: options, routes and the loop."""
import asyncio
import os
import signal
import sys

import tornado.httpserver
import tornado.locale
import tornado.log
import tornado.netutil
import tornado.web
from tornado.options import define, options, parse_command_line, parse_config_file

from . import handlers, store

define("port", default=8888, type=int, help="where to listen")
define("greeting", default="Hi", help="how to greet")
define("limit", default=100, type=int, help="longest message")
define("client", default="simple", help="simple or curl")
define("config", type=str, help="a file of options", callback=lambda path: parse_config_file(path, final=False))


def application():
    here = os.path.dirname(__file__)
    return tornado.web.Application(
        [
            tornado.web.url(r"/", handlers.Home, name="home"),
            (r"/login", handlers.Login),
            (r"/messages(?:/(\d+))?", handlers.Messages),
            (r"/socket", handlers.Socket),
            (r"/fetch", handlers.Fetch),
            (r"/lines", handlers.Lines),
            (r"/upload", handlers.Upload),
            (r"/thumb", handlers.Thumb),
            (r"/process", handlers.Process),
            (r"/crash", handlers.Crash),
            (r"/health", handlers.Health),
            (r"/old", tornado.web.RedirectHandler, {"url": "/", "permanent": False}),
            (r"/files/(.*)", tornado.web.StaticFileHandler, {"path": os.path.join(here, "static"), "default_filename": "index.html"}),
        ],
        template_path=os.path.join(here, "templates"), static_path=os.path.join(here, "static"), cookie_secret=os.environ["CHAT_SECRET"],
        login_url="/login", xsrf_cookies=False, compress_response=True, ui_modules={"Message": handlers.MessageModule}, default_handler_class=handlers.Missing,
        websocket_ping_interval=5, db=store.Store(os.environ["CHAT_DB"]),
    )


async def main():
    parse_command_line()
    if options.client == "curl":
        tornado.httpclient.AsyncHTTPClient.configure("tornado.curl_httpclient.CurlAsyncHTTPClient")
    tornado.locale.load_gettext_translations(os.path.join(os.path.dirname(__file__), "locale"), "chat")
    server = tornado.httpserver.HTTPServer(application(), xheaders=True, max_body_size=100_000)
    server.listen(options.port)
    tornado.log.app_log.warning("listening on %d", options.port)
    done = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, done.set)
    await done.wait()
    server.stop()
    tornado.log.app_log.warning("bye")


try:
    import tornado.httpclient

    asyncio.run(main())
except OSError as e:
    sys.exit(f"cannot listen: {e.strerror}")
