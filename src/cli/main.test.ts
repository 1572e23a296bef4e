import { once } from 'node:events';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { digestOf } from '../oci/digest.ts';
import { runCommandLine as run } from '../testing/command-line.ts';
import { archiveOf, type Files, withIndex } from '../testing/image-media.ts';
import { namedLayout, platformIndex } from '../testing/platform-index.ts';
import { APPLICATION_LAYER, BASE_LAYER, programImageFiles } from '../testing/program-image.ts';
import { TestRegistry } from '../testing/registry/test-registry.ts';
import { tarOf } from '../testing/tar-builder.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';

afterEach(() => vi.restoreAllMocks());

/** One line that says what is wrong, and perhaps one that says what to do. */
const ERROR = /^oslim: .+\n(?: {2}.+\n)?$/;

/** Slims the archive of these bytes in a directory of its own; `left` is what lies there afterwards besides it. */
async function slimBytes(bytes: Uint8Array, ...flags: string[]) {
  const directory = temporaryDirectory();
  const image = join(directory, 'image.tar');
  writeFileSync(image, bytes);
  const result = await run(image, '-o', join(directory, 'slim.tar'), ...flags);
  return { ...result, left: readdirSync(directory).filter((name) => name !== 'image.tar') };
}

const LAYER_DIGESTS = [BASE_LAYER, APPLICATION_LAYER].map((entries) => digestOf(tarOf(entries)));

function blobName(digest: string): string {
  return `blobs/sha256/${digest.slice('sha256:'.length)}`;
}

/** The archive with one bit of one of its files changed, in the middle of it. */
function altered(files: Files, name: string): Uint8Array {
  const bytes = Uint8Array.from(files.get(name) ?? []);
  const at = bytes.length >> 1;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return archiveOf(new Map([...files, [name, bytes]]));
}

/** The names in the archive of its config and its manifest. */
function documentsOf(files: Files): readonly { readonly name: string; readonly text: string }[] {
  return [...files]
    .map(([name, bytes]) => ({ name, text: Buffer.from(bytes).toString() }))
    .filter(({ name, text }) => name.startsWith('blobs/') && text.startsWith('{'));
}

const whole = (): Uint8Array => archiveOf(programImageFiles());

