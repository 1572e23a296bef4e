import { FormatError } from '../errors.ts';
import type { Layer } from '../image/image.ts';
import type { Limits } from '../io/limits.ts';
import type { Change } from './change.ts';
import type { LayerCache } from './layer-cache/layer-cache.ts';
import { type LayerReaders, LayerReading } from './layer-reading.ts';

/** Changeset is what one layer changes, with its contents where they can be read at random. */
export interface Changeset {
  readonly changes: readonly Change[];
  /** Of the uncompressed tar, in bytes. */
  readonly size: number;
  /** Bytes of it that were written to memory or a temporary file. */
  readonly spooled: number;
  /** Ends reading its contents; what was read of them is remembered in the cache. */
  close(): Promise<void>;
}

/** What reading a layer needs besides the layer. */
export interface ReadContext {
  readonly limits: Limits;
  readonly signal: AbortSignal;
  /** Entries of all layers so far. */
  readonly entries: { count: number };
  /** Absent: layers are read in this thread. */
  readonly readers: LayerReaders | undefined;
  /** Absent: nothing is remembered, and nothing recalled. */
  readonly cache: LayerCache | undefined;
  /** Called with the bytes of the stored blob that were read since the last call. */
  onRead(bytes: number): void;
}

/**
 * Reads layer number `index` once: inflates, hashes, parses and spools it side by side. A plain tar in a seekable file is
 * not spooled: contents are addressed there. Throws what the layer's medium throws, IntegrityError when the diffID does
 * not hold, FormatError, LimitError and UnsafePathError for what is in it.
 */
export async function readChangeset(layer: Layer, index: number, context: ReadContext): Promise<Changeset> {
  const table = await layer.openTable?.();
  const reading = new LayerReading(layer, index, context);
  if (table !== undefined) return reading.readTable(table);
  try {
    return await reading.read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    await blameDigest(layer);
    throw error.format === 'tar' ? inLayer(error, reading.subject) : error;
  }
}

/** A damaged blob mostly breaks its format before its end is reached: say that it is damaged, where that can be read again. */
async function blameDigest(layer: Layer): Promise<void> {
  if (layer.access === undefined) return;
  for await (const _chunk of layer.open()) {
    // The iteration itself throws IntegrityError at its end.
  }
}

function inLayer(error: FormatError, subject: string): FormatError {
  return new FormatError(error.format, error.offset, `cannot read ${subject}: ${error.message}`, {
    cause: error,
  });
}
