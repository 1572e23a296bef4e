import { FormatError } from '../errors.ts';

/** A run of bytes of one zstd frame. */
export interface FramePiece {
  readonly bytes: Uint8Array;
  /** Block headers in it: what bounds how much it inflates to, 128 KiB each. */
  readonly blocks: number;
  /** Is the frame complete with it? */
  readonly endsFrame: boolean;
  /** How many bytes back the frame that begins with this piece may refer (RFC 8878 section 3.1.1.1.2). */
  readonly windowBytes?: number;
}

const FRAME_MAGIC = 0xfd2fb528;
const SKIPPABLE_MAGIC = 0x184d2a50;
/** So that no piece inflates to more than 4 MiB, whatever its few bytes promise. */
const BLOCKS_PER_PIECE = 32;
/** What zstd(1) and node:zlib take unless they are told otherwise. */
const MAX_WINDOW_BYTES = 128 << 20;
const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];

type Field = 'magic' | 'skip-size' | 'descriptor' | 'header' | 'block-header' | 'block' | 'checksum' | 'skip';
const OUTSIDE_BLOCKS: ReadonlySet<Field> = new Set(['magic', 'descriptor', 'skip-size', 'skip']);

/**
 * Cuts a zstd stream into its frames (RFC 8878 section 3.1), leaving skippable frames out; throws FormatError when it is
 * cut off or no zstd. node:zlib ends silently after the first frame of several, and zstd:chunked, pzstd and eStargz-like
 * layers have thousands; a frame that was cut off ends silently too, both in Node 22 and in zstd-codec.
 */
export async function* zstdFrames(
  source: AsyncIterable<Uint8Array>,
  subject: string,
): AsyncGenerator<FramePiece> {
  const scanner = new FrameScanner(subject);
  for await (const chunk of source) yield* scanner.take(chunk);
  scanner.end();
}

const DICTIONARY_ID_BYTES = [0, 1, 2, 4];

class FrameScanner {
  readonly #subject: string;
  #field: Field = 'magic';
  /** Bytes of the field that are still to come. */
  #left = 4;
  /** The field's bytes as a little-endian number, as far as they are read. */
  #value = 0;
  #read = 0;
  /** The frame's header from its magic number on, held back until it is whole. */
  #header: number[] = [];
  #hasChecksum = false;
  #isLastBlock = false;
  #blocks = 0;
  #offset = 0;

  constructor(subject: string) {
    this.#subject = subject;
  }

  *take(chunk: Uint8Array): Generator<FramePiece> {
    let start = 0;
    let at = 0;
    while (at < chunk.length) {
      const used = this.#step(chunk, at);
      at += used;
      this.#offset += used;
      if (this.#left > 0) continue;
      const field = this.#field;
      const value = this.#value;
      this.#begin(this.#next(value));
      if (field === 'header') {
        yield this.#headerPiece();
        start = at;
      } else if (OUTSIDE_BLOCKS.has(field)) start = at;
      else if (this.#field === 'magic') {
        yield this.#piece(chunk.subarray(start, at), true);
        start = at;
      } else if (this.#blocks === BLOCKS_PER_PIECE) {
        yield this.#piece(chunk.subarray(start, at), false);
        start = at;
      }
    }
    const isInBlocks = this.#field !== 'header' && !OUTSIDE_BLOCKS.has(this.#field);
    if (isInBlocks && start < chunk.length) yield this.#piece(chunk.subarray(start), false);
  }

  #piece(bytes: Uint8Array, endsFrame: boolean): FramePiece {
    const blocks = this.#blocks;
    this.#blocks = 0;
    return { bytes, blocks, endsFrame };
  }