describe('bad input', () => {
  const rows: readonly {
    readonly summary: string;
    readonly bytes: () => Uint8Array;
    readonly says: RegExp;
    readonly advises?: RegExp;
    /** 2 where the user could say it better. */
    readonly exit?: 2;
  }[] = [
    { summary: 'an empty file', bytes: () => new Uint8Array(), says: /it is not an archive|it is empty/ },
    { summary: 'a text', bytes: () => Buffer.from('hello\n'.repeat(1000)), says: /it is not an archive/ },
    { summary: 'a picture', bytes: () => Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), says: /not an archive/ },
    {
      summary: 'a tar that is no image',
      bytes: () => tarOf([{ name: 'readme', content: 'hello' }]),
      says: /it is an archive, but not of an image/,
    },
    {
      summary: 'an archive cut in half',
      bytes: () => whole().subarray(0, whole().length >> 1),
      says: /cut off at offset/,
    },
    {
      summary: 'an archive cut in its last blob',
      bytes: () => whole().subarray(0, whole().length - 1024 - 512),
      says: /cut off/,
    },
    {
      summary: 'a compressed archive that is cut off',
      bytes: () => gzipSync(whole()).subarray(0, -100),
      says: /cut off|ends too early|truncated/,
    },
    {
      summary: 'a layer whose gzip stream is cut off',
      bytes: () => archiveOf(programImageFiles({ store: (tar) => gzipSync(tar).subarray(0, -20) })),
      says: /cut off|ends too early|truncated/,
    },
    {
      summary: 'a layer altered by one bit',
      bytes: () => altered(programImageFiles(), blobName(LAYER_DIGESTS[1] ?? '')),
      says: /cannot trust .*expected sha256:/,
    },
    ...documentsOf(programImageFiles()).map(({ name, text }) => ({
      summary: `a ${text.includes('diff_ids') ? 'config' : 'manifest'} altered by one bit`,
      bytes: () => altered(programImageFiles(), name),
      says: /cannot trust .*expected sha256:/,
    })),
    {
      summary: 'a manifest that names a layer which is not there',
      bytes: () => {
        const files = programImageFiles();
        files.delete(blobName(LAYER_DIGESTS[0] ?? ''));
        return archiveOf(files);
      },
      says: /sha256[:/][0-9a-f]{64}.*(?:is not in|missing)/,
    },
    {
      summary: 'a manifest.json that names a layer which is not there',
      bytes: () => {
        const files = programImageFiles();
        for (const name of ['index.json', 'oci-layout']) files.delete(name);
        files.delete(blobName(LAYER_DIGESTS[0] ?? ''));
        return archiveOf(files);
      },
      says: /[0-9a-f]{64}.*(?:is not in|missing)/,
    },
    {
      summary: 'no Entrypoint and no Cmd',
      bytes: () => archiveOf(programImageFiles({ config: { config: { Env: ['PATH=/bin'] } } })),
      says: /it has no Entrypoint and no Cmd/,
      advises: /--entrypoint/,
    },
    {
      summary: 'an entrypoint that is not in PATH',
      bytes: () =>
        archiveOf(programImageFiles({ config: { config: { Env: ['PATH=/x:/bin'], Cmd: ['absent'] } } })),
      says: /cannot find the entrypoint "absent" in the image: looked for it in \/x, \/bin/,
      advises: /--entrypoint/,
    },
    {
      summary: 'an entrypoint whose path is not there',
      bytes: () =>
        archiveOf(programImageFiles({ config: { config: { WorkingDir: '/opt', Cmd: ['./absent'] } } })),
      says: /cannot find the entrypoint ".\/absent" in the image: looked for it relative to \/opt/,
    },
    {
      summary: 'an index of another platform only',
      bytes: () => {
        const made = ['s390x', 'ppc64le'].map((architecture) => ({
          files: programImageFiles({ config: { architecture } }),
          platform: { os: 'linux', architecture },
        }));
        const files: Files = new Map(made.flatMap((one) => [...one.files]));
        const manifests = made.map(({ files, platform }) => ({
          ...JSON.parse(Buffer.from(files.get('index.json') ?? []).toString()).manifests[0],
          platform,
        }));
        files.delete('manifest.json');
        withIndex(files, manifests);
        return archiveOf(files);
      },
      says: /linux\/s390x, linux\/ppc64le/,
      exit: 2,
    },
  ];

  it.each(rows)('$summary: one line, a failure, nothing left', async ({ bytes, says, advises, exit }) => {
    const { status, stdout, stderr, left } = await slimBytes(bytes());
    expect(stderr).toMatch(ERROR);
    expect(stderr).toMatch(says);
    if (advises !== undefined) expect(stderr.split('\n')[1]).toMatch(advises);
    expect({ status, stdout, left }).toEqual({ status: exit ?? 1, stdout: '', left: [] });
  });

  it('a file that is not there', async () => {
    const { status, stderr } = await run('./absent.tar');
    expect(stderr).toMatch(ERROR);
    expect(stderr).toContain('absent.tar');
    expect(status).toBe(1);
  });
});

