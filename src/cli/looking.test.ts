import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, test, vi } from 'vitest';
import { runCommandLine as run } from '../testing/command-line.ts';
import { archiveOf } from '../testing/image-media.ts';
import { APPLICATION_LAYER, BASE_LAYER, programImageFiles } from '../testing/program-image.ts';
import type { TarSpec } from '../testing/tar-builder.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';

afterEach(() => vi.restoreAllMocks());

function imageWith(...layer: TarSpec[]): string {
  const file = join(temporaryDirectory(), 'image.tar');
  writeFileSync(file, archiveOf(programImageFiles({ layers: [BASE_LAYER, APPLICATION_LAYER, layer] })));
  return file;
}

const WITHOUT_LIBC: TarSpec = { name: 'usr/lib/x86_64-linux-gnu/.wh.libc.so.6', content: '' };
const HOSTILE: TarSpec = { name: 'opt/app/lib/\u001b[2Jx', content: 'x' };

describe('exit statuses', () => {
  test.each<{ summary: string; argv: (image: string) => string[]; layer?: TarSpec; status: number }>([
    { summary: 'inspect', argv: (image) => ['inspect', image], status: 0 },
    {
      summary: 'inspect of what cannot start',
      argv: (image) => ['inspect', image],
      layer: WITHOUT_LIBC,
      status: 0,
    },
    { summary: 'why, of what is kept', argv: (image) => ['why', image, '/opt/app/server'], status: 0 },
    { summary: 'why, of what goes', argv: (image) => ['why', image, '/usr/bin/apt'], status: 0 },
    { summary: 'why, of what is not there', argv: (image) => ['why', image, '/none'], status: 1 },
    { summary: 'why, of nothing', argv: (image) => ['why', image], status: 2 },
    { summary: 'diff', argv: (image) => ['diff', image, image], status: 0 },
    {
      summary: 'diff of a depth that is none',
      argv: (image) => ['diff', image, image, '--depth', '0'],
      status: 2,
    },
    { summary: 'verify of a whole image', argv: (image) => ['verify', image], status: 0 },
    { summary: 'verify of a broken one', argv: (image) => ['verify', image], layer: WITHOUT_LIBC, status: 3 },
    { summary: 'verify of none', argv: (image) => ['verify', `${image}.none`], status: 1 },
  ])('of $summary: $status', async ({ argv, layer, status }) => {
    const result = await run(...argv(layer === undefined ? imageWith() : imageWith(layer)));
    expect(result.status, result.stderr).toBe(status);
    expect(result.stderr === '').toBe(status === 0 || status === 3);
  });
});

describe('what is printed', () => {
  test.each([
    ['inspect', (image: string) => ['inspect', image]],
    ['why', (image: string) => ['why', image, '/opt/app']],
    ['diff', (image: string) => ['diff', image, imageWith(HOSTILE)]],
    ['verify', (image: string) => ['verify', image]],
  ] as const)('%s --json is one document with a schema', async (_, argv) => {
    const { stdout } = await run(...argv(imageWith()), '--json');
    expect(JSON.parse(stdout)).toMatchObject({ schema: '1.0' });
  });

  test.each([
    ['inspect --all', (image: string) => ['inspect', image, '--all']],
    ['why', (image: string) => ['why', image, `/${HOSTILE.name}`]],
    ['diff', (image: string) => ['diff', imageWith(), image]],
    ['verify --against', (image: string) => ['verify', image, '--against', imageWith()]],
  ] as const)('%s does not let a name of the image steer the terminal', async (_, argv) => {
    const { stdout } = await run(...argv(imageWith(HOSTILE)));
    expect(stdout).not.toContain('\u001b');
  });

  it('takes from oslim.yaml what these commands have a flag for, and passes over the rest', async () => {
    const config = join(temporaryDirectory(), 'oslim.yaml');
    writeFileSync(config, 'output: elsewhere.tar\nexclude: [/opt/app/settings.conf]\n');
    const { stdout } = await run('why', imageWith(), '/opt/app/settings.conf', '--config', config);
    expect(stdout).toContain('no --exclude that matches it');
    writeFileSync(config, 'nonsense: 1\n');
    expect((await run('why', imageWith(), '/opt', '--config', config)).status).toBe(2);
  });
});
