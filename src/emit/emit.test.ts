import { describe, expect, test } from 'vitest';
import type { Image, OutputImage } from '../image/image.ts';
import { validateImage } from '../image/validate-image.ts';
import { parseImageConfig } from '../oci/config.ts';
import { digestOf } from '../oci/digest.ts';
import { parseManifestOrIndex } from '../oci/manifest.ts';
import { flatten } from '../rootfs/flatten.ts';
import type { RootPath } from '../rootfs/root-path.ts';
import { Rootfs } from '../rootfs/rootfs.ts';
import { imageOf } from '../testing/image-builder.ts';
import type { TarSpec } from '../testing/tar-builder.ts';
import { dumpTree } from '../testing/tree-dump.ts';
import { type EmitInput, type EmitOptions, emit } from './emit.ts';
import { verifyWritten } from './verify-written.ts';

const OPTIONS: EmitOptions = { compression: 'gzip', format: 'oci', version: '1.2.3' };
const CAPABILITY = Uint8Array.of(1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0);

/** Something of everything that a layer can hold. */
const ENTRIES: TarSpec[] = [
  { name: 'bin', type: 'symlink', target: 'usr/bin' },
  { name: 'tmp', type: 'directory', mode: 0o1777, mtime: 1_000 },
  { name: 'usr', type: 'directory', mtime: 2_000 },
  { name: 'usr/bin', type: 'directory', mode: 0o750, uid: 5, gid: 6 },
  { name: 'usr/bin/su', content: 'su', mode: 0o4755, mtime: 3_000 },
  {
    name: 'usr/bin/ping',
    content: 'ping',
    mode: 0o755,
    xattrs: { 'security.capability': CAPABILITY, 'user.note': 'a\nb' },
  },
  { name: 'usr/bin/ping6', type: 'hardlink', target: 'usr/bin/ping' },
  { name: 'a-link', type: 'hardlink', target: 'usr/bin/ping' },
  { name: 'usr/fine', content: 'f', pax: [['mtime', '1700000000.123456789']] },
  { name: 'usr/old', content: 'o', pax: [['mtime', '-1.5']] },
  { name: 'usr/großes λ', content: 'non-ASCII', uid: 3_000_000, gid: 2_500_000 },
  { name: `usr/${'long/'.repeat(40)}name`, content: 'deep' },
  { name: 'usr/empty', content: '' },
  { name: 'null', type: 'character-device', devMajor: 1, devMinor: 3, mode: 0o666 },
  { name: 'sda', type: 'block-device', devMajor: 8, devMinor: 1 },
  { name: 'pipe', type: 'fifo' },
  { name: 'usr-lib', content: 'sorts between usr and usr/' },
];

interface Source {
  readonly image: Image;
  readonly rootfs: Rootfs;
  readonly paths: RootPath[];
}

async function sourceOf(entries: TarSpec[] = ENTRIES): Promise<Source> {
  const image = imageOf([entries], { Cmd: ['/bin/ping'], Env: ['A=b'] });
  const { rootfs } = await flatten(image.layers);
  return { image, rootfs, paths: [...rootfs.walk()].map(([path]) => path) };
}

function inputOf(source: Source, more: Partial<EmitInput> = {}): EmitInput {
  return {
    rootfs: source.rootfs,
    paths: source.paths,
    image: source.image,
    source: { name: 'docker.io/library/a:1', digest: source.image.configDigest },
    options: OPTIONS,
    ...more,
  };
}

async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

/** Returns the Image that a reader would make of what was emitted. */
async function readBack(output: OutputImage): Promise<Image> {
  const rawConfig = await bytesOf(output.config.open());
  const manifest = parseManifestOrIndex(await bytesOf(output.manifest.open()));
  if ('manifests' in manifest) throw new Error('an index');
  return {
    descriptor: output.manifest.descriptor,
    manifest,
    config: parseImageConfig(rawConfig),
    rawConfig,
    configDigest: digestOf(rawConfig),
    layers: output.layers.map((blob, at) => ({
      descriptor: blob.descriptor,
      diffId: output.diffIds[at] ?? digestOf(rawConfig),
      open: () => blob.open(),
    })),
    names: [],
  };
}

