import { tarOf } from '../tar-builder.ts';
import { type HostileCase, layoutWith } from './hostile-case.ts';
import { type Described, relisted, remade } from './layout-builders.ts';
import { layout, refused } from './layout-case.ts';

/** Digests and sizes of descriptors that lie. */
export const DESCRIPTOR_CASES: readonly HostileCase[] = [
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
];
