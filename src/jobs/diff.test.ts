import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { diffText } from '../report/diff-text.ts';
import { archiveOf } from '../testing/image-media.ts';
import { programImageFiles } from '../testing/program-image.ts';
import type { TarSpec } from '../testing/tar-builder.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { type DiffReport, diff } from './diff.ts';

const PLAIN = { bold: same, dim: same, green: same, yellow: same };
const STATUS = 'Package: tool\nStatus: install ok installed\nArchitecture: all\nVersion: ';
const LIST = '/usr/bin/tool\n/usr/share/tool/data\n';

const BASE: readonly TarSpec[] = [
  { name: 'etc/', type: 'directory' },
  { name: 'etc/mode', content: 'm', mode: 0o600 },
  { name: 'etc/link', type: 'symlink', target: 'mode' },
  { name: 'usr/bin/tool', content: 'tool', mode: 0o755, xattrs: { 'user.note': Uint8Array.of(1) } },
  { name: 'usr/bin/again', type: 'hardlink', target: 'usr/bin/tool' },
  { name: 'usr/share/tool/data', content: 'x'.repeat(5000) },
  { name: 'var/lib/dpkg/status', content: `${STATUS}1.0\n\n` },
  { name: 'var/lib/dpkg/info/tool.list', content: LIST },
];

function same(text: string): string {
  return text;
}

function imageOf(name: string, ...layers: readonly (readonly TarSpec[])[]): string {
  const file = join(temporaryDirectory(), 'image.tar');
  writeFileSync(file, archiveOf(programImageFiles({ layers, name: `docker.io/example/${name}:1` })));
  return file;
}

function linesOf({ files }: DiffReport): string[] {
  return files.map(({ path, status, parts, before, after }) =>
    [status, path, ...(parts ?? []), `${before}>${after}`].join(' '),
  );
}

describe('diff', () => {
  it('finds nothing between an image and itself', async () => {
    const image = imageOf('a', BASE);
    const report = await diff({ images: [image, image] });
    expect(report).toMatchObject({ files: [], packages: [], directories: [], total: { same: 7 } });
    expect(diffText(report, PLAIN)).toMatch(/nothing differs, 7 alike$/);
  });

  test.each<{ summary: string; layer: TarSpec[]; expected: string[] }>([
    {
      summary: 'contents of another size, and of the same',
      layer: [
        { name: 'usr/share/tool/data', content: 'y'.repeat(4000) },
        { name: 'etc/mode', content: 'n', mode: 0o600 },
      ],
      expected: ['changed /etc/mode content 1>1', 'changed /usr/share/tool/data content 5000>4000'],
    },
    {
      summary: 'mode, owner and extended attributes',
      layer: [
        { name: 'etc/mode', content: 'm', mode: 0o644, uid: 7 },
        { name: 'usr/bin/again', content: 'tool', mode: 0o755 },
      ],
      expected: ['changed /etc/mode mode owner 1>1', 'changed /usr/bin/again xattrs 4>4'],
    },
    {
      summary: 'the target of a link, and a link that became a file',
      layer: [
        { name: 'etc/link', type: 'symlink', target: 'other' },
        { name: 'etc/mode', type: 'symlink', target: 'link' },
      ],
      expected: ['changed /etc/link target 0>0', 'changed /etc/mode type 1>0'],
    },
    {
      summary: 'what came and what went; a second name brings no bytes',
      layer: [
        { name: 'etc/.wh.mode', content: '' },
        { name: 'opt/new', content: 'new' },
        { name: 'opt/newer', type: 'hardlink', target: 'opt/new' },
      ],
      expected: ['removed /etc/mode 1>0', 'added /opt 0>0', 'added /opt/new 0>3', 'added /opt/newer 0>0'],
    },
  ])('tells $summary', async ({ layer, expected }) => {
    expect(linesOf(await diff({ images: [imageOf('a', BASE), imageOf('b', BASE, layer)] }))).toEqual(
      expected,
    );
  });

  it('sums up by package and directory, with versions', async () => {
    const layer: TarSpec[] = [
      { name: 'var/lib/dpkg/status', content: `${STATUS}1.1\n\n` },
      { name: 'usr/share/tool/.wh.data', content: '' },
    ];
    const report = await diff({ images: [imageOf('a', BASE), imageOf('b', BASE, layer)], depth: 1 });
    expect(report.packages[0]).toEqual({
      name: 'tool',
      before: '1.0',
      after: '1.1',
      added: 0,
      removed: 1,
      changed: 0,
      addedBytes: 0,
      removedBytes: 5000,
      changedBytes: 0,
      same: 1,
    });
    expect(report.directories.map(({ path }) => path)).toEqual(['/usr', '/var']);
    expect(diffText(report, PLAIN)).toContain('tool          -1 (5.00 kB)  1.0 → 1.1');
  });
});