describe('emit', () => {
  test.each(['gzip', 'zstd', 'none'] as const)(
    'keeps everything of every entry (%s)',
    async (compression) => {
      const source = await sourceOf();
      const emitted = await emit(inputOf(source, { options: { ...OPTIONS, compression } }));
      const written = await readBack(emitted);
      await validateImage(written);
      await verifyWritten(written, emitted);
      const slim = await flatten(written.layers);
      expect(dumpTree(slim.rootfs)).toEqual(dumpTree(source.rootfs));
      slim.close();
      emitted.close();
    },
  );

  test('gives the same bytes for paths in any order, and the same image ID for any compression', async () => {
    const source = await sourceOf();
    const digests = async (more: Partial<EmitInput>) => {
      const emitted = await emit(inputOf(source, more));
      emitted.close();
      return [emitted.manifest.descriptor.digest, emitted.config.descriptor.digest, emitted.diffIds[0]];
    };
    const [manifest, config, diffId] = await digests({});
    expect(await digests({ paths: source.paths.toReversed() })).toEqual([manifest, config, diffId]);
    expect(await digests({ paths: source.paths.toSorted((a, b) => a.length - b.length) })).toEqual([
      manifest,
      config,
      diffId,
    ]);
    const plain = await digests({ options: { ...OPTIONS, compression: 'none' } });
    expect(plain.slice(1)).toEqual([config, diffId]);
    expect(plain[0]).not.toBe(manifest);
  });

  test('gives the bytes of the released versions in every time zone', async () => {
    const source = await sourceOf();
    const zone = process.env.TZ;
    const digests = new Set<string>();
    for (const name of ['UTC', 'Asia/Kathmandu', 'America/St_Johns']) {
      process.env.TZ = name;
      const emitted = await emit(inputOf(source, { options: { ...OPTIONS, sourceDateEpoch: 1 } }));
      emitted.close();
      digests.add(emitted.manifest.descriptor.digest);
    }
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
    expect([...digests]).toMatchInlineSnapshot(`
      [
        "sha256:4ff8820b1f7377408dae4295c26573fc2ad7b983ed075402b4de515c4527c0f2",
      ]
    `);
  });

  test('writes only the kept paths and the directories above them, with their own metadata', async () => {
    const source = await sourceOf();
    const emitted = await emit(inputOf(source, { paths: ['/usr/bin/ping6' as RootPath] }));
    const slim = await flatten((await readBack(emitted)).layers);
    expect(dumpTree(slim.rootfs)).toEqual([
      '/usr/: directory 0755 0:0 @2000000000000',
      '/usr/bin/: directory 0750 5:6',
      expect.stringMatching(/^\/usr\/bin\/ping6: file 0755 0:0 .* security\.capability=0100/),
    ]);
    emitted.close();
  });

  test('repeats the attributes on a hard link, because unpacking it changes the owner and so drops capabilities', async () => {
    const emitted = await emit(inputOf(await sourceOf()));
    const links = emitted.entries.filter(({ tar }) => tar.type === 'hardlink');
    expect(links.map(({ tar }) => [tar.name, tar.linkname, tar.size, [...tar.xattrs.keys()]])).toEqual([
      ['usr/bin/ping', 'a-link', 0, ['security.capability', 'user.note']],
      ['usr/bin/ping6', 'a-link', 0, ['security.capability', 'user.note']],
    ]);
    emitted.close();
  });

  test('sorts by the bytes of the paths', async () => {
    const emitted = await emit(inputOf(await sourceOf()));
    const names = emitted.entries.map(({ tar }) => Buffer.from(tar.name.replace(/\/$/, '')));
    expect(names.toSorted(Buffer.compare)).toEqual(names);
    emitted.close();
  });

  test('replaces and adds contents', async () => {
    const source = await sourceOf();
    const overrides = new Map([
      ['/usr/bin/su' as RootPath, { content: Buffer.from('other') }],
      [
        '/usr/new/file' as RootPath,
        { content: Buffer.from('new'), metadata: { mode: 0o600, uid: 9, mtime: 7n } },
      ],
    ]);
    const directory: TarSpec[] = [...ENTRIES, { name: 'usr/new', type: 'directory' }];
    const emitted = await emit(inputOf(await sourceOf(directory), { overrides, paths: [] }));
    await verifyWritten(await readBack(emitted), emitted);
    const slim = await flatten((await readBack(emitted)).layers);
    expect(dumpTree(slim.rootfs).filter((line) => line.includes(': file'))).toEqual([
      `/usr/bin/su: file 4755 0:0 ${digestOf(Buffer.from('other')).slice(7, 15)} @3000000000000`,
      `/usr/new/file: file 0600 9:0 ${digestOf(Buffer.from('new')).slice(7, 15)} @7`,
    ]);
    expect(source.rootfs.text('/usr/bin/su')).toBe('su');
    emitted.close();
  });

  test('breaks the hard link of a file that is replaced', async () => {
    const overrides = new Map([['/usr/bin/ping' as RootPath, { content: Buffer.from('other') }]]);
    const emitted = await emit(inputOf(await sourceOf(), { overrides }));
    const { rootfs } = await flatten((await readBack(emitted)).layers);
    expect([rootfs.text('/usr/bin/ping'), rootfs.text('/a-link'), rootfs.text('/usr/bin/ping6')]).toEqual([
      'other',
      'ping',
      'ping',
    ]);
    emitted.close();
  });

  test('refuses a name that would be a whiteout', async () => {
    const { rootfs, image } = await sourceOf();
    const su = rootfs.lookup('/usr/bin/su' as RootPath);
    const root = { ...rootfs.root, get: () => su, names: () => ['.wh.su'] };
    const input = { ...inputOf({ rootfs: new Rootfs(root), image, paths: ['/.wh.su' as RootPath] }) };
    await expect(emit(input)).rejects.toMatchObject({
      code: 'IMAGE',
      message: expect.stringContaining('.wh.'),
    });
  });

  test('a kept path that is not there is a bug', async () => {
    await expect(emit(inputOf(await sourceOf(), { paths: ['/no' as RootPath] }))).rejects.toMatchObject({
      code: 'INTERNAL',
    });
  });

  test('stops when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('interrupted'));
    await expect(emit(inputOf(await sourceOf(), { signal }))).rejects.toThrow('interrupted');
  });
});

