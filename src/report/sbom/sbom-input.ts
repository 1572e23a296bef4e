import type { FoundComponents } from '../../components/find-components.ts';
import type { Digest } from '../../oci/digest.ts';
import type { FileInode } from '../../rootfs/inode.ts';
import type { RootPath } from '../../rootfs/root-path.ts';

/** SbomInput is what a bill of materials of one slim image says. */
export interface SbomInput extends FoundComponents {
  /** Full reference that the image bears. */
  readonly name: string;
  readonly manifestDigest: Digest;
  readonly imageId: Digest;
  readonly architecture: string;
  /** Version of oslim. */
  readonly version: string;
  /** RFC 3339; absent where nobody said a time, and the clock is not asked. */
  readonly timestamp?: string;
  /** The regular files that are kept. */
  readonly files: ReadonlyMap<RootPath, FileInode>;
}
