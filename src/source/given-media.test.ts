import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.ts';
import type { ImageQuery, ImageSink, ImageSource, OutputImage } from '../image/image.ts';
import { imageFromBlobs } from '../image/image-from-blobs.ts';
import { type SlimJobOptions, slimJob } from '../jobs/slim-job.ts';
import { encodedOf } from '../oci/digest.ts';
import { slim } from '../slim.ts';
import { programImageFiles } from '../testing/program-image.ts';
import { openImage } from './open-image.ts';

/** A medium in memory that remembers what it was asked for. */
class MemorySource implements ImageSource {
  readonly files = programImageFiles();
  readonly queries: ImageQuery[] = [];
  closed = 0;

  async open(query: ImageQuery) {
    this.queries.push(query);
    const { manifests } = JSON.parse(Buffer.from(this.#file('index.json')).toString());
    const blob = (digest: string) => this.#file(`blobs/sha256/${digest.slice('sha256:'.length)}`);
    return await imageFromBlobs(blob(manifests[0].digest), async function* ({ digest }) {
      yield blob(`sha256:${encodedOf(digest)}`);
    });
  }

  async close() {
    this.closed++;
  }

  #file(name: string): Uint8Array {
    return this.files.get(name) ?? new Uint8Array();
  }
}

class MemorySink implements ImageSink {
  readonly written: { readonly image: OutputImage; readonly name: string | undefined }[] = [];

  async write(image: OutputImage, name: string | undefined) {
    this.written.push({ image, name });
  }
}

describe('media of the caller', () => {
  it('asks the source for IMAGE, leaves it open, and gives the sink what it would write elsewhere', async () => {
    const source = new MemorySource();
    const sink = new MemorySink();
    const result = await slim({ image: 'anything: at all', tag: 'example/server:slim', source, sink });
    expect(source.queries).toEqual([{ reference: 'anything: at all' }]);
    expect(source.closed).toBe(0);
    expect(sink.written).toHaveLength(1);
    expect(sink.written[0]?.name).toBe('docker.io/example/server:slim');
    expect(sink.written[0]?.image.manifest.descriptor.digest).toBe(result.manifestDigest);
    expect(result.written).toEqual(['the given sink']);
  });

  it('opens an image of it to look into', async () => {
    const image = await openImage({ image: 'x', source: new MemorySource() });
    expect(image.process.argv[0]).toBe('/opt/app/server');
    expect(image.process.user).toEqual({ uid: 1000, gid: 1000 });
    expect(image.rootfs.text('/opt/app/settings.conf')).toBe('port = 8080\n');
    await image.close();
  });

  it.each<[string, Partial<SlimJobOptions>]>([
    ['--if-changed with a sink', { ifChanged: true, sink: new MemorySink() }],
    ['--if-changed with detectors', { ifChanged: true, output: 'slim.tar', detectors: [] }],
    ['--all-platforms with a sink', { allPlatforms: true, sink: new MemorySink() }],
  ])('refuses %s', async (_, options) => {
    await expect(slimJob({ image: 'x', source: new MemorySource(), ...options })).rejects.toThrow(UsageError);
  });
});

it('asks detectors of the caller after its own, and shows their reasons', async () => {
  const path = '/usr/share/doc/made/copyright';
  const result = await slim({
    image: 'x',
    source: new MemorySource(),
    detectors: [
      {
        name: 'lawyer',
        start(trace) {
          trace.keep(path, { detector: 'lawyer', detail: 'the law', certainty: 'exact' });
        },
      },
    ],
  });
  const kept = [...result.graph.paths()].find((one) => one === path);
  expect(kept && result.graph.why(kept).map(({ reason }) => reason.detector)).toEqual(['lawyer']);
});
