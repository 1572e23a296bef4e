import type { Limits } from '../../io/limits.ts';

/**
 * RegistryLimits is how long the client bears with a server before it gives up, in milliseconds and bytes; how much it
 * takes from one is among the Limits.
 */
export interface RegistryLimits {
  /** How often one request is tried in all. */
  readonly attempts: number;
  /** The first pause between two attempts; it doubles each time, with jitter, up to `maxBackoffMs`. */
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  /** A server that asks to wait for longer (Docker Hub's pull limit asks for hours) is an error at once. */
  readonly maxRetryAfterMs: number;
  readonly connectTimeoutMs: number;
  readonly headersTimeoutMs: number;
  /** The same for an upload: some registries answer only once they have copied and hashed gigabytes. */
  readonly commitTimeoutMs: number;
  /** A body that brings fewer than `stallBytes` in this time of waiting for it has stalled. */
  readonly stallTimeoutMs: number;
  readonly stallBytes: number;
  /** The longest that a document (manifest, config, token, list of errors) may take as a whole. */
  readonly documentTimeoutMs: number;
  /** How much of the answer to a failed request is read; more is left. */
  readonly errorBytes: number;
  /** A transfer that broke after this many new bytes starts with a full set of attempts again. */
  readonly progressBytes: number;
  /** How many blobs are pushed side by side. */
  readonly concurrency: number;
}

/** How much the client takes from a server at once. */
export type AnswerLimits = Pick<Limits, 'redirects' | 'tokenBytes' | 'headerBytes'>;

export const DEFAULT_REGISTRY_LIMITS: RegistryLimits = {
  attempts: 5,
  backoffMs: 500,
  maxBackoffMs: 20_000,
  maxRetryAfterMs: 120_000,
  connectTimeoutMs: 15_000,
  headersTimeoutMs: 60_000,
  commitTimeoutMs: 300_000,
  stallTimeoutMs: 30_000,
  stallBytes: 32 << 10,
  documentTimeoutMs: 120_000,
  errorBytes: 64 << 10,
  progressBytes: 4 << 20,
  concurrency: 4,
};
