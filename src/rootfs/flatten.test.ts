import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { FormatError, ImageError, IntegrityError, LimitError, UnsafePathError } from '../errors.ts';
import type { Layer } from '../image/image.ts';
import { DEFAULT_LIMITS } from '../io/limits.ts';
import { memoryAccess, streamOf } from '../io/random-access.ts';
import { verified } from '../io/verify.ts';
import { digestOf } from '../oci/digest.ts';
import { imageOf, layerOf } from '../testing/image-builder.ts';
import { extensionBytes, type TarSpec, tarOf } from '../testing/tar-builder.ts';
import { dumpTree } from '../testing/tree-dump.ts';
import { type FlattenOptions, flatten } from './flatten.ts';

type Entries = readonly TarSpec[];

const dir = (name: string, more: Partial<TarSpec> = {}): TarSpec => ({ name, type: 'directory', ...more });
const file = (name: string, content = '', more: Partial<TarSpec> = {}): TarSpec => ({
  name,
  content,
  ...more,
});
const symlink = (name: string, target: string): TarSpec => ({ name, type: 'symlink', target });
const hardlink = (name: string, target: string): TarSpec => ({ name, type: 'hardlink', target });
const h = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

async function dumpOf(layers: readonly Layer[], options?: FlattenOptions): Promise<string[]> {
  const flattened = await flatten(layers, options);
  try {
    return dumpTree(flattened.rootfs);
  } finally {
    flattened.close();
  }
}

interface Row {
  readonly summary: string;
  readonly layers: readonly Entries[];
  readonly tree: readonly string[];
}

const merging: readonly Row[] = [
  { summary: 'no layers are an empty filesystem', layers: [], tree: [] },
  { summary: 'an empty layer changes nothing', layers: [[file('a')], []], tree: ['/a: file 0644 0:0 empty'] },
  {
    summary: 'every type of entry comes with its metadata',
    layers: [
      [
        dir('d', { mode: 0o1777, uid: 7, gid: 8, mtime: 5, xattrs: { 'user.a': 'b' } }),
        file('d/setuid', 'x', {
          mode: 0o4755,
          mtime: -1,
          xattrs: { 'security.capability': Uint8Array.of(1, 0x80, 0, 0xff) },
        }),
        symlink('d/link', '../elsewhere'),
        { name: 'd/null', type: 'character-device', devMajor: 1, devMinor: 3, mode: 0o666 },
        { name: 'd/disk', type: 'block-device', devMajor: 259, devMinor: 70000 },
        { name: 'd/pipe', type: 'fifo' },
        dir('d/empty'),
      ],
    ],
    tree: [
      '/d/: directory 1777 7:8 @5000000000 user.a=62',
      '/d/disk: block-device 0644 0:0 259:70000',
      '/d/empty/: directory 0755 0:0',
      '/d/link: symlink ../elsewhere',
      '/d/null: character-device 0666 0:0 1:3',
      '/d/pipe: fifo 0644 0:0',
      `/d/setuid: file 4755 0:0 ${h('x')} @-1000000000 security.capability=018000ff`,
    ],
  },
  {
    summary: 'the entry of the root sets its metadata',
    layers: [[dir('./', { mode: 0o700, uid: 3 }), file('./a', 'x')]],
    tree: ['/: directory 0700 3:0', `/a: file 0644 0:0 ${h('x')}`],
  },
  {
    summary: './, / and doubled slashes in names mean the same path',
    layers: [[file('./a/b', '1'), file('/a//c', '2'), file('a/./d', '3'), file('a/x/../e', '4')]],
    tree: [
      '/a/: directory 0755 0:0',
      ...['b', 'c', 'd', 'e'].map((name, i) => `/a/${name}: file 0644 0:0 ${h(String(i + 1))}`),
    ],
  },
  {
    summary: 'parents without an entry are made, and a later entry gives them their metadata',
    layers: [[file('a/b/c', 'x'), dir('a/b', { mode: 0o700 })]],
    tree: ['/a/: directory 0755 0:0', '/a/b/: directory 0700 0:0', `/a/b/c: file 0644 0:0 ${h('x')}`],
  },
  {
    summary: 'of two entries with one name in a layer the last wins',
    layers: [[file('a', 'first'), file('a', 'second')]],
    tree: [`/a: file 0644 0:0 ${h('second')}`],
  },
  {
    summary: 'a slash at the end does not make a file a directory',
    layers: [[file('a/', 'x')]],
    tree: [`/a: file 0644 0:0 ${h('x')}`],
  },
  {
    summary: 'a v7 entry with a slash at its end is a directory',
    layers: [[{ name: 'a/', dialect: 'v7', typeflag: '\0', mode: 0o750 }]],
    tree: ['/a/: directory 0750 0:0'],
  },
];

