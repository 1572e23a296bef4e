import type { DirectoryInode, Inode } from './inode.ts';

/** Metadata is what an inode has besides its type. */
export type Metadata = Pick<DirectoryInode, 'mode' | 'uid' | 'gid' | 'mtime' | 'xattrs' | 'layer'>;

const NO_XATTRS: ReadonlyMap<string, Uint8Array> = new Map();

/** The metadata of a directory that no layer has an entry for; engines make such parents 0755 and root's. */
export const IMPLIED: Metadata = { mode: 0o755, uid: 0, gid: 0, mtime: 0n, xattrs: NO_XATTRS, layer: -1 };

/** Directory is a directory in memory that can still be changed; as a DirectoryInode it is read only. */
export class Directory implements DirectoryInode {
  readonly type = 'directory';
  mode: number;
  uid: number;
  gid: number;
  mtime: bigint;
  xattrs: ReadonlyMap<string, Uint8Array>;
  layer: number;
  // An image of 300,000 files has 30,000 directories, many of them empty or never listed.
  #children: Map<string, Inode> | undefined;
  #names: readonly string[] | undefined;

  constructor(metadata: Metadata = IMPLIED) {
    this.mode = metadata.mode;
    this.uid = metadata.uid;
    this.gid = metadata.gid;
    this.mtime = metadata.mtime;
    this.xattrs = metadata.xattrs;
    this.layer = metadata.layer;
  }

  get(name: string): Inode | undefined {
    return this.#children?.get(name);
  }

  names(): readonly string[] {
    this.#names ??= [...(this.#children?.keys() ?? [])].sort();
    return this.#names;
  }

  /** Puts `inode` in as `name`, in the place of what was there. */
  set(name: string, inode: Inode): void {
    this.#children ??= new Map();
    this.#children.set(name, inode);
    this.#names = undefined;
  }

  delete(name: string): void {
    this.#children?.delete(name);
    this.#names = undefined;
  }

  clear(): void {
    this.#children = undefined;
    this.#names = undefined;
  }

  /** Takes the metadata of a newer entry; what is in the directory stays. */
  adopt(metadata: Metadata): void {
    this.mode = metadata.mode;
    this.uid = metadata.uid;
    this.gid = metadata.gid;
    this.mtime = metadata.mtime;
    this.xattrs = metadata.xattrs;
    this.layer = metadata.layer;
  }
}
