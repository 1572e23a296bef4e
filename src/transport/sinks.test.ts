import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type EmittedImage, emit } from '../emit/emit.ts';
import { verifyWritten } from '../emit/verify-written.ts';
import type { Image, ImageSink, ImageSource } from '../image/image.ts';
import { validateImage } from '../image/validate-image.ts';
import { memoryAccess } from '../io/random-access.ts';
import { flatten } from '../rootfs/flatten.ts';
import { indexTar } from '../tar/reader.ts';
import {
  archiveOf,
  dockerLayoutFiles,
  dockerSaveFiles,
  layoutFiles,
  madeImage,
} from '../testing/image-media.ts';
import { dumpTree } from '../testing/tree-dump.ts';
import { archiveFileSink, archiveStreamSink } from './archive-sink.ts';
import { openArchive, openArchiveStream, openLayoutDirectory } from './archive-source.ts';
import { layoutDirectorySink } from './oci-layout/layout-sink.ts';

const NAME = 'docker.io/library/app:1-slim';
const MADE = madeImage(
  [
    [
      { name: 'bin', type: 'directory' },
      { name: 'bin/a', content: 'a', mode: 0o755, mtime: 7 },
    ],
    [
      { name: 'bin/b', type: 'hardlink', target: 'bin/a' },
      { name: 'etc/c', content: 'c' },
    ],
  ],
  { config: { Cmd: ['/bin/a'], Env: ['A=b'] } },
);

let home: string;
let gzip: EmittedImage;
let zstd: EmittedImage;

async function emitFrom(source: ImageSource, compression: 'gzip' | 'zstd'): Promise<EmittedImage> {
  const image = await source.open({});
  const { rootfs } = await flatten(image.layers);
  const paths = [...rootfs.walk()].map(([path]) => path);
  return await emit({
    rootfs,
    paths,
    image,
    source: { digest: image.configDigest },
    options: { compression, format: 'oci', version: '1' },
  });
}

beforeAll(async () => {
  const archive = archiveOf(dockerSaveFiles([{ image: MADE, tags: ['app:1'] }]));
  gzip = await emitFrom(await openArchiveStream([archive] as never, 'test'), 'gzip');
  zstd = await emitFrom(await openArchiveStream([archive] as never, 'test'), 'zstd');
});
afterAll(() => {
  gzip.close();
  zstd.close();
});
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'oslim-sinks-'));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

const out = (): string => join(home, 'out');

interface Medium {
  readonly sink: (verify?: (written: Image) => Promise<void>, signal?: AbortSignal) => ImageSink;
  readonly source: () => Promise<ImageSource>;
}

const MEDIA: Readonly<Record<string, Medium>> = {
  loadable: {
    sink: (verify, signal) => archiveFileSink(out(), { form: 'loadable', verify, signal }),
    source: () => openArchive(out()),
  },
  'loadable read as docker-archive': {
    sink: (verify, signal) => archiveFileSink(out(), { form: 'loadable', verify, signal }),
    source: () => openArchive(out(), 'docker-archive'),
  },
  'loadable read as oci-archive': {
    sink: (verify, signal) => archiveFileSink(out(), { form: 'loadable', verify, signal }),
    source: () => openArchive(out(), 'oci-archive'),
  },
  'docker-archive': {
    sink: (verify, signal) => archiveFileSink(out(), { form: 'docker-archive', verify, signal }),
    source: () => openArchive(out()),
  },
  'oci-archive': {
    sink: (verify, signal) => archiveFileSink(out(), { form: 'oci-archive', verify, signal }),
    source: () => openArchive(out()),
  },
  oci: {
    sink: (verify, signal) => layoutDirectorySink(out(), { verify, signal }),
    source: () => openLayoutDirectory(out()),
  },
};

/** Opens a medium, validates the image and returns it with its filesystem as text. */
async function readBack(opening: Promise<ImageSource>, reference?: string) {
  const source = await opening;
  const image = await source.open(reference === undefined ? {} : { reference });
  await validateImage(image);
  const flat = await flatten(image.layers);
  const tree = dumpTree(flat.rootfs);
  flat.close();
  await source.close();
  return { image, tree };
}

