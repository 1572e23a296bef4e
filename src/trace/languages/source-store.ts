import type { FileInode } from '../../rootfs/inode.ts';
import type { RootPath } from '../../rootfs/root-path.ts';
import type { Rootfs } from '../../rootfs/rootfs.ts';

/** How a language's sources are read. */
export interface SourceReading<S> {
  readonly scan: (text: string) => S;
  /** Largest source that is read, in bytes; what is larger is a table of data. */
  readonly maxBytes: number;
  /** `utf-8` unless said otherwise. */
  readonly encoding?: 'latin1';
}

/** SourceStore scans each source of one language once. */
export class SourceStore<S> {
  readonly #rootfs: Rootfs;
  readonly #reading: SourceReading<S>;
  readonly #known = new WeakMap<FileInode, S>();

  constructor(rootfs: Rootfs, reading: SourceReading<S>) {
    this.#rootfs = rootfs;
    this.#reading = reading;
  }

  /** Returns what the source at `path` says; undefined when there is no file, or one too large to be code. */
  of(path: RootPath): S | undefined {
    const { scan, maxBytes, encoding } = this.#reading;
    const found = this.#rootfs.file(path);
    if (found === undefined || found.inode.size > maxBytes) return undefined;
    const known = this.#known.get(found.inode);
    if (known !== undefined) return known;
    const source = scan(new TextDecoder(encoding).decode(this.#rootfs.read(found.inode)));
    this.#known.set(found.inode, source);
    return source;
  }
}
