import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * @typedef {import('../../src/rootfs/rootfs.ts').Rootfs} Rootfs
 * @typedef {import('../../src/rootfs/inode.ts').Inode} Inode
 * @typedef {import('./damages.js').Damage} Damage
 */

/**
 * Writes a root filesystem to an empty directory of the host: names, contents, modes and links; no owners.
 * @param {Rootfs} rootfs
 * @param {string} directory
 */
export function copyOut(rootfs, directory) {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  /** @type {Map<Inode, string>} */
  const names = new Map();
  for (const [path, inode] of rootfs.walk()) {
    const to = join(directory, path);
    const first = names.get(inode);
    if (inode.type === 'directory') mkdirSync(to, { recursive: true });
    else if (inode.type === 'symlink') symlinkSync(inode.target, to);
    else if (first !== undefined) linkSync(first, to);
    else if (inode.type === 'file') {
      writeFileSync(to, rootfs.read(inode));
      chmodSync(to, inode.mode & 0o777);
      names.set(inode, to);
    }
  }
}

/**
 * Breaks the copy as `damage` says, and returns what mends it again.
 * @param {string} directory
 * @param {Damage} damage
 * @returns {() => void}
 */
export function breakCopy(directory, { path, content, target }) {
  const place = join(directory, path);
  const aside = join(dirname(directory), 'aside');
  if (existsSync(aside)) throw new Error(`the copy at ${directory} was left broken`);
  const { mode } = lstatSync(place);
  renameSync(place, aside);
  if (content !== undefined) {
    writeFileSync(place, content);
    chmodSync(place, mode & 0o777);
  }
  if (target !== undefined) symlinkSync(target, place);
  return () => {
    rmSync(place, { force: true });
    renameSync(aside, place);
  };
}
