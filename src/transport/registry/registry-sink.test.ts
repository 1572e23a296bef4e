import { afterEach, describe, expect, test } from 'vitest';
import { TransportError } from '../../errors.ts';
import { type Fault, resetAfter } from '../../testing/registry/fault.ts';
import { failure } from '../../testing/registry/registry-store.ts';
import { readAll, sampleImage, sampleIndex } from '../../testing/registry/sample-image.ts';
import { TestRegistry } from '../../testing/registry/test-registry.ts';
import { RegistrySink, type RegistrySinkOptions } from './registry-sink.ts';

const SIZE = 300_000;
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

function sinkOf(options: RegistrySinkOptions = {}): RegistrySink {
  const network = {
    attempts: 5,
    backoffMs: 1,
    headersTimeoutMs: 2000,
    commitTimeoutMs: 1000,
    concurrency: 1,
  };
  const sink = new RegistrySink({ network, env: {}, rules: [], certificateDirectories: [], ...options });
  open.push(sink);
  return sink;
}

const image = sampleImage([SIZE]);
const layer = image.layers[0]?.descriptor.digest ?? '';

function isWhole(registry: TestRegistry, tag = 't'): boolean {
  const { store } = registry;
  const { digest } = image.manifest.descriptor;
  return (
    store.blobs.has(`a/b@${layer}`) &&
    store.manifests.has(`a/b:${tag}`) &&
    store.manifests.has(`a/b@${digest}`)
  );
}

