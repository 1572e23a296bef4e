import { afterEach, describe, expect, test } from 'vitest';
import type { Image, OutputImage } from '../../image/image.ts';
import { digestOf } from '../../oci/digest.ts';
import { MediaType } from '../../oci/media-type.ts';
import { parseReference } from '../../oci/reference.ts';
import {
  closeAfter,
  drip,
  endless,
  type Fault,
  flipBit,
  resetAfter,
  send,
  stallAfter,
} from '../../testing/registry/fault.ts';
import { failure } from '../../testing/registry/registry-store.ts';
import {
  blobOf,
  readAll,
  sampleBytes,
  sampleImage,
  sampleIndex,
} from '../../testing/registry/sample-image.ts';
import { TestRegistry } from '../../testing/registry/test-registry.ts';
import type { RegistryLimits } from './limits.ts';
import { RegistrySource, type RegistrySourceOptions } from './registry-source.ts';

const FAST: Partial<RegistryLimits> = {
  attempts: 5,
  backoffMs: 1,
  stallTimeoutMs: 150,
  stallBytes: 1000,
  headersTimeoutMs: 1000,
  documentTimeoutMs: 400,
  maxRetryAfterMs: 3000,
};
const BLOB = /GET .*\/blobs\/sha256/;
const MANIFEST = /GET .*\/manifests\//;
const SIZE = 200_000;

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function startRegistry(...faults: readonly Fault[]): Promise<TestRegistry> {
  const registry = await TestRegistry.start();
  open.push(registry);
  for (const fault of faults) registry.fail(fault);
  return registry;
}

/** Puts an image of one layer into the registry, as `a/b:1`. */
async function store(registry: TestRegistry, image: OutputImage = sampleImage([SIZE])): Promise<OutputImage> {
  for (const blob of [image.config, ...image.layers])
    registry.store.putBlob('a/b', await readAll(blob.open()));
  registry.store.putManifest(
    'a/b',
    '1',
    image.manifest.descriptor.mediaType,
    await readAll(image.manifest.open()),
  );
  return image;
}

function sourceOf(
  registry: TestRegistry,
  options: RegistrySourceOptions = {},
  name = 'a/b:1',
): RegistrySource {
  const source = new RegistrySource(parseReference(`${registry.host}/${name}`), {
    network: FAST,
    env: {},
    rules: [],
    certificateDirectories: [],
    ...options,
  });
  open.push(source);
  return source;
}

/** Returns the digests of the layers' bytes. */
async function pull(source: RegistrySource): Promise<string[]> {
  const image = await source.open({ platform: { os: 'linux', architecture: 'amd64' } });
  return readLayers(image);
}

async function readLayers(image: Image): Promise<string[]> {
  const layers: string[] = [];
  for (const layer of image.layers) layers.push(digestOf(await readAll(layer.open())));
  return layers;
}