const whiteouts: readonly Row[] = [
  {
    summary: 'a whiteout hides the file of a lower layer and is itself not there',
    layers: [[file('a'), file('b')], [file('.wh.a')]],
    tree: ['/b: file 0644 0:0 empty'],
  },
  {
    summary: 'a whiteout hides a directory with all that is in it',
    layers: [[file('d/x/y'), file('e')], [file('.wh.d')]],
    tree: ['/e: file 0644 0:0 empty'],
  },
  {
    summary: 'a whiteout spares an entry of its own layer that comes before it',
    layers: [[file('a', 'old')], [file('a', 'new'), file('.wh.a')]],
    tree: [`/a: file 0644 0:0 ${h('new')}`],
  },
  {
    summary: 'a whiteout spares an entry of its own layer that comes after it',
    layers: [[file('a', 'old')], [file('.wh.a'), file('a', 'new')]],
    tree: [`/a: file 0644 0:0 ${h('new')}`],
  },
  {
    summary:
      'a directory deleted and made again has nothing of its old contents (go-containerregistry issue 2029)',
    layers: [[dir('d'), file('d/old')], [file('.wh.d')], [dir('d'), file('d/new')]],
    tree: ['/d/: directory 0755 0:0', '/d/new: file 0644 0:0 empty'],
  },
  {
    summary: 'a directory deleted and made again in one layer has nothing of its old contents',
    layers: [
      [dir('d'), file('d/old')],
      [dir('d', { mode: 0o700 }), file('d/new'), file('.wh.d')],
    ],
    tree: ['/d/: directory 0700 0:0', '/d/new: file 0644 0:0 empty'],
  },
  {
    summary: 'a whiteout of what is not there does nothing',
    layers: [[file('a')], [file('.wh.b'), file('no/such/.wh.c')]],
    tree: ['/a: file 0644 0:0 empty'],
  },
  {
    summary: 'a whiteout of a link hides the link, not what it leads to',
    layers: [[file('a'), symlink('l', 'a')], [file('.wh.l')]],
    tree: ['/a: file 0644 0:0 empty'],
  },
  {
    summary: 'a whiteout may be of any type',
    layers: [[file('a')], [{ name: '.wh.a', type: 'character-device' }]],
    tree: [],
  },
  {
    summary: 'an opaque whiteout hides what lower layers have in the directory, not the directory',
    layers: [[dir('d', { uid: 5 }), file('d/old'), file('d/deep/old')], [file('d/.wh..wh..opq')]],
    tree: ['/d/: directory 0755 5:0'],
  },
  {
    summary: 'an opaque whiteout spares its own layer when it comes last',
    layers: [[file('d/old')], [dir('d'), file('d/new'), file('d/deep/new'), file('d/.wh..wh..opq')]],
    tree: [
      '/d/: directory 0755 0:0',
      '/d/deep/: directory 0755 0:0',
      '/d/deep/new: file 0644 0:0 empty',
      '/d/new: file 0644 0:0 empty',
    ],
  },
  {
    summary: 'an opaque root hides everything below',
    layers: [
      [file('a'), file('b/c')],
      [file('d'), file('.wh..wh..opq')],
    ],
    tree: ['/d: file 0644 0:0 empty'],
  },
  {
    summary: 'an opaque directory in the place of a link does not empty what the link led to',
    layers: [
      [file('usr/lib/libc'), symlink('lib', 'usr/lib')],
      [file('lib/.wh..wh..opq'), dir('lib'), file('lib/new')],
    ],
    tree: [
      '/lib/: directory 0755 0:0',
      '/lib/new: file 0644 0:0 empty',
      '/usr/: directory 0755 0:0',
      '/usr/lib/: directory 0755 0:0',
      '/usr/lib/libc: file 0644 0:0 empty',
    ],
  },
  {
    summary: 'a name that only begins like a whiteout of AUFS is a whiteout',
    layers: [[file('.whale'), file('.opq')], [file('.wh..opq')]],
    tree: ['/.whale: file 0644 0:0 empty'],
  },
  {
    summary: "AUFS's own files are no contents",
    layers: [[dir('.wh..wh.aufs'), dir('.wh..wh.orph'), dir('.wh..wh.plnk'), file('d/.wh..wh.x'), file('a')]],
    tree: ['/a: file 0644 0:0 empty'],
  },
  {
    summary: 'hard links to what AUFS keeps aside share one inode',
    layers: [
      [
        file('.wh..wh.plnk/85.1', 'x'),
        hardlink('a', '.wh..wh.plnk/85.1'),
        hardlink('b', '/.wh..wh.plnk/85.1'),
      ],
    ],
    tree: [`/a: file 0644 0:0 ${h('x')}`, '/b: hardlink /a'],
  },
];

