import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ImageError, UsageError } from './errors.ts';
import type { Image } from './image/image.ts';
import { validateImage } from './image/validate-image.ts';
import { isRecord, parseJsonObject } from './oci/json.ts';
import type { SlimOptions } from './options.ts';
import { flatten } from './rootfs/flatten.ts';
import { restrictRootfs } from './rootfs/restrict.ts';
import { slim } from './slim.ts';
import { buildElf } from './testing/elf-builder.ts';
import { archiveOf, type Files } from './testing/image-media.ts';
import {
  APPLICATION_LAYER,
  BASE_LAYER,
  CAPABILITY,
  FULL_CONFIG,
  type ProgramImageOptions,
  programImageFiles,
} from './testing/program-image.ts';
import { temporaryDirectory } from './testing/temporary-directory.ts';
import { dumpTree } from './testing/tree-dump.ts';
import { openArchive, openLayoutDirectory } from './transport/archive-source.ts';

/** Writes a made image to an archive and returns its name. */
function archiveIn(directory: string, options: ProgramImageOptions = {}): string {
  return writeArchive(directory, programImageFiles(options));
}

function writeArchive(directory: string, files: Files): string {
  const file = join(directory, 'image.tar');
  writeFileSync(file, archiveOf(files));
  return file;
}

async function slimmed(options: Partial<SlimOptions>, image: ProgramImageOptions = {}) {
  const directory = temporaryDirectory();
  const source = archiveIn(directory, image);
  const output = join(directory, 'slim.tar');
  const result = await slim({ image: source, output, ...options });
  return { result, source, output, directory };
}

async function withImage<T>(file: string, use: (image: Image) => Promise<T>): Promise<T> {
  const source = await openArchive(file);
  try {
    return await use(await source.open({}));
  } finally {
    await source.close();
  }
}

async function treeOf(file: string): Promise<string[]> {
  return await withImage(file, async (image) => {
    await validateImage(image);
    const { rootfs, close } = await flatten(image.layers);
    const lines = dumpTree(rootfs);
    close();
    return lines;
  });
}

/** Every path of the archive's image, without what is known of it. */
async function pathsOf(file: string): Promise<string[]> {
  return (await treeOf(file)).map((line) => line.slice(0, line.indexOf(': ')));
}

async function configOf(file: string) {
  return await withImage(file, async ({ rawConfig }) => parseJsonObject(rawConfig, 'image config'));
}

