import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OslimError } from '../errors.ts';
import { validateImage } from '../image/validate-image.ts';
import { compress } from '../io/compress.ts';
import { DEFAULT_LIMITS } from '../io/limits.ts';
import { MediaType } from '../oci/media-type.ts';
import { parsePlatform } from '../oci/platform.ts';
import { flatten } from '../rootfs/flatten.ts';
import {
  addBlob,
  addImage,
  archiveOf,
  dockerLayoutFiles,
  dockerSaveFiles,
  type Files,
  json,
  layoutFiles,
  madeImage,
  withIndex,
} from '../testing/image-media.ts';
import type { TarSpec } from '../testing/tar-builder.ts';
import { type ArchiveKind, openArchive, openArchiveStream, openLayoutDirectory } from './archive-source.ts';

const BASE: TarSpec[] = [
  { name: 'etc', type: 'directory' },
  { name: 'etc/base', content: 'b' },
];
const TOP: TarSpec[] = [{ name: 'app', content: 'redis', mode: 0o755 }];
const REDIS = madeImage([BASE, TOP], { config: { Cmd: ['/app'] } });
const NGINX = madeImage([BASE, [{ name: 'app', content: 'nginx' }]]);
const S390X = madeImage([BASE], { architecture: 's390x' });
const ARM64 = madeImage([TOP], { architecture: 'arm64' });
const FULL = 'docker.io/library/redis:7';
const REF_NAME = 'org.opencontainers.image.ref.name';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'oslim-source-'));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

function fileOf(bytes: Uint8Array): string {
  const path = join(home, 'a.tar');
  writeFileSync(path, bytes);
  return path;
}

function directoryOf(files: Files): string {
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), bytes);
  }
  return home;
}

async function* byteByByte(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (const byte of bytes) yield Uint8Array.of(byte);
}

/** Opens, validates and flattens; returns the names, the contents of /app and whether layers have digests. */
async function summaryOf(
  opening: ReturnType<typeof openArchive>,
  query: { reference?: string; platform?: ReturnType<typeof parsePlatform> } = {},
) {
  const source = await opening;
  try {
    const image = await source.open(query);
    await validateImage(image);
    const flat = await flatten(image.layers);
    const app = flat.rootfs.text('/app');
    flat.close();
    const { architecture } = image.config;
    return {
      names: image.names,
      app,
      architecture,
      digests: image.layers.every((layer) => layer.descriptor.digest !== undefined),
    };
  } finally {
    await source.close();
  }
}

async function zstd(bytes: Uint8Array): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of compress([bytes], { format: 'zstd', threads: 1 })) parts.push(part);
  return Buffer.concat(parts);
}