describe('registries', () => {
  async function slimFrom(reference: string) {
    const directory = temporaryDirectory();
    const result = await run(reference, '-o', join(directory, 'slim.tar'), '--no-cache');
    return { ...result, left: readdirSync(directory) };
  }

  it('one that is not there: one line, exit 1, nothing left', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    server.close();
    await once(server, 'close');
    const { status, stdout, stderr, left } = await slimFrom(`docker://127.0.0.1:${port}/a/b:1`);
    expect(stderr).toMatch(ERROR);
    expect(stderr).toMatch(/refused|reach/);
    expect({ status, stdout, left }).toEqual({ status: 1, stdout: '', left: [] });
  });

  it('a repository that is not there: one line, exit 1, nothing left', async () => {
    const registry = await TestRegistry.start();
    const { status, stdout, stderr, left } = await slimFrom(`docker://${registry.host}/no/such:1`);
    await registry.close();
    expect(stderr).toMatch(ERROR);
    expect(stderr).toContain('no/such');
    expect({ status, stdout, left }).toEqual({ status: 1, stdout: '', left: [] });
  });

  it('an image in one is slimmed', async () => {
    const registry = await TestRegistry.start();
    const files = programImageFiles();
    for (const bytes of files.values()) registry.store.putBlob('example/server', bytes);
    const manifest = documentsOf(files).find(({ text }) => !text.includes('diff_ids'));
    const { mediaType } = JSON.parse(manifest?.text ?? '{}');
    registry.store.putManifest('example/server', '1.0', mediaType, Buffer.from(manifest?.text ?? ''));
    const name = `${registry.host}/example/server:1.0`;
    const { status, stdout, stderr, left } = await slimFrom(`docker://${name}`);
    await registry.close();
    expect({ status, stderr, left }).toEqual({ status: 0, stderr: '', left: ['slim.tar'] });
    expect(stdout).toContain(`${name}-slim`);
  });
});

describe('destinations that cannot be written', () => {
  const rows: readonly { readonly summary: string; readonly output: string; readonly says: RegExp }[] = [
    {
      summary: 'in a directory that is not there',
      output: 'absent/slim.tar',
      says: /its directory does not exist/,
    },
    { summary: 'below a file', output: 'image.tar/slim.tar', says: /a part of its path is not a directory/ },
    { summary: 'a directory', output: 'folder', says: /it is a directory/ },
  ];

  it.each(rows)('$summary: one line, exit 1, nothing left', async ({ output, says }) => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'folder'));
    writeFileSync(join(directory, 'image.tar'), whole());
    const { status, stderr } = await run(join(directory, 'image.tar'), '-o', join(directory, output));
    expect(stderr).toMatch(ERROR);
    expect(stderr).toMatch(says);
    expect(status).toBe(1);
    expect(readdirSync(directory, { recursive: true }).sort()).toEqual(['folder', 'image.tar']);
  });

  it('leaves what was there as it was when the image is bad', async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'image.tar'), 'not an archive');
    writeFileSync(join(directory, 'slim.tar'), 'of yesterday');
    const { status } = await run(join(directory, 'image.tar'), '-o', join(directory, 'slim.tar'));
    expect(status).toBe(1);
    expect(readdirSync(directory).sort()).toEqual(['image.tar', 'slim.tar']);
  });
});

describe('wrong usage', () => {
  const rows: readonly { readonly argv: readonly string[]; readonly says: RegExp }[] = [
    { argv: [], says: /missing required argument 'image'/ },
    { argv: ['x.tar', '--unknown'], says: /unknown option '--unknown'/ },
    { argv: ['x.tar', 'y.tar'], says: /too many arguments/ },
    { argv: ['x.tar', '--compress', 'lzma'], says: /gzip, zstd, none/ },
    { argv: ['x.tar', '--level', 'most'], says: /minimal, default, safe/ },
    { argv: ['x.tar', '--minimal', '--level', 'safe'], says: /they contradict each other/ },
    { argv: ['x.tar', '--max-size', 'huge'], says: /cannot read size "huge"/ },
    { argv: ['x.tar', '--platform', 'a/b/c/d'], says: /platform "a\/b\/c\/d"/ },
    { argv: ['x.tar', '--entrypoint', '"open'], says: /a quote is not closed/ },
    { argv: ['x.tar', '--keep-from', '/nowhere/list'], says: /cannot read the keep list/ },
    { argv: ['x.tar', '-t', 'Not A Name'], says: /Not A Name/ },
    { argv: ['x.tar', '-o', 'y.tar', '--compress', 'zstd'], says: /zstd.*docker load/ },
    { argv: ['x.tar', '-o', 'y.tar', '--all-platforms'], says: /all platforms to "y.tar".*holds one/ },
    {
      argv: ['x.tar', '-o', 'oci:y', '--all-platforms', '--platform', 'arm64'],
      says: /contradict each other/,
    },
    { argv: ['x.tar', '--if-changed'], says: /without a destination/ },
    { argv: [''], says: /no image is named/ },
    { argv: ['docker://UPPER'], says: /UPPER/ },
  ];

  it.each(rows)('$argv is exit 2', async ({ argv, says }) => {
    const { status, stdout, stderr } = await run(...argv);
    expect(stderr).toMatch(says);
    expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });
});

