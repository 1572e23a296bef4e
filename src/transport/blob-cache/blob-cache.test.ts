import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Layer } from '../../image/image.ts';
import { CacheFolder, cacheDirectory, type PruneOptions } from '../../io/cache-folder.ts';
import { digestOf, encodedOf } from '../../oci/digest.ts';
import { MediaType } from '../../oci/media-type.ts';
import { blobOf, readAll, sampleBytes } from '../../testing/registry/sample-image.ts';
import { BlobCache } from './blob-cache.ts';

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'oslim-cache-test-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

/** A layer that counts how often it is pulled, and may be broken. */
function layerOf(seed: string, size = 1000, spoil: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes) {
  const bytes = sampleBytes(size, seed);
  const { descriptor } = blobOf(bytes, MediaType.ociLayer);
  const counted = { pulls: 0 };
  const layer: Layer = {
    descriptor,
    diffId: descriptor.digest,
    open() {
      counted.pulls += 1;
      return blobOf(spoil(bytes), MediaType.ociLayer).open();
    },
  };
  return { layer, counted, digest: descriptor.digest };
}

async function pull(layer: Layer, maxBytes?: number): Promise<string> {
  const cache = new BlobCache(new CacheFolder(directory, maxBytes));
  const digest = digestOf(await readAll((await cache.cached(layer)).open()));
  await cache.close();
  return digest;
}

function pathOf(digest: Parameters<typeof encodedOf>[0]): string {
  return join(directory, 'blobs/sha256', encodedOf(digest));
}