describe('the manifest', () => {
  const annotations = {
    'org.opencontainers.image.base.name': 'debian',
    'org.opencontainers.image.title': 'A',
    z: '1',
  };
  test('carries the annotations that still hold, and ours', async () => {
    const source = await sourceOf();
    const emitted = await emit(
      inputOf(source, { source: { digest: source.image.configDigest, annotations } }),
    );
    const manifest = JSON.parse(String(await bytesOf(emitted.manifest.open())));
    expect(manifest.annotations).toEqual({
      'dev.oslim.source.digest': source.image.configDigest,
      'dev.oslim.version': '1.2.3',
      'org.opencontainers.image.title': 'A',
      z: '1',
    });
    emitted.close();
  });

  test.each([
    ['oci', 'gzip', 'application/vnd.oci.image.layer.v1.tar+gzip'],
    ['oci', 'zstd', 'application/vnd.oci.image.layer.v1.tar+zstd'],
    ['oci', 'none', 'application/vnd.oci.image.layer.v1.tar'],
    ['docker', 'gzip', 'application/vnd.docker.image.rootfs.diff.tar.gzip'],
    ['docker', 'none', 'application/vnd.docker.image.rootfs.diff.tar'],
  ] as const)('in the format %s names %s layers %s', async (format, compression, mediaType) => {
    const source = await sourceOf([{ name: 'a', content: 'a' }]);
    const emitted = await emit(
      inputOf(source, {
        options: { ...OPTIONS, format, compression },
        source: { digest: source.image.configDigest, annotations },
      }),
    );
    const manifest = JSON.parse(String(await bytesOf(emitted.manifest.open())));
    expect(manifest.layers[0].mediaType).toBe(mediaType);
    expect(manifest.mediaType).toBe(emitted.manifest.descriptor.mediaType);
    expect('annotations' in manifest).toBe(format === 'oci');
    emitted.close();
  });

  test("has no zstd in Docker's format", async () => {
    const input = inputOf(await sourceOf(), {
      options: { ...OPTIONS, format: 'docker', compression: 'zstd' },
    });
    await expect(emit(input)).rejects.toMatchObject({ code: 'USAGE' });
  });
});