describe('what the writers of archives make', () => {
  const linkedLayers = (link: 'symlink' | 'hardlink') => {
    const files = dockerSaveFiles([
      { image: REDIS, tags: ['redis:7'] },
      { image: NGINX, tags: ['nginx:1'] },
    ]);
    const [shared, other] = [`00${'a'.repeat(62)}/layer.tar`, `10${'a'.repeat(62)}/layer.tar`];
    files.delete(other);
    return archiveOf(files, [
      { name: other, type: link, target: link === 'symlink' ? `../${shared}` : shared },
    ]);
  };
  const podman = () => {
    const files = dockerSaveFiles([{ image: REDIS, tags: ['docker.io/library/redis:7'] }]);
    return archiveOf(files);
  };
  const rows: {
    summary: string;
    archive: () => Uint8Array;
    kind?: ArchiveKind;
    reference?: string;
    digests: boolean;
  }[] = [
    {
      summary: 'docker save before 25',
      archive: () => archiveOf(dockerSaveFiles([{ image: REDIS, tags: ['redis:7'] }])),
      digests: false,
    },
    {
      summary: 'docker save since 25',
      archive: () => archiveOf(dockerLayoutFiles([{ image: REDIS, tags: ['redis:7'] }])),
      digests: true,
    },
    { summary: 'podman save', archive: podman, digests: false },
    {
      summary: 'a layer that links to another (symlink)',
      archive: () => linkedLayers('symlink'),
      reference: 'redis:7',
      digests: false,
    },
    {
      summary: 'a layer that links to another (hard link)',
      archive: () => linkedLayers('hardlink'),
      reference: 'redis:7',
      digests: false,
    },
    {
      summary: 'docker save since 25, read as docker-archive',
      archive: () => archiveOf(dockerLayoutFiles([{ image: REDIS, tags: ['redis:7'] }])),
      kind: 'docker-archive',
      digests: true,
    },
    {
      summary: 'gzip layers in a docker-archive',
      archive: () =>
        archiveOf(
          dockerSaveFiles([{ image: madeImage([BASE, TOP], { store: gzipSync }), tags: ['redis:7'] }]),
        ),
      digests: false,
    },
    {
      summary: 'an oci-archive with "./" before its names',
      archive: () => {
        const files = layoutFiles([{ image: REDIS, annotations: { [REF_NAME]: 'redis:7' } }]);
        return archiveOf(new Map([...files].map(([name, bytes]) => [`./${name}`, bytes])));
      },
      digests: true,
    },
  ];
  test.each(rows)('reads $summary', async ({ archive, kind, reference, digests }) => {
    const query = reference === undefined ? {} : { reference };
    const found = await summaryOf(openArchive(fileOf(archive()), kind), query);
    expect(found).toEqual({ names: [FULL], app: 'redis', architecture: 'amd64', digests });
  });

  test('reads the second image through the link of its layer', async () => {
    const found = await summaryOf(openArchive(fileOf(linkedLayers('symlink'))), { reference: 'nginx:1' });
    expect(found.app).toBe('nginx');
  });

  test('reads zstd layers', async () => {
    const stored = await zstd(REDIS.tars[1] ?? new Uint8Array());
    const image = { ...REDIS, layers: [REDIS.layers[0] ?? new Uint8Array(), stored] };
    expect((await summaryOf(openArchive(fileOf(archiveOf(layoutFiles([{ image }])))))).app).toBe('redis');
    expect(
      (await summaryOf(openArchive(fileOf(archiveOf(dockerSaveFiles([{ image, tags: null }])))))).app,
    ).toBe('redis');
  });

  test('reads archives that are themselves compressed', async () => {
    const archive = archiveOf(dockerSaveFiles([{ image: REDIS, tags: ['redis:7'] }]));
    expect((await summaryOf(openArchive(fileOf(gzipSync(archive))))).app).toBe('redis');
    expect((await summaryOf(openArchive(fileOf(await zstd(archive))))).app).toBe('redis');
  });

  test('reads a stream, whatever its chunks', async () => {
    const archive = archiveOf(layoutFiles([{ image: REDIS }]));
    expect((await summaryOf(openArchiveStream(byteByByte(archive), 'stdin'))).app).toBe('redis');
    expect((await summaryOf(openArchiveStream(byteByByte(gzipSync(archive)), 'stdin'))).app).toBe('redis');
  });

  test('reads a layout directory', async () => {
    const directory = directoryOf(layoutFiles([{ image: REDIS, annotations: { [REF_NAME]: 'latest' } }]));
    expect(await summaryOf(openLayoutDirectory(directory))).toMatchObject({ names: [], app: 'redis' });
    expect((await summaryOf(openLayoutDirectory(directory), { reference: 'latest' })).app).toBe('redis');
  });

  test('falls back on manifest.json for what the index has not', async () => {
    const files = dockerLayoutFiles([
      { image: REDIS, tags: ['redis:7'] },
      { image: NGINX, tags: ['nginx:1'] },
    ]);
    const manifest = files.get('manifest.json') ?? new Uint8Array();
    withIndex(files, [{ ...addImage(files, REDIS), annotations: { [REF_NAME]: 'redis:7' } }]);
    files.set('manifest.json', manifest);
    expect((await summaryOf(openArchive(fileOf(archiveOf(files))), { reference: 'nginx:1' })).app).toBe(
      'nginx',
    );
  });
});

