import { afterEach, describe, expect, test } from 'vitest';
import { referrer } from '../../emit/referrer.ts';
import type { OutputImage } from '../../image/image.ts';
import { sampleImage } from '../../testing/registry/sample-image.ts';
import { TestRegistry } from '../../testing/registry/test-registry.ts';
import { RegistrySink } from './registry-sink.ts';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const image = sampleImage([1000]);
const { descriptor: subject } = image.manifest;

function withDocument(text: string): OutputImage {
  const document = Buffer.from(text);
  return { ...image, referrers: [referrer({ subject, mediaType: 'application/spdx+json', document })] };
}

async function pushed(texts: readonly string[], prepare: (registry: TestRegistry) => void = () => {}) {
  const registry = await TestRegistry.start();
  open.push(registry);
  prepare(registry);
  const sink = new RegistrySink({ network: { attempts: 1 }, env: {}, rules: [], certificateDirectories: [] });
  open.push(sink);
  for (const text of texts) await sink.write(withDocument(text), `${registry.host}/a/b:t`);
  return registry;
}

const TAG = `a/b:${subject.digest.replace(':', '-')}`;

function indexOf({ store }: TestRegistry) {
  const held = store.manifests.get(TAG);
  return held === undefined ? undefined : JSON.parse(Buffer.from(held.bytes).toString());
}

describe('documents about an image', () => {
  test('are an artifact whose subject is the image, there before the tag is', async () => {
    const registry = await pushed(['one']);
    const [listed] = indexOf(registry).manifests;
    const manifest = JSON.parse(
      Buffer.from(registry.store.manifests.get(`a/b@${listed.digest}`)?.bytes ?? []).toString(),
    );
    expect(manifest).toMatchObject({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      artifactType: 'application/spdx+json',
      config: {
        mediaType: 'application/vnd.oci.empty.v1+json',
        digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
        size: 2,
      },
      layers: [{ mediaType: 'application/spdx+json', size: 3 }],
      subject: { digest: subject.digest, size: subject.size, mediaType: subject.mediaType },
    });
    const puts = registry
      .seenLike(/^PUT .*\/manifests\//)
      .map(({ line }) => line.replace(/^.*manifests\//, ''));
    expect(puts).toEqual([listed.digest, TAG.slice('a/b:'.length), 't']);
  });

  test('are listed under the referrers tag where the registry has no referrers API, each once', async () => {
    const registry = await pushed(['one', 'two', 'one']);
    const index = indexOf(registry);
    expect(index).toMatchObject({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json' });
    expect(index.manifests).toHaveLength(2);
    for (const listed of index.manifests)
      expect(listed).toMatchObject({ artifactType: 'application/spdx+json', annotations: expect.anything() });
  });

  test('are not where it says that it has', async () => {
    const registry = await pushed(['one'], ({ store }) => {
      store.hasReferrers = true;
    });
    expect(indexOf(registry)).toBeUndefined();
    expect(registry.seenLike(/sha256-/)).toEqual([]);
  });

  test('do not take the place of what others have listed', async () => {
    const other = {
      mediaType: 'x/y',
      digest: `sha256:${'a'.repeat(64)}`,
      size: 1,
      artifactType: 'signature',
      'x-member': 1,
    };
    const registry = await pushed(['one'], ({ store }) => {
      store.manifests.set(`a/b@${other.digest}`, { mediaType: 'x/y', bytes: new Uint8Array(1) });
      const index = {
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.index.v1+json',
        manifests: [other],
        annotations: { a: 'b' },
      };
      store.putManifest('a/b', TAG.slice('a/b:'.length), index.mediaType, Buffer.from(JSON.stringify(index)));
    });
    expect(indexOf(registry)).toMatchObject({
      annotations: { a: 'b' },
      manifests: [other, { artifactType: 'application/spdx+json' }],
    });
  });

  test('are an error where something else than an index has the tag', async () => {
    const prepare = ({ store }: TestRegistry) => {
      store.putManifest(
        'a/b',
        TAG.slice('a/b:'.length),
        'application/vnd.oci.image.manifest.v1+json',
        Buffer.from(JSON.stringify({ schemaVersion: 2, config: subject, layers: [] })),
      );
    };
    await expect(pushed(['one'], prepare)).rejects.toThrow(/no index is there/);
  });
});