describe('every source to every sink', () => {
  const sources: Readonly<Record<string, () => Uint8Array>> = {
    'docker save before 25': () => archiveOf(dockerSaveFiles([{ image: MADE, tags: ['app:1'] }])),
    'docker save since 25': () => archiveOf(dockerLayoutFiles([{ image: MADE, tags: ['app:1'] }])),
    'oci-archive': () => archiveOf(layoutFiles([{ image: MADE }])),
  };
  const rows = Object.keys(sources).flatMap((source) =>
    Object.keys(MEDIA).map((medium) => ({ source, medium })),
  );
  test.each(rows)('$source to $medium is the same image', async ({ source, medium }) => {
    const made = await emitFrom(await openArchiveStream([sources[source]?.()] as never, 'test'), 'gzip');
    expect(made.manifest.descriptor.digest).toBe(gzip.manifest.descriptor.digest);
    await MEDIA[medium]?.sink((written) => verifyWritten(written, made)).write(made, NAME);
    const { image, tree } = await readBack(MEDIA[medium]?.source() ?? Promise.reject());
    expect(image.configDigest).toBe(made.config.descriptor.digest);
    expect(image.names).toEqual([NAME]);
    expect(tree).toEqual([
      '/bin/: directory 0755 0:0',
      '/bin/a: file 0755 0:0 ca978112 @7000000000',
      '/bin/b: hardlink /bin/a',
      '/etc/: directory 0755 0:0',
      '/etc/c: file 0644 0:0 2e7d2c03',
    ]);
    made.close();
  });

  test.each(['oci-archive', 'oci'])('zstd to %s', async (medium) => {
    await MEDIA[medium]?.sink((written) => verifyWritten(written, zstd)).write(zstd, NAME);
    const { image } = await readBack(MEDIA[medium]?.source() ?? Promise.reject());
    expect(image.configDigest).toBe(gzip.config.descriptor.digest);
  });

  test.each(['loadable', 'docker-archive'])('zstd to %s is a usage error', async (medium) => {
    await expect(MEDIA[medium]?.sink().write(zstd, NAME)).rejects.toMatchObject({ code: 'USAGE' });
    expect(readdirSync(home)).toEqual([]);
  });
});

describe('an archive', () => {
  test('is the same file each time, and on a stream', async () => {
    await archiveFileSink(out(), { form: 'loadable' }).write(gzip, NAME);
    const first = readFileSync(out());
    await archiveFileSink(out(), { form: 'loadable' }).write(gzip, NAME);
    expect(readFileSync(out()).equals(first)).toBe(true);
    const parts: Buffer[] = [];
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        parts.push(chunk);
        setImmediate(done);
      },
    });
    await archiveStreamSink(stream, 'stdout', {
      form: 'loadable',
      verify: (written) => verifyWritten(written, gzip),
    }).write(gzip, NAME);
    expect(Buffer.concat(parts).equals(first)).toBe(true);
  });

  test('names the image as docker load, podman, skopeo and umoci want it', async () => {
    await archiveFileSink(out(), { form: 'loadable' }).write(gzip, NAME);
    const bytes = readFileSync(out());
    const members = [...indexTar(memoryAccess(bytes))];
    const text = (name: string): unknown => {
      const member = members.find(({ entry }) => entry.name === name);
      return JSON.parse(
        bytes.toString('utf8', member?.dataOffset, (member?.dataOffset ?? 0) + (member?.storedSize ?? 0)),
      );
    };
    expect(
      members.map(({ entry }) => [
        entry.name.replace(/[0-9a-f]{64}/, '…'),
        entry.mode.toString(8),
        entry.uid,
        entry.mtime,
      ]),
    ).toEqual([
      ['oci-layout', '644', 0, 0n],
      ['index.json', '644', 0, 0n],
      ['manifest.json', '644', 0, 0n],
      ['blobs/', '755', 0, 0n],
      ['blobs/sha256/', '755', 0, 0n],
      ['blobs/sha256/…', '644', 0, 0n],
      ['blobs/sha256/…', '644', 0, 0n],
      ['blobs/sha256/…', '644', 0, 0n],
    ]);
    expect(text('index.json')).toMatchObject({
      manifests: [
        { annotations: { 'io.containerd.image.name': NAME, 'org.opencontainers.image.ref.name': '1-slim' } },
      ],
    });
    const path = (digest = ''): string => `blobs/sha256/${digest.slice(7)}`;
    expect(text('manifest.json')).toEqual([
      {
        Config: path(gzip.config.descriptor.digest),
        RepoTags: [NAME],
        Layers: [path(gzip.layers[0]?.descriptor.digest)],
      },
    ]);
  });

  test('without a name can be read', async () => {
    await archiveFileSink(out(), { form: 'loadable' }).write(gzip, undefined);
    expect((await readBack(openArchive(out()))).image.names).toEqual([]);
  });

  test('takes the name behind the file', async () => {
    await archiveFileSink(out(), { form: 'docker-archive', reference: 'other' }).write(gzip, NAME);
    expect((await readBack(openArchive(out()))).image.names).toEqual(['docker.io/library/other:latest']);
    await archiveFileSink(out(), { form: 'oci-archive', reference: 'other' }).write(gzip, NAME);
    expect((await readBack(openArchive(out()), 'other')).image.names).toEqual([]);
  });

  test('goes to a device in place', async () => {
    await archiveFileSink('/dev/null', { form: 'loadable' }).write(gzip, NAME);
    expect(existsSync('/dev/null')).toBe(true);
  });

  test('a reader that has gone away is one clear line', async () => {
    const stream = new Writable({
      write(_chunk, _encoding, done) {
        done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      },
    });
    await expect(
      archiveStreamSink(stream, 'stdout', { form: 'loadable' }).write(gzip, NAME),
    ).rejects.toMatchObject({
      code: 'TRANSPORT',
      side: 'destination',
      message: 'cannot write "stdout": the reader has gone away',
    });
  });

  // A device: written in place, and every write to it is ENOSPC.
  test.runIf(existsSync('/dev/full'))('a full disk is one clear line', async () => {
    await expect(archiveFileSink('/dev/full', { form: 'loadable' }).write(gzip, NAME)).rejects.toMatchObject({
      code: 'TRANSPORT',
      message: 'cannot write "/dev/full": no space left on the device',
    });
  });
});