describe('the image that is asked for', () => {
  const nested = (options: { withMissing?: boolean } = {}): Files => {
    const files: Files = new Map();
    const manifests = [S390X, REDIS, ARM64].map((image) => addImage(files, image));
    const index = {
      schemaVersion: 2,
      mediaType: MediaType.ociIndex,
      manifests: [
        { ...manifests[0], platform: { os: 'linux', architecture: 's390x' } },
        { ...manifests[1], platform: { os: 'linux', architecture: 'amd64' } },
        { ...manifests[2] },
        {
          ...addBlob(files, MediaType.ociManifest, json({ schemaVersion: 2, config: {}, layers: [] })),
          platform: { os: 'unknown', architecture: 'unknown' },
          annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
        },
        ...(options.withMissing === true
          ? [
              {
                mediaType: MediaType.ociManifest,
                digest: `sha256:${'e'.repeat(64)}`,
                size: 3,
                platform: { os: 'linux', architecture: '386' },
              },
            ]
          : []),
      ],
    };
    return withIndex(files, [
      { ...addBlob(files, MediaType.ociIndex, json(index)), annotations: { [REF_NAME]: 'redis:7' } },
    ]);
  };

  test.each(['linux/amd64', 'linux/s390x', 'linux/arm64'])(
    'of a nested index is the one for %s',
    async (platform) => {
      const found = await summaryOf(openArchive(fileOf(archiveOf(nested()))), {
        platform: parsePlatform(platform),
        reference: 'redis:7',
      });
      expect(`linux/${found.architecture}`).toBe(platform);
      expect(found.names).toEqual([FULL]);
    },
  );

  test('may be of an index whose other platforms are not there', async () => {
    const file = fileOf(archiveOf(nested({ withMissing: true })));
    expect((await summaryOf(openArchive(file), { platform: parsePlatform('s390x') })).architecture).toBe(
      's390x',
    );
  });

  test.each([
    ['redis:7', 'redis'],
    ['docker.io/library/redis:7', 'redis'],
    ['nginx', 'nginx'],
    ['@1', 'nginx'],
  ])('by the name %s is %s', async (reference, app) => {
    const files = dockerSaveFiles([
      { image: REDIS, tags: ['redis:7', 'redis:latest'] },
      { image: NGINX, tags: ['nginx:latest'] },
    ]);
    expect((await summaryOf(openArchive(fileOf(archiveOf(files))), { reference })).app).toBe(app);
  });

  test('is the only one under two names', async () => {
    const files = dockerSaveFiles([
      { image: REDIS, tags: ['redis:7'] },
      { image: REDIS, tags: ['redis:latest'] },
    ]);
    expect((await summaryOf(openArchive(fileOf(archiveOf(files))))).app).toBe('redis');
  });

  test('does not need another image to be whole', async () => {
    const files = layoutFiles([{ image: REDIS, annotations: { [REF_NAME]: 'a' } }]);
    const broken = {
      mediaType: MediaType.ociManifest,
      digest: `sha256:${'e'.repeat(64)}`,
      size: 3,
      annotations: { [REF_NAME]: 'b' },
    };
    withIndex(files, [{ ...addImage(files, REDIS), annotations: { [REF_NAME]: 'a' } }, broken]);
    expect((await summaryOf(openArchive(fileOf(archiveOf(files))), { reference: 'a' })).app).toBe('redis');
  });
});

