import { MediaType } from '../../oci/media-type.ts';
import { addBlob } from '../image-media.ts';
import { type HostileCase, layoutWith } from './hostile-case.ts';
import { listing, remade } from './layout-builders.ts';
import { layout, refused, WHOLE } from './layout-case.ts';

/** Documents that are large, deep or no JSON. */
export const JSON_CASES: readonly HostileCase[] = [
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
];
