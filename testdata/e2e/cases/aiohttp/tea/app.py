import asyncio
import os
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import aiohttp
import aiohttp_jinja2
import aiosqlite
import jinja2
from aiohttp import web
from aiohttp_session import get_session, setup as setup_session
from aiohttp_session.cookie_storage import EncryptedCookieStorage

from .plugins import load

routes = web.RouteTableDef()
here = Path(__file__).parent


def slow_sum(n):
    return sum(i * i for i in range(n))


@routes.get('/')
@aiohttp_jinja2.template('home.html')
async def home(request):
    session = await get_session(request)
    session['n'] = session.get('n', 0) + 1
    return {'n': session['n'], 'items': await rows(request.app)}


async def rows(app):
    async with app['db'].execute('SELECT name, price FROM item ORDER BY id') as cursor:
        return await cursor.fetchall()


@routes.view('/items')
class Items(web.View):
    async def get(self):
        return web.json_response([dict(zip(('name', 'price'), r)) for r in await rows(self.request.app)])

    async def post(self):
        data = await self.request.json()
        if not isinstance(data.get('price'), (int, float)):
            raise web.HTTPUnprocessableEntity(text='price must be a number')
        await self.request.app['db'].execute('INSERT INTO item (name, price) VALUES (?, ?)', (data['name'], data['price']))
        await self.request.app['db'].commit()
        return web.json_response({'ok': True}, status=201)


@routes.get(r'/items/{id:\d+}')
async def item(request):
    async with request.app['db'].execute('SELECT name FROM item WHERE id = ?', (request.match_info['id'],)) as cursor:
        row = await cursor.fetchone()
    if row is None:
        raise web.HTTPNotFound()
    response = web.json_response({'name': row[0]})
    response.enable_compression()
    return response


@routes.get('/plugin/{name}')
async def plugin(request):
    module = request.app['plugins'].get(request.match_info['name'])
    if module is None:
        raise web.HTTPNotFound()
    return web.json_response(await module.handle(request))


@routes.get('/ws')
async def socket(request):
    ws = web.WebSocketResponse(protocols=('tea',))
    await ws.prepare(request)
    async for message in ws:
        if message.type == aiohttp.WSMsgType.TEXT:
            if message.data == 'close':
                await ws.close(code=4000, message=b'bye')
            else:
                await ws.send_json({'echo': message.data.upper()})
        elif message.type == aiohttp.WSMsgType.BINARY:
            await ws.send_bytes(message.data[::-1])
    return ws


@routes.get('/events')
async def events(request):
    response = web.StreamResponse(headers={'Content-Type': 'text/event-stream'})
    await response.prepare(request)
    for i in range(3):
        await response.write(f'data: {i}\n\n'.encode())
        await asyncio.sleep(0.01)
    return response


@routes.post('/upload')
async def upload(request):
    out = []
    async for part in await request.multipart():
        size = 0
        with open(f'uploads/{os.path.basename(part.filename or part.name)}', 'wb') as f:
            while chunk := await part.read_chunk():
                size += len(chunk)
                f.write(chunk)
        out.append([part.name, part.filename, size])
    return web.json_response(out)


@routes.get('/fetch')
async def fetch(request):
    try:
        async with request.app['client'].get(request.query['url'], timeout=aiohttp.ClientTimeout(total=5)) as r:
            return web.json_response({'status': r.status, 'length': len(await r.read()), 'encoding': r.headers.get('Content-Encoding')})
    except (aiohttp.ClientError, asyncio.TimeoutError) as e:
        raise web.HTTPBadGateway(text=type(e).__name__)


@routes.get('/sum')
async def total(request):
    loop = asyncio.get_running_loop()
    return web.Response(text=str(await loop.run_in_executor(request.app['pool'], slow_sum, int(request.query['n']))))


@routes.get('/run')
async def run(request):
    process = await asyncio.create_subprocess_exec('uname', '-s', stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    return web.Response(text=out.decode())


@routes.get('/crash')
async def crash(request):
    return 1 / 0


@routes.get('/health')
async def health(request):
    return web.Response(text=f"ok {request.app['ticks'] > 0}\n")


@web.middleware
async def errors(request, handler):
    start = time.monotonic()
    try:
        response = await handler(request)
    except web.HTTPNotFound:
        response = aiohttp_jinja2.render_template('missing.html', request, {'path': request.path}, status=404)
    except (ValueError, KeyError) as e:
        response = web.json_response({'error': f'{type(e).__name__}: {e}'}, status=400)
    if not response.prepared:
        response.headers['X-Quick'] = str(time.monotonic() - start < 5)
    return response


async def lifetime(app):
    app['db'] = await aiosqlite.connect(':memory:')
    await app['db'].executescript("CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT, price REAL);"
                                  "INSERT INTO item (name, price) VALUES ('green', 3.5), ('black', 2)")
    app['client'] = aiohttp.ClientSession()
    app['pool'] = ProcessPoolExecutor(1)

    async def tick():
        while True:
            app['ticks'] += 1
            await asyncio.sleep(0.1)

    task = asyncio.create_task(tick())
    yield
    task.cancel()
    app['pool'].shutdown()
    await app['client'].close()
    await app['db'].close()
    print('closed', flush=True)


def make_app(config):
    app = web.Application(middlewares=[errors], client_max_size=config['limits']['body'])
    app['ticks'], app['plugins'] = 0, load(config['plugins'])
    setup_session(app, EncryptedCookieStorage(b'0123456789abcdef0123456789abcdef'))
    aiohttp_jinja2.setup(app, loader=jinja2.PackageLoader('tea'), context_processors=[aiohttp_jinja2.request_processor])
    app['aiohttp_jinja2_environment'].globals['title'] = config['title']
    app.add_routes(routes)
    app.router.add_static('/static', here / 'static', show_index=True)
    app.cleanup_ctx.append(lifetime)
    return app
