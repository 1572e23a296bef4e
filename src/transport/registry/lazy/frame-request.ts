import type { MessagePort } from 'node:worker_threads';
import type { FrameKind } from '../../../io/inflate-frame.ts';
import type { Limits } from '../../../io/limits.ts';
import type { encodeError } from '../../../io/thread-error.ts';
import type { Digest } from '../../../oci/digest.ts';
import type { Reference } from '../../../oci/reference.ts';
import type { Credential } from '../../credentials/credential.ts';
import type { RegistryLimits } from '../limits.ts';
import type { RegistryRule } from '../registries-conf.ts';

/** FrameRequest asks for frames of one blob: to be fetched, inflated, verified, and written to a file. */
export interface FrameRequest {
  readonly blob: { readonly digest: Digest; readonly size: number };
  readonly kind: FrameKind;
  readonly frames: readonly WantedFrame[];
}

export interface WantedFrame {
  /** In the blob. */
  readonly offset: number;
  readonly end: number;
  readonly inflatedSize: number;
  readonly chunks: readonly WantedChunk[];
}

export interface WantedChunk {
  /** In the inflated frame. */
  readonly skip: number;
  readonly size: number;
  readonly digest: Digest;
  /** Offset in the file that it is written to. */
  readonly at: number;
}

/** ThreadSetup is what the thread that fetches is told: what it needs to reach one repository as the main thread does. */
export interface ThreadSetup {
  readonly reference: Reference;
  /** Which of the places to pull the reference from (the registry's own, or a mirror) it is. */
  readonly place: string;
  /** Of that place; the thread asks nobody else for one. */
  readonly credential: Credential | undefined;
  readonly registry: SerializableOptions;
}

/** What of RegistryOptions can be told to another thread. */
export interface SerializableOptions {
  readonly insecure?: boolean;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly certificateDirectories?: readonly string[];
  readonly rules?: readonly RegistryRule[];
  readonly network?: Partial<RegistryLimits>;
  readonly limits?: Limits;
}

/** What came of a request. */
export interface FrameOutcome {
  /** Bytes of answers' bodies since the last outcome. */
  readonly received: number;
  /** Absent: all is in its place. */
  readonly failure?: ReturnType<typeof encodeError>;
}

/** Places in the memory that both threads see. */
export const STATE = { done: 0, heartbeat: 1, length: 2 } as const;

/** What the thread is started with. */
export interface ThreadData {
  readonly setup: ThreadSetup;
  /** Of the file that chunks are written to. */
  readonly fd: number;
  /** Requests that the main thread stands still for. */
  readonly port: MessagePort;
  readonly state: Int32Array;
}
