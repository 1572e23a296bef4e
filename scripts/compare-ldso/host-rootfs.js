import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run } from './chroot.js';

/**
 * @typedef {import('../../src/rootfs/inode.ts').Inode} Inode
 * @typedef {import('../../src/rootfs/inode.ts').DirectoryInode} DirectoryInode
 * @typedef {import('../../src/io/random-access.ts').RandomAccess} RandomAccess
 */

/**
 * Returns the host directory `root` as an inode tree, read when it is asked for, with the file capabilities that
 * getcap(8) shows: Node cannot read extended attributes, so a directory opened as `rootfs:` has none.
 * @param {string} root
 * @returns {Promise<DirectoryInode>}
 */
export async function hostRootWithCapabilities(root) {
  const { stdout } = await run('getcap', ['-r', root]);
  const capable = new Map(
    stdout.split('\n').map((line) => [`/${relative(root, line.split(' ')[0] ?? '')}`, line]),
  );
  /** @type {Map<string, Inode>} hard links are one inode */
  const inodes = new Map();

  /**
   * @param {string} path
   * @returns {Inode}
   */
  const inodeAt = (path) => {
    const hostPath = join(root, path);
    const stat = lstatSync(hostPath, { bigint: true });
    const key = `${stat.dev}:${stat.ino}`;
    const known = inodes.get(key);
    if (known !== undefined) return known;
    const common = {
      mode: Number(stat.mode) & 0o7777,
      uid: Number(stat.uid),
      gid: Number(stat.gid),
      mtime: stat.mtimeNs,
      xattrs: capabilityXattr(capable.get(path)),
      layer: 0,
    };
    const inode = stat.isDirectory()
      ? directory(common, path)
      : stat.isSymbolicLink()
        ? { ...common, type: /** @type {const} */ ('symlink'), target: readlinkSync(hostPath) }
        : {
            ...common,
            type: /** @type {const} */ ('file'),
            size: Number(stat.size),
            offset: 0,
            content: contentOf(hostPath, Number(stat.size)),
          };
    inodes.set(key, inode);
    return inode;
  };

  /**
   * @param {Omit<import('../../src/rootfs/inode.ts').FifoInode, 'type'>} common
   * @param {string} path
   * @returns {DirectoryInode}
   */
  const directory = (common, path) => {
    const names = readdirSync(join(root, path)).sort();
    const has = new Set(names);
    return {
      ...common,
      type: 'directory',
      names: () => names,
      get: (name) => (has.has(name) ? inodeAt(join(path, name)) : undefined),
    };
  };

  const top = inodeAt('/');
  if (top.type !== 'directory') throw new Error(`${root} is not a directory`);
  return top;
}

/**
 * Opens the file for each read: a root has more files than a process may hold open.
 * @param {string} hostPath
 * @param {number} size
 * @returns {RandomAccess}
 */
function contentOf(hostPath, size) {
  return {
    size,
    read(offset, length) {
      const buffer = Buffer.alloc(length);
      const fd = openSync(hostPath, 'r');
      try {
        if (readSync(fd, buffer, 0, length, offset) !== length) throw new Error(`${hostPath} became shorter`);
      } finally {
        closeSync(fd);
      }
      return buffer;
    },
  };
}

/** CAP_NET_BIND_SERVICE, the one that the made cases give (linux/capability.h). */
const CAPABILITY = 1 << 10;

/**
 * Returns the extended attributes of a file of which getcap says `line`, such as `main cap_net_bind_service=ep`:
 * a vfs_cap_data of revision 2 (linux/capability.h).
 * @param {string | undefined} line
 * @returns {Map<string, Uint8Array>}
 */
function capabilityXattr(line) {
  const sets = line?.split('=')[1];
  if (sets === undefined) return new Map();
  const data = Buffer.alloc(20);
  data.writeUInt32LE(0x02000000 | (sets.includes('e') ? 1 : 0), 0);
  data.writeUInt32LE(sets.includes('p') ? CAPABILITY : 0, 4);
  data.writeUInt32LE(sets.includes('i') ? CAPABILITY : 0, 8);
  return new Map([['security.capability', data]]);
}