describe('nothing is left', () => {
  const broken = (): EmittedImage => {
    const [layer] = gzip.layers;
    if (layer === undefined) throw new Error('no layer');
    return {
      ...gzip,
      layers: [
        {
          descriptor: layer.descriptor,
          async *open() {
            let at = 0;
            for await (const chunk of layer.open()) {
              const bytes = Buffer.from(chunk);
              bytes[50] = (bytes[50] ?? 0) ^ (at++ === 0 ? 1 : 0);
              yield bytes;
            }
          },
        },
      ],
    };
  };

  for (const [medium, { sink }] of Object.entries(MEDIA)) {
    test(`of a write to ${medium} that goes wrong on the way`, async () => {
      const verify = (written: Image) => verifyWritten(written, gzip);
      await expect(sink(verify).write(broken(), NAME)).rejects.toThrow();
      expect(readdirSync(home)).toEqual([]);
    });

    test(`of a write to ${medium} that is interrupted`, async () => {
      await expect(
        sink(undefined, AbortSignal.abort(new Error('interrupted'))).write(gzip, NAME),
      ).rejects.toThrow('interrupted');
      expect(readdirSync(home)).toEqual([]);
    });

    test(`of a write to ${medium} when its check fails`, async () => {
      await expect(sink(() => Promise.reject(new Error('differs'))).write(gzip, NAME)).rejects.toThrow(
        'differs',
      );
      expect(readdirSync(home)).toEqual([]);
    });
  }
});

