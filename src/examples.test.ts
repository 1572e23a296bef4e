import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { archiveOf } from './testing/image-media.ts';
import { programImageFiles } from './testing/program-image.ts';
import { temporaryDirectory } from './testing/temporary-directory.ts';

function sampleImage() {
  const directory = temporaryDirectory();
  const files = programImageFiles();
  const archive = join(directory, 'app.tar');
  writeFileSync(archive, archiveOf(files));
  const layout = join(directory, 'layout');
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(layout, name)), { recursive: true });
    writeFileSync(join(layout, name), bytes);
  }
  return { archive, layout, output: join(directory, 'slim.tar') };
}

/** Runs an example as `node example.js ARGS` does, once, and returns its standard output. */
async function run(name: string, ...args: string[]): Promise<string> {
  const said: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line) => said.push(String(line)));
  vi.spyOn(process, 'argv', 'get').mockReturnValue(['node', name, ...args]);
  await import(`../examples/${name}.ts`);
  return said.join('\n');
}

describe('the examples', () => {
  afterEach(() => vi.restoreAllMocks());
  it.each([
    ['slim', ['archive', 'output'], /^docker\.io\/example\/server:1\.0-slim: [\d.]+ kB in \d+ files\n {2}\w/],
    ['resolve-libraries', ['archive'], /libapp\.so\.1 => \/opt\/app\/lib\/libapp\.so\.1 \(runpath\)/],
    [
      'why',
      ['archive'],
      /^\/opt\/app\/server {2}root: Entrypoint\n.*ld-linux-x86-64\.so\.2 {2}elf: interpreter/,
    ],
    ['open-image', ['archive'], /accounts: 2\nsetuid: \/opt\/app\/server \d+ bytes/],
    [
      'custom-detector',
      ['archive'],
      /^\/opt\/app\/server-again is kept: started again by \/opt\/app\/server$/,
    ],
    ['custom-transport', ['layout'], /server:slim is sha256:[0-9a-f]{64}\n\d+ files$/],
  ] as const)('%s', async (name, args, expected) => {
    const sample = sampleImage();
    expect(await run(name, ...args.map((arg) => sample[arg]))).toMatch(expected);
  });
});
