import type { MessagePort } from 'node:worker_threads';
import type { Limits } from '../../io/limits.ts';

/** StoredFile is a stored blob in a file that is open in this process. */
export interface StoredFile {
  readonly fd: number;
  readonly offset: number;
  readonly size: number;
  /** What the blob must be; its digest is not taken a second time when it is the uncompressed tar's. */
  readonly promised: { readonly digest?: string; readonly size: number };
}

/** StoredStream is a stored blob that comes by `send`, and was verified there. */
export interface StoredStream {
  readonly port: MessagePort;
}

/** ScanJob is a layer to be read by another thread: everything can be sent there. */
export interface ScanJob<Stored = StoredFile | StoredStream> {
  readonly stored: Stored;
  /** Names the layer in messages. */
  readonly subject: string;
  /** Of the uncompressed tar's digest; absent: the stored blob's is the same. */
  readonly algorithm: 'sha256' | 'sha512' | undefined;
  readonly limits: Limits;
  /** Descriptor of the temporary file for the uncompressed tar; absent: it is a plain tar, and read where it is. */
  readonly spool: number | undefined;
}

/** What the thread says: headers as they come, then one end. */
export type ScanMessage =
  | {
      readonly kind: 'headers';
      /** See `HeaderReplay.take`. */
      readonly blocks: Uint8Array;
      readonly offsets: Float64Array;
    }
  | { readonly kind: 'read'; readonly bytes: number }
  | {
      readonly kind: 'done';
      readonly size: number;
      readonly digest: string | undefined;
      /** Begin, end, begin, end, …: what the spool lacks. */
      readonly holes: Float64Array;
    }
  | { readonly kind: 'failed'; readonly error: unknown };

/** A reading of a whole layer into its spool; `state` is shared memory. */
export interface RefillJob {
  readonly job: ScanJob<StoredFile>;
  readonly state: Int32Array;
  /** Takes the error, when there is one. */
  readonly errors: MessagePort;
}

/** Cells of `RefillJob.state`. */
export const REFILL = { outcome: 0, progress: 1 } as const;
export const OUTCOME = { underWay: 0, done: 1, failed: 2 } as const;
