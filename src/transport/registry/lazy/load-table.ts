import { FormatError, IntegrityError } from '../../../errors.ts';
import { type ChunkTable, parseChunkTable } from '../../../image/toc/chunk-table.ts';
import { FOOTER_BYTES, tocJsonOf, tocOffsetOf } from '../../../image/toc/estargz.ts';
import { SKIPPABLE_HEADER_BYTES, type TocLocation } from '../../../image/toc/toc-location.ts';
import { type FrameKind, frameInflater } from '../../../io/inflate-frame.ts';
import { checkLimit, type Limits } from '../../../io/limits.ts';
import type { Descriptor } from '../../../oci/descriptor.ts';
import { algorithmOf, type Digest, Digester } from '../../../oci/digest.ts';
import { fetchRange } from '../fetch-range.ts';
import type { Repository } from '../repository.ts';

/** LoadedTable is a layer's table of contents, verified by the digest that the manifest has for it. */
export interface LoadedTable extends ChunkTable {
  /** How its frames are compressed. */
  readonly kind: FrameKind;
}

/**
 * Fetches a layer's table, and nothing else of the layer. Throws IntegrityError, FormatError, LimitError, RegistryError;
 * UnsupportedError where the layer may well be read as a whole.
 */
export async function loadTable(
  repository: Repository,
  blob: Descriptor,
  location: TocLocation,
  limits: Limits,
): Promise<LoadedTable> {
  const subject = `the table of contents of layer ${blob.digest}`;
  const source = { repository, blob, limits, subject };
  try {
    return location.kind === 'eStargz'
      ? await loadStargz(source, location.digest)
      : await loadChunked(source, location);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new FormatError(error.format, error.offset, `cannot read ${subject}: ${error.message}`, {
      cause: error,
    });
  }
}

interface Source {
  readonly repository: Repository;
  readonly blob: Descriptor;
  readonly limits: Limits;
  readonly subject: string;
}

async function loadChunked(
  source: Source,
  location: TocLocation & { readonly kind: 'zstd:chunked' },
): Promise<LoadedTable> {
  const { blob, limits, subject } = source;
  const { offset, length, inflatedLength, digest } = location;
  checkLimit(limits, 'tocBytes', Math.max(length, inflatedLength), subject);
  const stored = await bytesOf(source, offset, offset + length);
  verify(stored, digest, subject);
  const json = await (await frameInflater('zstd'))(stored, inflatedLength);
  const framesEnd = offset - SKIPPABLE_HEADER_BYTES;
  return { kind: 'zstd', ...parseChunkTable(json, { size: blob.size, framesEnd }, limits) };
}

async function loadStargz(source: Source, digest: Digest): Promise<LoadedTable> {
  const { blob, limits, subject } = source;
  const footer = await bytesOf(source, Math.max(0, blob.size - FOOTER_BYTES), blob.size);
  const offset = tocOffsetOf(footer, blob.size);
  const end = blob.size - FOOTER_BYTES;
  checkLimit(limits, 'tocBytes', end - offset, subject);
  const stored = await bytesOf(source, offset, end);
  const tar = await (await frameInflater('gzip'))(stored, limits.tocBytes);
  const json = tocJsonOf(tar, limits);
  verify(json, digest, subject);
  return { kind: 'gzip', ...parseChunkTable(json, { size: blob.size, framesEnd: offset }, limits) };
}

async function bytesOf({ repository, blob }: Source, start: number, end: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of fetchRange(repository, blob, start, end)) parts.push(part);
  return Buffer.concat(parts);
}

function verify(bytes: Uint8Array, expected: Digest, subject: string): void {
  const digester = new Digester(algorithmOf(expected));
  digester.update(bytes);
  const actual = digester.digest();
  if (actual !== expected) throw new IntegrityError(subject, expected, actual);
}