const replacing: readonly Row[] = [
  {
    summary: 'a directory over a directory changes its metadata and keeps its contents',
    layers: [[dir('d'), file('d/a')], [dir('d', { mode: 0o711, uid: 9, xattrs: { 'user.x': 'y' } })]],
    tree: ['/d/: directory 0711 9:0 user.x=79', '/d/a: file 0644 0:0 empty'],
  },
  {
    summary: 'a file replaced by a directory and back leaves nothing behind',
    layers: [[file('a', '1')], [dir('a'), file('a/b', '2')], [file('a', '3')], [dir('a')]],
    tree: ['/a/: directory 0755 0:0'],
  },
  {
    summary: 'a file under what was a file makes that a directory',
    layers: [[file('a', '1')], [file('a/b', '2')]],
    tree: ['/a/: directory 0755 0:0', `/a/b: file 0644 0:0 ${h('2')}`],
  },
  {
    summary:
      'a directory over a link to a directory replaces the link (moby and containerd: lstat, remove, mkdir)',
    layers: [
      [file('usr/lib/a'), symlink('lib', 'usr/lib')],
      [dir('lib'), file('lib/b')],
    ],
    tree: [
      '/lib/: directory 0755 0:0',
      '/lib/b: file 0644 0:0 empty',
      '/usr/: directory 0755 0:0',
      '/usr/lib/: directory 0755 0:0',
      '/usr/lib/a: file 0644 0:0 empty',
    ],
  },
  {
    summary: 'an entry under a link of a lower layer goes where the link leads (merged /usr)',
    layers: [
      [dir('usr'), dir('usr/lib'), symlink('lib', 'usr/lib')],
      [file('lib/x', '1'), file('lib/sub/y', '2')],
    ],
    tree: [
      '/lib: symlink usr/lib',
      '/usr/: directory 0755 0:0',
      '/usr/lib/: directory 0755 0:0',
      '/usr/lib/sub/: directory 0755 0:0',
      `/usr/lib/sub/y: file 0644 0:0 ${h('2')}`,
      `/usr/lib/x: file 0644 0:0 ${h('1')}`,
    ],
  },
  {
    summary: 'an entry under a link to nowhere makes what the link leads to',
    layers: [[symlink('var/run', '/run')], [file('var/run/pid', '1')]],
    tree: [
      '/run/: directory 0755 0:0',
      `/run/pid: file 0644 0:0 ${h('1')}`,
      '/var/: directory 0755 0:0',
      '/var/run: symlink /run',
    ],
  },
  {
    summary: 'a whiteout under a link hides what is behind it',
    layers: [[file('usr/lib/x'), dir('a'), symlink('a/lib', '../usr/lib')], [file('a/lib/.wh.x')]],
    tree: [
      '/a/: directory 0755 0:0',
      '/a/lib: symlink ../usr/lib',
      '/usr/: directory 0755 0:0',
      '/usr/lib/: directory 0755 0:0',
    ],
  },
  {
    summary: 'a link in the place of the last directory is seen by the next entry',
    layers: [[file('d/a'), dir('e'), { ...symlink('d', 'e') }, file('d/b')]],
    tree: ['/d: symlink e', '/e/: directory 0755 0:0', '/e/b: file 0644 0:0 empty'],
  },
];

