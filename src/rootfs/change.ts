import { FormatError, InternalError, UnsafePathError } from '../errors.ts';
import { checkLimit, type Limits } from '../io/limits.ts';
import type { RandomAccess } from '../io/random-access.ts';
import type { TarEntry } from '../tar/entry.ts';
import type { TarMember } from '../tar/header-chain.ts';
import { expandSparse } from '../tar/sparse.ts';
import type { Metadata } from './directory.ts';
import type { DirectoryInode, Inode } from './inode.ts';

/**
 * Change is one entry of a layer's changeset (OCI image-spec v1.1, layer.md). Paths are relative to the root without
 * `.`, `..` or empty components; the root is ''.
 */
export type Change =
  | { readonly kind: 'inode'; readonly path: string; readonly inode: Exclude<Inode, DirectoryInode> }
  | { readonly kind: 'directory'; readonly path: string; readonly metadata: Metadata }
  | { readonly kind: 'hardlink'; readonly path: string; readonly target: string }
  /** `path` of the lower layers is hidden. */
  | { readonly kind: 'whiteout'; readonly path: string }
  /** What the lower layers have in the directory `path` is hidden. */
  | { readonly kind: 'opaque'; readonly path: string };

const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';
/** AUFS's own files: `.wh..wh.aufs`, `.wh..wh.orph`, `.wh..wh.plnk`; no contents of the image. */
const AUFS = '.wh..wh.';
/** AUFS keeps here, by inode number, the files that entries of the same layer are hard links to (as Docker on AUFS wrote them). */
export const AUFS_LINKS = '.wh..wh.plnk/';

/** An empty component, `.` or `..`: most names have none and are taken as they are. */
const UNCLEAN = /(?:^|\/)\.{0,2}(?:\/|$)/;

/** Returns what a member of layer number `layer` changes; undefined for what is no change. Contents lie in `content`. */
export function changeOf(
  member: TarMember,
  layer: number,
  content: RandomAccess,
  limits: Limits,
): Change | undefined {
  const { entry } = member;
  checkLimit(limits, 'pathBytes', Buffer.byteLength(entry.linkname), 'target of a link');
  const path = cleanPath(entry.name, limits);
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === OPAQUE) return { kind: 'opaque', path: path.slice(0, -OPAQUE.length - 1) };
  if (`/${path}`.includes(`/${AUFS}`) && !isAufsLink(entry, path)) return undefined;
  if (name.startsWith(WHITEOUT)) return whiteoutOf(path, name);
  if (entry.type === 'directory') return { kind: 'directory', path, metadata: metadataOf(entry, layer) };
  if (path === '')
    throw new UnsafePathError(
      entry.name,
      `cannot place ${quoted(entry.name)}: only a directory can be the root`,
    );
  if (entry.type === 'hardlink') return { kind: 'hardlink', path, target: cleanPath(entry.linkname, limits) };
  return { kind: 'inode', path, inode: inodeOf(member, layer, content) };
}

/**
 * Returns `name` without leading slash, `.`, `..` and empty components. `..` is taken away lexically, before any link
 * is followed, as moby does (filepath.Clean); a name that leaves the root throws UnsafePathError.
 */
export function cleanPath(name: string, limits: Limits): string {
  checkLimit(limits, 'pathBytes', Buffer.byteLength(name), 'path of a tar entry');
  const bare = name.endsWith('/') ? name.slice(0, -1) : name;
  if (bare.length <= limits.pathDepth && !UNCLEAN.test(bare)) return bare;
  const parts: string[] = [];
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined)
      throw new UnsafePathError(name, `cannot place ${quoted(name)}: it leaves the root`);
  }
  checkLimit(limits, 'pathDepth', parts.length, 'path of a tar entry');
  return parts.join('/');
}

function isAufsLink(entry: TarEntry, path: string): boolean {
  return entry.type === 'file' && path.startsWith(AUFS_LINKS);
}

function whiteoutOf(path: string, name: string): Change {
  const hidden = name.slice(WHITEOUT.length);
  // ".wh..." would hide the parent of the directory that it is in; ".wh." and ".wh.." that directory itself.
  if (hidden === '' || hidden === '.' || hidden === '..') {
    throw new UnsafePathError(path, `cannot apply whiteout ${quoted(path)}: it does not name a file`);
  }
  return { kind: 'whiteout', path: path.slice(0, path.length - name.length) + hidden };
}

function inodeOf(member: TarMember, layer: number, content: RandomAccess): Exclude<Inode, DirectoryInode> {
  const { entry } = member;
  const { mode, uid, gid, mtime, xattrs } = metadataOf(entry, layer);
  const common = { mode, uid, gid, mtime, xattrs, layer };
  switch (entry.type) {
    case 'file':
      if (member.segments !== undefined) {
        const expanded = expandSparse(content, member.dataOffset, entry.size, member.segments);
        return { type: 'file', ...common, size: entry.size, content: expanded, offset: 0 };
      }
      return { type: 'file', ...common, size: entry.size, content, offset: member.dataOffset };
    case 'symlink':
      if (entry.linkname === '') {
        throw new FormatError(
          'tar',
          member.headerOffset,
          `cannot read symbolic link ${quoted(entry.name)}: it has no target`,
        );
      }
      return { type: 'symlink', ...common, target: entry.linkname };
    case 'character-device':
    case 'block-device':
      return { type: entry.type, ...common, major: entry.devMajor, minor: entry.devMinor };
    case 'fifo':
      return { type: 'fifo', ...common };
    default:
      throw new InternalError(`no inode for a tar entry of type ${entry.type}`);
  }
}

function metadataOf(entry: TarEntry, layer: number): Metadata {
  const { mode, uid, gid, mtime, xattrs } = entry;
  return { mode, uid, gid, mtime, xattrs, layer };
}

function quoted(name: string): string {
  return JSON.stringify(name);
}
