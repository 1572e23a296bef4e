import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readAll, sampleImage } from '../../testing/registry/sample-image.ts';
import { archiveStream } from '../archive-sink.ts';
import { findEngine, parseEngineHost } from './engine-address.ts';
import { EngineSource, engineHas, engineSink } from './engine-source.ts';

let folder = '';
const close: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oslim-engine-test-'));
});

afterEach(async () => {
  for (const one of close.splice(0)) await one();
  await rm(folder, { recursive: true });
});

/** Starts an engine on a unix socket that speaks API 1.41; returns the environment that names it. */
async function startEngine(
  listener: RequestListener,
): Promise<{ env: { DOCKER_HOST: string }; lines: string[] }> {
  const lines: string[] = [];
  const server = createServer((request, response) => {
    lines.push(`${request.method} ${request.url}`);
    if (request.url === '/_ping') response.writeHead(200, { 'api-version': '1.41' }).end('OK');
    else listener(request, response);
  });
  const path = join(folder, 'engine.sock');
  server.listen(path);
  await once(server, 'listening');
  close.push(async () => {
    server.closeAllConnections();
    await once(server.close(), 'close');
  });
  return { env: { DOCKER_HOST: `unix://${path}` }, lines };
}

async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), content);
}

describe('an engine', () => {
  test('hands out an image that it has', async () => {
    const image = sampleImage([100_000]);
    const archive = await readAll(archiveStream(image, { name: 'docker.io/library/a:1' }, 'loadable'));
    const { env, lines } = await startEngine((_, response) => response.end(archive));
    expect(await engineHas('a:1', { env })).toBe(true);
    const source = new EngineSource('a:1', { env });
    const opened = await source.open({});
    expect(opened.configDigest).toBe(image.config.descriptor.digest);
    expect(opened.layers.map(({ diffId }) => diffId)).toEqual(image.diffIds);
    await source.close();
    expect(lines.at(-1)).toBe('GET /v1.41/images/a:1/get');
  });

  test('that has not the image is asked no further', async () => {
    const { env } = await startEngine((_, response) =>
      response.writeHead(404).end('{"message":"No such image: a:1"}'),
    );
    expect(await engineHas('a:1', { env })).toBe(false);
    const source = new EngineSource('a:1', { env });
    await expect(source.open({})).rejects.toThrow(
      /^cannot read "docker-daemon:a:1": the engine at .* has no such image$/,
    );
    await source.close();
  });

  test('that breaks off its archive ends in one line', async () => {
    const { env } = await startEngine((request, response) => {
      if (!request.url?.endsWith('/get')) return void response.end('{}');
      response.write(Buffer.alloc(70_000));
      setTimeout(() => response.destroy(), 20);
    });
    const source = new EngineSource('a:1', { env });
    await expect(source.open({})).rejects.toThrow(/^cannot talk to the engine at /);
    await source.close();
  });

  test('takes an archive that it can load', async () => {
    const image = sampleImage([100_000]);
    const received: Promise<Buffer>[] = [];
    const { env, lines } = await startEngine((request, response) => {
      received.push(readAll(request).finally(() => response.end('{"stream":"Loaded image: a:1"}\n')));
    });
    await engineSink({ env }).write(image, 'docker.io/library/a:1');
    expect(lines.at(-1)).toBe('POST /v1.41/images/load?quiet=1');
    const expected = await readAll(archiveStream(image, { name: 'docker.io/library/a:1' }, 'loadable'));
    expect((await received[0])?.equals(expected)).toBe(true);
  });

  test.each([
    {
      summary: 'in its status',
      status: 500,
      body: '{"message":"no space\\u001b[31m left"}',
      error: /: no space \[31m left$/,
    },
    {
      summary: 'in the middle of its answer',
      status: 200,
      body: '{"stream":"…"}\n{"error":"unexpected EOF"}\n',
      error: /: unexpected EOF$/,
    },
    { summary: 'without a word', status: 500, body: '', error: /: it answered 500$/ },
  ])('that tells a failed load $summary is believed', async ({ status, body, error }) => {
    const { env } = await startEngine((request, response) => {
      request.resume().on('end', () => response.writeHead(status).end(body));
    });
    await expect(engineSink({ env }).write(sampleImage([10]), 'docker.io/library/a:1')).rejects.toThrow(
      error,
    );
  });

  test.each(['unix:///nonexistent/engine.sock', 'tcp://127.0.0.1:1', 'ssh://somewhere', 'nonsense://x'])(
    'at %s that is not there has nothing, without a word',
    async (host) => {
      expect(await engineHas('a:1', { env: { DOCKER_HOST: host } })).toBe(false);
    },
  );

  test('that is not there is an error when it is asked for', async () => {
    const source = new EngineSource('a:1', { env: { DOCKER_HOST: 'unix:///nonexistent/engine.sock' } });
    await expect(source.open({})).rejects.toThrow(
      /^cannot talk to the engine at "\/nonexistent\/engine.sock": /,
    );
    await source.close();
  });
});

describe('findEngine', () => {
  test('takes DOCKER_HOST before everything else', () => {
    expect(findEngine({ DOCKER_HOST: 'unix:///s', DOCKER_CONTEXT: 'absent' })).toEqual({
      kind: 'unix',
      socketPath: '/s',
    });
  });

  test('follows the current context, and its certificates', async () => {
    const id = createHash('sha256').update('far').digest('hex');
    await write('.docker/config.json', '{"currentContext":"far"}');
    await write(
      `.docker/contexts/meta/${id}/meta.json`,
      '{"Name":"far","Endpoints":{"docker":{"Host":"tcp://far:2376","SkipTLSVerify":false}}}',
    );
    expect(findEngine({ HOME: folder })).toEqual({ kind: 'tcp', origin: 'http://far:2376' });
    await write(`.docker/contexts/tls/${id}/docker/ca.pem`, 'CA');
    expect(findEngine({ HOME: folder })).toEqual({
      kind: 'tcp',
      origin: 'https://far:2376',
      tls: { ca: 'CA', rejectUnauthorized: true },
    });
    expect(() => findEngine({ HOME: folder, DOCKER_CONTEXT: 'absent' })).toThrow(
      /^cannot read ".*meta.json": /,
    );
  });

  test('uses TLS over TCP as DOCKER_TLS_VERIFY and DOCKER_CERT_PATH say', async () => {
    await write('certs/ca.pem', 'CA');
    await write('certs/cert.pem', 'CERT');
    await write('certs/key.pem', 'KEY');
    const env = { DOCKER_HOST: 'tcp://far', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: join(folder, 'certs') };
    const tls = { ca: 'CA', cert: 'CERT', key: 'KEY', rejectUnauthorized: true };
    expect(findEngine(env)).toEqual({ kind: 'tcp', origin: 'https://far:2376', tls });
  });

  test('takes the socket of podman where it exists', async () => {
    await write('podman/podman.sock', '');
    const found = findEngine({ XDG_RUNTIME_DIR: folder });
    expect(found).toMatchObject({ kind: 'unix' });
    expect(['/var/run/docker.sock', join(folder, 'podman/podman.sock')]).toContain(
      found?.kind === 'unix' && found.socketPath,
    );
  });
});

test.each([
  ['ssh://host', /not supported/],
  ['npipe:////./pipe/docker', /not supported/],
  ['ftp://host', /not unix:\/\/\/path or tcp:\/\/host:port/],
  ['tcp://', /not unix:\/\/\/path or tcp:\/\/host:port/],
])('parseEngineHost refuses %s', (host, error) => {
  expect(() => parseEngineHost(host, undefined)).toThrow(error);
});