describe('what is kept', () => {
  it('is the program, what its loader loads, accounts, and the directories and links on the way', async () => {
    const { output } = await slimmed({});
    expect(await pathsOf(output)).toEqual([
      '/etc/',
      '/etc/group',
      '/etc/os-release',
      '/etc/passwd',
      '/lib',
      '/lib64',
      '/opt/',
      '/opt/app/',
      '/opt/app/lib/',
      '/opt/app/lib/libapp.so.1',
      '/opt/app/lib/libapp.so.1.2.3',
      '/opt/app/server',
      '/opt/app/server-again',
      '/opt/app/settings.conf',
      '/tmp/',
      '/usr/',
      '/usr/lib/',
      '/usr/lib/x86_64-linux-gnu/',
      '/usr/lib/x86_64-linux-gnu/ld-2.36.so',
      '/usr/lib/x86_64-linux-gnu/libc.so.6',
      '/usr/lib64/',
      '/usr/lib64/ld-linux-x86-64.so.2',
    ]);
  });

  it('has the mode, owner, time to the nanosecond, xattrs, contents and hard links that it had', async () => {
    const { output, source, result } = await slimmed({});
    const after = await treeOf(output);
    const before = await withImage(source, async ({ layers }) => {
      const { rootfs, close } = await flatten(layers);
      const lines = dumpTree(restrictRootfs(rootfs, new Set(result.graph.paths())));
      close();
      return lines;
    });
    expect(after).toEqual(before);
    const capability = Buffer.from(CAPABILITY).toString('hex');
    const note = Buffer.from('a\nb').toString('hex');
    expect(after.filter((line) => /^\/(?:opt\/app|tmp)\/(?:server.*)?:/.test(line))).toEqual([
      '/opt/app/: directory 0750 1000:1000 @1700000000000000000',
      expect.stringMatching(
        new RegExp(
          `^/opt/app/server: file 4755 1000:1001 \\w+ @1700000001123456789 security.capability=${capability} user.note=${note}$`,
        ),
      ),
      '/opt/app/server-again: hardlink /opt/app/server',
      '/tmp/: directory 1777 0:0 @1600000002000000000',
    ]);
  });

  it('is one file and nothing else of a static program, at the lowest level', async () => {
    const layers = [[{ name: 'server', content: buildElf({ dynamic: false }), mode: 0o755 }]];
    const { output } = await slimmed(
      { level: 'minimal' },
      { layers, config: { config: { Cmd: ['/server'] } } },
    );
    expect(await pathsOf(output)).toEqual(['/server']);
  });

  it('follows --include and --exclude', async () => {
    const { output } = await slimmed({ include: ['/usr/share/doc/**'], exclude: ['/opt/app/settings.conf'] });
    const paths = await pathsOf(output);
    expect(paths).toContain('/usr/share/doc/made/copyright');
    expect(paths).not.toContain('/opt/app/settings.conf');
    expect(paths).not.toContain('/usr/bin/apt');
  });

  it('follows --include-command', async () => {
    const { output } = await slimmed({ includeCommands: ['sh'] });
    const paths = await pathsOf(output);
    expect(paths).toContain('/usr/bin/sh');
    expect(paths).not.toContain('/usr/bin/apt');
  });
});

describe('the config', () => {
  it('is carried over whole, with members that nobody knows', async () => {
    const { output } = await slimmed({});
    const { rootfs, history: _, ...rest } = await configOf(output);
    expect(rest).toEqual(FULL_CONFIG);
    expect(isRecord(rootfs) && rootfs.diff_ids).toHaveLength(1);
  });

  it("has the source's history, all of it empty, and one entry more", async () => {
    const { output } = await slimmed({});
    expect((await configOf(output)).history).toEqual([
      { created: '2024-05-06T07:08:09Z', created_by: 'COPY layer 0', empty_layer: true },
      { created: '2024-05-06T07:08:09Z', created_by: 'COPY layer 1', empty_layer: true },
      { created_by: 'CMD', empty_layer: true },
      {
        created: FULL_CONFIG.created,
        created_by: expect.stringMatching(/^oslim \d/),
        comment: 'only what the configured process needs',
      },
    ]);
  });

  it('has no later time than SOURCE_DATE_EPOCH', async () => {
    const { output } = await slimmed({ sourceDateEpoch: 1_600_000_000 });
    expect((await configOf(output)).created).toBe('2020-09-13T12:26:40Z');
  });

  it('says what the user says of the process', async () => {
    const { output } = await slimmed({
      entrypoint: ['/opt/app/server-again'],
      env: ['MODE=test'],
      user: '0',
    });
    const { config } = await configOf(output);
    expect(config).toEqual({
      ...FULL_CONFIG.config,
      Entrypoint: ['/opt/app/server-again'],
      Cmd: null,
      Env: ['PATH=/usr/bin:/bin', 'MODE=test'],
      User: '0',
    });
  });
});

