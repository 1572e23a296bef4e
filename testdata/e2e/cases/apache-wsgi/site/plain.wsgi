import zoneinfo
from datetime import datetime


def application(environ, start_response):
    size = int(environ.get('CONTENT_LENGTH') or 0)
    body = environ['wsgi.input'].read(size)
    noon = datetime(2024, 7, 1, 12, tzinfo=zoneinfo.ZoneInfo('Asia/Tokyo'))
    text = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} {environ['mod_wsgi.process_group']} {len(body)} {noon.utcoffset()}\n"
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [text.encode()]
