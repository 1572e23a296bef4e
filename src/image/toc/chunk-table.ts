import { UnsupportedError } from '../../errors.ts';
import { checkLimit, type Limits, RATIO_FREE_BYTES } from '../../io/limits.ts';
import { parseDigest } from '../../oci/digest.ts';
import { isRecord, type JsonObject, optionalString, parseJsonObject } from '../../oci/json.ts';
import type { TarMember } from '../../tar/header-chain.ts';
import { type Chunk, type Frame, framesOf, type PlacedChunk } from './frames.ts';
import { malformed, nameOf, numberOf, tarEntryOf } from './toc-entry.ts';

/** ChunkTable is a layer's table of contents: its entries, and where the contents of its files lie in the blob. */
export interface ChunkTable {
  /** In the table's order; `dataOffset` is in the contents of all files one after another. */
  readonly members: readonly TarMember[];
  /** By `start`, without gaps. */
  readonly chunks: readonly Chunk[];
  /** By offset, without overlaps: nothing is fetched twice, whatever the table says. */
  readonly frames: readonly Frame[];
  /** Of all contents. */
  readonly size: number;
}

/** What of a blob a table is about: its size, and where the bytes of its frames end. */
export interface TabledBlob {
  readonly size: number;
  readonly framesEnd: number;
}

/** 1 in eStargz and zstd:chunked; 2 is zstd:chunked without tar-split, which is not used here. */
const VERSIONS: readonly unknown[] = [1, 2];

/**
 * Parses the JSON of an eStargz or zstd:chunked table (stargz-snapshotter, docs/estargz.md; containers/storage,
 * pkg/chunked). Throws FormatError, LimitError, and UnsupportedError for what might well be right.
 */
export function parseChunkTable(json: Uint8Array, blob: TabledBlob, limits: Limits): ChunkTable {
  const document = parseJsonObject(json, 'table of contents', limits);
  if (!VERSIONS.includes(document.version))
    throw new UnsupportedError(
      `cannot read table of contents: version ${JSON.stringify(document.version)} is not known`,
    );
  if (!Array.isArray(document.entries)) throw malformed('it has no entries');
  const builder = new TableBuilder();
  for (const entry of document.entries) {
    if (!isRecord(entry)) throw malformed('an entry is no object');
    builder.add(entry);
  }
  return builder.finish(blob, limits);
}

/** A file whose chunks are being read. */
interface OpenFile {
  readonly name: string;
  readonly size: number;
  readonly digest: string | undefined;
  readonly endOffset: number | undefined;
  /** Bytes that have a chunk. */
  done: number;
}

class TableBuilder {
  readonly #members: TarMember[] = [];
  readonly #chunks: PlacedChunk[] = [];
  #size = 0;
  #file: OpenFile | undefined;

  add(record: JsonObject): void {
    if (record.type === 'chunk') this.#addChunk(record, this.#file);
    else this.#addMember(record);
  }

  finish(blob: TabledBlob, limits: Limits): ChunkTable {
    this.#endFile();
    checkLimit(limits, 'layerBytes', this.#size, 'table of contents');
    const { chunks, frames } = framesOf(this.#chunks, blob.framesEnd);
    const inflated = frames.reduce((sum, { inflatedSize }) => sum + inflatedSize, 0);
    const most = Math.max(this.#size, inflated);
    if (most > RATIO_FREE_BYTES)
      checkLimit(limits, 'compressionRatio', Math.floor(most / blob.size), 'table of contents');
    return { members: this.#members, chunks, frames, size: this.#size };
  }

  #addMember(record: JsonObject): void {
    this.#endFile();
    const entry = tarEntryOf(record);
    const { size } = entry;
    this.#members.push({
      entry,
      headerOffset: this.#members.length,
      dataOffset: this.#size,
      storedSize: size,
    });
    if (size === 0) return;
    const endOffset = record.endOffset === undefined ? undefined : numberOf(record, 'endOffset');
    this.#file = { name: entry.name, size, digest: optionalString(record, 'digest'), endOffset, done: 0 };
    this.#addChunk(record, this.#file);
  }

  #addChunk(record: JsonObject, file: OpenFile | undefined): void {
    const name = nameOf(record);
    if (file?.name !== name) throw malformed(`a chunk of ${JSON.stringify(name)} is not behind its file`);
    if (numberOf(record, 'chunkOffset') !== file.done)
      throw malformed(`the chunks of ${JSON.stringify(name)} are out of order`);
    // The last chunk need not say its size.
    const size = numberOf(record, 'chunkSize') || file.size - file.done;
    file.done += size;
    if (size === 0 || file.done > file.size)
      throw malformed(`the chunks of ${JSON.stringify(name)} are more than the file`);
    const whole = size === file.size ? file.digest : undefined;
    const digest = optionalString(record, 'chunkDigest') ?? whole;
    const offset = numberOf(record, 'offset');
    const end = file.done === file.size ? file.endOffset : undefined;
    const place = { start: this.#size, size, offset, ...(end === undefined ? {} : { end }) };
    this.#size += size;
    if (isZeros(record)) this.#chunks.push(place);
    else {
      if (digest === undefined)
        throw new UnsupportedError(
          `cannot read table of contents: it has no digest for a chunk of ${JSON.stringify(name)}`,
        );
      this.#chunks.push({ ...place, digest: parseDigest(digest), skip: numberOf(record, 'innerOffset') });
    }
  }

  #endFile(): void {
    const file = this.#file;
    this.#file = undefined;
    if (file !== undefined && file.done !== file.size)
      throw malformed(`the chunks of ${JSON.stringify(file.name)} are less than the file`);
  }
}

/** containers/storage: `zeros` for a hole that a file's contents had. */
function isZeros(record: JsonObject): boolean {
  const type = optionalString(record, 'chunkType');
  if (type === undefined || type === 'zeros') return type !== undefined;
  throw new UnsupportedError(`cannot read table of contents: no chunk type ${JSON.stringify(type)} is known`);
}
