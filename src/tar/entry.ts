/** The entry types that a layer may hold (OCI image-spec v1.1, layer.md "File Types"; POSIX ustar typeflags). */
export type TarEntryType =
  | 'file'
  | 'hardlink'
  | 'symlink'
  | 'character-device'
  | 'block-device'
  | 'directory'
  | 'fifo';

/** TarEntry is one member of a tar with its pax and GNU extensions applied. */
export interface TarEntry {
  /** As written, without judging it: may begin with `./` or `/` or hold `..`. Bytes that are not UTF-8 are kept, see name.ts. */
  readonly name: string;
  readonly type: TarEntryType;
  /** Permission bits with setuid, setgid and sticky: 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Nanoseconds since the epoch. */
  readonly mtime: bigint;
  /** Bytes of contents that follow; 0 for everything but a file. */
  readonly size: number;
  /** Target of a hard link (a name in the archive) or of a symbolic link; else empty. */
  readonly linkname: string;
  readonly devMajor: number;
  readonly devMinor: number;
  /** From pax `SCHILY.xattr.*` records: full attribute name to raw bytes. */
  readonly xattrs: ReadonlyMap<string, Uint8Array>;
}