describe('RegistrySource', () => {
  test('pulls manifest, config and layers by tag and by digest', async () => {
    const registry = await startRegistry();
    const stored = await store(registry, sampleImage([1000, 0, SIZE]));
    const { digest } = stored.manifest.descriptor;
    for (const name of ['a/b:1', `a/b@${digest}`, `a/b:1@${digest}`]) {
      const image = await sourceOf(registry, {}, name).open({});
      expect(image.descriptor?.digest).toBe(digest);
      expect(image.configDigest).toBe(stored.config.descriptor.digest);
      expect(image.names).toEqual([`${registry.host}/${name}`]);
      expect(await readLayers(image)).toEqual(stored.diffIds);
    }
  });

  const survived: readonly { summary: string; faults: readonly Fault[] }[] = [
    ...[0, 1, 2, 3].map((quarter) => ({
      summary: `a blob is reset at quarter ${quarter}`,
      faults: [{ on: BLOB, times: 3, deliver: resetAfter((SIZE / 4) * quarter) }],
    })),
    {
      summary: 'a blob ends early, in the orderly way',
      faults: [{ on: BLOB, times: 2, deliver: closeAfter(5000) }],
    },
    { summary: 'a blob stalls', faults: [{ on: BLOB, times: 2, deliver: stallAfter(100) }] },
    { summary: 'a manifest is reset', faults: [{ on: MANIFEST, times: 2, deliver: resetAfter(20) }] },
    {
      summary: 'the registry answers 500, 502, 503 and 504',
      faults: [500, 502, 503, 504].map((status) => ({
        on: MANIFEST,
        times: 1,
        answer: () => failure(status, 'UNKNOWN'),
      })),
    },
    {
      summary: 'a connection is reset before the answer',
      faults: [{ on: MANIFEST, times: 2, deliver: (_, response) => void response.socket?.resetAndDestroy() }],
    },
  ];

  test.each(survived)('succeeds when $summary', async ({ faults }) => {
    const registry = await startRegistry(...faults);
    const image = await store(registry);
    expect(await pull(sourceOf(registry))).toEqual(image.diffIds);
  });

  test('goes on with a Range where a transfer broke, and asks for no byte twice', async () => {
    const registry = await startRegistry();
    const image = await store(registry);
    const layer = image.layers[0]?.descriptor.digest;
    registry.fail({ on: new RegExp(`GET .*blobs/${layer}`), times: 1, deliver: resetAfter(65536) });
    await pull(sourceOf(registry));
    const ranges = registry.seenLike(new RegExp(`blobs/${layer}`)).map(({ range }) => range);
    expect(ranges).toHaveLength(2);
    expect(ranges[1]).toMatch(/^bytes=[1-9]\d*-$/);
  });

  test('leaves out what it has when the server knows no ranges', async () => {
    const registry = await startRegistry({ on: BLOB, times: 2, deliver: resetAfter(65536) });
    registry.store.hasRanges = false;
    const image = await store(registry);
    expect(await pull(sourceOf(registry))).toEqual(image.diffIds);
  });

  test('waits as long as Retry-After says', async () => {
    const answer = () => ({ ...failure(429, 'TOOMANYREQUESTS'), headers: { 'retry-after': '1' } });
    const registry = await startRegistry({ on: MANIFEST, times: 1, answer });
    await store(registry);
    const began = Date.now();
    await pull(sourceOf(registry));
    expect(Date.now() - began).toBeGreaterThanOrEqual(950);
  });

  const failed: readonly { summary: string; faults: readonly Fault[]; error: RegExp; name: string }[] = [
    {
      summary: 'a server that asks to wait for an hour',
      faults: [
        {
          on: MANIFEST,
          answer: () => ({
            ...failure(429, 'TOOMANYREQUESTS', 'slow down'),
            headers: { 'retry-after': '3600' },
          }),
        },
      ],
      error: /^cannot read the manifest of ".*": 127.0.0.1:\d+ answered 429 \(TOOMANYREQUESTS: slow down\)$/,
      name: 'RegistryError',
    },
    {
      summary: 'a server that only answers 500',
      faults: [{ on: MANIFEST, answer: () => failure(500, 'UNKNOWN') }],
      error: /answered 500/,
      name: 'RegistryError',
    },
    {
      summary: 'a blob with a wrong bit',
      faults: [{ on: BLOB, deliver: flipBit }],
      error: /^cannot trust blob sha256:[0-9a-f]{64}: expected sha256:[0-9a-f]{64}, got sha256:[0-9a-f]{64}$/,
      name: 'IntegrityError',
    },
    {
      summary: 'a manifest that is not what Docker-Content-Digest says',
      faults: [{ on: MANIFEST, deliver: flipBit }],
      error: /^cannot trust the manifest of/,
      name: 'IntegrityError',
    },
    {
      summary: 'a blob longer than its descriptor',
      faults: [{ on: BLOB, answer: () => ({ status: 200, body: sampleBytes(SIZE + 1, 'long') }) }],
      error: /^cannot trust the size of blob .*: expected \d+ bytes, got 200001 bytes$/,
      name: 'IntegrityError',
    },
    {
      summary: 'a blob that announces no length and never ends',
      faults: [{ on: BLOB, deliver: endless }],
      error: /cannot trust the size of blob/,
      name: 'IntegrityError',
    },
    {
      summary: 'a manifest of 100 MB',
      faults: [{ on: MANIFEST, answer: () => ({ status: 200, body: Buffer.alloc(100_000_000, 0x20) }) }],
      error: /the answer is more than the limit manifestBytes = 8388608$/,
      name: 'LimitError',
    },
    {
      summary: 'a manifest that never ends',
      faults: [{ on: MANIFEST, deliver: endless }],
      error: /the answer is more than the limit manifestBytes = 8388608$/,
      name: 'LimitError',
    },
    {
      summary: 'a blob that comes by single bytes',
      faults: [{ on: BLOB, deliver: drip(20) }],
      error: /the transfer stalled$/,
      name: 'RegistryError',
    },
    {
      summary: 'a server that accepts and never answers',
      faults: [{ on: MANIFEST, deliver: () => undefined }],
      error: /no answer in time$/,
      name: 'RegistryError',
    },
    {
      summary: 'a redirect loop',
      faults: [
        { on: BLOB, answer: (request) => ({ status: 307, headers: { location: request.url ?? '' } }) },
      ],
      error: /it redirects too often$/,
      name: 'RegistryError',
    },
    {
      summary: 'a redirect without Location',
      faults: [{ on: BLOB, answer: () => ({ status: 307 }) }],
      error: /its answer has no usable Location$/,
      name: 'RegistryError',
    },
    {
      summary: 'a redirect to another protocol',
      faults: [{ on: BLOB, answer: () => ({ status: 302, headers: { location: 'file:///etc/passwd' } }) }],
      error: /it leads from http: to file:/,
      name: 'RegistryError',
    },
    {
      summary: 'a redirect to the metadata service of a cloud',
      faults: [
        { on: BLOB, answer: () => ({ status: 302, headers: { location: 'http://169.254.169.254/latest' } }) },
      ],
      error: /it leads to 169.254.169.254, a local-service address$/,
      name: 'RegistryError',
    },
    {
      summary: 'huge headers',
      faults: [{ on: MANIFEST, answer: () => ({ status: 200, headers: { 'x-long': 'x'.repeat(100_000) } }) }],
      error: /the headers of the answer are too large$/,
      name: 'RegistryError',
    },
    {
      summary: 'a coded manifest, which may be a bomb',
      faults: [
        {
          on: MANIFEST,
          answer: () => ({ status: 200, headers: { 'content-encoding': 'gzip' }, body: Buffer.alloc(10) }),
        },
      ],
      error: /with Content-Encoding, unasked$/,
      name: 'FormatError',
    },
    {
      summary: 'a manifest served as an index (CVE-2021-41190)',
      faults: [
        {
          on: MANIFEST,
          deliver: (reply, response) =>
            void response.writeHead(200, { 'content-type': MediaType.ociIndex }).end(reply.body),
        },
      ],
      error: /its members contradict its Content-Type$/,
      name: 'FormatError',
    },
    {
      summary: 'terminal escapes in an error',
      faults: [
        { on: MANIFEST, answer: () => failure(404, 'X\u001b[2J', 'a\u001b]0;title\u0007\r\nb\u202e') },
      ],
      error: /answered 404 \(X \[2J: a \]0;title b\)$/,
      name: 'RegistryError',
    },
    {
      summary: 'another range than was asked for',
      faults: [
        { on: BLOB, times: 1, deliver: resetAfter(1) },
        {
          on: BLOB,
          times: 1,
          answer: () => ({
            status: 206,
            headers: { 'content-range': 'bytes 0-9/10' },
            body: Buffer.alloc(10),
          }),
        },
      ],
      error: /it sent another range than it was asked for$/,
      name: 'RegistryError',
    },
  ];

  test.each(failed)('ends with one clear line at $summary', async ({ faults, error, name }) => {
    const registry = await startRegistry(...faults);
    await store(registry);
    const network = { ...FAST, attempts: 2 };
    const thrown = await pull(sourceOf(registry, { network })).then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(thrown?.message).toMatch(error);
    expect(thrown?.message).not.toMatch(/\n/);
    expect(thrown?.name).toBe(name);
  });

  test('follows a redirect to another origin without its Authorization, and comes home without it too', async () => {
    const elsewhere = await startRegistry();
    const registry = await startRegistry();
    registry.guard = { kind: 'basic', username: 'u', password: 'secret' };
    const image = await store(registry);
    const body = await readAll(image.layers[0]?.open() ?? image.config.open());
    const layer = image.layers[0]?.descriptor.digest;
    registry.fail({
      on: new RegExp(`GET /v2/a/b/blobs/${layer}`),
      answer: () => ({ status: 307, headers: { location: `http://${elsewhere.host}/signed?signature=abc` } }),
    });
    elsewhere.fail({
      on: /signed/,
      times: 1,
      answer: () => ({ status: 307, headers: { location: `http://${registry.host}/back` } }),
    });
    registry.fail({ on: /back/, answer: () => ({ status: 200, body }) });
    const credentialFor = async () => ({ kind: 'password', username: 'u', password: 'secret' }) as const;
    expect(await pull(sourceOf(registry, { credentials: { credentialFor } }))).toEqual(image.diffIds);
    expect(elsewhere.seenLike(/signed/).map(({ authorization }) => authorization)).toEqual([undefined]);
    expect(registry.seenLike(/back/).map(({ authorization }) => authorization)).toEqual([undefined]);
    expect(registry.seenLike(/manifests/).at(-1)?.authorization).toMatch(/^Basic /);
  });

  test('asks mirrors in their order and the registry last, and stays where the manifest was', async () => {
    const [broken, mirror, registry] = [await startRegistry(), await startRegistry(), await startRegistry()];
    const image = await store(mirror);
    broken.fail({ on: /./, answer: () => failure(404, 'NAME_UNKNOWN') });
    const place = (location: string) => ({ location, insecure: false, pullFrom: 'all' as const });
    const mirrors = [place(broken.host), place(mirror.host)];
    const rules = [{ ...place(registry.host), prefix: registry.host, blocked: false, mirrors }];
    const asked: string[] = [];
    const credentialFor = async (domain: string) => {
      asked.push(domain);
      return undefined;
    };
    mirror.guard = { kind: 'bearer' };
    expect(await pull(sourceOf(registry, { rules, credentials: { credentialFor } }))).toEqual(image.diffIds);
    expect(registry.seen).toEqual([]);
    expect(asked).toEqual([mirror.host]);
    await store(registry);
    mirror.fail({ on: /./, answer: () => failure(404, 'NAME_UNKNOWN') });
    expect(await pull(sourceOf(registry, { rules }))).toEqual(image.diffIds);
  });

  test('never fetches the urls of a foreign layer', async () => {
    const elsewhere = await startRegistry();
    const registry = await startRegistry();
    const layer = blobOf(
      sampleBytes(100, 'foreign'),
      'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
    );
    const config = blobOf(
      Buffer.from(JSON.stringify({ rootfs: { diff_ids: [layer.descriptor.digest] } })),
      MediaType.ociConfig,
    );
    const urls = [`http://${elsewhere.host}/layer`];
    const manifest = { schemaVersion: 2, config: config.descriptor, layers: [{ ...layer.descriptor, urls }] };
    registry.store.putBlob('a/b', await readAll(config.open()));
    registry.store.putManifest('a/b', '1', MediaType.ociManifest, Buffer.from(JSON.stringify(manifest)));
    await expect(pull(sourceOf(registry))).rejects.toThrow(
      /cannot read blob sha256:.* answered 404 \(BLOB_UNKNOWN\)/,
    );
    expect(elsewhere.seen).toEqual([]);
  });

  test('refuses what is not a container image', async () => {
    const registry = await startRegistry();
    const config = {
      mediaType: 'application/vnd.cncf.helm.config.v1+json',
      digest: digestOf(Buffer.from('{}')),
      size: 2,
    };
    const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, config, layers: [] }));
    registry.store.putManifest('a/b', '1', MediaType.ociManifest, manifest);
    await expect(sourceOf(registry).open({})).rejects.toThrow(
      /it is not a container image \(its config is .*helm/,
    );
  });
});