describe('what cannot be read', () => {
  const save = (images: Parameters<typeof dockerSaveFiles>[0] = [{ image: REDIS, tags: ['redis:7'] }]) =>
    dockerSaveFiles(images);
  const two = () =>
    archiveOf(
      save([
        { image: REDIS, tags: ['redis:7'] },
        { image: NGINX, tags: ['nginx:1'] },
      ]),
    );
  const without = (files: Files, pattern: RegExp): Files =>
    new Map([...files].filter(([name]) => !pattern.test(name)));
  const whole = () => archiveOf(save());
  const withManifest = (text: string): Uint8Array =>
    archiveOf(new Map([['manifest.json', Buffer.from(text)]]));
  const config = `${'c'.repeat(64)}.json`;

  const rows: {
    summary: string;
    bytes: () => Uint8Array;
    reference?: string;
    kind?: ArchiveKind;
    code: string;
    says: RegExp;
  }[] = [
    {
      summary: 'a file that is not an archive',
      bytes: () => Buffer.from('#!/bin/sh\n'.repeat(200)),
      code: 'FORMAT',
      says: /is not an archive/,
    },
    { summary: 'a short text', bytes: () => Buffer.from('hello'), code: 'FORMAT', says: /is not an archive/ },
    { summary: 'an empty file', bytes: () => Buffer.alloc(0), code: 'IMAGE', says: /it is empty/ },
    {
      summary: 'an archive of something else',
      bytes: () => archiveOf(new Map([['etc/passwd', Buffer.from('')]])),
      code: 'IMAGE',
      says: /not of an image/,
    },
    {
      summary: 'a truncated archive',
      bytes: () => whole().subarray(0, 4000),
      code: 'FORMAT',
      says: /cut off/,
    },
    {
      summary: 'a truncated gzip',
      bytes: () => gzipSync(whole()).subarray(0, 300),
      code: 'FORMAT',
      says: /cannot/,
    },
    { summary: 'bzip2', bytes: () => Buffer.from('BZh91AY&SY'), code: 'UNSUPPORTED', says: /bzip2/ },
    {
      summary: 'a missing layer',
      bytes: () => archiveOf(without(save(), /^01.*layer/)),
      code: 'IMAGE',
      says: /layer 01a.* is missing/,
    },
    {
      summary: 'a missing config',
      bytes: () => withManifest(`[{"Config":"${config}","Layers":[]}]`),
      code: 'IMAGE',
      says: /config c.* is missing/,
    },
    {
      summary: 'a config that is not what its name promises',
      bytes: () =>
        archiveOf(
          new Map([
            ['manifest.json', json([{ Config: config, Layers: [] }])],
            [config, REDIS.config],
          ]),
        ),
      code: 'INTEGRITY',
      says: /expected sha256:ccc/,
    },
    {
      summary: 'a manifest.json that is no JSON',
      bytes: () => withManifest('{'),
      code: 'FORMAT',
      says: /manifest.json/,
    },
    {
      summary: 'a manifest.json that is no list',
      bytes: () => withManifest('{}'),
      code: 'FORMAT',
      says: /not a list/,
    },
    {
      summary: 'a manifest.json without an image',
      bytes: () => withManifest('[]'),
      code: 'IMAGE',
      says: /no image is in it/,
    },
    {
      summary: 'an entry without a config',
      bytes: () => withManifest('[{}]'),
      code: 'FORMAT',
      says: /no Config/,
    },
    {
      summary: 'fewer layers than diff_ids',
      bytes: () =>
        archiveOf(
          new Map([
            ['manifest.json', json([{ Config: 'c.json', Layers: [] }])],
            ['c.json', REDIS.config],
          ]),
        ),
      code: 'IMAGE',
      says: /2 diff_ids, its manifest.json 0 layers/,
    },
    {
      summary: 'a layer that links to itself',
      bytes: () => {
        const [name] = [...save().keys()].filter((key) => /^01.*layer/.test(key));
        return archiveOf(without(save(), /^01.*layer/), [
          { name: name ?? '', type: 'symlink', target: 'layer.tar' },
        ]);
      },
      code: 'IMAGE',
      says: /leads in a circle/,
    },
    { summary: 'several images and no name', bytes: two, code: 'IMAGE', says: /holds 2 images/ },
    {
      summary: 'a name that is not there',
      bytes: two,
      reference: 'postgres',
      code: 'IMAGE',
      says: /no image "postgres"/,
    },
    {
      summary: 'a manifest.json over the limit',
      bytes: () => withManifest(`[${' '.repeat(DEFAULT_LIMITS.manifestBytes)}]`),
      code: 'LIMIT',
      says: /manifest.json of .* limit manifestBytes/,
    },
    {
      summary: 'more layers than the limit',
      bytes: () => {
        const many = Array.from({ length: DEFAULT_LIMITS.layers + 1 }, () => 'l');
        return archiveOf(
          new Map([
            ['manifest.json', json([{ Config: 'c.json', Layers: many }])],
            ['c.json', REDIS.config],
          ]),
        );
      },
      code: 'LIMIT',
      says: /layers/,
    },
    {
      summary: 'an archive of Docker before 1.10',
      bytes: () => archiveOf(new Map([['repositories', json({})]])),
      code: 'UNSUPPORTED',
      says: /before 1.10/,
    },
    {
      summary: 'an oci-archive that is none',
      bytes: whole,
      kind: 'oci-archive',
      code: 'IMAGE',
      says: /not an OCI image layout/,
    },
    {
      summary: 'a layout of version 2',
      bytes: () =>
        archiveOf(layoutFiles([{ image: REDIS }]).set('oci-layout', json({ imageLayoutVersion: '2.0.0' }))),
      code: 'FORMAT',
      says: /imageLayoutVersion/,
    },
    {
      summary: 'a layout without a layer',
      bytes: () =>
        archiveOf(
          without(
            layoutFiles([{ image: REDIS }]),
            new RegExp(addBlob(new Map(), '', REDIS.layers[1] ?? new Uint8Array()).digest.slice(7)),
          ),
        ),
      code: 'IMAGE',
      says: /blob sha256:.* is missing/,
    },
    {
      summary: 'indexes nested without an end',
      bytes: () => {
        const files: Files = new Map();
        let descriptor: object = addImage(files, REDIS);
        for (let depth = 0; depth < 10; depth++) {
          descriptor = addBlob(
            files,
            MediaType.ociIndex,
            json({ schemaVersion: 2, manifests: [descriptor] }),
          );
        }
        return archiveOf(withIndex(files, [descriptor]));
      },
      code: 'LIMIT',
      says: /limit indexDepth/,
    },
    {
      summary: 'an index with nothing but attestations',
      bytes: () => archiveOf(withIndex(new Map(), [])),
      code: 'IMAGE',
      says: /no image is in it/,
    },
  ];
  test.each(rows)('says so: $summary', async ({ bytes, reference, kind, code, says }) => {
    const error: unknown = await summaryOf(
      openArchive(fileOf(bytes()), kind),
      reference === undefined ? {} : { reference },
    ).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OslimError);
    expect(error).toMatchObject({ code, message: expect.stringMatching(says) });
    expect(String(error)).not.toContain('\n');
  });

  test.each([
    ['no/such.tar', 'TRANSPORT', /no such file/],
    ['.', 'USAGE', /it is a directory/],
  ])('says so: %s', async (name, code, says) => {
    await expect(openArchive(join(home, name))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(says),
    });
  });

  test('a layout directory that is not there', async () => {
    await expect(openLayoutDirectory(join(home, 'no'))).rejects.toMatchObject({ code: 'TRANSPORT' });
  });

  test('a list of several images names them all', async () => {
    await expect(summaryOf(openArchive(fileOf(two())))).rejects.toMatchObject({
      advice: expect.stringContaining(
        'docker.io/library/redis:7 (linux/amd64), docker.io/library/nginx:1 (linux/amd64)',
      ),
    });
  });

  test('any blob of a layout that is altered by one byte', async () => {
    const files = layoutFiles([{ image: madeImage([BASE, TOP], { store: gzipSync }) }]);
    for (const [name, bytes] of files) {
      if (!name.startsWith('blobs/')) continue;
      const altered = Buffer.from(bytes);
      altered[altered.length >> 1] = (altered[altered.length >> 1] ?? 0) ^ 1;
      const file = fileOf(archiveOf(new Map(files).set(name, altered)));
      await expect(summaryOf(openArchive(file))).rejects.toBeInstanceOf(OslimError);
    }
  });

  test('a layer of a docker-archive that is altered by one byte is caught by its diffID', async () => {
    const files = save();
    const [name, bytes] = [...files].find(([key]) => /^01.*layer/.test(key)) ?? ['', new Uint8Array()];
    const altered = Buffer.from(bytes);
    altered[512] = 0x52;
    await expect(summaryOf(openArchive(fileOf(archiveOf(files.set(name, altered)))))).rejects.toMatchObject({
      code: 'INTEGRITY',
    });
  });

  test('an archive that is cut off anywhere is an error, or whole but for the index beside it', async () => {
    const archive = archiveOf(dockerLayoutFiles([{ image: REDIS, tags: ['redis:7'] }]));
    const found: (string | undefined)[] = [];
    for (let length = 0; length < archive.length; length += 509) {
      const opening = openArchive(fileOf(archive.subarray(0, length)));
      const result = await summaryOf(opening).catch((error: unknown) => error);
      if (!(result instanceof OslimError)) found.push((result as Awaited<ReturnType<typeof summaryOf>>).app);
    }
    expect(found.length).toBeLessThan(6);
    expect(new Set(found)).toEqual(new Set(['redis']));
  });
});
