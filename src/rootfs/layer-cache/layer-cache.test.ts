import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Layer } from '../../image/image.ts';
import { storedLayer } from '../../image/stored-layer.ts';
import { CacheFolder } from '../../io/cache-folder.ts';
import { FileAccess } from '../../io/random-access.ts';
import { digestOf, encodedOf } from '../../oci/digest.ts';
import { tarOf } from '../../testing/tar-builder.ts';
import { dumpTree } from '../../testing/tree-dump.ts';
import { flatten } from '../flatten.ts';
import type { LayerReaders } from '../layer-reading.ts';
import type { Rootfs } from '../rootfs.ts';
import { runScan } from '../scan/run-scan.ts';
import { LayerCache } from './layer-cache.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'oslim-layers-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Large enough to be worth a place in the cache, and not to be compressed. */
const noise = (seed: number): Buffer => {
  const bytes = Buffer.alloc(2_500_000);
  for (let at = 0, x = seed; at < bytes.length; at += 4) {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    bytes.writeUInt32LE(x, at);
  }
  return bytes;
};

const tar = tarOf([
  { name: 'bin', type: 'directory' },
  { name: 'bin/program', content: noise(1), mode: 0o755 },
  { name: 'usr/include/huge.h', content: noise(2) },
  { name: 'etc/small', content: 'small' },
  { name: 'etc/link', type: 'symlink', target: 'small' },
]);

/** Does in this thread what ScanThreads does in others, and counts. */
class Readers implements LayerReaders {
  scans = 0;
  refills = 0;
  async scan(...[{ stored, ...job }, , listener]: Parameters<LayerReaders['scan']>) {
    if (!('fd' in stored)) throw new Error('these layers lie in files');
    this.scans++;
    const messages: Parameters<Parameters<typeof runScan>[1]>[0][] = [];
    await runScan({ ...job, stored }, (message) => messages.push(message));
    for (const message of messages)
      if (message.kind === 'headers') listener.headers(message.blocks, message.offsets);
    const done = messages.at(-1);
    if (done?.kind !== 'done') throw new Error('the scan did not say that it is done');
    return done;
  }
  refill({ stored: file, spool }: Parameters<LayerReaders['refill']>[0]): void {
    this.refills++;
    const stored = new FileAccess(`/proc/self/fd/${file.fd}`);
    writeSync(spool ?? -1, gunzipSync(stored.read(file.offset, file.size)), 0, undefined, 0);
    stored.close();
  }
  async close(): Promise<void> {}
}

function layerOf(stored: Uint8Array): { readonly layer: Layer; close(): void } {
  const path = join(folder, 'blob');
  writeFileSync(path, stored);
  const access = new FileAccess(path);
  const descriptor = { mediaType: 'x', digest: digestOf(stored), size: stored.length };
  return { layer: storedLayer(descriptor, digestOf(tar), access, 'blob'), close: () => access.close() };
}

const cache = () => new LayerCache(new CacheFolder(join(folder, 'cache')));
const cacheFile = () => join(folder, 'cache/layers/sha256', encodedOf(digestOf(tar)));

/** Merges one layer, reads `paths` of it, and says what that took. */
async function run(paths: readonly string[], stored: Uint8Array = gzipSync(tar)) {
  const { layer, close } = layerOf(stored);
  const readers = new Readers();
  const { rootfs, close: end } = await flatten([layer], { readers, cache: cache() });
  const read = paths.map((path) => contentOf(rootfs, path));
  await end();
  close();
  return { readers, read, tree: () => dumpTree(rootfs) };
}

function contentOf(rootfs: Rootfs, path: string): Uint8Array {
  const found = rootfs.file(path);
  if (found === undefined) throw new Error(`no file ${path}`);
  return rootfs.read(found.inode);
}

describe('what is known of a layer', () => {
  test('is enough for the next run, which reads nothing of the layer but its contents of before', async () => {
    const first = await run(['/etc/small', '/bin/program']);
    expect(first.readers).toMatchObject({ scans: 1, refills: 0 });
    const second = await run(['/bin/program', '/etc/link']);
    expect(second.readers).toMatchObject({ scans: 0, refills: 0 });
    expect(second.read).toEqual(
      [noise(1), Buffer.from('small')].map((bytes) => new Uint8Array(bytes)).map((b) => Buffer.from(b)),
    );
  });

  test('grows by what a run wants more; for that the layer is read once', async () => {
    await run(['/etc/small']);
    const second = await run(['/bin/program', '/usr/include/huge.h', '/etc/small']);
    expect(second.readers).toMatchObject({ scans: 0, refills: 1 });
    expect(second.read.map(digestOf)).toEqual([noise(1), noise(2), Buffer.from('small')].map(digestOf));
    const third = await run(['/usr/include/huge.h', '/etc/small']);
    expect(third.readers).toMatchObject({ scans: 0, refills: 0 });
    expect(third.read.map(digestOf)).toEqual([noise(2), Buffer.from('small')].map(digestOf));
  });

  test('has no contents of a plain tar, which can be read where it is', async () => {
    await run(['/bin/program'], tar);
    const second = await run(['/usr/include/huge.h'], tar);
    expect(second.readers).toMatchObject({ scans: 0, refills: 0 });
    expect(second.read.map(digestOf)).toEqual([digestOf(noise(2))]);
    expect(readFileSync(cacheFile()).length).toBeLessThan(10_000);
  });

  test('is forgotten when it is damaged', async () => {
    await run(['/etc/small']);
    const bytes = readFileSync(cacheFile());
    bytes[1000] = (bytes[1000] ?? 0) ^ 1;
    writeFileSync(cacheFile(), bytes);
    const second = await run(['/etc/small']);
    expect(second.readers.scans).toBe(1);
    expect((await run(['/etc/small'])).readers.scans).toBe(0);
  });

  test('is nothing of a layer that could not be read', async () => {
    const { layer, close } = layerOf(gzipSync(Buffer.concat([noise(3), noise(4)])));
    await expect(flatten([layer], { readers: new Readers(), cache: cache() })).rejects.toThrow(/tar/);
    close();
    expect(readdirSync(join(folder, 'cache/layers/sha256'))).toEqual([]);
    expect(readdirSync(join(folder, 'cache/ingest'))).toEqual([]);
  });

  test('is not looked for where the cache cannot be written', async () => {
    closeSync(openSync(join(folder, 'cache'), 'w'));
    const { read, readers } = await run(['/etc/small']);
    expect(read.map(digestOf)).toEqual([digestOf(Buffer.from('small'))]);
    expect(readers.scans).toBe(1);
  });
});