const links: readonly Row[] = [
  {
    summary: 'hard links of one layer share one inode',
    layers: [[file('a', 'x', { mode: 0o4711 }), hardlink('b', 'a'), hardlink('d/c', './b')]],
    tree: [`/a: file 4711 0:0 ${h('x')}`, '/b: hardlink /a', '/d/: directory 0755 0:0', '/d/c: hardlink /a'],
  },
  {
    summary: 'a hard link to a lower layer shares its inode, and outlives the name',
    layers: [[file('z', 'x')], [hardlink('a', '/z')], [file('.wh.z')]],
    tree: [`/a: file 0644 0:0 ${h('x')}`],
  },
  {
    summary: 'a hard link to a symbolic link is the link once more',
    layers: [[symlink('a', 'nowhere'), hardlink('b', 'a')]],
    tree: ['/a: symlink nowhere', '/b: hardlink /a'],
  },
  {
    summary: 'the way to the target of a hard link may lead over links',
    layers: [[file('usr/bin/x', '1'), symlink('bin', 'usr/bin')], [hardlink('y', 'bin/x')]],
    tree: [
      '/bin: symlink usr/bin',
      '/usr/: directory 0755 0:0',
      '/usr/bin/: directory 0755 0:0',
      `/usr/bin/x: file 0644 0:0 ${h('1')}`,
      '/y: hardlink /usr/bin/x',
    ],
  },
  {
    summary: 'replacing one name leaves the others as they were',
    layers: [[file('a', 'old'), hardlink('b', 'a')], [file('a', 'new')]],
    tree: [`/a: file 0644 0:0 ${h('new')}`, `/b: file 0644 0:0 ${h('old')}`],
  },
  {
    summary: 'links to links stay links',
    layers: [[symlink('a', 'b'), symlink('b', 'c'), file('c')]],
    tree: ['/a: symlink b', '/b: symlink c', '/c: file 0644 0:0 empty'],
  },
];

describe.each([
  { name: 'entries', rows: merging },
  { name: 'whiteouts', rows: whiteouts },
  { name: 'replacing', rows: replacing },
  { name: 'links', rows: links },
])('flatten merges $name', ({ rows }) => {
  test.each(rows)('$summary', async ({ layers, tree }) => {
    expect(await dumpOf(imageOf(layers).layers)).toEqual(tree);
    expect(await dumpOf(imageOf(layers, {}, { compression: 'gzip' }).layers)).toEqual(tree);
    expect(await dumpOf(imageOf(layers, {}, { seekable: true, chunkSize: 700 }).layers)).toEqual(tree);
  });
});

interface AttackRow {
  readonly summary: string;
  readonly layers: readonly Entries[];
  readonly error: typeof FormatError | typeof ImageError | typeof UnsafePathError | typeof LimitError;
}

const attacks: readonly AttackRow[] = [
  { summary: 'a name that climbs out', layers: [[file('../etc/passwd')]], error: UnsafePathError },
  { summary: 'a name that climbs out later', layers: [[file('a/../../b')]], error: UnsafePathError },
  { summary: 'an absolute name that climbs out', layers: [[file('/../b')]], error: UnsafePathError },
  {
    summary: 'a hard link to what is outside',
    layers: [[hardlink('a', '../../etc/shadow')]],
    error: UnsafePathError,
  },
  {
    summary: 'a whiteout of its own directory',
    layers: [[file('d/a')], [file('d/.wh..')]],
    error: UnsafePathError,
  },
  {
    summary: 'a whiteout of the parent',
    layers: [[file('d/a')], [file('d/.wh...')]],
    error: UnsafePathError,
  },
  { summary: 'a whiteout without a name', layers: [[file('d/a')], [file('d/.wh.')]], error: UnsafePathError },
  { summary: 'a whiteout that climbs out', layers: [[file('../.wh.a')]], error: UnsafePathError },
  { summary: 'a file in the place of the root', layers: [[file('./', 'x')]], error: UnsafePathError },
  { summary: 'a link in the place of the root', layers: [[symlink('/', '/etc')]], error: UnsafePathError },
  { summary: 'a hard link to nothing', layers: [[hardlink('a', 'b')]], error: ImageError },
  { summary: 'a hard link to itself', layers: [[hardlink('a', 'a')]], error: ImageError },
  { summary: 'a hard link to a directory', layers: [[dir('d'), hardlink('a', 'd')]], error: ImageError },
  { summary: 'a hard link to the root', layers: [[hardlink('a', '/')]], error: ImageError },
  {
    summary: 'a hard link through a link to the host',
    layers: [[symlink('l', '/../../..'), hardlink('a', 'l/etc/shadow')]],
    error: ImageError,
  },
  {
    summary: 'links in a circle on the way',
    layers: [[symlink('a', 'b'), symlink('b', 'a'), file('a/x')]],
    error: ImageError,
  },
  { summary: 'a link without a target', layers: [[symlink('a', '')]], error: FormatError },
  { summary: 'a path longer than PATH_MAX', layers: [[file('x'.repeat(4097))]], error: LimitError },
  { summary: 'a path of a thousand directories', layers: [[file('d/'.repeat(1000))]], error: LimitError },
  {
    summary: 'a link target longer than PATH_MAX',
    layers: [[symlink('a', 'x'.repeat(5000))]],
    error: LimitError,
  },
];

