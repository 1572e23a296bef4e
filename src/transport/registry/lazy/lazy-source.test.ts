import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { FormatError, IntegrityError, LimitError, UnsafePathError } from '../../../errors.ts';
import { DEFAULT_LIMITS } from '../../../io/limits.ts';
import { digestOf } from '../../../oci/digest.ts';
import { parseReference } from '../../../oci/reference.ts';
import { flatten } from '../../../rootfs/flatten.ts';
import { prefetchFiles } from '../../../rootfs/prefetch.ts';
import type { Rootfs } from '../../../rootfs/rootfs.ts';
import { RegistryThread } from '../../../testing/registry/registry-thread.ts';
import { sampleBytes } from '../../../testing/registry/sample-image.ts';
import { sourceWorker } from '../../../testing/source-worker.ts';
import type { TarSpec } from '../../../testing/tar-builder.ts';
import { chunkedOf, stargzOf, type TabledLayer, zstdCompressor } from '../../../testing/toc/toc-builder.ts';
import { dumpTree } from '../../../testing/tree-dump.ts';
import { RegistrySource, type RegistrySourceOptions } from '../registry-source.ts';
import { LazySource } from './lazy-source.ts';

const OPTIONS: RegistrySourceOptions = { env: {}, rules: [], network: { attempts: 2, backoffMs: 1 } };
const LARGE = sampleBytes(300_000, 'large');

let compress: (bytes: Uint8Array) => Uint8Array;
const open: { close(): Promise<unknown> }[] = [];

let registry: RegistryThread;
let tags = 0;

beforeAll(async () => {
  compress = await zstdCompressor();
  registry = await RegistryThread.start();
}, 60_000);

afterAll(async () => {
  await registry.close();
});

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** Puts an image of these layers into a registry and opens it lazily. */
async function opened(layers: readonly TabledLayer[], options: RegistrySourceOptions = OPTIONS) {
  const config = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      config: {},
      rootfs: { type: 'layers', diff_ids: layers.map(({ tar }) => digestOf(tar)) },
    }),
  );
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: digestOf(config),
      size: config.length,
    },
    layers: layers.map(({ blob, annotations, mediaType }) => ({
      mediaType,
      digest: digestOf(blob),
      size: blob.length,
      annotations,
    })),
  };
  const tag = `x${tags++}`;
  await registry.put({
    blobs: [config, ...layers.map(({ blob }) => blob)],
    manifest: { tag, mediaType: manifest.mediaType, bytes: Buffer.from(JSON.stringify(manifest)) },
  });
  const whole: string[] = [];
  const failures: Error[] = [];
  let received = 0;
  const reference = parseReference(`${registry.host}/app:${tag}`);
  const onReceived = (bytes: number) => {
    received += bytes;
  };
  const counted = { ...options, onReceived };
  const source = new LazySource(reference, counted, {
    onLazy: () => undefined,
    onWhole: (_, reason) => whole.push(reason),
    onFailure: (error) => failures.push(error),
    startWorker: (data) =>
      sourceWorker(new URL('./frame-worker.ts', import.meta.url), {
        workerData: data,
        transferList: [data.port],
      }),
  });
  open.push(source);
  return { reference, source, whole, failures, received: () => received };
}

async function rootfsOf(source: LazySource | RegistrySource): Promise<Rootfs> {
  const image = await source.open({ platform: { os: 'linux', architecture: 'amd64' } });
  const flat = await flatten(image.layers);
  open.push({ close: async () => flat.close() });
  return flat.rootfs;
}

function contentOf(rootfs: Rootfs, path: string): Buffer {
  const found = rootfs.file(path);
  return Buffer.from(found === undefined ? [] : rootfs.read(found.inode));
}

const LOWER: readonly TarSpec[] = [
  { name: 'etc/', type: 'directory', mtime: 1000, uid: 5 },
  { name: 'etc/gone', content: 'gone' },
  { name: 'etc/dir/kept', content: 'below' },
  { name: 'bin/large', content: LARGE, mode: 0o4755, xattrs: { 'security.capability': 'cap' } },
  { name: 'bin/again', type: 'hardlink', target: 'bin/large' },
  { name: 'bin/link', type: 'symlink', target: 'large' },
  { name: 'dev/null', type: 'character-device', devMajor: 1, devMinor: 3 },
  { name: 'dev/sda', type: 'block-device', devMajor: 8 },
  { name: 'run/pipe', type: 'fifo' },
  { name: 'empty' },
  { name: 'twice', content: 'first' },
  { name: 'twice', content: 'second' },
];
const UPPER: readonly TarSpec[] = [
  { name: 'etc/.wh.gone' },
  { name: 'etc/dir/.wh..wh..opq' },
  { name: 'etc/dir/new', content: 'above' },
];

const FORMATS = [
  { format: 'eStargz', make: (specs: readonly TarSpec[], more = {}) => stargzOf(specs, more) },
  {
    format: 'zstd:chunked',
    make: (specs: readonly TarSpec[], more = {}) => chunkedOf(specs, compress, more),
  },
];

