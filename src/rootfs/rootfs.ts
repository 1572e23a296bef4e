import { checkLimit, DEFAULT_LIMITS, type Limits } from '../io/limits.ts';
import type { DirectoryInode, FileInode, Inode } from './inode.ts';
import { type ResolvedPath, resolvePath } from './resolve.ts';
import { joinPath, ROOT, type RootPath } from './root-path.ts';

/** Rootfs is an image's merged filesystem: virtual, read only, never on the host's filesystem. */
export class Rootfs {
  readonly root: DirectoryInode;
  /** How much of its files is read at once. */
  readonly limits: Limits;

  constructor(root: DirectoryInode, limits: Limits = DEFAULT_LIMITS) {
    this.root = root;
    this.limits = limits;
  }

  /** Returns the inode at exactly `path`: links on the way or at the end are not followed. */
  lookup(path: RootPath): Inode | undefined {
    let inode: Inode = this.root;
    for (const part of path.split('/')) {
      if (part === '') continue;
      if (inode.type !== 'directory') return undefined;
      const next = inode.get(part);
      if (next === undefined) return undefined;
      inode = next;
    }
    return inode;
  }

  /**
   * Follows `path` from `cwd` as the kernel would with this root: undefined when something on the way is missing.
   * `followLast: false` stops at a link in the last component, as lstat does.
   */
  resolve(
    path: string,
    options: { readonly cwd?: RootPath; readonly followLast?: boolean } = {},
  ): ResolvedPath | undefined {
    return resolvePath(this.root, path, options.cwd ?? ROOT, options.followLast ?? true);
  }

  /** Returns the file behind `path` when it is a regular file. */
  file(path: string, cwd: RootPath = ROOT): (ResolvedPath & { readonly inode: FileInode }) | undefined {
    const found = this.resolve(path, { cwd });
    return found?.inode.type === 'file' ? { ...found, inode: found.inode } : undefined;
  }

  /** Returns the names in the directory behind `path`, sorted; none when it is not a directory. */
  list(path: string): readonly string[] {
    const found = this.resolve(path);
    return found?.inode.type === 'directory' ? found.inode.names() : [];
  }

  /** Yields everything below `from` (not itself), each directory before what is in it, names sorted; links are not followed. */
  *walk(from: RootPath = ROOT): Generator<readonly [RootPath, Inode]> {
    const start = this.lookup(from);
    if (start?.type !== 'directory') return;
    const stack: {
      readonly path: RootPath;
      readonly inode: DirectoryInode;
      readonly names: readonly string[];
      next: number;
    }[] = [{ path: from, inode: start, names: start.names(), next: 0 }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const name = top.names[top.next++];
      if (name === undefined) {
        stack.pop();
        continue;
      }
      const inode = top.inode.get(name);
      if (inode === undefined) continue;
      const path = joinPath(top.path, name);
      yield [path, inode];
      if (inode.type === 'directory') stack.push({ path, inode, names: inode.names(), next: 0 });
    }
  }

  /** Returns the bytes of the files below `directory`; links are not followed. */
  treeBytes(directory: RootPath): number {
    let bytes = 0;
    for (const [, inode] of this.walk(directory)) bytes += inode.type === 'file' ? inode.size : 0;
    return bytes;
  }

  /** Returns the whole contents of a file; throws LimitError (fileBytes). Larger ones are read by range. */
  read(inode: FileInode): Uint8Array {
    checkLimit(this.limits, 'fileBytes', inode.size, 'a file whole');
    return inode.content.read(inode.offset, inode.size);
  }

  /** Returns the regular file behind `path` as UTF-8 text, or undefined when there is none; throws LimitError (textBytes). */
  text(path: string): string | undefined {
    const found = this.file(path);
    if (found === undefined) return undefined;
    checkLimit(this.limits, 'textBytes', found.inode.size, `"${found.path}" as text`);
    return new TextDecoder().decode(this.read(found.inode));
  }
}

/** Returns at most `length` bytes of a file from `offset` on; fewer at its end. */
export function readRange(inode: FileInode, offset: number, length: number): Uint8Array {
  const end = Math.min(inode.size, offset + length);
  return end <= offset ? new Uint8Array(0) : inode.content.read(inode.offset + offset, end - offset);
}
