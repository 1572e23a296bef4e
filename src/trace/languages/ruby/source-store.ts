import type { FileInode } from '../../../rootfs/inode.ts';
import type { RootPath } from '../../../rootfs/root-path.ts';
import type { Rootfs } from '../../../rootfs/rootfs.ts';
import { type RubySource, scanSource } from './scan-source.ts';

/** Largest source that is read, in bytes; what is larger is a table of data. */
const MAX_SOURCE = 4 << 20;

/** SourceStore scans each Ruby source once. */
export class SourceStore {
  readonly #rootfs: Rootfs;
  readonly #known = new WeakMap<FileInode, RubySource>();

  constructor(rootfs: Rootfs) {
    this.#rootfs = rootfs;
  }

  /** Returns what the source at `path` says; undefined when there is no file, or one too large to be code. */
  of(path: RootPath): RubySource | undefined {
    const found = this.#rootfs.file(path);
    if (found === undefined || found.inode.size > MAX_SOURCE) return undefined;
    const known = this.#known.get(found.inode);
    if (known !== undefined) return known;
    const source = scanSource(new TextDecoder().decode(this.#rootfs.read(found.inode)));
    this.#known.set(found.inode, source);
    return source;
  }
}
