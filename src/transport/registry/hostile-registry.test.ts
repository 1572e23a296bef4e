import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { OslimError } from '../../errors.ts';
import { digestOf } from '../../oci/digest.ts';
import { parseReference } from '../../oci/reference.ts';
import { drip, endless, type Fault, type Reply } from '../../testing/registry/fault.ts';
import { failure } from '../../testing/registry/registry-store.ts';
import { readAll, sampleImage } from '../../testing/registry/sample-image.ts';
import { TestRegistry } from '../../testing/registry/test-registry.ts';
import type { RegistryLimits } from './limits.ts';
import { RegistrySource } from './registry-source.ts';

const FAST: Partial<RegistryLimits> = {
  attempts: 2,
  backoffMs: 1,
  stallTimeoutMs: 150,
  stallBytes: 1000,
  connectTimeoutMs: 400,
  headersTimeoutMs: 400,
  documentTimeoutMs: 400,
  maxRetryAfterMs: 1000,
};
/** What one answer may cost: time, and memory that is not given back. */
const MAX_MS = 4000;
const MAX_GROWTH = 64 << 20;

const MANIFEST = /GET .*\/manifests\//;
const BLOB = /GET .*\/blobs\/sha256/;
const image = sampleImage([100_000]);
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function startRegistry(faults: readonly Fault[]): Promise<TestRegistry> {
  const registry = await TestRegistry.start();
  open.push(registry);
  for (const blob of [image.config, ...image.layers])
    registry.store.putBlob('a/b', await readAll(blob.open()));
  const { descriptor } = image.manifest;
  registry.store.putManifest('a/b', '1', descriptor.mediaType, await readAll(image.manifest.open()));
  for (const fault of faults) registry.fail(fault);
  return registry;
}