describe('cache', () => {
  let directory = '';
  beforeEach(() => {
    directory = temporaryDirectory();
    vi.stubEnv('XDG_CACHE_HOME', directory);
  });
  afterEach(() => vi.unstubAllEnvs());

  function fill(): void {
    mkdirSync(join(directory, 'oslim/blobs/sha256'), { recursive: true });
    mkdirSync(join(directory, 'oslim/layers/sha256'), { recursive: true });
    mkdirSync(join(directory, 'oslim/ingest'));
    for (const [at, digit] of ['a', 'b', 'c'].entries()) {
      const file = join(directory, 'oslim', at < 2 ? 'blobs' : 'layers', 'sha256', digit.repeat(64));
      writeFileSync(file, Buffer.alloc(1000));
      utimesSync(file, 86_400 * (at + 1), 86_400 * (at + 1));
    }
    writeFileSync(join(directory, 'oslim/ingest/4194304-dead'), 'half');
  }

  it('ls tells digest, size and last use of what is there, the least recently used first', async () => {
    expect((await run('cache', 'ls')).stdout).toBe(`0 files, 0 B in ${directory}/oslim\n`);
    fill();
    const { status, stdout } = await run('cache', 'ls');
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: [
        `blob   sha256:${'a'.repeat(64)}   1.00 kB  1970-01-02 00:00Z`,
        `blob   sha256:${'b'.repeat(64)}   1.00 kB  1970-01-03 00:00Z`,
        `layer  sha256:${'c'.repeat(64)}   1.00 kB  1970-01-04 00:00Z`,
        `3 files, 3.00 kB in ${directory}/oslim\n`,
      ].join('\n'),
    });
    const document = JSON.parse((await run('cache', 'ls', '--json')).stdout);
    expect(document).toMatchObject({
      schema: '1.0',
      bytes: 3000,
      blobs: [{ size: 1000 }, {}],
      layers: [{ size: 1000 }],
    });
  });

  it.each([
    { flags: [], says: 'removed 3 files, 3.00 kB, and 1 file of a killed run; 0 B left' },
    {
      flags: ['--max-size', '2kB'],
      says: 'removed 1 file, 1.00 kB, and 1 file of a killed run; 2.00 kB left',
    },
    {
      flags: ['--older-than', '30d'],
      says: 'removed 3 files, 3.00 kB, and 1 file of a killed run; 0 B left',
    },
    {
      flags: ['--older-than', '9999w'],
      says: 'removed 0 files, 0 B, and 1 file of a killed run; 3.00 kB left',
    },
  ])('prune $flags', async ({ flags, says }) => {
    fill();
    const { status, stdout } = await run('cache', 'prune', ...flags);
    expect({ status, stdout }).toEqual({ status: 0, stdout: `${says} in ${directory}/oslim\n` });
    const again = JSON.parse((await run('cache', 'prune', '--older-than', '9999w', '--json')).stdout);
    expect(again).toMatchObject({ removed: [], leftovers: 0 });
  });

  it.each([
    { argv: ['cache', 'prune', '--older-than', 'soon'], says: /cannot read age "soon"/ },
    { argv: ['cache', 'prune', '--max-size', 'much'], says: /cannot read size "much"/ },
    { argv: ['cache', 'burn'], says: /unknown command 'burn'/ },
  ])('$argv is exit 2', async ({ argv, says }) => {
    const { status, stderr } = await run(...argv);
    expect(stderr).toMatch(says);
    expect(status).toBe(2);
  });
});

