import type { Digest } from '../oci/digest.ts';
import type { Platform } from '../oci/platform.ts';
import type { RootPath } from '../rootfs/root-path.ts';
import type { Download } from '../source/transfer.ts';
import type { KeepGraph } from '../trace/keep-graph.ts';
import type { Warning } from '../warnings.ts';
import type { LockDifference } from './lock.ts';
import type { Policy, PolicyFinding } from './policy.ts';

/** Content of an image: what its files come to, uncompressed. */
export interface Contents {
  /** Bytes of regular files, each inode once. */
  readonly bytes: number;
  /** Names of everything that is not a directory. */
  readonly files: number;
  readonly packages: number;
}

/** What one detector brought. */
export interface CostRow {
  readonly detector: string;
  readonly bytes: number;
  readonly files: number;
}

export interface KeptPath {
  readonly path: RootPath;
  readonly bytes: number;
}

/** SlimResult is what `slim` did, or would do when nothing was to be written. */
export interface SlimResult {
  readonly source: { readonly name: string; readonly digest: Digest; readonly platform: Platform };
  /** The name the result bears. */
  readonly name: string;
  /** Absent for a directory of the host: it is read on demand, and walking a whole machine would take minutes. */
  readonly before?: Contents;
  readonly after: Contents;
  readonly imageId: Digest;
  readonly manifestDigest: Digest;
  readonly diffId: Digest;
  /** Bytes of the layer as written. */
  readonly layerBytes: number;
  /** Where it was written, in the user's words. */
  readonly written: readonly string[];
  /** Files that were written besides the image: the lock, reports, documents. */
  readonly sideFiles: readonly string[];
  readonly debug?: DebugResult;
  /** What came over the network, where layers may be fetched in parts (`lazy`). */
  readonly download?: Download;
  readonly warnings: readonly Warning[];
  /** What each detector brought (a file counts for the one that wanted it first), largest first. */
  readonly costs: readonly CostRow[];
  readonly largest: readonly KeptPath[];
  readonly graph: KeepGraph;
  /** Bytes over `maxSize`, when it was given and does not hold. */
  readonly overSize?: number;
  /** What `failOn` forbids and the image holds. */
  readonly violations: readonly PolicyFinding[];
  /** What is otherwise than in the frozen lock; nothing was written then. */
  readonly lockDifferences?: readonly LockDifference[];
}

/** DebugResult is the variant of a slim image with tools in a second layer. */
export interface DebugResult {
  readonly name: string;
  readonly written: readonly string[];
  readonly imageId: Digest;
  /** Bytes of the second layer as written; the first one is shared. */
  readonly layerBytes: number;
  /** What it has that the slim image has not. */
  readonly commands: readonly string[];
}

/** SlimIndexResult is what was done to every platform's image of an index. */
export interface SlimIndexResult {
  /** Without a digest where the source has no index of its own. */
  readonly source: { readonly name: string; readonly digest?: Digest };
  readonly name: string;
  /** Of the index that was, or would be, written. */
  readonly indexDigest: Digest;
  readonly written: readonly string[];
  readonly sideFiles: readonly string[];
  /** Of the index itself; each image has its own. */
  readonly warnings: readonly Warning[];
  readonly platforms: readonly SlimResult[];
  /** What is otherwise than in the frozen lock; nothing was written then. */
  readonly lockDifferences?: readonly LockDifference[];
}

/** UnchangedResult says that nothing was done, because every destination holds the result already. */
export interface UnchangedResult {
  readonly source: { readonly name: string; readonly digest?: Digest };
  readonly name: string;
  /** Where the result is, in the user's words. */
  readonly places: readonly string[];
  /** Bytes over `maxSize` that the image (of several: the largest) has, when it was given and does not hold. */
  readonly overSize?: number;
  /** What `failOn` forbids and the image holds. */
  readonly violations: readonly Policy[];
}

/** SlimOutcome is what came of a job. */
export type SlimOutcome =
  | { readonly kind: 'image'; readonly result: SlimResult }
  | { readonly kind: 'index'; readonly result: SlimIndexResult }
  | { readonly kind: 'unchanged'; readonly result: UnchangedResult };