  end(): void {
    if (this.#field === 'magic' && this.#read === 0) return;
    throw new FormatError(
      'zstd',
      this.#offset,
      `cannot decompress ${this.#subject}: it is cut off at offset ${this.#offset}`,
    );
  }

  /** Takes what the chunk has of the current field; returns how many bytes that is. */
  #step(chunk: Uint8Array, at: number): number {
    const used = Math.min(this.#left, chunk.length - at);
    for (let i = 0; i < used && this.#read < 4; i++) {
      this.#value += (chunk[at + i] ?? 0) * 2 ** (8 * this.#read);
      this.#read++;
    }
    if (this.#field === 'header') this.#header.push(...chunk.subarray(at, at + used));
    this.#left -= used;
    return used;
  }

  #begin([field, length]: readonly [Field, number]): void {
    this.#field = field;
    this.#left = length;
    this.#value = 0;
    this.#read = 0;
  }

  /** Returns the field that follows the one just read, and its length. */
  #next(value: number): readonly [Field, number] {
    switch (this.#field) {
      case 'magic':
        if (value === FRAME_MAGIC) return ['descriptor', 1];
        if (value >= SKIPPABLE_MAGIC && value < SKIPPABLE_MAGIC + 16) return ['skip-size', 4];
        throw this.#malformed('what follows a frame is no zstd frame');
      case 'skip-size':
        return value === 0 ? ['magic', 4] : ['skip', value];
      case 'skip':
        return ['magic', 4];
      case 'descriptor':
        return this.#descriptor(value);
      case 'header':
        return ['block-header', 3];
      case 'block-header':
        return this.#blockHeader(value);
      case 'block':
        return this.#afterBlock();
      case 'checksum':
        return ['magic', 4];
    }
  }

  /** Frame_Header_Descriptor: what the header's other fields are (section 3.1.1.1.1). */
  #descriptor(value: number): readonly [Field, number] {
    const sizeFlag = value >> 6;
    const isSingleSegment = (value & 0x20) !== 0;
    if (value & 0x08) throw this.#malformed('a reserved bit of its frame header is set');
    this.#hasChecksum = (value & 0x04) !== 0;
    const dictionaryId = DICTIONARY_ID_BYTES[value & 3] ?? 0;
    const contentSize = sizeFlag === 0 ? Number(isSingleSegment) : 2 ** sizeFlag;
    this.#header = [...MAGIC, value];
    // Never empty: where there is no window byte, there is a content size of at least one.
    return ['header', (isSingleSegment ? 0 : 1) + dictionaryId + contentSize];
  }

  #headerPiece(): FramePiece {
    const windowBytes = windowOf(this.#header);
    if (windowBytes > MAX_WINDOW_BYTES)
      throw this.#malformed(`its window of ${windowBytes} bytes is larger than ${MAX_WINDOW_BYTES}`);
    return { bytes: Uint8Array.from(this.#header), blocks: 0, endsFrame: false, windowBytes };
  }

  /** Block_Header: last block, type, size; an RLE block is one byte however much it inflates to (section 3.1.1.2). */
  #blockHeader(value: number): readonly [Field, number] {
    this.#blocks++;
    this.#isLastBlock = (value & 1) !== 0;
    const type = (value >> 1) & 3;
    const size = value >> 3;
    if (type === 3) throw this.#malformed('it has a block of a reserved type');
    const stored = type === 1 ? 1 : size;
    return stored === 0 ? this.#afterBlock() : ['block', stored];
  }

  #afterBlock(): readonly [Field, number] {
    if (!this.#isLastBlock) return ['block-header', 3];
    return this.#hasChecksum ? ['checksum', 4] : ['magic', 4];
  }

  #malformed(reason: string): FormatError {
    return new FormatError(
      'zstd',
      this.#offset,
      `cannot decompress ${this.#subject}: ${reason} (offset ${this.#offset})`,
    );
  }
}

/** Returns the window of a frame's header: from its Window_Descriptor, else its content's size (RFC 8878 section 3.1.1.1.2). */
function windowOf(header: readonly number[]): number {
  const descriptor = header[MAGIC.length] ?? 0;
  const rest = header.slice(MAGIC.length + 1);
  if ((descriptor & 0x20) === 0) {
    const window = rest[0] ?? 0;
    const base = 2 ** (10 + (window >> 3));
    return base + (base / 8) * (window & 7);
  }
  const size = rest
    .slice(DICTIONARY_ID_BYTES[descriptor & 3])
    .reduceRight((sum, byte) => sum * 256 + byte, 0);
  // Two bytes count from 256.
  return descriptor >> 6 === 1 ? size + 256 : size;
}
