import { digestOf } from '../../oci/digest.ts';
import { MediaType } from '../../oci/media-type.ts';
import { addBlob, type Files, json, withIndex } from '../image-media.ts';
import { tarOf } from '../tar-builder.ts';
import { APP, type HostileCase, layoutWith } from './hostile-case.ts';
import { layout, refused, WHOLE } from './layout-case.ts';

interface Described {
  readonly mediaType?: string;
  readonly digest?: unknown;
  readonly size?: unknown;
  readonly [member: string]: unknown;
}

/** A good layout whose index lists what `change` makes of its one descriptor. */
function relisted(change: (good: Described) => readonly unknown[] | unknown): Files {
  const files = layoutWith([]);
  const [good] = JSON.parse(Buffer.from(files.get('index.json') ?? []).toString('utf8')).manifests;
  return withIndex(files, [change(good)].flat());
}

/** A layout whose index names this document as its one manifest. */
function listing(document: unknown, files: Files = layoutWith([])): Files {
  const bytes = document instanceof Uint8Array ? document : json(document);
  return withIndex(files, [addBlob(files, MediaType.ociManifest, bytes)]);
}

/** A layout whose manifest has what `change` makes of the good one's members. */
function remade(
  change: (good: Readonly<Record<string, Described>>) => Readonly<Record<string, unknown>>,
): Files {
  const files = layoutWith([]);
  const [{ digest }] = JSON.parse(Buffer.from(files.get('index.json') ?? []).toString('utf8')).manifests;
  const good = JSON.parse(Buffer.from(files.get(`blobs/sha256/${digest.slice(7)}`) ?? []).toString('utf8'));
  return listing({ ...good, ...change(good) }, files);
}

/** Indexes of which each lists the next one `width` times. */
function multiplied(width: number, depth: number): Files {
  const files = layoutWith([]);
  let list = JSON.parse(Buffer.from(files.get('index.json') ?? []).toString('utf8')).manifests;
  for (let at = 0; at < depth; at++) {
    const index = json({ schemaVersion: 2, mediaType: MediaType.ociIndex, manifests: list });
    const one = addBlob(files, MediaType.ociIndex, index);
    list = Array.from({ length: width }, () => one);
  }
  return withIndex(files, list);
}

