import json
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from celery.result import AsyncResult

from shop import celery, tasks
from shop.tasks import media


def wait(result):
    try:
        return {'result': result.get(timeout=20), 'state': result.state}
    except Exception as error:
        return {'error': type(error).__name__, 'text': str(error), 'state': result.state}


ROUTES = {
    '/health': lambda q: celery.control.ping(timeout=2),
    '/add': lambda q: wait(tasks.add.delay(int(q['x']), int(q['y']))),
    '/text': lambda q: wait(tasks.add.apply_async(['a', q['x']], serializer=q.get('s', 'json'), compression=q.get('c', 'gzip'))),
    '/flow': lambda q: wait(tasks.flow(int(q['n']))()),
    '/piped': lambda q: wait(tasks.piped()()),
    '/flaky': lambda q: wait(tasks.flaky.delay(int(q['need']))),
    '/slow': lambda q: wait(tasks.slow.delay()),
    '/fail': lambda q: wait(tasks.fail.delay()),
    '/render': lambda q: wait(tasks.render.delay(q['name'])),
    '/thumb': lambda q: wait(media.thumbnail.delay(int(q['w']), q['kind'])),
    '/fetch': lambda q: wait(media.fetch.delay(q['url'])),
    '/later': lambda q: wait(tasks.add.apply_async((1, 1), countdown=1)),
    '/unknown': lambda q: AsyncResult('none', app=celery).state,
    '/tick': lambda q: open('/data/tick').read(),
    '/queues': lambda q: sorted(x['name'] for w in celery.control.inspect().active_queues().values() for x in w),
    '/registered': lambda q: sorted(t for w in celery.control.inspect().registered().values() for t in w),
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        parts = urlsplit(self.path)
        route = ROUTES.get(parts.path)
        try:
            code, value = (200, route(dict(parse_qsl(parts.query)))) if route else (404, 'no such path')
        except Exception as error:
            code, value = 500, repr(error)
        body = json.dumps(value, sort_keys=True).encode() + b'\n'
        self.send_response(code)
        self.send_header('content-length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


if __name__ == '__main__':
    signal.signal(signal.SIGTERM, lambda *a: sys.exit(0))
    ThreadingHTTPServer(('0.0.0.0', 8000), Handler).serve_forever()
