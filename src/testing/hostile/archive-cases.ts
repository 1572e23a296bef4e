import { digestOf } from '../../oci/digest.ts';
import { archiveOf, type Files, json } from '../image-media.ts';
import { tarOf } from '../tar-builder.ts';
import { APP, type HostileCase, imageWith, layoutWith } from './hostile-case.ts';
import { layout, refused, WHOLE } from './layout-case.ts';

/** A docker-archive whose manifest.json is this. */
function saved(manifest: unknown, more: Readonly<Record<string, Uint8Array>> = {}): Files {
  const tar = tarOf([APP]);
  const config = json({
    architecture: 'amd64',
    os: 'linux',
    config: { Entrypoint: ['/app'] },
    rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
  });
  return new Map([
    ['config.json', config],
    ['layer.tar', tar],
    ['manifest.json', manifest instanceof Uint8Array ? manifest : json(manifest)],
    ...Object.entries(more),
  ]);
}

const entryWith = (members: Readonly<Record<string, unknown>>) => [
  { Config: 'config.json', RepoTags: ['a:1'], Layers: ['layer.tar'], ...members },
];

/** Archives around layouts and docker-archives: members that climb, that are links, that are there twice, or nothing at all. */
export const ARCHIVE_CASES: readonly HostileCase[] = [
  {
    name: 'layout-member-twice',
    summary: 'two index.json in one archive: the later one counts, as when it is unpacked',
    input: () => {
      const [first, second] = [layoutWith([[{ name: 'y' }]]), layoutWith([[{ name: 'x' }]])];
      return { archive: tarOf([...first, ...second].map(([name, content]) => ({ name, content }))) };
    },
    expect: { tree: ['/x ""'] },
  },
  {
    name: 'layout-member-climbs',
    summary: 'members of the archive that climb out are members inside',
    input: () => {
      const files = layoutWith([]);
      return { archive: archiveOf(new Map([...files].map(([path, bytes]) => [`../../${path}`, bytes]))) };
    },
    expect: WHOLE,
    advisory: 'CVE-2014-9358 (Docker)',
  },
  {
    name: 'layout-blob-is-link-out',
    summary: 'in a directory, a blob that is a link to a file outside',
    input: () => {
      const files = layoutWith([]);
      const [path = ''] = [...files.keys()].filter((key) => key.startsWith('blobs/'));
      files.delete(path);
      return { layout: files, links: { [path]: '../../../../victim' } };
    },
    expect: refused(/cannot trust/, 'IntegrityError'),
  },
  {
    name: 'layout-index-is-device',
    summary: 'in a directory, an index.json that is a device without end',
    input: () => {
      const files = layoutWith([]);
      files.delete('index.json');
      return { layout: files, links: { 'index.json': '/dev/zero' } };
    },
    expect: refused(/not an OCI image layout/, 'ImageError'),
  },
  {
    name: 'layout-index-is-loop',
    summary: 'in a directory, an index.json that is a link to itself',
    input: () => {
      const files = layoutWith([]);
      files.delete('index.json');
      return { layout: files, links: { 'index.json': 'index.json' } };
    },
    expect: refused(/cannot read/, ['TransportError', 'ImageError']),
  },
  layout(
    'saved-config-climbs',
    'a docker-archive whose config is a path of the host',
    () => saved(entryWith({ Config: '../../../../etc/passwd' })),
    refused(/is missing/, 'ImageError'),
    'CVE-2014-9358 (Docker)',
  ),
  layout(
    'saved-layer-climbs',
    'a docker-archive whose layer is a path of the host',
    () => saved(entryWith({ Layers: ['/etc/passwd'] })),
    refused(/is missing/, 'ImageError'),
    'CVE-2014-9358 (Docker)',
  ),
  layout(
    'saved-config-is-layer',
    'a config that is the layer',
    () => saved(entryWith({ Config: 'layer.tar' })),
    refused(/cannot read image config/),
  ),
  layout(
    'saved-layer-is-manifest',
    'a layer that is manifest.json itself',
    () => saved(entryWith({ Layers: ['manifest.json'] })),
    refused(/cannot read layer/),
  ),
  layout(
    'saved-not-a-list',
    'a manifest.json that is a number',
    () => saved(1),
    refused(/it is not a list/),
    'CVE-2021-21285 (Docker)',
  ),
  layout(
    'saved-null-entry',
    'a list of nothing',
    () => saved([null]),
    refused(/an entry has no Config/),
    'CVE-2021-21285 (Docker)',
  ),
  layout(
    'saved-many',
    'fifty thousand images of one config',
    () => saved(Array.from({ length: 50_000 }, () => entryWith({})[0])),
    refused(/limit manifests/, 'LimitError'),
  ),
  layout(
    'saved-tags-hostile',
    'tags that are no references',
    () => saved(entryWith({ RepoTags: ['../../x', '$(touch victim)', '\u001b[2J'] })),
    WHOLE,
  ),
  layout(
    'saved-digest-lie',
    'a config whose file name promises another digest',
    () =>
      saved(entryWith({ Config: `${'a'.repeat(64)}.json` }), {
        [`${'a'.repeat(64)}.json`]: json({ rootfs: { diff_ids: [] } }),
      }),
    refused(/cannot trust config/, 'IntegrityError'),
    'CVE-2014-8178 (Docker)',
  ),
  {
    name: 'layout-saved-link-loop',
    summary: 'a docker-archive whose layer is a link to itself',
    input: () => {
      const files = saved(entryWith({}));
      files.delete('layer.tar');
      return { archive: archiveOf(files, [{ name: 'layer.tar', type: 'symlink', target: 'layer.tar' }]) };
    },
    expect: refused(/leads in a circle/, 'ImageError'),
  },
  {
    name: 'layout-saved-link-out',
    summary: 'a docker-archive whose layer is a link to a file of the host',
    input: () => {
      const files = saved(entryWith({}));
      files.delete('layer.tar');
      return { archive: archiveOf(files, [{ name: 'layer.tar', type: 'symlink', target: '/etc/passwd' }]) };
    },
    expect: refused(/is missing/, 'ImageError'),
    advisory: 'CVE-2014-6407 (Docker)',
  },
  {
    name: 'layout-not-an-image',
    summary: 'an archive of something else',
    input: () => ({ archive: tarOf([{ name: 'a' }]) }),
    expect: refused(/not of an image/, 'ImageError'),
  },
  {
    name: 'layout-empty',
    summary: 'an empty file',
    input: () => ({ archive: new Uint8Array(0) }),
    expect: refused(/it is empty/, 'ImageError'),
  },
  {
    name: 'layout-zeros',
    summary: 'a megabyte of zeros',
    input: () => ({ archive: new Uint8Array(1 << 20) }),
    expect: refused(/not of an image/, 'ImageError'),
  },
  {
    name: 'layout-config-empty',
    summary: 'an image that starts nothing',
    input: () => imageWith([], { config: { Entrypoint: null, Cmd: null } }),
    expect: refused(/cannot/, 'ImageError'),
  },
];