describe('the name', () => {
  it.each([
    {
      summary: "is the source's with -slim",
      image: {},
      options: {},
      name: 'docker.io/example/server:1.0-slim',
    },
    {
      summary: 'is what -t says',
      image: {},
      options: { tag: 'mine:2' },
      name: 'docker.io/library/mine:2',
    },
    {
      summary: 'is one of our own when the source has none',
      image: { name: null },
      options: {},
      name: 'docker.io/library/oslim:slim',
    },
  ])('$summary', async ({ image, options, name }) => {
    const { output, result } = await slimmed(options, image);
    expect(result.name).toBe(name);
    expect(await withImage(output, async ({ names }) => names)).toEqual([name]);
  });

  it('comes with annotations that say where the image is from, and none of what it no longer is', async () => {
    const annotations = {
      'org.opencontainers.image.title': 'server',
      'org.opencontainers.image.base.name': 'debian:12',
    };
    const { output, result } = await slimmed({}, { annotations });
    expect(await withImage(output, async ({ manifest }) => manifest?.annotations)).toEqual({
      'dev.oslim.content.size': String(result.after.bytes),
      'dev.oslim.findings': 'setuid,inferred',
      'dev.oslim.options': expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      'dev.oslim.source.digest': result.source.digest,
      'dev.oslim.source.name': 'docker.io/example/server:1.0',
      'dev.oslim.version': expect.stringMatching(/^\d/),
      'org.opencontainers.image.title': 'server',
    });
  });
});

describe('destinations', () => {
  it.each(['oci-archive', 'docker-archive'])('writes %s:FILE', async (medium) => {
    const directory = temporaryDirectory();
    const file = join(directory, 'slim.tar');
    const { result } = await slimmed({ output: `${medium}:${file}` });
    expect(result.written).toEqual([`${medium}:${file}`]);
    expect(readdirSync(directory)).toEqual(['slim.tar']);
    expect(await pathsOf(file)).toContain('/opt/app/server');
  });

  it('writes oci:DIR', async () => {
    const directory = join(temporaryDirectory(), 'layout');
    const { result } = await slimmed({ output: `oci:${directory}` });
    const source = await openLayoutDirectory(directory);
    const image = await source.open({});
    await validateImage(image);
    expect(image.descriptor?.digest).toBe(result.manifestDigest);
    await source.close();
  });

  it.each(['gzip', 'zstd', 'none'] as const)(
    'stores the layer as --compress %s says',
    async (compression) => {
      const output = `oci-archive:${join(temporaryDirectory(), 'slim.tar')}`;
      const { result } = await slimmed({ output, compression });
      const plain = await slimmed({ compression: 'none' });
      expect(result.imageId).toBe(plain.result.imageId);
      const tree = await treeOf(output.slice('oci-archive:'.length));
      expect(tree).toEqual(await treeOf(plain.output));
    },
  );

  it.each([
    { summary: 'zstd for docker load', options: { compression: 'zstd' as const } },
    {
      summary: 'zstd in a docker-archive',
      options: { compression: 'zstd' as const, output: 'docker-archive:slim.tar' },
    },
    {
      summary: 'zstd in Docker schema 2',
      options: { compression: 'zstd' as const, format: 'docker' as const },
    },
    { summary: 'rootfs: as a destination', options: { output: 'rootfs:somewhere' } },
    { summary: 'the engine as a file', options: { output: 'docker-daemon:x' } },
    { summary: 'a name that is none', options: { tag: 'Not A Name' } },
    { summary: 'a push to a name that is none', options: { push: 'Upper' } },
  ])('refuses $summary before anything is read', async ({ options }) => {
    const directory = temporaryDirectory();
    // Not an archive: whoever reads it first says so instead.
    const image = join(directory, 'image.tar');
    writeFileSync(image, 'not an archive');
    await expect(slim({ image, output: join(directory, 'slim.tar'), ...options })).rejects.toThrow(
      UsageError,
    );
    expect(readdirSync(directory)).toEqual(['image.tar']);
  });

  it('writes nothing without a destination, and says what there would be', async () => {
    const { result, directory } = await slimmed({ output: undefined });
    expect(readdirSync(directory)).toEqual(['image.tar']);
    expect(result.written).toEqual([]);
    expect(result.after.bytes).toBeLessThan(result.before?.bytes ?? 0);
  });

  it('says by how much the result is over --max-size', async () => {
    const { result } = await slimmed({ maxSize: 1000 });
    expect(result.overSize).toBe(result.after.bytes - 1000);
    expect((await slimmed({ maxSize: 1e9 })).result.overSize).toBeUndefined();
  });
});

