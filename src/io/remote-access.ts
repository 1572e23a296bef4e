import type { RandomAccess } from './random-access.ts';

/** A run of bytes. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** RemoteAccess reads bytes that are elsewhere until they are asked for; each `read` of more of them is a way there. */
export interface RemoteAccess extends RandomAccess {
  /** Brings these over at once, so that reading them does not wait. */
  prefetch(ranges: readonly ByteRange[]): Promise<void>;
}

export function isRemote(access: RandomAccess): access is RemoteAccess {
  return 'prefetch' in access;
}
