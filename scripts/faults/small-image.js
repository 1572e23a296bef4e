import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Compiles the builders of the tests and returns the files of a layout with a small image: a static program and some data.
 * @param {string} sources
 * @param {number} [bytes] of data that does not compress
 * @returns {Promise<Map<string, Uint8Array>>}
 */
export async function smallLayout(sources, bytes = 300_000) {
  const { layoutWith } = await import(`${sources}/testing/hostile/hostile-case.js`);
  const { sampleBytes } = await import(`${sources}/testing/registry/sample-image.js`);
  return layoutWith([[{ name: 'srv/data', content: sampleBytes(bytes, 'data') }]]);
}

/** @param {string} file */
export function digestOf(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/**
 * Returns what is in a directory of the host, none where it is not there.
 * @param {string} directory
 */
export function namesIn(directory) {
  const stat = statSync(directory, { throwIfNoEntry: false });
  return stat?.isDirectory() ? readdirSync(directory) : [];
}

/**
 * Makes an empty directory and returns it.
 * @param {...string} parts
 */
export function made(...parts) {
  const directory = join(...parts);
  mkdirSync(directory, { recursive: true });
  return directory;
}
