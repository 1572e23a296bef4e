import type { HistoryEntry } from '../oci/config.ts';
import type { Digest } from '../oci/digest.ts';
import type { PackageIndex } from '../packages/package-index.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';

/** SlimDetail is what documents about a slim image are made from, besides the image and the summary. */
export interface SlimDetail {
  /** Of the source. */
  readonly rootfs: Rootfs;
  /** False for a directory of the host, which is read on demand only. */
  readonly isWholeInMemory: boolean;
  readonly packages: PackageIndex;
  readonly history: readonly HistoryEntry[];
  readonly diffIds: readonly Digest[];
}
