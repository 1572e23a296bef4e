import { spawnSync } from 'node:child_process';
import { mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));

/**
 * Compiles `src`, with the builders of `src/testing` that the package leaves out, into a temporary folder.
 *
 * @returns {string} the folder that holds the compiled `src`
 */
export function buildSources() {
  const folder = mkdtempSync(join(tmpdir(), 'oslim-build-'));
  const tsc = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
  const options = [
    '-p',
    'tsconfig.json',
    '--noEmit',
    'false',
    '--noCheck',
    '--rootDir',
    '.',
    '--outDir',
    folder,
  ];
  const { status } = spawnSync(process.execPath, [tsc, ...options], { cwd: REPOSITORY, stdio: 'inherit' });
  if (status !== 0) throw new Error(`cannot compile the sources: tsc ended with status ${status}`);
  symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
  symlinkSync(join(REPOSITORY, 'package.json'), join(folder, 'package.json'));
  return join(folder, 'src');
}
