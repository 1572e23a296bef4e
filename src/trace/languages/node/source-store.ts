import type { FileInode } from '../../../rootfs/inode.ts';
import type { Rootfs } from '../../../rootfs/rootfs.ts';
import type { JsSource } from './js-source.ts';
import { scanSource } from './scan-source.ts';
import { scanText } from './scan-text.ts';

/** Largest source that is parsed, and largest that is read as text, in bytes. */
const MAX_PARSED = 3 << 20;
const MAX_READ = 32 << 20;

/** SourceStore scans each source once. */
export class SourceStore {
  readonly #rootfs: Rootfs;
  readonly #known = new WeakMap<FileInode, JsSource>();

  constructor(rootfs: Rootfs) {
    this.#rootfs = rootfs;
  }

  /** Returns what the source says; undefined when it is too large to be one. */
  of(inode: FileInode): JsSource | undefined {
    const known = this.#known.get(inode);
    if (known !== undefined || inode.size > MAX_READ) return known;
    const text = new TextDecoder().decode(this.#rootfs.read(inode));
    const source = inode.size > MAX_PARSED ? scanText(text) : scanSource(text);
    this.#known.set(inode, source);
    return source;
  }
}
