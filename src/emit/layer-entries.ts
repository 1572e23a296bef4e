import { ImageError, InternalError } from '../errors.ts';
import { memoryAccess } from '../io/random-access.ts';
import type { FileInode, Inode } from '../rootfs/inode.ts';
import { ancestors, baseName, ROOT, type RootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import type { TarEntry } from '../tar/entry.ts';
import { encodeName } from '../tar/name.ts';

/** FileOverride replaces the contents of a file, or adds one; what `metadata` leaves out is the source file's. */
export interface FileOverride {
  readonly content: Uint8Array;
  readonly metadata?: Partial<Pick<FileInode, 'mode' | 'uid' | 'gid' | 'mtime' | 'xattrs'>>;
}

/** LayerEntry is one entry of the layer that is written, and the inode that it shows. */
export interface LayerEntry {
  readonly path: RootPath;
  readonly inode: Inode;
  readonly tar: TarEntry;
}

/** OCI image-spec v1.1, layer.md "Whiteouts". */
const WHITEOUT_PREFIX = '.wh.';

/**
 * Returns the entries of a layer with `paths`, the overridden files and every directory above them: sorted by the
 * bytes of their paths, so that directories come before what is in them, whatever the order of `paths`. The names
 * of one inode are hard links to the first. The root itself is no entry. Throws ImageError for a name that a layer
 * cannot hold.
 */
export function layerEntries(
  rootfs: Rootfs,
  paths: Iterable<RootPath>,
  overrides: ReadonlyMap<RootPath, FileOverride> = new Map(),
): LayerEntry[] {
  const inodes = new Map<RootPath, Inode>();
  for (const path of paths) addWithParents(inodes, rootfs, path);
  for (const [path, override] of overrides) {
    inodes.set(path, overriddenInode(rootfs.lookup(path), override));
    for (const parent of ancestors(path)) if (parent !== ROOT) addWithParents(inodes, rootfs, parent);
  }
  const sorted = [...inodes].map(([path, inode]) => ({ path, inode, key: sortKey(path) }));
  sorted.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const firstNames = new Map<Inode, string>();
  return sorted.map(({ path, inode }) => {
    const firstName = firstNames.get(inode);
    const name = path.slice(1);
    if (firstName === undefined) firstNames.set(inode, name);
    return { path, inode, tar: tarEntry(path, inode, firstName) };
  });
}

function addWithParents(inodes: Map<RootPath, Inode>, rootfs: Rootfs, path: RootPath): void {
  for (const at of [path, ...ancestors(path)]) {
    if (at === ROOT || inodes.has(at)) return;
    const inode = rootfs.lookup(at);
    if (inode === undefined)
      throw new InternalError(`cannot write "${at}": it is not in the root filesystem`);
    inodes.set(at, inode);
  }
}

function overriddenInode(source: Inode | undefined, { content, metadata }: FileOverride): FileInode {
  const { mode, uid, gid, mtime, xattrs, layer } = source ?? NEW_FILE;
  const common = { mode, uid, gid, mtime, xattrs, layer, ...metadata };
  return { type: 'file', ...common, size: content.length, content: memoryAccess(content), offset: 0 };
}

const NEW_FILE = {
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtime: 0n,
  xattrs: new Map<string, Uint8Array>(),
  layer: -1,
} as const;

/** A string that sorts as the path's bytes do: code units would put U+10000 before U+FFFD. */
function sortKey(path: RootPath): string {
  return Buffer.from(encodeName(path)).toString('latin1');
}

/**
 * A hard link repeats all metadata of its inode: who unpacks it (Docker's `createTarFile`) changes the owner again,
 * the kernel then drops file capabilities and setuid, and only what this entry says is set again.
 */
function tarEntry(path: RootPath, inode: Inode, firstName: string | undefined): TarEntry {
  if (baseName(path).startsWith(WHITEOUT_PREFIX)) {
    throw new ImageError(
      `cannot write "${path}": in a layer, a name that begins with ".wh." removes a file`,
      {
        advice: 'exclude it, or rename it in the source',
      },
    );
  }
  const isDevice = inode.type === 'character-device' || inode.type === 'block-device';
  const isLink = firstName !== undefined && inode.type !== 'directory';
  return {
    name: path.slice(1) + (inode.type === 'directory' ? '/' : ''),
    type: isLink ? 'hardlink' : inode.type,
    mode: inode.mode,
    uid: inode.uid,
    gid: inode.gid,
    mtime: inode.mtime,
    size: inode.type === 'file' && !isLink ? inode.size : 0,
    linkname: isLink ? firstName : inode.type === 'symlink' ? inode.target : '',
    devMajor: isDevice && !isLink ? inode.major : 0,
    devMinor: isDevice && !isLink ? inode.minor : 0,
    xattrs: inode.xattrs,
  };
}