describe.each(FORMATS)('$format', ({ make }) => {
  test('the filesystem is the one that whole layers give, and little is fetched for it', async () => {
    const { source, reference, whole, received } = await opened([
      make(LOWER, { chunkSize: 64 << 10 }),
      make(UPPER),
    ]);
    const rootfs = await rootfsOf(source);
    expect(received()).toBeLessThan(10_000);
    expect(contentOf(rootfs, '/twice').toString()).toBe('second');
    expect(contentOf(rootfs, '/etc/dir/new').toString()).toBe('above');
    expect(received()).toBeLessThan(12_000);
    const large = rootfs.file('/bin/again')?.inode;
    if (large === undefined) throw new Error('no large file');
    // Within a chunk, over a border, and what is there already.
    for (const [at, length] of [
      [70_000, 10],
      [131_070, 10],
      [131_072, 4],
      [299_999, 1],
      [0, 0],
    ] as const) {
      const read = large.content.read(large.offset + at, length);
      expect(Buffer.compare(read, LARGE.subarray(at, at + length))).toBe(0);
    }
    expect((await registry.ranges()).length).toBeLessThan(12);
    const plain = new RegistrySource(reference, OPTIONS);
    open.push(plain);
    const expected = dumpTree(await rootfsOf(plain)).filter((line) => !line.includes('stargz.index.json'));
    expect(dumpTree(rootfs)).toEqual(expected);
    expect(whole).toEqual([]);
  });

  test('what is wanted together is fetched together, once', async () => {
    const specs = Array.from({ length: 50 }, (_, i) => ({ name: `f${i}`, content: `contents of ${i}` }));
    const { source } = await opened([make(specs)]);
    const rootfs = await rootfsOf(source);
    const before = (await registry.ranges()).length;
    await prefetchFiles(specs.map(({ name }) => rootfs.file(`/${name}`)?.inode));
    await prefetchFiles(specs.map(({ name }) => rootfs.file(`/${name}`)?.inode));
    for (const { name, content } of specs) expect(contentOf(rootfs, `/${name}`).toString()).toBe(content);
    expect((await registry.ranges()).length).toBe(before + 1);
  });

  test('where table and tar disagree, the table is believed: its digest is the manifest’s', async () => {
    const patch = (records: Record<string, unknown>[]) =>
      records.map((record) => (record.name === 'a' ? { ...record, name: 'other', mode: 0o600 } : record));
    const { source } = await opened([make([{ name: 'a', content: 'A' }], { patch })]);
    const rootfs = await rootfsOf(source);
    expect(rootfs.file('/a')).toBeUndefined();
    expect(rootfs.file('/other')?.inode.mode).toBe(0o600);
    expect(contentOf(rootfs, '/other').toString()).toBe('A');
  });

  test('a chunk that is not what the table says is an IntegrityError, and stays one', async () => {
    const patch = (records: Record<string, unknown>[]) =>
      records.map((record) => ({ ...record, chunkDigest: record.chunkDigest && digestOf(Buffer.from('B')) }));
    const { source, failures } = await opened([make([{ name: 'a', content: 'A' }], { patch })]);
    const rootfs = await rootfsOf(source);
    expect(() => contentOf(rootfs, '/a')).toThrow(IntegrityError);
    expect(() => contentOf(rootfs, '/a')).toThrow(IntegrityError);
    await expect(prefetchFiles([rootfs.file('/a')?.inode])).rejects.toBeInstanceOf(IntegrityError);
    expect(failures.length).toBe(3);
  });

  test('a frame that is damaged is an error of its format', async () => {
    const damage = (blob: Buffer) => blob.fill(0, 0, 600);
    const { source } = await opened([make([{ name: 'a', content: LARGE.subarray(0, 2000) }], { damage })]);
    const rootfs = await rootfsOf(source);
    expect(() => contentOf(rootfs, '/a')).toThrow(/cannot (decompress|trust) a chunk/);
  });

  test('a table that is not what the manifest says is an IntegrityError', async () => {
    const made = make([{ name: 'a', content: 'A' }]);
    const lie = digestOf(Buffer.from('another table'));
    const annotations = Object.fromEntries(
      Object.entries(made.annotations).map(([key, value]) => [
        key,
        value.startsWith('sha256:') ? lie : value,
      ]),
    );
    const { source } = await opened([{ ...made, annotations }]);
    await expect(rootfsOf(source)).rejects.toBeInstanceOf(IntegrityError);
  });

  test.each([
    { summary: 'a path out of the root', change: { name: '../../etc/passwd' }, error: UnsafePathError },
    { summary: 'a place behind the contents', change: { offset: 1e9 }, error: FormatError },
    { summary: 'a size beyond any layer', change: { size: 2 ** 50, chunkSize: 2 ** 50 }, error: LimitError },
    { summary: 'a path as long as a book', change: { name: 'x/'.repeat(5000) }, error: LimitError },
  ])('a table with $summary is refused', async ({ change, error }) => {
    const patch = (records: Record<string, unknown>[]) => records.map((record) => ({ ...record, ...change }));
    const { source } = await opened([make([{ name: 'a', content: 'A' }], { patch })]);
    await expect(rootfsOf(source)).rejects.toBeInstanceOf(error);
  });

  test('a table that may be right and is not understood: the layer is read whole', async () => {
    const patch = (records: Record<string, unknown>[]) => [...records, { type: 'socket', name: 's' }];
    const { source, whole } = await opened([make([{ name: 'a', content: 'A' }], { patch })]);
    expect(contentOf(await rootfsOf(source), '/a').toString()).toBe('A');
    expect(whole).toEqual([expect.stringContaining('no entry type "socket"')]);
  });

  test('a table larger than the limit is refused before it is fetched', async () => {
    const { source } = await opened([make(LOWER)], {
      ...OPTIONS,
      limits: { ...DEFAULT_LIMITS, tocBytes: 100 },
    });
    await expect(rootfsOf(source)).rejects.toBeInstanceOf(LimitError);
  });
});

test('a layer of which no manifest annotation tells is read whole', async () => {
  const { source, whole } = await opened([{ ...stargzOf(UPPER), annotations: {} }]);
  expect(contentOf(await rootfsOf(source), '/etc/dir/new').toString()).toBe('above');
  expect(whole).toEqual(['its manifest tells of no table of contents']);
});