describe('flatten refuses', () => {
  test.each(attacks)('$summary', async ({ layers, error }) => {
    await expect(dumpOf(imageOf(layers).layers), 'THIS IS A PATH ESCAPE, or worse').rejects.toThrow(error);
  });

  test('an image with too many layers, entries or bytes', async () => {
    const { layers } = imageOf([[file('a')], [file('b')], [file('c', 'x'.repeat(3000))]]);
    const limited = (limits: object): Promise<string[]> =>
      dumpOf(layers, { limits: { ...DEFAULT_LIMITS, ...limits } });
    await expect(limited({ layers: 2 })).rejects.toThrow(/limit layers = 2/);
    await expect(limited({ entries: 2 })).rejects.toThrow(/limit entries = 2/);
    await expect(limited({ layerBytes: 4000 })).rejects.toThrow(/limit layerBytes = 4000/);
  });
});

describe('flatten stays inside', () => {
  const rows: readonly Row[] = [
    {
      summary: 'THIS WAS A PATH ESCAPE: an entry under a link to /',
      layers: [[symlink('l', '/')], [file('l/etc/passwd', 'x')]],
      tree: ['/etc/: directory 0755 0:0', `/etc/passwd: file 0644 0:0 ${h('x')}`, '/l: symlink /'],
    },
    {
      summary: 'THIS WAS A PATH ESCAPE: an entry under a link that climbs out',
      layers: [[symlink('d/l', '../../../../..')], [file('d/l/etc/passwd', 'x')]],
      tree: [
        '/d/: directory 0755 0:0',
        '/d/l: symlink ../../../../..',
        '/etc/: directory 0755 0:0',
        `/etc/passwd: file 0644 0:0 ${h('x')}`,
      ],
    },
    {
      summary: 'THIS WAS A PATH ESCAPE: a link and an entry under it in one layer',
      layers: [[symlink('l', '../..'), file('l/x', 'x')]],
      tree: ['/l: symlink ../..', `/x: file 0644 0:0 ${h('x')}`],
    },
    {
      summary: 'names with newline, escape and bytes that are not UTF-8 are names',
      layers: [[file('a\nb'), file('\x1b[2J'), file('\udcff'), file('.wh'), file('-rf')]],
      tree: ['/\\u001b[2J', '/-rf', '/.wh', '/a\\u000ab', '/\\udcff'].map(
        (name) => `${name}: file 0644 0:0 empty`,
      ),
    },
    {
      summary: 'names that differ in case or composition are different names',
      layers: [[file('A'), file('a'), file('\u00e9'), file('e\u0301')]],
      tree: ['/A', '/a', '/e\u0301', '/\u00e9'].map((name) => `${name}: file 0644 0:0 empty`),
    },
    {
      summary: 'names of Object.prototype are names',
      layers: [[file('__proto__/constructor'), file('toString')]],
      tree: [
        '/__proto__/: directory 0755 0:0',
        '/__proto__/constructor: file 0644 0:0 empty',
        '/toString: file 0644 0:0 empty',
      ],
    },
    {
      summary: 'a layer inside a layer is a file',
      layers: [[file('layer.tar', 'not read')]],
      tree: [`/layer.tar: file 0644 0:0 ${h('not read')}`],
    },
  ];
  test.each(rows)('$summary', async ({ layers, tree }) => {
    expect(await dumpOf(imageOf(layers).layers)).toEqual(tree);
  });
});