describe('RegistrySource of an index', () => {
  const amd64 = sampleImage([1000], 'amd64');
  const arm64 = sampleImage([1000], 'arm64', { os: 'linux', architecture: 'arm64' });

  async function startIndex(): Promise<TestRegistry> {
    const registry = await startRegistry();
    await store(registry, amd64);
    await store(registry, arm64);
    const attestation = {
      ...amd64.manifest.descriptor,
      platform: { os: 'unknown', architecture: 'unknown' },
    };
    const index = JSON.parse((await readAll(sampleIndex([amd64, arm64]).open())).toString());
    const bytes = Buffer.from(JSON.stringify({ ...index, manifests: [attestation, ...index.manifests] }));
    registry.store.putManifest('a/b', '1', MediaType.ociIndex, bytes);
    return registry;
  }

  test('opens the image of the platform that is asked for', async () => {
    const source = sourceOf(await startIndex());
    const image = await source.open({ platform: { os: 'linux', architecture: 'arm64' } });
    expect(image.descriptor?.digest).toBe(arm64.manifest.descriptor.digest);
    expect((await source.resolve()).mediaType).toBe(MediaType.ociIndex);
    await expect(source.open({ platform: { os: 'linux', architecture: 's390x' } })).rejects.toThrow(
      /no image for linux\/s390x/,
    );
  });

  test('tells what a registry warns of', async () => {
    const registry = await startIndex();
    const headers = { warning: '299 - "this repository moves"' };
    registry.fail({
      on: MANIFEST,
      deliver: (reply, response) => send({ ...reply, headers: { ...reply.headers, ...headers } }, response),
    });
    const said: string[] = [];
    await sourceOf(registry, { onWarning: (text) => said.push(text) }).open({});
    expect([...new Set(said)]).toEqual([`${registry.host}: this repository moves`]);
  });

  test('opens every image and no attestation', async () => {
    const { members } = await sourceOf(await startIndex()).openAll();
    const digests = [amd64, arm64].map(({ manifest }) => manifest.descriptor.digest);
    expect(members.map(({ descriptor }) => descriptor?.digest)).toEqual(digests);
    const images = await Promise.all(members.map((member) => member.open()));
    expect(images.map(({ descriptor }) => descriptor?.digest)).toEqual(digests);
  });

  test('refuses indexes nested without end', async () => {
    const registry = await startRegistry();
    let inner = sampleIndex([amd64]);
    for (let depth = 0; depth < 8; depth += 1) {
      registry.store.putManifest('a/b', '1', MediaType.ociIndex, await readAll(inner.open()));
      const manifests = [inner.descriptor];
      inner = blobOf(
        Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MediaType.ociIndex, manifests })),
        MediaType.ociIndex,
      );
    }
    await expect(sourceOf(registry).open({})).rejects.toThrow(/more than the limit indexDepth = 4/);
  });
});