describe('a layout directory', () => {
  const index = () => JSON.parse(readFileSync(join(out(), 'index.json'), 'utf8'));

  test('keeps the other images and members, and gives the name to the new one', async () => {
    const other = {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest: `sha256:${'a'.repeat(64)}`,
      size: 5,
      data: 'e30=',
    };
    const old = { ...other, annotations: { 'org.opencontainers.image.ref.name': '1-slim' } };
    mkdirSync(out());
    writeFileSync(join(out(), 'oci-layout'), '{"imageLayoutVersion":"1.0.0","x":1}');
    writeFileSync(
      join(out(), 'index.json'),
      JSON.stringify({ schemaVersion: 2, annotations: { a: 'b' }, manifests: [old, other] }),
    );
    await layoutDirectorySink(out(), { verify: (written) => verifyWritten(written, gzip) }).write(gzip, NAME);
    expect(index()).toMatchObject({
      annotations: { a: 'b' },
      manifests: [other, { digest: gzip.manifest.descriptor.digest }],
    });
    expect(readFileSync(join(out(), 'oci-layout'), 'utf8')).toContain('"x":1');
    expect((await readBack(openLayoutDirectory(out()), '1-slim')).image.names).toEqual([NAME]);
  });

  test('can be written to twice', async () => {
    await layoutDirectorySink(out()).write(gzip, NAME);
    await layoutDirectorySink(out()).write(gzip, NAME);
    await layoutDirectorySink(out(), { reference: 'two' }).write(gzip, NAME);
    expect(index().manifests).toHaveLength(2);
    expect((await readBack(openLayoutDirectory(out()))).image.configDigest).toBe(
      gzip.config.descriptor.digest,
    );
  });

  test('a failed write leaves the images that were there', async () => {
    await layoutDirectorySink(out()).write(zstd, NAME);
    const before = readdirSync(out(), { recursive: true }).toSorted();
    await expect(
      layoutDirectorySink(out(), { verify: () => Promise.reject(new Error('differs')) }).write(gzip, NAME),
    ).rejects.toThrow('differs');
    expect(readdirSync(out(), { recursive: true }).toSorted()).toEqual(before);
    await readBack(openLayoutDirectory(out()));
  });

  test('a damaged blob that is already there is written again', async () => {
    await layoutDirectorySink(out()).write(gzip, NAME);
    const path = join(out(), 'blobs', 'sha256', gzip.layers[0]?.descriptor.digest.slice(7) ?? '');
    const bytes = readFileSync(path);
    const damaged = Buffer.from(bytes);
    damaged[60] = (damaged[60] ?? 0) ^ 1;
    writeFileSync(path, damaged);
    await layoutDirectorySink(out(), { verify: (written) => verifyWritten(written, gzip) }).write(gzip, NAME);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  test('keeps what every one of many runs wrote at the same time', async () => {
    const names = Array.from({ length: 12 }, (_, at) => `r${at}`);
    const runs = names.map((reference) => layoutDirectorySink(out(), { reference }).write(gzip, NAME));
    await Promise.all(runs);
    const refNames = index().manifests.map(
      (manifest: { annotations: Record<string, string> }) =>
        manifest.annotations['org.opencontainers.image.ref.name'],
    );
    expect(refNames.sort()).toEqual(names.sort());
    expect(readdirSync(out()).sort()).toEqual(['blobs', 'index.json', 'oci-layout']);
  });

  test('is whole when a run fails whose blobs another has found there', async () => {
    let fail: (error: Error) => void = () => {};
    const failing = layoutDirectorySink(out(), {
      verify: () => new Promise((_, reject) => (fail = reject)),
    }).write(gzip, NAME);
    const outcome = expect(failing).rejects.toThrow('differs');
    const manifest = join(out(), 'blobs', 'sha256', gzip.manifest.descriptor.digest.slice(7));
    await vi.waitUntil(() => existsSync(manifest));
    const other = layoutDirectorySink(out(), {
      reference: 'other',
      verify: async () => {
        await vi.waitUntil(() => fail.length > 0);
        fail(new Error('differs'));
        await outcome;
      },
    }).write(gzip, NAME);
    await other;
    expect((await readBack(openLayoutDirectory(out()))).image.configDigest).toBe(
      gzip.config.descriptor.digest,
    );
  });

  test('goes on where a run was killed that was making it', async () => {
    mkdirSync(join(out(), 'blobs', 'sha256'), { recursive: true });
    writeFileSync(join(out(), 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
    writeFileSync(join(out(), '.oslim-index.lock'), '');
    utimesSync(join(out(), '.oslim-index.lock'), new Date(0), new Date(0));
    await layoutDirectorySink(out()).write(gzip, NAME);
    expect((await readBack(openLayoutDirectory(out()))).image.names).toEqual([NAME]);
    expect(readdirSync(out()).sort()).toEqual(['blobs', 'index.json', 'oci-layout']);
  });

  test.each([
    { summary: 'a file', make: () => writeFileSync(out(), '') },
    {
      summary: 'a directory of something else',
      make: () => {
        mkdirSync(out());
        writeFileSync(join(out(), 'x'), '');
      },
    },
  ])('refuses $summary', async ({ make }) => {
    make();
    await expect(layoutDirectorySink(out()).write(gzip, NAME)).rejects.toMatchObject({
      code: 'TRANSPORT',
      message: expect.stringContaining('something else than an OCI image layout'),
    });
  });
});
