import importlib
import pathlib

from fastapi import FastAPI, Request, UploadFile, WebSocket
from fastapi.responses import StreamingResponse
from fastapi.templating import Jinja2Templates

from . import store
from .models import Item

app = FastAPI(title='Items', version='1.0')
templates = Jinja2Templates(directory=pathlib.Path(__file__).parent / 'templates')
for module in ('clock', 'proxy'):
    app.include_router(importlib.import_module(f'app.routers.{module}').router, prefix=f'/{module}')


@app.on_event('startup')
async def startup():
    store.create()


@app.get('/', include_in_schema=False)
async def home(request: Request):
    return templates.TemplateResponse('home.html', {'request': request, 'items': store.names()})


@app.post('/items', status_code=201)
def add(item: Item):
    store.add(item)
    return item


@app.post('/upload')
async def upload(file: UploadFile):
    return {'name': file.filename, 'size': len(await file.read())}


@app.get('/stream')
async def stream():
    return StreamingResponse((f'{n}\n' for n in range(3)), media_type='text/plain')


@app.websocket('/ws')
async def ws(socket: WebSocket):
    await socket.accept()
    await socket.send_text('echo ' + await socket.receive_text())
    await socket.close()


@app.get('/crash')
def crash():
    raise KeyError('on purpose')