describe('help', () => {
  it.each([['--help'], ['-h'], ['slim', '--help'], ['ldd', '--help'], ['help']])(
    '%s is exit 0',
    async (...argv) => {
      const { status, stdout, stderr } = await run(...argv);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toMatch(/^Usage: oslim/);
    },
  );

  it.each(['--version', '-V'])('%s is the version alone', async (flag) => {
    const { status, stdout } = await run(flag);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\S*\n$/);
  });
});

describe('an index', () => {
  const index = platformIndex(
    ['amd64', 's390x'].map((architecture) => ({ platform: { os: 'linux', architecture } })),
  );

  async function slimIndex(...flags: string[]) {
    const directory = temporaryDirectory();
    const image = join(directory, 'image.tar');
    writeFileSync(image, archiveOf(namedLayout(index, 'docker.io/example/server:1.0')));
    const output = `oci:${join(directory, 'out')}`;
    const slimAgain = () => run(image, '-o', output, '--all-platforms', ...flags);
    return { ...(await slimAgain()), slimAgain };
  }

  it('is summed up platform by platform with --all-platforms', async () => {
    const { status, stdout, stderr } = await slimIndex();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const words of ['linux/amd64', 'linux/s390x', 'all platforms', 'index   sha256:', 'wrote   oci:'])
      expect(stdout).toContain(words);
  });

  it('is one JSON document with --json', async () => {
    const { stdout } = await slimIndex('--json');
    expect(JSON.parse(stdout)).toMatchObject({
      schema: '1.0',
      source: { name: 'docker.io/example/server:1.0', digest: index.index.digest },
      name: 'docker.io/example/server:1.0-slim',
      index: { digest: expect.stringMatching(/^sha256:/) },
      platforms: [{ source: { platform: 'linux/amd64' } }, { source: { platform: 'linux/s390x' } }],
    });
  });

  it('is exit 3 when one of its images is larger than --max-size, also when it is there already', async () => {
    const { status, slimAgain } = await slimIndex('--max-size', '1kB', '--if-changed');
    expect(status).toBe(3);
    const again = await slimAgain();
    expect(again.status).toBe(3);
    expect(again.stdout).toMatch(/unchanged: .*nothing was done/);
  });

  it('is left alone with --if-changed when it is there, and --json says so', async () => {
    const { slimAgain } = await slimIndex('--if-changed', '--json');
    const { status, stdout } = await slimAgain();
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      unchanged: true,
      written: [],
      places: [expect.stringMatching(/^oci:/)],
    });
  });
});

describe('a good run', () => {
  it('says the name on stdout, nothing on stderr, and leaves one file', async () => {
    const { status, stdout, stderr, left } = await slimBytes(whole());
    expect({ status, stderr, left }).toEqual({ status: 0, stderr: '', left: ['slim.tar'] });
    expect(stdout).toContain('example/server:1.0-slim');
  });

  it('is one JSON document with --json', async () => {
    const { status, stdout } = await slimBytes(whole(), '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ name: 'docker.io/example/server:1.0-slim' });
  });

  it('is silent with --quiet', async () => {
    const { status, stdout, stderr } = await slimBytes(whole(), '--quiet');
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('is exit 3 when it is larger than --max-size, and is written all the same', async () => {
    const { status, left } = await slimBytes(whole(), '--max-size', '1kB');
    expect({ status, left }).toEqual({ status: 3, left: ['slim.tar'] });
  });
});
