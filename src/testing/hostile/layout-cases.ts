import { digestOf } from '../../oci/digest.ts';
import { MediaType } from '../../oci/media-type.ts';
import { json } from '../image-media.ts';
import { tarOf } from '../tar-builder.ts';
import { APP, type HostileCase, layoutWith } from './hostile-case.ts';
import { type Described, listing, multiplied, relisted, remade } from './layout-builders.ts';
import { layout, refused, WHOLE } from './layout-case.ts';

/** Manifests and indexes that contradict or multiply each other. */
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
