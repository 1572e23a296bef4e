import { LimitError } from '../errors.ts';

const MIB = 1 << 20;
const GIB = 1 << 30;

/** Limits says how much of everything an input may be: the defaults are sizes that no honest image meets. */
export interface Limits {
  /** Layers of one image. Docker itself stops at 127. */
  readonly layers: number;
  /** Decompressed bytes of one layer. */
  readonly layerBytes: number;
  /** Decompressed bytes for each compressed byte, judged once `RATIO_FREE_BYTES` have come out. */
  readonly compressionRatio: number;
  /** Entries of all layers together. */
  readonly entries: number;
  /** Bytes of one path inside the image; Linux's PATH_MAX is 4096. */
  readonly pathBytes: number;
  /** Components of one path inside the image. */
  readonly pathDepth: number;
  /** Bytes of one pax extended header, of one GNU long name, or of one sparse map. */
  readonly tarExtensionBytes: number;
  /** Bytes of one image manifest or index. Registries take 4 MiB at most. */
  readonly manifestBytes: number;
  readonly configBytes: number;
}

export const DEFAULT_LIMITS: Limits = {
  layers: 1000,
  layerBytes: 256 * GIB,
  compressionRatio: 500,
  entries: 2_000_000,
  pathBytes: 4096,
  pathDepth: 256,
  tarExtensionBytes: 4 * MIB,
  manifestBytes: 8 * MIB,
  configBytes: 16 * MIB,
};

/** A short stream may be all zeros (a preallocated file): its ratio says nothing yet. */
export const RATIO_FREE_BYTES = 256 * MIB;

/** Throws LimitError when `value` is more than the limit `name` allows; `subject` is what is read, for the message. */
export function checkLimit(limits: Limits, name: keyof Limits, value: number, subject: string): void {
  const max = limits[name];
  if (value <= max) return;
  throw new LimitError(
    name,
    max,
    `cannot read ${subject}: ${value} is more than the limit ${name} = ${max}`,
    {
      advice: `if you trust this image, raise the limit ${name}`,
    },
  );
}
