import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** elf-tools needs the whole file in memory, several times. */
const MAX_SIZE = 128 << 20;

/**
 * Yields the executables and shared objects below the directories, at most `limit`; links are not followed.
 *
 * @param {readonly string[]} directories
 * @param {number} limit
 * @returns {Generator<{ path: string, bytes: Buffer }>}
 */
export function* elfFilesIn(directories, limit) {
  const pending = [...directories].reverse();
  for (let path = pending.pop(); path !== undefined && limit > 0; path = pending.pop()) {
    const stat = lstatSync(path);
    if (stat.isDirectory()) {
      for (const name of readdirSync(path).sort().reverse()) pending.push(join(path, name));
    } else if (stat.isFile() && stat.size > 64 && stat.size < MAX_SIZE) {
      const bytes = readFileSync(path);
      const type = bytes[5] === 2 ? bytes.readUInt16BE(16) : bytes.readUInt16LE(16);
      if (bytes.subarray(0, 4).toString('latin1') !== '\x7fELF' || (type !== 2 && type !== 3)) continue;
      limit--;
      yield { path, bytes };
    }
  }
}
