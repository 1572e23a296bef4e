import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Lays out what the package holds in `directory`, with `dist` and `bundle` built anew, and leaves the repository's own alone.
 *
 * @param {string} directory made anew
 */
export function stagePackage(directory) {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const tsc = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', join(directory, 'dist')], {
    cwd: REPOSITORY,
    stdio: 'inherit',
  });
  const bundle = join(REPOSITORY, 'scripts/bundle.js');
  execFileSync(process.execPath, [bundle, join(directory, 'dist'), join(directory, 'bundle')], {
    stdio: 'inherit',
  });
  const { files } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8'));
  for (const name of ['package.json', ...files]) {
    if (!/^(?:dist|bundle)\b/.test(name))
      cpSync(join(REPOSITORY, name), join(directory, name), { recursive: true });
  }
}

/**
 * Packs a staged package.
 *
 * @param {string} stage
 * @param {string} destination a directory that exists
 * @returns {{ file: string, size: number, unpackedSize: number, paths: string[] }} sizes in bytes
 */
export function packPackage(stage, destination) {
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', destination];
  const [packed] = JSON.parse(execFileSync('npm', args, { cwd: stage, encoding: 'utf8' }));
  return {
    file: join(destination, packed.filename),
    size: packed.size,
    unpackedSize: packed.unpackedSize,
    paths: packed.files.map((/** @type {{ path: string }} */ { path }) => path),
  };
}
