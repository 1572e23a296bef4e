import { createHash } from 'node:crypto';
import { ET_DYN } from '../elf/constants.ts';
import { isElf } from '../elf/header.ts';
import { type FileKind, kindOfFile } from '../packages/file-kinds.ts';
import { classOf } from '../packages/package-classes.ts';
import type { PackageIndex } from '../packages/package-index.ts';
import type { KeptPath } from '../result/slim-result.ts';
import type { FileInode, Inode } from '../rootfs/inode.ts';
import type { RootPath } from '../rootfs/root-path.ts';
import { type Rootfs, readRange } from '../rootfs/rootfs.ts';

export interface KindRow {
  readonly kind: FileKind;
  readonly bytes: number;
  readonly files: number;
}

export interface PackageRow {
  /** Empty for files of no package. */
  readonly name: string;
  readonly version?: string;
  readonly bytes: number;
  readonly files: number;
}

/** A file that runs with other rights than its caller's. */
export interface PrivilegedFile {
  readonly path: RootPath;
  readonly uid: number;
  readonly gid: number;
  readonly rights: readonly ('setuid' | 'setgid' | 'capabilities')[];
}

/** Files of the same contents; `bytes` are those of all but one. */
export interface DuplicateGroup {
  readonly bytes: number;
  readonly paths: readonly RootPath[];
}

/** Breakdown is what the files of an image come to, each inode under its first name; rows have most bytes first. */
export interface Breakdown {
  readonly kinds: readonly KindRow[];
  readonly packages: readonly PackageRow[];
  readonly largest: readonly KeptPath[];
  readonly privileged: readonly PrivilegedFile[];
  readonly duplicates: { readonly bytes: number; readonly groups: readonly DuplicateGroup[] };
}

/** Rows of the largest files. */
const LARGEST = 20;

/** Adds up a merged filesystem by kind and by package. */
export function breakDown(rootfs: Rootfs, packages: PackageIndex): Breakdown {
  const kinds = new Map<FileKind, { bytes: number; files: number }>();
  const owners = new Map<string, { version?: string; bytes: number; files: number }>();
  const privileged: PrivilegedFile[] = [];
  const seen = new Set<Inode>();
  const files: (readonly [RootPath, FileInode])[] = [];
  for (const [path, inode] of rootfs.walk()) {
    if (inode.type !== 'file' || seen.has(inode)) continue;
    seen.add(inode);
    files.push([path, inode]);
    const owner = packages.listedBy(path)[0];
    const form = formOf(inode);
    const kind = kindOfFile(path, {
      ...(owner === undefined ? {} : { packageClass: classOf(owner) }),
      ...(form === undefined ? {} : { form }),
    });
    addTo(kinds, kind, inode.size);
    const row = addTo(owners, owner?.name ?? '', inode.size);
    if (owner !== undefined) row.version = owner.version;
    const rights = rightsOf(inode);
    if (rights.length > 0) privileged.push({ path, uid: inode.uid, gid: inode.gid, rights });
  }
  return {
    kinds: [...kinds].map(([kind, row]) => ({ kind, ...row })).sort(bySize),
    packages: [...owners].map(([name, row]) => ({ name, ...row })).sort(bySize),
    largest: files
      .map(([path, { size }]) => ({ path, bytes: size }))
      .sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1))
      .slice(0, LARGEST),
    privileged,
    duplicates: duplicatesOf(files),
  };
}

function addTo<Row extends { bytes: number; files: number }>(
  rows: Map<string, Row> | Map<FileKind, Row>,
  key: string,
  bytes: number,
): Row {
  const table = rows as Map<string, Row>;
  const row = table.get(key) ?? ({ bytes: 0, files: 0 } as Row);
  row.bytes += bytes;
  row.files++;
  table.set(key, row);
  return row;
}

function bySize(a: { readonly bytes: number; readonly files: number }, b: typeof a): number {
  return b.bytes - a.bytes || b.files - a.files;
}

/** A shared object with an interpreter or an executable mode is a program to people (a PIE); libc.so.6 is not, by its name. */
function formOf(inode: FileInode): 'program' | 'library' | 'script' | undefined {
  const head = readRange(inode, 0, 64);
  if (isElf(head)) {
    const type =
      head[5] === 2 ? ((head[16] ?? 0) << 8) | (head[17] ?? 0) : (head[16] ?? 0) | ((head[17] ?? 0) << 8);
    return type === ET_DYN && !hasInterpreter(inode, head) ? 'library' : 'program';
  }
  return head[0] === 0x23 && head[1] === 0x21 ? 'script' : undefined;
}

const PT_INTERP = 3;

/** Looks for PT_INTERP where linkers put it: among the program headers right behind the header (gabi, "Program Header"). */
function hasInterpreter(inode: FileInode, head: Uint8Array): boolean {
  const is64 = head[4] === 2;
  const little = head[5] !== 2;
  const size = is64 ? 56 : 32;
  const table = readRange(inode, is64 ? 64 : 52, size * 16);
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  const count = Math.min(16, Math.floor(table.length / size));
  return Array.from({ length: count }, (_, at) => view.getUint32(at * size, little)).includes(PT_INTERP);
}

function rightsOf(inode: FileInode): PrivilegedFile['rights'] {
  const rights: PrivilegedFile['rights'][number][] = [];
  if ((inode.mode & 0o4000) !== 0) rights.push('setuid');
  // setgid without group execution is mandatory locking (Linux fs/exec.c, bprm_fill_uid).
  if ((inode.mode & 0o2010) === 0o2010) rights.push('setgid');
  if (inode.xattrs.has('security.capability')) rights.push('capabilities');
  return rights;
}

const CHUNK = 1 << 20;

function duplicatesOf(files: readonly (readonly [RootPath, FileInode])[]): Breakdown['duplicates'] {
  const bySizes = groupBy(files, ([, { size }]) => size);
  const groups: DuplicateGroup[] = [];
  for (const [size, same] of bySizes) {
    if (size === 0 || same.length < 2) continue;
    for (const alike of groupBy(same, ([, inode]) => hashOf(inode)).values()) {
      if (alike.length > 1)
        groups.push({ bytes: size * (alike.length - 1), paths: alike.map(([path]) => path) });
    }
  }
  groups.sort((a, b) => b.bytes - a.bytes || ((a.paths[0] ?? '') < (b.paths[0] ?? '') ? -1 : 1));
  return { bytes: groups.reduce((total, { bytes }) => total + bytes, 0), groups };
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function hashOf(inode: FileInode): string {
  const hash = createHash('sha256');
  for (let at = 0; at < inode.size; at += CHUNK) hash.update(readRange(inode, at, CHUNK));
  return hash.digest('base64');
}
