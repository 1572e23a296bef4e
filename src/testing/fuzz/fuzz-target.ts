import { OslimError } from '../../errors.ts';
import { DEFAULT_LIMITS } from '../../io/limits.ts';

/** FuzzTarget is one reader of hostile bytes: whatever they are, nothing but an OslimError may come out, and soon. */
export interface FuzzTarget {
  readonly name: string;
  /** Which sources its branches are counted of. */
  readonly covers: RegExp;
  readonly seeds: () => readonly (Uint8Array | string)[];
  /** Words of the format, for mutations. */
  readonly words: readonly string[];
  readonly run: (bytes: Uint8Array) => unknown;
}

export const utf8 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

/** Runs each step by itself: what the first refuses does not keep the bytes from the second. */
export function each(...steps: readonly (() => unknown)[]): void {
  for (const step of steps) {
    try {
      step();
    } catch (error) {
      if (!(error instanceof OslimError)) throw error;
    }
  }
}

/** Bounds for inputs of kilobytes: what is more than these is found as what is more than the real ones. */
export const LIMITS = { ...DEFAULT_LIMITS, layerBytes: 1 << 20, entries: 1000 };

/** Yields the bytes in two pieces. */
export async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const middle = bytes.length >> 1;
  if (middle > 0) yield bytes.subarray(0, middle);
  if (bytes.length > 0) yield bytes.subarray(middle);
}

/** Reads a stream to its end; an OslimError is an end, too. */
export async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  try {
    for await (const _chunk of stream) {
      // What is in it is others' to read.
    }
  } catch (error) {
    if (!(error instanceof OslimError)) throw error;
  }
}