/** Manifests, indexes and configs that lie, multiply or contradict each other. */
export const LAYOUT_CASES: readonly HostileCase[] = [
  layout(
    'index-and-manifest',
    'one document that is an index to one reader and a manifest to another',
    () => remade((good) => ({ manifests: [good.config] })),
    refused(/both an index and a manifest/),
    'CVE-2021-41190 (OCI, containerd, Docker)',
  ),
  layout(
    'manifest-called-index',
    'a manifest whose mediaType says index',
    () => remade(() => ({ mediaType: MediaType.ociIndex })),
    refused(/contradict its media type/),
    'CVE-2021-41190 (OCI)',
  ),
  layout(
    'index-called-manifest',
    'an index whose mediaType says manifest',
    () => listing({ schemaVersion: 2, mediaType: MediaType.ociManifest, manifests: [] }),
    refused(/contradict its media type/),
    'CVE-2021-41190 (OCI)',
  ),
  layout(
    'neither',
    'a document that is neither',
    () => listing({ schemaVersion: 2 }),
    refused(/neither an index and a manifest/),
  ),
  layout(
    'schema-1',
    'Docker schema 1, whose digests do not cover its contents',
    () => listing({ schemaVersion: 1, fsLayers: [], history: [] }),
    refused(/schema 1 is not supported/),
    'CVE-2014-8179 (Docker)',
  ),
  layout(
    'digest-climbs',
    'a digest that is a path',
    () => relisted((good) => ({ ...good, digest: 'sha256:../../../victim' })),
    refused(/not algorithm:hex/),
    'CVE-2024-3727 (containers/image)',
  ),
  layout(
    'digest-with-slash',
    'an algorithm that is a path',
    () => relisted((good) => ({ ...good, digest: `../../sha256:${'a'.repeat(64)}` })),
    refused(/not algorithm:hex/),
    'CVE-2024-3727 (containers/image)',
  ),
  layout(
    'digest-empty',
    'an empty digest',
    () => relisted((good) => ({ ...good, digest: '' })),
    refused(/not algorithm:hex/),
    'CVE-2024-3727 (containers/image)',
  ),
  layout(
    'digest-missing',
    'no digest at all',
    () => relisted(({ digest: _, ...good }) => good),
    refused(/cannot read digest "undefined"/),
    'CVE-2024-3727 (containers/image)',
  ),
  layout(
    'digest-md5',
    'an algorithm that is broken',
    () => relisted((good) => ({ ...good, digest: `md5:${'a'.repeat(32)}` })),
    refused(/algorithm md5 is not supported/, 'UnsupportedError'),
  ),
  layout(
    'digest-short',
    'half a digest',
    () => relisted((good) => ({ ...good, digest: String(good.digest).slice(0, 39) })),
    refused(/not 64 lower-case hex/),
  ),
  layout(
    'digest-upper-case',
    'a digest in upper case: another name for the same bytes',
    () => relisted((good) => ({ ...good, digest: `sha256:${String(good.digest).slice(7).toUpperCase()}` })),
    refused(/not 64 lower-case hex/),
  ),
  layout(
    'digest-newline',
    'a digest with a newline at its end',
    () => relisted((good) => ({ ...good, digest: `${good.digest}\n` })),
    refused(/not algorithm:hex/),
  ),
  layout(
    'digest-of-other-blob',
    'a manifest that is not what its digest says',
    () => {
      const files = layoutWith([]);
      for (const [path, bytes] of files)
        if (Buffer.from(bytes).includes('"layers":'))
          files.set(path, Buffer.concat([bytes, Buffer.from(' ')]));
      return files;
    },
    refused(/cannot trust/, 'IntegrityError'),
    'CVE-2014-8179 (Docker)',
  ),
  layout(
    'layer-of-other-bytes',
    'a layer that is not what its digest says',
    () => {
      const files = layoutWith([[{ name: 'good' }]]);
      const evil = tarOf([{ name: 'evil' }]);
      for (const [path, bytes] of files)
        if (Buffer.from(bytes).subarray(0, 4).toString() === 'good') files.set(path, evil);
      return files;
    },
    refused(/cannot trust/, 'IntegrityError'),
    'CVE-2014-8178 (Docker)',
  ),
  layout(
    'size-negative',
    'a size below zero',
    () => relisted((good) => ({ ...good, size: -1 })),
    refused(/no valid size/),
  ),
  layout(
    'size-fraction',
    'half a byte',
    () => relisted((good) => ({ ...good, size: 0.5 })),
    refused(/no valid size/),
  ),
  layout(
    'size-huge',
    'a size that a double cannot count',
    () => relisted((good) => ({ ...good, size: 1e300 })),
    refused(/no valid size/),
  ),
  layout(
    'size-text',
    'a size in quotes',
    () => relisted((good) => ({ ...good, size: '10' })),
    refused(/no valid size/),
  ),
  layout(
    'size-lie',
    'a manifest shorter than its descriptor says',
    () => relisted((good) => ({ ...good, size: Number(good.size) + 1 })),
    refused(/cannot trust/, 'IntegrityError'),
  ),
  layout(
    'layer-size-lie',
    'a layer longer than its descriptor says',
    () =>
      remade(({ layers }) => ({
        layers: (layers as unknown as Described[]).map((layer) => ({ ...layer, size: 512 })),
      })),
    refused(/cannot trust/, 'IntegrityError'),
  ),
  layout(
    'indexes-multiply',
    'four indexes of which each lists the next one a thousand times: 10^12 manifests in 200 kB',
    () => multiplied(1000, 4),
    refused(/limit manifests/, 'LimitError'),
  ),
  layout(
    'indexes-nested',
    'indexes inside of indexes',
    () => multiplied(1, 20),
    refused(/limit indexDepth/, 'LimitError'),
  ),
  layout(
    'manifests-many',
    'one manifest listed fifty thousand times',
    () => relisted((good) => Array.from({ length: 50_000 }, () => good)),
    refused(/limit manifests/, 'LimitError'),
  ),
  layout(
    'layers-many',
    'a layer listed two thousand times',
    () =>
      remade(({ layers }) => ({
        layers: Array.from({ length: 2000 }, () => (layers as unknown as Described[])[0]),
      })),
    refused(/limit layers/, 'LimitError'),
  ),
  layout(
    'manifest-subject-itself',
    'a manifest about a manifest that is not there',
    () => remade(({ config }) => ({ subject: config, artifactType: 'x' })),
    WHOLE,
  ),
  layout(
    'layers-not-a-list',
    'layers that are an object',
    () => remade(() => ({ layers: { length: 2 ** 32 } })),
    refused(/is not a list/),
  ),
  layout(
    'layer-null',
    'a layer that is null',
    () => remade(() => ({ layers: [null] })),
    refused(/descriptor: not an object/),
    'CVE-2021-21285 (Docker)',
  ),
  layout(
    'config-null',
    'a manifest without a config',
    () => remade(() => ({ config: null })),
    refused(/descriptor: not an object/),
    'CVE-2021-21285 (Docker)',
  ),
  layout(
    'foreign-layer',
    'a layer that is elsewhere, at an address of the image’s choice',
    () =>
      remade(({ layers }) => ({
        layers: [
          ...(layers as unknown as Described[]),
          {
            mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
            digest: `sha256:${'a'.repeat(64)}`,
            size: 10,
            urls: ['http://169.254.169.254/latest/meta-data'],
          },
        ],
      })),
    refused(/diff_ids|is missing/, 'ImageError'),
    'CVE-2020-15157 (containerd)',
  ),
  layout(
    'manifest-large',
    'a manifest of nine megabytes',
    () =>
      listing(
        Buffer.concat([
          Buffer.from('{"schemaVersion":2,"x":"'),
          Buffer.alloc(9 << 20, 'x'),
          Buffer.from('"}'),
        ]),
      ),
    refused(/limit manifestBytes/, 'LimitError'),
    'CVE-2020-1702 (containers/image)',
  ),
  layout(
    'config-large',
    'a config of seventeen megabytes',
    () => {
      const files = layoutWith([]);
      return listing(
        {
          schemaVersion: 2,
          config: addBlob(files, MediaType.ociConfig, Buffer.alloc(17 << 20, ' ')),
          layers: [],
        },
        files,
      );
    },
    refused(/limit configBytes/, 'LimitError'),
    'CVE-2023-25153 (containerd)',
  ),
  layout(
    'json-deep',
    'a million brackets',
    () => listing(Buffer.alloc(1_000_000, '[')),
    refused(/limit jsonDepth/, 'LimitError'),
  ),
  layout(
    'json-deep-objects',
    'objects in each other, a hundred thousand deep',
    () => listing(Buffer.from(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`)),
    refused(/limit jsonDepth/, 'LimitError'),
  ),
  layout(
    'json-brackets-in-text',
    'brackets in a text are no depth',
    () => remade(() => ({ annotations: { note: '['.repeat(5000) } })),
    WHOLE,
  ),
  layout(
    'json-garbage-behind',
    'a second document behind the first',
    () => listing(Buffer.from('{"schemaVersion":2} {"schemaVersion":2}')),
    refused(/cannot read manifest/),
  ),
  layout(
    'json-not-utf8',
    'a document that is not UTF-8',
    () => listing(Buffer.from('{"a":"\xff\xfe"}', 'latin1')),
    refused(/cannot read manifest/),
  ),
  layout(
    'json-proto',
    'members called __proto__ and constructor',
    () =>
      listing(
        Buffer.from(
          JSON.stringify({ schemaVersion: 2 }).replace(
            '}',
            ',"__proto__":{"layers":[]},"constructor":{"prototype":{"config":{}}}}',
          ),
        ),
      ),
    refused(/neither an index and a manifest/),
  ),
  layout(
    'json-duplicate-members',
    'two lists of layers: the last one counts, as for Go',
    () => {
      const files = layoutWith([[{ name: 'x' }]]);
      const [path = '', bytes] =
        [...files].find(([, document]) => Buffer.from(document).includes('"layers":')) ?? [];
      files.delete(path);
      return listing(
        Buffer.from(
          Buffer.from(bytes ?? [])
            .toString()
            .replace('"layers":', '"layers":[],"layers":'),
        ),
        files,
      );
    },
    { tree: ['/x ""'] },
  ),
  layout(
    'artifact',
    'a signature in the place of an image',
    () =>
      remade(({ config }) => ({
        config: { ...config, mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json' },
      })),
    refused(/no image|holds/, 'ImageError'),
  ),
  layout(
    'version-2',
    'a layout of the future',
    () => layoutWith([]).set('oci-layout', json({ imageLayoutVersion: '2.0.0' })),
    refused(/is "2.0.0", not 1.x/),
  ),
  layout(
    'version-object',
    'a version that is an object',
    () => layoutWith([]).set('oci-layout', json({ imageLayoutVersion: { toString: 1 } })),
    refused(/not 1.x/),
  ),
  layout(
    'diff-id-lie',
    'a config that lies about a diffID',
    () =>
      layoutWith([[{ name: 'evil' }]], {
        document: {
          rootfs: { type: 'layers', diff_ids: [digestOf(tarOf([APP])), `sha256:${'b'.repeat(64)}`] },
        },
      }),
    refused(/cannot trust uncompressed layer 2/, 'IntegrityError'),
  ),
  layout(
    'diff-ids-swapped',
    'diffIDs in another order than the layers',
    () =>
      layoutWith([[{ name: 'evil' }]], {
        document: {
          rootfs: { type: 'layers', diff_ids: [digestOf(tarOf([{ name: 'evil' }])), digestOf(tarOf([APP]))] },
        },
      }),
    refused(/cannot trust uncompressed layer/, 'IntegrityError'),
  ),
  layout(
    'diff-ids-missing',
    'fewer diffIDs than layers',
    () => layoutWith([[{ name: 'evil' }]], { document: { rootfs: { type: 'layers', diff_ids: [] } } }),
    refused(/0 diff_ids/, 'ImageError'),
  ),
  layout(
    'diff-ids-not-digests',
    'diffIDs that are numbers',
    () => layoutWith([], { document: { rootfs: { type: 'layers', diff_ids: [1] } } }),
    refused(/cannot read digest "1"/),
  ),
  layout(
    'diff-ids-none',
    'a config without rootfs',
    () => layoutWith([], { document: { rootfs: null } }),
    refused(/no rootfs.diff_ids/),
    'CVE-2021-21285 (Docker)',
  ),
];
