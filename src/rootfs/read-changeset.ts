import { FormatError, IntegrityError } from '../errors.ts';
import type { Layer } from '../image/image.ts';
import { decompressed, detectCompression, MAGIC_BYTES } from '../io/decompress.ts';
import { checkLimit, type Limits } from '../io/limits.ts';
import type { RandomAccess } from '../io/random-access.ts';
import { Spool } from '../io/spool.ts';
import { algorithmOf, Digester } from '../oci/digest.ts';
import type { IndexedTar } from '../tar/indexed-tar.ts';
import { TarParser } from '../tar/reader.ts';
import { type Change, changeOf } from './change.ts';

/** Changeset is what one layer changes, with its contents where they can be read at random. */
export interface Changeset {
  readonly changes: readonly Change[];
  /** Of the uncompressed tar, in bytes. */
  readonly size: number;
  /** Bytes of it that were written to memory or a temporary file. */
  readonly spooled: number;
  close(): void;
}

/** What reading a layer needs besides the layer. */
export interface ReadContext {
  readonly limits: Limits;
  readonly signal: AbortSignal;
  /** Entries of all layers so far. */
  readonly entries: { count: number };
  /** Called with the bytes of the stored blob that were read since the last call. */
  onRead(bytes: number): void;
}

/**
 * Reads layer number `index` once: inflates, hashes, parses and spools it side by side. A plain tar in a seekable file is
 * not spooled: contents are addressed there. Throws what the layer's medium throws, IntegrityError when the diffID does
 * not hold, FormatError, LimitError and UnsafePathError for what is in it.
 */
export async function readChangeset(layer: Layer, index: number, context: ReadContext): Promise<Changeset> {
  if (layer.openTable !== undefined) return readTable(await layer.openTable(), index, context);
  const subject = `layer ${index + 1} (${layer.descriptor.digest ?? layer.diffId})`;
  const spool = new Spool();
  try {
    return await readInto(spool, layer, index, subject, context);
  } catch (error) {
    spool.close();
    if (!(error instanceof FormatError)) throw error;
    await blameDigest(layer);
    throw error.format === 'tar' ? inLayer(error, subject) : error;
  }
}

/** Takes what a layer changes from its table; contents stay where they are. */
function readTable(table: IndexedTar, index: number, { limits, entries }: ReadContext): Changeset {
  try {
    const changes: Change[] = [];
    for (const member of table.members) {
      checkLimit(limits, 'entries', ++entries.count, 'image');
      const change = changeOf(member, index, table.content, limits);
      if (change !== undefined) changes.push(change);
    }
    return { changes, size: table.size, spooled: 0, close: () => table.close() };
  } catch (error) {
    table.close();
    throw error;
  }
}

async function readInto(
  spool: Spool,
  layer: Layer,
  index: number,
  subject: string,
  context: ReadContext,
): Promise<Changeset> {
  const { limits, signal } = context;
  const plain = plainAccess(layer);
  const content = plain ?? spool;
  const changes: Change[] = [];
  const parser = new TarParser(
    {
      entry(member) {
        checkLimit(limits, 'entries', ++context.entries.count, 'image');
        const change = changeOf(member, index, content, limits);
        if (change !== undefined) changes.push(change);
      },
    },
    limits,
  );
  // The medium hashes a blob for its digest; where that is the diffID too, once is enough.
  const digester =
    plain !== undefined && layer.descriptor.digest === layer.diffId
      ? undefined
      : new Digester(algorithmOf(layer.diffId));
  let size = 0;
  for await (const chunk of decompressed(tapped(layer, context), subject, limits)) {
    signal.throwIfAborted();
    size += chunk.length;
    digester?.update(chunk);
    parser.write(chunk);
    const isBehind = plain === undefined ? spool.append(chunk) : undefined;
    if (isBehind !== undefined) await isBehind;
  }
  parser.end();
  await spool.finish();
  const actual = digester?.digest() ?? layer.diffId;
  if (actual !== layer.diffId) throw new IntegrityError(`uncompressed ${subject}`, layer.diffId, actual);
  return { changes, size, spooled: spool.size, close: () => spool.close() };
}

/** Returns where the layer's tar can be read at random without spooling it; undefined when it is compressed or a stream. */
function plainAccess({ access }: Layer): RandomAccess | undefined {
  const start = access?.read(0, Math.min(MAGIC_BYTES, access.size));
  return start !== undefined && detectCompression(start) === 'none' ? access : undefined;
}

async function* tapped(layer: Layer, context: ReadContext): AsyncGenerator<Uint8Array> {
  for await (const chunk of layer.open()) {
    context.onRead(chunk.length);
    yield chunk;
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
