import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { inspectText } from '../report/inspect-text.ts';
import { archiveOf } from '../testing/image-media.ts';
import { APPLICATION_LAYER, BASE_LAYER, programImageFiles } from '../testing/program-image.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { inspect } from './inspect.ts';

const PLAIN = { bold: same, dim: same, green: same, yellow: same };
let image = '';

function same(text: string): string {
  return text;
}

beforeEach(() => {
  image = join(temporaryDirectory(), 'image.tar');
  const layers = [BASE_LAYER, APPLICATION_LAYER, [{ name: 'opt/copy', content: 'port = 8080\n' }]];
  writeFileSync(image, archiveOf(programImageFiles({ layers })));
});

describe('inspect', () => {
  it('pairs the history with the layers, and tells what of them is hidden', async () => {
    const { steps, hidden } = await inspect({ image, trace: false });
    expect(steps.map(({ command, diffId }) => [command, diffId !== undefined])).toEqual([
      ['COPY layer 0', true],
      ['COPY layer 1', true],
      ['COPY layer 2', true],
      ['CMD', false],
    ]);
    expect(hidden).toMatchObject({ bytes: 22, files: [{ path: '/var/lib/removed', how: 'deleted', by: 1 }] });
  });

  it('adds up every file once: by kind and by package alike', async () => {
    const { contents, kinds, packages } = await inspect({ image, trace: false });
    const sum = (rows: readonly { readonly bytes: number }[]) =>
      rows.reduce((all, { bytes }) => all + bytes, 0);
    expect(sum(kinds)).toBe(contents.bytes);
    expect(sum(packages)).toBe(contents.bytes);
    expect(kinds.map(({ kind }) => kind).sort()).toEqual(['documentation', 'library', 'other', 'program']);
  });

  it('names what has more rights than its caller, shells, package managers and duplicates', async () => {
    expect(await inspect({ image, trace: false })).toMatchObject({
      privileged: [{ path: '/opt/app/server', rights: ['setuid', 'capabilities'] }],
      shells: ['/usr/bin/sh'],
      packageManagers: ['/usr/bin/apt'],
      duplicates: {
        groups: expect.arrayContaining([{ bytes: 12, paths: ['/opt/app/settings.conf', '/opt/copy'] }]),
      },
    });
  });

  it('says what slimming would leave, or why it cannot', async () => {
    const { slim, contents } = await inspect({ image });
    expect(slim).toMatchObject({ after: { packages: 0 }, warnings: 0 });
    if (slim !== undefined && 'after' in slim) expect(slim.after.bytes).toBeLessThan(contents.bytes);
    const report = await inspect({ image, entrypoint: ['/none'] });
    expect(report.slim).toMatchObject({
      error: expect.stringContaining('cannot find the entrypoint "/none"'),
    });
    expect((await inspect({ image, trace: false })).slim).toBeUndefined();
  });

  it('is told in sections', async () => {
    const text = inspectText(await inspect({ image }), PLAIN);
    expect(text).toMatch(/^docker\.io\/example\/server:1\.0 linux\/amd64\n {2}.* files\n/);
    for (const line of [
      /^ +12 B {3}3 {2}COPY layer 2$/m,
      /^ +22 B {2}in 1 files that later layers replace or delete$/m,
      /^ {2}setuid {5}\/opt\/app\/server \(setuid, capabilities\)$/m,
      /^ {2}slimmed it would be\n.*x smaller$/m,
    ])
      expect(text).toMatch(line);
  });

  it('refuses a directory, which has no layers', async () => {
    await expect(inspect({ image: 'rootfs:/' })).rejects.toThrow(/a directory is no image/);
  });
});
