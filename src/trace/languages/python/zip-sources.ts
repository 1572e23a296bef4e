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
  // Offsets count from the file's start, or from the archive's when the shebang was put before it later.
  const sources = readArchive(bytes) ?? readArchive(bytes.subarray(start));
  return sources?.map((source) => new TextDecoder().decode(source));
}

/** Returns the sources of an archive; undefined when it has none or its directory cannot be read. */
function readArchive(archive: Uint8Array): Uint8Array[] | undefined {
  try {
    const filter = ({
      name,
      originalSize,
    }: {
      readonly name: string;
      readonly originalSize: number;
    }): boolean => name.endsWith('.py') && originalSize <= MAX_SOURCE;
    const sources = Object.values(unzipSync(archive, { filter }));
    return sources.length > 0 ? sources : undefined;
  } catch (error) {
    // fflate throws plain errors for a damaged archive, and RangeError for offsets beyond it: no archive then.
    if (!(error instanceof Error)) throw error;
    return undefined;
  }
}