describe('BlobCache', () => {
  test('pulls a blob once, and then has it as a seekable file', async () => {
    const { layer, counted, digest } = layerOf('a');
    expect([await pull(layer), await pull(layer)]).toEqual([digest, digest]);
    expect(counted.pulls).toBe(1);
    const cache = new BlobCache(new CacheFolder(directory));
    expect((await cache.cached(layer)).access?.size).toBe(1000);
    const files = await new CacheFolder(directory).list();
    expect(files.map((file) => [file.kind, file.digest, file.size])).toEqual([['blobs', digest, 1000]]);
    await cache.close();
    expect(JSON.parse(await readFile(join(directory, 'oci-layout'), 'utf8'))).toEqual({
      imageLayoutVersion: '1.0.0',
    });
    expect(await readdir(join(directory, 'ingest'))).toEqual([]);
  });

  test('takes a blob unread of which somebody knows what is in it, and reads it when it is opened', async () => {
    const { layer, digest } = layerOf('a');
    await pull(layer);
    await writeFile(pathOf(digest), Buffer.alloc(1000));
    const cache = new BlobCache(new CacheFolder(directory));
    const held = await cache.cached(layer, { isKnown: true });
    expect(held.access?.size).toBe(1000);
    await expect(readAll(held.open())).rejects.toThrow(/^cannot trust blob/);
    await cache.close();
  });

  const damages: readonly { summary: string; bytes: (bytes: Uint8Array) => Uint8Array }[] = [
    { summary: 'a changed bit', bytes: (bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.of(0)]) },
    { summary: 'a lost end', bytes: (bytes) => bytes.subarray(0, 10) },
    { summary: 'nothing left', bytes: () => new Uint8Array() },
    { summary: 'more behind it', bytes: (bytes) => Buffer.concat([bytes, bytes]) },
  ];

  test.each(damages)('pulls a blob again whose file has $summary', async ({ bytes }) => {
    const { layer, counted, digest } = layerOf('a');
    await pull(layer);
    await writeFile(pathOf(digest), bytes(await readFile(pathOf(digest))));
    expect(await pull(layer)).toBe(digest);
    expect(counted.pulls).toBe(2);
    expect(digestOf(await readFile(pathOf(digest)))).toBe(digest);
  });

  test('keeps nothing that is not what its descriptor says', async () => {
    const wrong = layerOf('a', 1000, (bytes) => bytes.map((byte) => byte ^ 1));
    await expect(pull(wrong.layer)).rejects.toThrow(/^cannot trust blob/);
    expect(await new CacheFolder(directory).list()).toEqual([]);
    expect(await readdir(join(directory, 'ingest'))).toEqual([]);
  });

  test('keeps nothing of a blob that was not read to its end', async () => {
    const { layer } = layerOf('a', 100_000);
    const cached = await new BlobCache(new CacheFolder(directory)).cached(layer);
    for await (const _ of cached.open()) break;
    expect(await readdir(join(directory, 'ingest'))).toEqual([]);
    expect(await new CacheFolder(directory).list()).toEqual([]);
  });

  test('lets the least recently used go first', async () => {
    const [a, b, c] = [layerOf('a'), layerOf('b'), layerOf('c')];
    await pull(a.layer, 2500);
    await pull(b.layer, 2500);
    await utimes(pathOf(a.digest), 1, 1);
    await utimes(pathOf(b.digest), 2, 2);
    await pull(a.layer, 2500);
    await pull(c.layer, 2500);
    const left = await new CacheFolder(directory).list();
    // The kernel's clock for files is a few milliseconds behind ours: which of the two is the newer is not said.
    expect(new Set(left.map(({ digest }) => digest))).toEqual(new Set([a.digest, c.digest]));
  });

  test('does not keep a blob larger than the whole cache', async () => {
    const { layer, digest } = layerOf('a', 5000);
    expect(await pull(layer, 1000)).toBe(digest);
    expect(await new CacheFolder(directory).list()).toEqual([]);
  });

  test('looks again when a layer is read that was asked for before it was there', async () => {
    const { layer, counted, digest } = layerOf('a');
    const cache = new BlobCache(new CacheFolder(directory));
    const asked = await cache.cached(layer);
    await pull(layer);
    expect(digestOf(await readAll(asked.open()))).toBe(digest);
    expect(counted.pulls).toBe(1);
    await cache.close();
  });

  test('prunes down to a size, and tells what went', async () => {
    const [a, b] = [layerOf('a'), layerOf('b')];
    await pull(a.layer);
    await pull(b.layer);
    await utimes(pathOf(a.digest), 1, 1);
    const cache = new CacheFolder(directory);
    const pruned = async (options?: PruneOptions) =>
      (await cache.prune(options)).removed.map(({ digest }) => digest);
    expect(await pruned({ maxBytes: 1e6 })).toEqual([]);
    expect(await pruned({ maxBytes: 1000 })).toEqual([a.digest]);
    expect(await pruned()).toEqual([b.digest]);
    expect(await pruned()).toEqual([]);
  });

  test.each([
    { summary: 'what was last used before a time', options: { unusedSince: new Date(1500) }, gone: ['a'] },
    { summary: 'nothing that is younger', options: { unusedSince: new Date(500) }, gone: [] },
    {
      summary: 'what is old, and then what is too much',
      options: { unusedSince: new Date(1500), maxBytes: 1000 },
      gone: ['a', 'b'],
    },
  ])('prunes $summary', async ({ options, gone }) => {
    const layers = new Map(['a', 'b', 'c'].map((name) => [name, layerOf(name)]));
    for (const { layer } of layers.values()) await pull(layer);
    for (const [at, { digest }] of [...layers.values()].entries())
      await utimes(pathOf(digest), at + 1, at + 1);
    const { removed, keptBytes } = await new CacheFolder(directory).prune(options);
    expect(removed.map(({ digest }) => digest)).toEqual(gone.map((name) => layers.get(name)?.digest));
    expect(keptBytes).toBe((3 - gone.length) * 1000);
  });

  test('lets a run go on that reads what is pruned meanwhile', async () => {
    const { layer, digest } = layerOf('a');
    await pull(layer);
    const cache = new BlobCache(new CacheFolder(directory));
    const held = await cache.cached(layer);
    expect((await new CacheFolder(directory).prune()).removed).toHaveLength(1);
    expect(digestOf(await readAll(held.open()))).toBe(digest);
    await cache.close();
  });

  test('clears what killed runs left, and leaves what a running one writes', async () => {
    await mkdir(join(directory, 'ingest'), { recursive: true });
    const [dead, own, old] = ['4194304-aa', `${process.pid}-bb`, `${process.pid}-cc`];
    for (const name of [dead, own, old]) await writeFile(join(directory, 'ingest', name), 'half');
    await utimes(join(directory, 'ingest', old), 1, 1);
    await pull(layerOf('a').layer);
    expect(await readdir(join(directory, 'ingest'))).toEqual([own]);
  });

  test('serves many readers of the same blobs at once', async () => {
    const layers = ['a', 'b', 'c'].map((seed) => layerOf(seed, 200_000));
    const runs = Array.from({ length: 10 }, async () => {
      const digests: string[] = [];
      for (const { layer } of layers) digests.push(await pull(layer, 450_000));
      return digests;
    });
    const expected = layers.map(({ digest }) => digest);
    for (const digests of await Promise.all(runs)) expect(digests).toEqual(expected);
    expect(await readdir(join(directory, 'ingest'))).toEqual([]);
  });

  test('is passed by when its directory cannot be one', async () => {
    await rm(directory, { recursive: true });
    await writeFile(directory, 'a file');
    const { layer, digest } = layerOf('a');
    expect(await pull(layer)).toBe(digest);
  });

  test.each([
    { summary: 'XDG_CACHE_HOME', env: { XDG_CACHE_HOME: '/x', HOME: '/h' }, expected: '/x/oslim' },
    { summary: 'the home directory', env: { HOME: '/h' }, expected: '/h/.cache/oslim' },
    {
      summary: 'the home directory when XDG_CACHE_HOME is relative',
      env: { XDG_CACHE_HOME: 'x', HOME: '/h' },
      expected: '/h/.cache/oslim',
    },
  ])('is below $summary', ({ env, expected }) => {
    expect(cacheDirectory(env)).toBe(expected);
  });
});