describe('verifyWritten', () => {
  /** What another writer could have got wrong: each row writes these entries and says it wrote ENTRIES. */
  const change = (name: string, changes: Partial<TarSpec>): TarSpec[] =>
    ENTRIES.map((entry) => (entry.name === name ? { ...entry, ...changes } : entry));
  const rows: { summary: string; entries: TarSpec[]; says: RegExp }[] = [
    { summary: 'a mode', entries: change('usr/bin/su', { mode: 0o755 }), says: /another mode/ },
    { summary: 'an owner', entries: change('usr/bin', { uid: 0 }), says: /another uid/ },
    { summary: 'a group', entries: change('usr/bin', { gid: 0 }), says: /another gid/ },
    { summary: 'a time', entries: change('usr/fine', { pax: [] }), says: /another mtime/ },
    { summary: 'an attribute', entries: change('usr/bin/ping', { xattrs: {} }), says: /another xattrs/ },
    {
      summary: 'contents of the same size',
      entries: change('usr/bin/su', { content: 'us' }),
      says: /another contents/,
    },
    { summary: 'a longer file', entries: change('usr/bin/su', { content: 'su!' }), says: /another size/ },
    { summary: 'a target', entries: change('bin', { target: 'usr/sbin' }), says: /another target/ },
    { summary: 'a device', entries: change('null', { devMinor: 5 }), says: /another device/ },
    { summary: 'a type', entries: change('pipe', { type: 'file' }), says: /another type/ },
    { summary: 'a missing entry', entries: ENTRIES.slice(0, -1), says: /another|number of entries|name/ },
    { summary: 'an entry too many', entries: [...ENTRIES, { name: 'zzz' }], says: /too many/ },
    {
      summary: 'a hard link that became a file',
      entries: change('usr/bin/ping6', {
        type: 'file',
        content: 'ping',
        mode: 0o755,
        xattrs: { 'security.capability': CAPABILITY, 'user.note': 'a\nb' },
      }),
      says: /another inode/,
    },
    {
      summary: 'a hard link to another file',
      entries: change('usr/bin/ping6', { target: 'usr/bin/su' }),
      says: /another/,
    },
  ];
  test.each(rows)('notices $summary', async ({ entries, says }) => {
    const truth = await emit(inputOf(await sourceOf()));
    const lie = await emit(inputOf(await sourceOf(entries)));
    const written = await readBack(lie);
    // Config, manifest and digests are those that the lie has, so that only the entries differ.
    const claimed = { ...lie, entries: truth.entries };
    await expect(verifyWritten(written, claimed)).rejects.toMatchObject({
      code: 'INTERNAL',
      message: expect.stringMatching(says),
    });
    await verifyWritten(written, lie);
    truth.close();
    lie.close();
  });

  test('notices another config, manifest or layer', async () => {
    const ours = await emit(inputOf(await sourceOf()));
    const other = await emit(
      inputOf(await sourceOf(change('usr/bin/su', { content: 'us' })), {
        options: { ...OPTIONS, version: '2' },
      }),
    );
    const written = await readBack(other);
    const mixed = await readBack(ours);
    await expect(verifyWritten(written, ours)).rejects.toThrow(/config was written/);
    await expect(verifyWritten({ ...mixed, descriptor: other.manifest.descriptor }, ours)).rejects.toThrow(
      /manifest was written/,
    );
    await expect(verifyWritten({ ...mixed, layers: [] }, ours)).rejects.toThrow(/number of layers/);
    ours.close();
    other.close();
  });
});