describe('RegistrySink', () => {
  const survived: readonly { summary: string; faults: readonly Fault[]; options?: RegistrySinkOptions }[] = [
    { summary: 'nothing is in the way', faults: [] },
    { summary: 'it is to send chunks', faults: [], options: { chunkSize: 100_000 } },
    { summary: 'the last chunk is one byte', faults: [], options: { chunkSize: SIZE - 1 } },
    {
      summary: 'chunks are single bytes at first',
      faults: [{ on: /PATCH/, times: 1, cutBodyAt: 1 }],
      options: { chunkSize: 150_000 },
    },
    {
      summary: 'a whole upload is cut',
      faults: [{ on: /PUT .*uploads.*digest=/, times: 2, cutBodyAt: 100_000 }],
    },
    {
      summary: 'a chunk is cut',
      faults: [{ on: /PATCH/, times: 2, cutBodyAt: 70_000 }],
      options: { chunkSize: 100_000 },
    },
    {
      summary: 'the answer to a chunk is lost',
      faults: [{ on: /PATCH/, times: 2, deliver: (_, response) => void response.socket?.resetAndDestroy() }],
      options: { chunkSize: 100_000 },
    },
    {
      summary: 'the upload session vanishes',
      faults: [{ on: /PATCH/, times: 1, answer: () => failure(404, 'BLOB_UPLOAD_UNKNOWN') }],
      options: { chunkSize: 100_000 },
    },
    {
      summary: 'the session vanishes while it is resumed',
      faults: [
        { on: /PATCH/, times: 1, cutBodyAt: 10 },
        { on: /GET .*uploads/, times: 1, answer: () => failure(404, 'BLOB_UPLOAD_UNKNOWN') },
      ],
      options: { chunkSize: 100_000 },
    },
    {
      summary: 'a proxy takes no large body',
      faults: [{ on: /PUT .*uploads.*digest=/, times: 1, answer: () => ({ status: 413 }) }],
    },
    {
      summary: 'the registry answers 503 to a manifest',
      faults: [{ on: /PUT .*manifests/, times: 2, answer: () => failure(503, 'UNAVAILABLE') }],
    },
    {
      summary: 'the answer to a manifest is reset',
      faults: [{ on: /PUT .*manifests/, times: 1, deliver: resetAfter(0) }],
    },
    {
      summary: 'a mount is answered with 404',
      faults: [{ on: /POST .*mount=/, answer: () => failure(404, 'NAME_UNKNOWN') }],
      options: { mountFrom: 'base/x' },
    },
    { summary: 'a mount is answered with a session', faults: [], options: { mountFrom: 'base/x' } },
  ];

  test.each(survived)('pushes a whole image when $summary', async ({ faults, options }) => {
    const registry = await startRegistry(...faults);
    await sinkOf(options).write(image, `${registry.host}/a/b:t`);
    expect(isWhole(registry)).toBe(true);
    expect(registry.seen.at(-1)?.line).toBe('PUT /v2/a/b/manifests/t');
  });

  test('resumes a broken chunk where the session stands', async () => {
    const registry = await startRegistry({ on: /PATCH/, times: 1, cutBodyAt: 65_536 });
    await sinkOf({ chunkSize: 100_000 }).write(image, `${registry.host}/a/b:t`);
    const ranges = registry.seenLike(/PATCH/).map(({ contentRange }) => contentRange);
    expect(ranges.slice(0, 3)).toEqual(['0-99999', '65536-165535', '165536-265535']);
  });

  test('sends no chunk smaller than the registry asks for', async () => {
    const registry = await startRegistry();
    registry.store.minChunk = 200_000;
    await sinkOf({ chunkSize: 1000 }).write(image, `${registry.host}/a/b:t`);
    expect(registry.seenLike(/PATCH/).map(({ contentRange }) => contentRange)).toContain('0-199999');
  });

  test('uploads no blob that is there, and mounts one that is in the other repository', async () => {
    const registry = await startRegistry();
    for (const blob of image.layers) registry.store.putBlob('base/x', await readAll(blob.open()));
    registry.store.putBlob('a/b', await readAll(image.config.open()));
    await sinkOf({ mountFrom: 'base/x' }).write(image, `${registry.host}/a/b:t`);
    expect(registry.seenLike(/^(PUT|PATCH) .*uploads/)).toEqual([]);
    expect(isWhole(registry)).toBe(true);
  });

  test('pushes the images of an index before the index, and the tag last', async () => {
    const registry = await startRegistry();
    const other = sampleImage([1000], 'other', { os: 'linux', architecture: 'arm64' });
    const index = sampleIndex([image, other]);
    await sinkOf().writeIndex({ index, images: [image, other] }, `${registry.host}/a/b:t`);
    const puts = registry.seenLike(/PUT .*manifests/).map(({ line }) => line.split('/manifests/')[1]);
    expect(puts).toEqual([image.manifest.descriptor.digest, other.manifest.descriptor.digest, 't']);
    expect(registry.store.manifests.get('a/b:t')?.bytes).toEqual(await readAll(index.open()));
  });

  test('makes no tag visible when a blob cannot be pushed', async () => {
    const registry = await startRegistry({
      on: /PUT .*uploads/,
      answer: () => failure(400, 'DIGEST_INVALID', 'not the digest'),
    });
    const pushed = sinkOf().write(image, `${registry.host}/a/b:t`);
    await expect(pushed).rejects.toThrow(
      /^cannot push blob .* answered 400 \(DIGEST_INVALID: not the digest\)$/,
    );
    expect(registry.store.manifests.size).toBe(0);
  });

  test('refuses a registry that stored another manifest', async () => {
    const answer = () => ({ status: 201, headers: { 'docker-content-digest': `sha256:${'0'.repeat(64)}` } });
    const registry = await startRegistry({ on: /PUT .*manifests/, answer });
    await expect(sinkOf().write(image, `${registry.host}/a/b:t`)).rejects.toThrow(
      /^cannot trust the manifest that the registry stored/,
    );
  });

  test('refuses a session that does not move forward', async () => {
    const answer = () => ({ status: 202, headers: { location: '/v2/a/b/blobs/uploads/x', range: '0-0' } });
    const registry = await startRegistry({ on: /PATCH/, answer });
    const pushed = sinkOf({ chunkSize: 100_000 }).write(image, `${registry.host}/a/b:t`);
    await expect(pushed).rejects.toThrow(/its upload session does not move forward$/);
  });

  test('ends an upload that nobody takes', async () => {
    const registry = await startRegistry({ on: /PUT .*uploads/, isDeaf: true });
    const network = { attempts: 1, commitTimeoutMs: 500 };
    const large = sampleImage([16_000_000]);
    await expect(sinkOf({ network }).write(large, `${registry.host}/a/b:t`)).rejects.toThrow(
      /no answer in time$/,
    );
  });

  test('ends with the signal, and with its reason', async () => {
    const registry = await startRegistry({ on: /PUT .*uploads/, isDeaf: true });
    const controller = new AbortController();
    const pushed = sinkOf({ signal: controller.signal }).write(image, `${registry.host}/a/b:t`);
    setTimeout(() => controller.abort(new Error('interrupted')), 100);
    await expect(pushed).rejects.toThrow(/^interrupted$/);
  });

  test('tells the failure of the blob itself, and not one of the connection', async () => {
    const registry = await startRegistry();
    const broken = image.layers.map((blob) => ({
      ...blob,
      async *open() {
        yield new Uint8Array(1);
        throw new TransportError('source', 'cannot read "layer": it became shorter');
      },
    }));
    const pushed = sinkOf().write({ ...image, layers: broken }, `${registry.host}/a/b:t`);
    await expect(pushed).rejects.toThrow(/^cannot read "layer": it became shorter$/);
  });

  test('refuses a digest that is not of the image before anything is sent', async () => {
    const registry = await startRegistry();
    const name = `${registry.host}/a/b@sha256:${'0'.repeat(64)}`;
    await expect(sinkOf().write(image, name)).rejects.toThrow(/^cannot trust/);
    expect(registry.seen).toEqual([]);
  });

  test('keeps the password from an upload location elsewhere', async () => {
    const elsewhere = await startRegistry({ on: /./, answer: () => ({ status: 201 }) });
    const registry = await startRegistry({
      on: /POST .*uploads/,
      answer: () => ({ status: 202, headers: { location: `http://${elsewhere.host}/upload?state=1` } }),
    });
    registry.guard = { kind: 'basic', username: 'u', password: 'secret' };
    const credentialFor = async () => ({ kind: 'password', username: 'u', password: 'secret' }) as const;
    await expect(
      sinkOf({ credentials: { credentialFor } }).write(image, `${registry.host}/a/b:t`),
    ).rejects.toThrow(/MANIFEST_BLOB_UNKNOWN/);
    expect(elsewhere.seen.map(({ authorization }) => authorization)).toEqual([undefined, undefined]);
  });
});
