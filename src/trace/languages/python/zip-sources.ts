import { unzipSync } from 'fflate';
import type { FileInode } from '../../../rootfs/inode.ts';
import type { Rootfs } from '../../../rootfs/rootfs.ts';

/** Largest archive that is read, in bytes, and largest source in it. */
const MAX_ARCHIVE = 256 << 20;
const MAX_SOURCE = 8 << 20;

/**
 * Returns the Python sources in a zip archive that the interpreter would run (zipapp; a shebang line may stand before
 * it), or undefined when the file is none. A broken or too large archive has none.
 */
export function zipSources(rootfs: Rootfs, inode: FileInode): readonly string[] | undefined {
  if (inode.size > MAX_ARCHIVE) return undefined;
  const bytes = Buffer.from(rootfs.read(inode));
  const start = bytes.indexOf('PK\x03\x04', 0, 'latin1');
  if (start < 0 || (start > 0 && bytes[0] !== 0x23)) return undefined;
  const decoder = new TextDecoder();
  const isSource = ({
    name,
    originalSize,
  }: {
    readonly name: string;
    readonly originalSize: number;
  }): boolean => name.endsWith('.py') && originalSize <= MAX_SOURCE;
  // Offsets count from the file's start, or from the archive's when the shebang was put before it later.
  for (const archive of [bytes, bytes.subarray(start)]) {
    try {
      return Object.values(unzipSync(archive, { filter: isSource })).map((source) => decoder.decode(source));
    } catch (error) {
      // fflate throws plain errors with a number; the archive is then read as what it may be besides: no archive.
      if (!(error instanceof Error)) throw error;
    }
  }
  return undefined;
}
