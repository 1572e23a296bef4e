import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ImageError, UsageError } from '../errors.ts';
import { type ImageSource, openAllImages } from '../image/image.ts';
import { validateImage } from '../image/validate-image.ts';
import { formatPlatform } from '../oci/platform.ts';
import { parseReference } from '../oci/reference.ts';
import type { SlimOutcome } from '../result/slim-result.ts';
import { archiveOf, type Files } from '../testing/image-media.ts';
import { namedLayout, type PlatformSpec, platformIndex, publishIndex } from '../testing/platform-index.ts';
import { APPLICATION_LAYER, BASE_LAYER, programImageFiles } from '../testing/program-image.ts';
import { send } from '../testing/registry/fault.ts';
import { TestRegistry } from '../testing/registry/test-registry.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { openArchive, openLayoutDirectory } from '../transport/archive-source.ts';
import { RegistrySource } from '../transport/registry/registry-source.ts';
import { type SlimJobOptions, slimJob } from './slim-job.ts';

const NAME = 'docker.io/example/server:1.0';

const SPECS: readonly PlatformSpec[] = [
  { platform: { os: 'linux', architecture: 'amd64' }, annotations: { 'org.example.a': 'b' } },
  {
    platform: { os: 'linux', architecture: 'arm64', variant: 'v8' },
    annotations: {
      'org.opencontainers.image.base.digest': `sha256:${'0'.repeat(64)}`,
      'org.opencontainers.image.ref.name': 'x',
      'containerd.io/distribution.source.docker.io': 'library/x',
    },
  },
  { platform: { os: 'linux', architecture: 's390x' }, isSilent: true },
];

const INDEX_ANNOTATIONS = {
  'org.opencontainers.image.title': 'server',
  'org.opencontainers.image.base.name': 'debian:12',
};

const INDEX = platformIndex(SPECS, INDEX_ANNOTATIONS);

const open: TestRegistry[] = [];
afterEach(async () => {
  for (const registry of open.splice(0)) await registry.close();
});

async function startRegistry(): Promise<TestRegistry> {
  const registry = await TestRegistry.start();
  open.push(registry);
  return registry;
}