describe('an image that cannot start', () => {
  const broken = {
    layers: [BASE_LAYER, APPLICATION_LAYER.filter(({ name }) => !name.includes('libapp.so.1'))],
  };

  it('is refused with the name of the library', async () => {
    const directory = temporaryDirectory();
    const image = archiveIn(directory, broken);
    const output = join(directory, 'slim.tar');
    const failure = slim({ image, output });
    await expect(failure).rejects.toThrow(ImageError);
    await expect(failure).rejects.toThrow(
      /library libapp\.so\.1, needed by \/opt\/app\/server, is not in the image/,
    );
    expect(readdirSync(directory)).toEqual(['image.tar']);
  });

  it('is slimmed with --allow-missing', async () => {
    const { output } = await slimmed({ allowMissing: ['libapp.so.1'] }, broken);
    expect(await pathsOf(output)).toContain('/opt/app/server');
  });
});

describe('warnings', () => {
  const plugin = {
    name: 'opt/app/plugins/broken.so',
    content: buildElf({ soname: 'broken.so', needed: ['libnone.so.1'] }),
    mode: 0o755,
  };
  const layers = [BASE_LAYER, [...APPLICATION_LAYER, plugin]];

  it('tell of a plugin whose library is missing', async () => {
    const { result } = await slimmed({}, { layers });
    expect(result.warnings.map(({ code, message }) => `${code} ${message}`)).toEqual([
      expect.stringMatching(/^LIBRARY_MISSING libnone\.so\.1, needed by .*broken\.so, is not in the image$/),
    ]);
  });

  it('are errors with --strict, before anything is written', async () => {
    const directory = temporaryDirectory();
    const image = archiveIn(directory, { layers });
    await expect(slim({ image, output: join(directory, 'slim.tar'), strict: true })).rejects.toThrow(
      ImageError,
    );
    expect(readdirSync(directory)).toEqual(['image.tar']);
  });
});

describe('the same image', () => {
  const bytesOf = async (files: Files): Promise<Buffer> => {
    const directory = temporaryDirectory();
    const output = join(directory, 'slim.tar');
    await slim({ image: writeArchive(directory, files), output });
    return readFileSync(output);
  };

  it('gives the same bytes from an archive in another order', async () => {
    const files = programImageFiles();
    const reversed = new Map([...files].reverse());
    expect((await bytesOf(reversed)).equals(await bytesOf(files))).toBe(true);
  });

  it('gives the same bytes in another time zone and under another umask', async () => {
    const files = programImageFiles();
    const expected = await bytesOf(files);
    const zone = process.env.TZ;
    const umask = process.umask(0o077);
    process.env.TZ = 'Pacific/Chatham';
    try {
      expect((await bytesOf(files)).equals(expected)).toBe(true);
    } finally {
      process.umask(umask);
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  it('gives the same image ID from layers that are compressed', async () => {
    const plain = await slimmed({});
    const packed = await slimmed({}, { store: (tar) => gzipSync(tar) });
    expect(packed.result.imageId).toBe(plain.result.imageId);
    expect(packed.result.source.digest).not.toBe(plain.result.source.digest);
  });
});

describe('a directory', () => {
  it('is an image when the user says what it runs', async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'root/bin'), { recursive: true });
    const program = buildElf({ dynamic: false });
    writeFileSync(join(directory, 'root/bin/server'), program, { mode: 0o755 });
    const output = join(directory, 'slim.tar');
    const result = await slim({
      image: `rootfs:${join(directory, 'root')}`,
      entrypoint: ['server'],
      env: ['PATH=/bin'],
      level: 'minimal',
      output,
    });
    expect(result.written).toEqual([output]);
    expect(await pathsOf(output)).toEqual(['/bin/', '/bin/server']);
  });
});