/** A server that answers every connection with these bytes, or goes on without an end. */
async function startRaw(answer: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => answer(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push({
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function pull(host: string): Promise<string[]> {
  const source = new RegistrySource(parseReference(`${host}/a/b:1`), {
    network: FAST,
    env: {},
    rules: [],
    certificateDirectories: [],
    credentials: { credentialFor: async () => ({ kind: 'password', username: 'u', password: 'p' }) },
  });
  open.push(source);
  const digests: string[] = [];
  for (const layer of (await source.open({})).layers) digests.push(digestOf(await readAll(layer.open())));
  return digests;
}

/** Pulls from a hostile server and returns its error, within the bounds. */
async function refused(host: string): Promise<Error> {
  const began = performance.now();
  const before = process.memoryUsage().rss;
  const thrown = await pull(host).then(
    () => undefined,
    (error: Error) => error,
  );
  expect(performance.now() - began).toBeLessThan(MAX_MS);
  expect(process.memoryUsage().rss - before).toBeLessThan(MAX_GROWTH);
  expect(thrown).toBeInstanceOf(OslimError);
  expect(thrown?.message).not.toMatch(/[\0-\x1f\x7f-\x9f]/);
  return thrown ?? new Error('it was not refused');
}

const redirect = (location: string): Reply => ({ status: 307, headers: { location } });
const challenge = (value: string): Reply => ({
  ...failure(401, 'UNAUTHORIZED'),
  headers: { 'www-authenticate': value },
});

interface Hostility {
  readonly summary: string;
  readonly faults: readonly Fault[];
  readonly says: RegExp;
}

const HOSTILE: readonly Hostility[] = [
  {
    summary: 'a manifest that drips',
    faults: [{ on: MANIFEST, deliver: drip(20) }],
    says: /stalled|took too long/,
  },
  { summary: 'a layer that drips', faults: [{ on: BLOB, deliver: drip(20) }], says: /stalled/ },
  {
    summary: 'a manifest without an end',
    faults: [{ on: MANIFEST, deliver: endless }],
    says: /limit manifestBytes|took too long/,
  },
  {
    summary: 'a layer without an end',
    faults: [{ on: BLOB, deliver: endless }],
    says: /cannot trust the size of blob/,
  },
  {
    summary: 'an error without an end',
    faults: [{ on: MANIFEST, deliver: (_, response) => endless({ status: 500 }, response) }],
    says: /answered 500/,
  },
  {
    summary: 'a token without an end',
    faults: [
      { on: /token/, deliver: endless },
      { on: /\/v2\/a/, answer: () => challenge('Bearer realm="/token"') },
    ],
    says: /cannot/,
  },
  {
    summary: 'a challenge for ever',
    faults: [{ on: /\/v2\/a/, answer: () => challenge('Basic realm="x"') }],
    says: /answered 401/,
  },
  {
    summary: 'a challenge of thirty thousand commas',
    faults: [{ on: /\/v2\/a/, answer: () => challenge(','.repeat(30_000)) }],
    says: /answered 401/,
  },
  {
    summary: 'a challenge of quotes and backslashes',
    faults: [{ on: /\/v2\/a/, answer: () => challenge(`Bearer realm="${'\\"'.repeat(10_000)}`) }],
    says: /cannot/,
  },
  {
    summary: 'a token realm at the metadata address',
    faults: [{ on: /\/v2\/a/, answer: () => challenge('Bearer realm="http://169.254.169.254/token"') }],
    says: /a local-service address/,
  },
  {
    summary: 'a token realm of another protocol',
    faults: [{ on: /\/v2\/a/, answer: () => challenge('Bearer realm="file:///etc/passwd"') }],
    says: /cannot/,
  },
  {
    summary: 'a redirect to itself',
    faults: [{ on: MANIFEST, answer: ({ url }) => redirect(url ?? '') }],
    says: /redirects too often/,
  },
  {
    summary: 'redirects in a circle',
    faults: [
      { on: /one/, answer: () => redirect('/two') },
      { on: /two/, answer: () => redirect('/one') },
      { on: MANIFEST, answer: () => redirect('/one') },
    ],
    says: /redirects too often/,
  },
  ...[
    'http://169.254.169.254/latest/meta-data',
    'http://[fd00:ec2::254]/latest',
    'http://100.100.100.200/latest',
    'http://[::ffff:169.254.169.254]/',
    'http://2852039166/',
    'http://0xa9fea9fe/',
    'http://[fe80::1]/',
  ].map((location) => ({
    summary: `a redirect to ${location}`,
    faults: [{ on: BLOB, answer: () => redirect(location) }],
    says: /a local-service address/,
  })),
  {
    summary: 'a redirect to a file',
    faults: [{ on: BLOB, answer: () => redirect('file:///etc/passwd') }],
    says: /it leads from http: to file:/,
  },
  {
    summary: 'a redirect to nowhere',
    faults: [{ on: BLOB, answer: () => redirect('http://[') }],
    says: /no usable Location/,
  },
  {
    summary: 'headers of a megabyte',
    faults: [{ on: MANIFEST, answer: () => ({ status: 200, headers: { 'x-long': 'x'.repeat(1 << 20) } }) }],
    says: /headers of the answer are too large/,
  },
  {
    summary: 'ten thousand headers',
    faults: [
      {
        on: MANIFEST,
        answer: () => ({
          status: 200,
          headers: Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`x-${at}`, 'y'])),
        }),
      },
    ],
    says: /headers of the answer are too large/,
  },
  {
    summary: 'a coded layer, which may be a bomb',
    faults: [
      {
        on: BLOB,
        answer: () => ({
          status: 200,
          headers: { 'content-encoding': 'gzip' },
          body: gzipSync(Buffer.alloc(50 << 20)),
        }),
      },
    ],
    says: /cannot/,
  },
  {
    summary: 'a coded error, which may be a bomb',
    faults: [
      {
        on: MANIFEST,
        answer: () => ({
          status: 404,
          headers: { 'content-encoding': 'gzip' },
          body: gzipSync(Buffer.alloc(50 << 20)),
        }),
      },
    ],
    says: /answered 404/,
  },
  {
    summary: 'a length that is too short',
    faults: [
      {
        on: BLOB,
        deliver: (reply, response) =>
          void response.writeHead(200, { 'content-length': '10' }).end(reply.body?.subarray(0, 10)),
      },
    ],
    says: /cannot trust the size/,
  },
  {
    summary: 'a length that is too long',
    faults: [
      {
        on: BLOB,
        deliver: (_, response) =>
          void response.writeHead(200, { 'content-length': '999999999999' }).write('x'),
      },
    ],
    says: /cannot trust the size/,
  },
  {
    summary: 'a pause of ten years',
    faults: [
      {
        on: MANIFEST,
        answer: () => ({ ...failure(429, 'TOOMANYREQUESTS'), headers: { 'retry-after': '315360000' } }),
      },
    ],
    says: /answered 429/,
  },
  {
    summary: 'an error of brackets',
    faults: [{ on: MANIFEST, answer: () => ({ status: 400, body: Buffer.alloc(60_000, '[') }) }],
    says: /answered 400/,
  },
  {
    summary: 'an error of fifty thousand errors',
    faults: [
      {
        on: MANIFEST,
        answer: () => ({ status: 400, body: Buffer.from(`{"errors":[${'{},'.repeat(15_000)}{}]}`) }),
      },
    ],
    says: /answered 400/,
  },
  {
    summary: 'a manifest of a million brackets',
    faults: [{ on: MANIFEST, answer: () => ({ status: 200, body: Buffer.alloc(1_000_000, '[') }) }],
    says: /limit jsonDepth/,
  },
  {
    summary: 'another digest than the bytes have',
    faults: [
      {
        on: MANIFEST,
        answer: () => ({
          status: 200,
          headers: { 'docker-content-digest': `sha256:${'a'.repeat(64)}` },
          body: Buffer.from('{}'),
        }),
      },
    ],
    says: /cannot trust/,
  },
];

const RAW: readonly { readonly summary: string; readonly answer: (socket: Socket) => void }[] = [
  { summary: 'bytes that are no HTTP', answer: (socket) => void socket.end(Buffer.alloc(100_000, 0xee)) },
  {
    summary: 'a status line without an end',
    answer: (socket) => forever(socket, Buffer.alloc(64 << 10, 'x'), 'HTTP/1.1 200 '),
  },
  {
    summary: 'header fields without an end',
    answer: (socket) => forever(socket, Buffer.from('x: y\r\n'.repeat(1000)), 'HTTP/1.1 200 OK\r\n'),
  },
  {
    summary: 'interim answers without an end',
    answer: (socket) => forever(socket, Buffer.from('HTTP/1.1 102 Processing\r\n\r\n'.repeat(100)), ''),
  },
  {
    summary: 'a chunk that announces an exabyte',
    answer: (socket) =>
      void socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\nx'),
  },
  {
    summary: 'a chunk extension without an end',
    answer: (socket) =>
      forever(socket, Buffer.alloc(64 << 10, 'x'), 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;'),
  },
  {
    summary: 'a length below zero',
    answer: (socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n'),
  },
  {
    summary: 'two lengths',
    answer: (socket) =>
      void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}'),
  },
  { summary: 'nothing at all', answer: () => undefined },
  { summary: 'the end of the connection', answer: (socket) => void socket.end() },
];

function forever(socket: Socket, chunk: Buffer, first: string): void {
  socket.write(first);
  const more = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', more);
  more();
}

describe('a hostile registry', () => {
  test.each(HOSTILE)('is refused, in time and memory: $summary', async ({ faults, says }) => {
    const { host } = await startRegistry(faults);
    expect((await refused(host)).message).toMatch(says);
  });

  test.each(RAW)('is refused, in time and memory: $summary', async ({ answer }) => {
    expect((await refused(await startRaw(answer))).message).toMatch(/^cannot /);
  });

  test('may lead to itself where it is on loopback', async () => {
    const layer = image.layers[0]?.descriptor.digest;
    const { host } = await startRegistry([
      { on: new RegExp(`${layer}$`), times: 1, answer: ({ url }) => redirect(`${url}?again`) },
    ]);
    expect(await pull(host)).toEqual(image.diffIds);
  });
});