function writeLayout(directory: string, files: Files): string {
  const layout = join(directory, 'layout');
  for (const [name, bytes] of files) {
    const file = join(layout, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
  return `oci:${layout}`;
}

function writeArchive(directory: string, files: Files): string {
  const file = join(directory, 'image.tar');
  writeFileSync(file, archiveOf(files));
  return file;
}

/** Runs a job of all platforms, with options for a test: a cache of nobody. */
async function slimAll(options: SlimJobOptions) {
  const outcome = await slimJob({ allPlatforms: true, cache: false, ...options });
  if (outcome.kind !== 'index') throw new Error(`not an index: ${outcome.kind}`);
  return outcome.result;
}

/** Reads a medium to its last byte; returns its index and its images. */
async function contentsOf(source: ImageSource) {
  const set = await openAllImages(source, {});
  const images = [];
  for (const member of set.members) {
    const image = await member.open();
    await validateImage(image);
    images.push(image);
  }
  await source.close();
  return { ...set, images };
}

describe('all platforms', () => {
  const sources: Readonly<Record<string, (directory: string) => Promise<string>>> = {
    'an OCI layout': async (directory) => writeLayout(directory, namedLayout(INDEX, NAME)),
    'an OCI archive': async (directory) => `oci-archive:${writeArchive(directory, namedLayout(INDEX, NAME))}`,
    'a bare archive': async (directory) => writeArchive(directory, namedLayout(INDEX, NAME)),
    'a registry': async () => {
      const registry = await startRegistry();
      publishIndex(registry, 'example/server', '1.0', INDEX);
      return `docker://${registry.host}/example/server:1.0`;
    },
  };

  it.each(Object.keys(sources))('of %s become an index of slim images', async (kind) => {
    const directory = temporaryDirectory();
    const image = (await sources[kind]?.(directory)) ?? '';
    const result = await slimAll({ image, output: `oci:${join(directory, 'out')}` });
    const { index, members, images } = await contentsOf(await openLayoutDirectory(join(directory, 'out')));
    expect(index?.digest).toBe(result.indexDigest);
    expect(members.map(({ descriptor }) => formatPlatform(descriptor?.platform ?? never()))).toEqual([
      'linux/amd64',
      'linux/arm64/v8',
      'linux/s390x',
    ]);
    expect(result.platforms.map(({ manifestDigest }) => manifestDigest)).toEqual(
      members.map(({ descriptor }) => descriptor?.digest),
    );
    expect(images.map(({ config }) => config.architecture)).toEqual(['amd64', 'arm64', 's390x']);
    expect(result.source.digest).toBe(INDEX.index.digest);
  });

  it('keep the annotations that still hold', async () => {
    const directory = temporaryDirectory();
    const image = writeArchive(directory, namedLayout(INDEX, NAME));
    const output = join(directory, 'out.tar');
    await slimAll({ image, output: `oci-archive:${output}` });
    const { index, members } = await contentsOf(await openArchive(output));
    expect(index?.annotations).toEqual({
      'dev.oslim.options': expect.stringMatching(/^sha256:/),
      'dev.oslim.source.digest': INDEX.index.digest,
      'dev.oslim.source.name': NAME,
      'dev.oslim.version': expect.any(String),
      'org.opencontainers.image.title': 'server',
    });
    expect(members.map(({ descriptor }) => descriptor?.annotations)).toEqual([
      { 'org.example.a': 'b' },
      undefined,
      undefined,
    ]);
  });

  it('are pushed with the tag last, and the same layer once', async () => {
    const registry = await startRegistry();
    const directory = temporaryDirectory();
    const image = writeArchive(directory, namedLayout(INDEX, NAME));
    const push = `${registry.host}/a/b:slim`;
    const result = await slimAll({ image, push });
    const puts = registry.seen.map(({ line }) => line).filter((line) => /PUT .*manifests/.test(line));
    expect(puts.map((line) => line.replace(/.*manifests\//, ''))).toEqual([
      ...result.platforms.map(({ manifestDigest }) => manifestDigest),
      'slim',
    ]);
    // Three configs, one layer: the files of all platforms are the same here.
    expect(registry.store.blobs.size).toBe(4);
    const pulled = await contentsOf(new RegistrySource(parseReference(push)));
    expect(pulled.index?.digest).toBe(result.indexDigest);
  });

  it('give the same bytes from every source to every destination', async () => {
    const digests = new Set<string>();
    const archives = new Set<string>();
    for (const make of Object.values(sources).slice(0, 3)) {
      const directory = temporaryDirectory();
      const image = await make(directory);
      digests.add((await slimAll({ image, output: `oci:${join(directory, 'out')}` })).indexDigest);
      const output = join(directory, 'out.tar');
      digests.add((await slimAll({ image, output: `oci-archive:${output}` })).indexDigest);
      archives.add(readFileSync(output).toString('latin1'));
    }
    expect([digests.size, archives.size]).toEqual([1, 1]);
  });

  it('share the layers that they have in common: each is pulled once', async () => {
    vi.stubEnv('XDG_CACHE_HOME', temporaryDirectory());
    const registry = await startRegistry();
    publishIndex(registry, 'example/server', '1.0', INDEX);
    await slimAll({ image: `docker://${registry.host}/example/server:1.0`, cache: true });
    vi.unstubAllEnvs();
    const pulled = registry.seenLike(/GET .*\/blobs\//).map(({ line }) => line);
    // Two layers, which all three images have, and three configs.
    expect(pulled).toHaveLength(5);
    expect(new Set(pulled).size).toBe(5);
  });

  it('come with what the registry says to its user, which --strict does not mind', async () => {
    const registry = await startRegistry();
    publishIndex(registry, 'example/server', '1.0', INDEX);
    registry.fail({
      on: /manifests/,
      deliver: (reply, response) =>
        send({ ...reply, headers: { ...reply.headers, warning: '299 - "this will go"' } }, response),
    });
    const image = `docker://${registry.host}/example/server:1.0`;
    const warning = { code: 'REGISTRY', message: `the registry says: ${registry.host}: this will go` };
    expect((await slimAll({ image, strict: true })).warnings).toEqual([warning]);
    const one = await slimJob({ image, strict: true, cache: false, platform: 's390x' });
    expect(one.kind === 'image' && one.result.warnings).toEqual([warning]);
  });

  it('are only said to be what they would be without a destination', async () => {
    const directory = temporaryDirectory();
    const result = await slimAll({ image: writeArchive(directory, namedLayout(INDEX, NAME)) });
    expect(result.written).toEqual([]);
    expect(result.platforms).toHaveLength(3);
    expect(readdirSync(directory)).toEqual(['image.tar']);
  });

  it('of an image alone are an index of one', async () => {
    const directory = temporaryDirectory();
    const image = writeArchive(directory, programImageFiles());
    await slimAll({ image, output: `oci:${join(directory, 'out')}` });
    const { index, members } = await contentsOf(await openLayoutDirectory(join(directory, 'out')));
    expect(index).toBeDefined();
    expect(members).toHaveLength(1);
  });

  it('are a Docker manifest list with --format docker', async () => {
    const directory = temporaryDirectory();
    const image = writeArchive(directory, namedLayout(INDEX, NAME));
    await slimAll({ image, output: `oci:${join(directory, 'out')}`, format: 'docker' });
    const { manifests } = JSON.parse(readFileSync(join(directory, 'out', 'index.json'), 'utf8'));
    expect(manifests[0].mediaType).toBe('application/vnd.docker.distribution.manifest.list.v2+json');
    await contentsOf(await openLayoutDirectory(join(directory, 'out')));
  });

  it('leave out what is not for Linux, and what the layout does not hold, and say so', async () => {
    const directory = temporaryDirectory();
    const windows = { platform: { os: 'windows', architecture: 'amd64' } };
    const made = platformIndex([...SPECS, windows]);
    const files = namedLayout(made, NAME);
    const { manifests } = JSON.parse(Buffer.from(files.get(blobName(made.index.digest)) ?? []).toString());
    files.delete(blobName(manifests[1].digest));
    const result = await slimAll({ image: writeArchive(directory, files) });
    expect(result.platforms.map(({ source }) => source.platform.architecture)).toEqual(['amd64', 's390x']);
    expect(result.warnings).toEqual([
      { code: 'PLATFORM_SKIPPED', message: 'windows/amd64 is left out: it is not for Linux' },
      {
        code: 'PLATFORM_SKIPPED',
        message: 'linux/arm64/v8 is left out: the index names it, but it is not there',
      },
    ]);
    await expect(slimAll({ image: join(directory, 'image.tar'), strict: true })).rejects.toThrow(ImageError);
  });

  it('are none at all when one cannot be slimmed, and the message says which', async () => {
    const directory = temporaryDirectory();
    const broken = APPLICATION_LAYER.filter(({ name }) => !name.includes('libapp.so.1'));
    const bad = {
      ...SPECS[1],
      platform: SPECS[1]?.platform ?? never(),
      image: { layers: [BASE_LAYER, broken] },
    };
    const made = platformIndex([SPECS[0] ?? never(), bad]);
    const image = writeArchive(directory, namedLayout(made, NAME));
    const failing = slimAll({ image, output: `oci:${join(directory, 'out')}` });
    await expect(failing).rejects.toThrow(/libapp\.so\.1.*\(linux\/arm64\/v8\)$/);
    expect(readdirSync(directory)).toEqual(['image.tar']);
  });

  it.each([
    { summary: 'a FILE for docker load', options: { output: 'slim.tar' } },
    { summary: 'docker-archive:FILE', options: { output: 'docker-archive:slim.tar' } },
    { summary: 'standard output', options: { output: '-' } },
    { summary: '--load', options: { load: true } },
    { summary: '--platform', options: { platform: 'linux/arm64' } },
    { summary: 'a directory', options: { image: 'rootfs:/nowhere' } },
  ])('are a usage error with $summary', async ({ options }) => {
    await expect(slimAll({ image: './absent.tar', ...options })).rejects.toThrow(UsageError);
  });
});

describe('if changed', () => {
  const destinations: Readonly<Record<string, (directory: string) => Promise<SlimJobOptions>>> = {
    'oci:DIR': async (directory) => ({ image: '', output: `oci:${join(directory, 'out')}` }),
    'oci:DIR:REF': async (directory) => ({ image: '', output: `oci:${join(directory, 'out')}:ref` }),
    'oci-archive:FILE': async (directory) => ({ image: '', output: `oci-archive:${join(directory, 'out')}` }),
    'oci-archive:FILE:REF': async (directory) => ({
      image: '',
      output: `oci-archive:${join(directory, 'out')}:ref`,
    }),
    '--push': async () => ({ image: '', push: `${(await startRegistry()).host}/a/b:slim` }),
    '-o docker://REF': async () => ({
      image: '',
      output: `docker://${(await startRegistry()).host}/a/b:slim`,
    }),
    FILE: async (directory) => ({ image: '', output: join(directory, 'out') }),
    'two places': async (directory) => ({
      image: '',
      output: join(directory, 'out'),
      push: `${(await startRegistry()).host}/a/b:slim`,
    }),
  };
  const rows = Object.keys(destinations).flatMap((kind) =>
    [false, true].map((allPlatforms) => ({ kind, allPlatforms })),
  );
  const possible = rows.filter(({ kind, allPlatforms }) => !allPlatforms || !/^FILE|two/.test(kind));

  async function setUp(kind: string, allPlatforms: boolean): Promise<SlimJobOptions> {
    const directory = temporaryDirectory();
    const files = allPlatforms ? namedLayout(INDEX, NAME) : programImageFiles();
    const to = await destinations[kind]?.(directory);
    return { ...to, image: writeArchive(directory, files), allPlatforms, ifChanged: true };
  }

  const kindOf = async (options: SlimJobOptions): Promise<SlimOutcome['kind']> =>
    (await slimJob(options)).kind;

  it.each(possible)(
    'does nothing the second time for $kind (all: $allPlatforms)',
    async ({ kind, allPlatforms }) => {
      const options = await setUp(kind, allPlatforms);
      const first = allPlatforms ? 'index' : 'image';
      expect(await kindOf(options)).toBe(first);
      const second = await slimJob(options);
      expect(second).toMatchObject({
        kind: 'unchanged',
        result: { places: [options.output, options.push].filter((place) => place !== undefined) },
      });
      // Another option, another result.
      expect(await kindOf({ ...options, zoneinfo: false })).toBe(first);
    },
  );

  it('works again for another source, another name, and without the flag', async () => {
    const options = await setUp('FILE', false);
    expect(await kindOf(options)).toBe('image');
    expect(await kindOf({ ...options, tag: 'other:1' })).toBe('image');
    expect(await kindOf({ ...options, tag: 'other:1' })).toBe('unchanged');
    expect(await kindOf({ ...options, tag: 'other:1', ifChanged: false })).toBe('image');
    writeFileSync(options.image, archiveOf(programImageFiles({ config: { author: 'somebody else' } })));
    expect(await kindOf({ ...options, tag: 'other:1' })).toBe('image');
  });

  it('works again when one image of several is another', async () => {
    const options = await setUp('oci:DIR', true);
    expect(await kindOf(options)).toBe('index');
    const [first, ...others] = SPECS;
    const changed = { ...(first ?? never()), image: { config: { author: 'somebody else' } } };
    writeFileSync(options.image, archiveOf(namedLayout(platformIndex([changed, ...others]), NAME)));
    expect(await kindOf(options)).toBe('index');
    writeFileSync(options.image, archiveOf(namedLayout(platformIndex(others), NAME)));
    expect(await kindOf(options)).toBe('index');
    expect(await kindOf(options)).toBe('unchanged');
  });

  it('does not take an image for an index of it', async () => {
    const options = await setUp('oci:DIR', false);
    expect(await kindOf(options)).toBe('image');
    expect(await kindOf({ ...options, allPlatforms: true })).toBe('index');
    expect(await kindOf(options)).toBe('image');
  });

  it('writes anew what was cut off or altered', async () => {
    const options = await setUp('FILE', false);
    const output = options.output ?? '';
    await slimJob(options);
    const whole = readFileSync(output);
    const altered = Buffer.from(whole);
    // The layer is the largest blob; its bytes are past the documents.
    const at = altered.lastIndexOf(Buffer.from([0x1f, 0x8b])) + 40;
    altered[at] = (altered[at] ?? 0) ^ 1;
    for (const bytes of [whole.subarray(0, whole.length >> 1), altered, Buffer.alloc(0), Buffer.from('x')]) {
      writeFileSync(output, bytes);
      expect(await kindOf(options)).toBe('image');
      expect(readFileSync(output).equals(whole)).toBe(true);
    }
    expect(await kindOf(options)).toBe('unchanged');
  });

  it('says again that the result is over --max-size', async () => {
    const options = { ...(await setUp('FILE', false)), maxSize: 1000 };
    const first = await slimJob(options);
    const second = await slimJob(options);
    expect(second.kind).toBe('unchanged');
    expect(second.result).toMatchObject({ overSize: 'overSize' in first.result && first.result.overSize });
  });

  it('does not take a registry that fails for one that has nothing', async () => {
    const options = await setUp('--push', false);
    open[0]?.fail({ on: /GET .*manifests/, answer: () => ({ status: 400 }) });
    await expect(slimJob(options)).rejects.toMatchObject({ code: 'REGISTRY' });
  });

  it.each([
    { summary: 'no destination', options: {} },
    { summary: 'standard output', options: { output: '-' } },
    { summary: 'docker-archive:FILE', options: { output: 'docker-archive:x' } },
    { summary: '--load', options: { load: true, output: 'x.tar' } },
    { summary: '--format docker', options: { output: 'oci:x', format: 'docker' as const } },
    { summary: 'a directory', options: { image: 'rootfs:/nowhere', output: 'x.tar' } },
  ])('is a usage error with $summary', async ({ options }) => {
    await expect(slimJob({ image: './absent.tar', ifChanged: true, ...options })).rejects.toThrow(UsageError);
  });
});

function blobName(digest: string): string {
  return digest.replace('sha256:', 'blobs/sha256/');
}

function never(): never {
  throw new Error('it is there');
}
