import argparse, getpass, http.server, os

parser = argparse.ArgumentParser()
parser.add_argument('--port', type=int, required=True)
port = parser.parse_args().port


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = f"{os.environ['NAME']} as {getpass.getuser()} uid {os.getuid()} {self.path} {self.headers.get('x-real-ip')}\n".encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)
        if self.path == '/exit':
            os._exit(1)

    def log_message(self, *args):
        pass


print('worker ready')
http.server.HTTPServer(('127.0.0.1', port), Handler).serve_forever()
