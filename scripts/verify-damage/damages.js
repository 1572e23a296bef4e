/**
 * Damage is one way in which an image is broken: the new bytes of a file, another target of a link, or nothing at all.
 * @typedef {{ path: string, kind: string, content?: Uint8Array, target?: string }} Damage
 * @typedef {import('../../src/rootfs/inode.ts').Inode} Inode
 * @typedef {import('../../src/rootfs/inode.ts').FileInode} FileInode
 */

/** e_machine stands at 18 of every ELF header; 183 is AArch64, 62 x86-64. */
const E_MACHINE = 18;

/** Time zones are many and all alike: what one of them is worth, all are. */
const ZONEINFO = /^\/usr\/share\/zoneinfo\//;
const ZONES = 3;

/**
 * Yields every damage that is tried on a root filesystem: each path that is no directory removed in turn; each ELF file cut off,
 * made for another machine, or with its symbol versions under other names; each link led astray.
 * @param {Iterable<readonly [string, Inode]>} paths
 * @param {(inode: FileInode) => Uint8Array} read
 * @returns {Generator<Damage>}
 */
export function* damagesOf(paths, read) {
  let zones = 0;
  for (const [path, inode] of paths) {
    if (inode.type === 'directory') continue;
    if (ZONEINFO.test(path) && ++zones > ZONES) continue;
    yield { path, kind: 'removed' };
    if (inode.type === 'symlink') yield { path, kind: 'link altered', target: '/nonexistent/target' };
    if (inode.type === 'file') yield* elfDamages(path, Buffer.from(read(inode)));
  }
}

/**
 * @param {string} path
 * @param {Buffer} bytes
 * @returns {Generator<Damage>}
 */
function* elfDamages(path, bytes) {
  if (bytes.subarray(0, 4).toString('latin1') !== '\x7fELF') return;
  yield { path, kind: 'cut off', content: bytes.subarray(0, 40) };
  const foreign = Buffer.from(bytes);
  foreign.writeUInt16LE(bytes.readUInt16LE(E_MACHINE) === 183 ? 62 : 183, E_MACHINE);
  yield { path, kind: 'other machine', content: foreign };
  const renamed = renameVersions(bytes);
  if (renamed !== undefined) yield { path, kind: 'missing version', content: renamed };
}

/**
 * Gives every version that begins with GLIBC_2.3 another name: the hash stays, the name no longer fits. Undefined where a file
 * has none.
 * @param {Buffer} bytes
 */
function renameVersions(bytes) {
  const renamed = Buffer.from(bytes);
  const needle = '\0GLIBC_2.3';
  let at = renamed.indexOf(needle, 0, 'latin1');
  if (at < 0) return undefined;
  for (; at >= 0; at = renamed.indexOf(needle, at + 1, 'latin1')) renamed.write('X', at + 5, 'latin1');
  return renamed;
}