describe('flatten verifies', () => {
  const lie = digestOf(Buffer.from('another'));

  test.each([{ seekable: false }, { seekable: true }])(
    'the diffID (seekable: $seekable)',
    async ({ seekable }) => {
      await expect(dumpOf([layerOf([file('a')], { seekable, diffId: lie })])).rejects.toThrow(IntegrityError);
    },
  );

  test('every byte of a gzip layer: any one altered is noticed', async () => {
    const good = layerOf([file('a', 'contents')], { compression: 'gzip' });
    const blob: Uint8Array[] = [];
    for await (const chunk of good.open()) blob.push(chunk);
    const bytes = Buffer.concat(blob);
    for (let i = 0; i < bytes.length; i++) {
      const bad = Buffer.from(bytes);
      bad[i] = (bad[i] ?? 0) ^ 0x10;
      const layer = { ...good, open: () => verified(streamOf(memoryAccess(bad)), good.descriptor, 'layer') };
      await expect(dumpOf([layer]), `byte ${i}`).rejects.toThrow(/cannot (read|decompress|trust)/);
    }
  });

  test('a damaged blob that can be read again is called damaged, not malformed', async () => {
    const tar = Buffer.from(tarOf([file('a', 'x')]));
    const good = layerOf(tar, { seekable: true });
    tar[3] = 1;
    await expect(dumpOf([good])).rejects.toThrow(IntegrityError);
  });

  test('a layer that is cut off, and says which', async () => {
    const tar = tarOf([file('a', 'x'.repeat(600))]).subarray(0, 900);
    await expect(dumpOf([layerOf([]), layerOf(tar)])).rejects.toThrow(
      /^cannot read layer 2 \(sha256:.*cut off at offset 900/,
    );
  });
});

test('a pax size for the extension header itself is not believed', async () => {
  const smuggled = tarOf([file('evil', 'x')]).subarray(0, 1024);
  const tar = Buffer.concat([
    extensionBytes('x', '12 size=512\n'),
    extensionBytes('L', 'long-name\0'),
    tarOf([{ name: 'short', content: Buffer.from(smuggled.subarray(0, 512)), size: 0 }]),
  ]);
  expect(await dumpOf([layerOf(tar)])).toEqual([
    `/long-name: file 0644 0:0 ${h(Buffer.from(smuggled.subarray(0, 512)).toString('latin1'))}`,
  ]);
});

test('layers are read side by side, and applied in their order whichever is done first', async () => {
  let open = 0;
  let most = 0;
  const slow = (layer: Layer, milliseconds: number): Layer => ({
    ...layer,
    async *open() {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      yield* layer.open();
      open--;
    },
  });
  const layers = ['1', '2', '3', '4'].map((text, i) => slow(layerOf([file('a', text)]), 40 - 10 * i));
  expect(await dumpOf(layers)).toEqual([`/a: file 0644 0:0 ${h('4')}`]);
  expect(most).toBe(2);
});

test('progress and statistics count the stored bytes', async () => {
  const { layers } = imageOf([[file('a', 'x'.repeat(300_000))], [file('b')]], {}, { compression: 'gzip' });
  const seen: number[] = [];
  const flattened = await flatten(layers, { onProgress: ({ bytes }) => seen.push(bytes) });
  const total = layers.reduce((sum, layer) => sum + layer.descriptor.size, 0);
  expect(seen.at(-1)).toBe(total);
  expect(flattened.stats).toEqual({
    entries: 2,
    bytes: total,
    uncompressedBytes: 303_104,
    spooledBytes: 303_104,
  });
  flattened.close();
});

test('an abort ends the reading', async () => {
  const stop = new AbortController();
  const endless: Layer = {
    ...layerOf([]),
    async *open() {
      for (let i = 0; ; i++) {
        if (i === 3) stop.abort(new Error('stopped by the user'));
        yield Buffer.from(tarOf([file('a', 'x')]).subarray(0, 1024));
      }
    },
  };
  await expect(flatten([endless], { signal: stop.signal })).rejects.toThrow('stopped by the user');
});
