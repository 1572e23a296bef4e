import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { FormatError } from '../../errors.ts';
import type { RandomAccess } from '../../io/random-access.ts';
import type { Stretch } from './stretches.ts';

/*
 * What is known of a layer, in one file: header blocks in batches as `HeaderReplay` takes them, each with the offsets of its
 * blocks (64-bit floats); stretches of the tar that runs have read; a JSON document that says where all of it lies; the
 * document's length (32 bits, little-endian); the SHA-256 of everything before it.
 */

/** Header blocks of a layer, and where in its tar each of them begins. */
export interface HeaderBatch {
  readonly blocks: Uint8Array;
  readonly offsets: Float64Array;
}

/** A stretch of the tar that the file holds from `at` on. */
export interface StoredStretch extends Stretch {
  readonly at: number;
}

interface Directory {
  readonly version: 1;
  /** Of the uncompressed tar, in bytes. */
  readonly size: number;
  /** Where each batch begins, the bytes of its blocks, and their number. */
  readonly batches: readonly (readonly [at: number, bytes: number, count: number])[];
  readonly stretches: readonly StoredStretch[];
}

const DIGEST_BYTES = 32;
const LENGTH_BYTES = 4;
const CHUNK_BYTES = 1 << 20;
const OFFSET_BYTES = Float64Array.BYTES_PER_ELEMENT;

/** LayerFileWriter writes such a file to an open descriptor. Throws what the file system throws. */
export class LayerFileWriter {
  readonly #fd: number;
  readonly #hash = createHash('sha256');
  readonly #batches: (readonly [number, number, number])[] = [];
  #at = 0;

  constructor(fd: number) {
    this.#fd = fd;
  }

  add({ blocks, offsets }: HeaderBatch): void {
    this.#batches.push([this.#at, blocks.length, offsets.length]);
    this.#append(blocks);
    this.#append(new Uint8Array(offsets.buffer, offsets.byteOffset, offsets.byteLength));
  }

  /** Ends the file; `content` is the tar that the stretches are read from. */
  finish(size: number, stretches: readonly Stretch[], content: RandomAccess): void {
    const stored: StoredStretch[] = [];
    for (const { begin, end } of stretches) {
      stored.push({ begin, end, at: this.#at });
      for (let at = begin; at < end; at += CHUNK_BYTES)
        this.#append(content.read(at, Math.min(CHUNK_BYTES, end - at)));
    }
    const directory: Directory = { version: 1, size, batches: this.#batches, stretches: stored };
    const document = Buffer.from(JSON.stringify(directory));
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32LE(document.length);
    this.#append(document);
    this.#append(length);
    writeSync(this.#fd, this.#hash.digest(), 0, DIGEST_BYTES, this.#at);
  }

  #append(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    for (let done = 0; done < bytes.length; )
      done += writeSync(this.#fd, bytes, done, bytes.length - done, this.#at + done);
    this.#at += bytes.length;
  }
}

/** LayerFile reads such a file. */
export class LayerFile {
  readonly size: number;
  readonly stretches: readonly StoredStretch[];
  readonly #access: RandomAccess;
  readonly #batches: Directory['batches'];

  /** Reads the file through once; throws FormatError when it is not what was written. */
  constructor(access: RandomAccess) {
    const end = access.size - DIGEST_BYTES;
    if (end < LENGTH_BYTES || Buffer.compare(digestUpTo(access, end), access.read(end, DIGEST_BYTES)) !== 0)
      throw new FormatError('layer cache', 0, 'cannot read a layer of the cache: it is damaged');
    const length = Buffer.from(access.read(end - LENGTH_BYTES, LENGTH_BYTES)).readUInt32LE();
    const document = Buffer.from(access.read(end - LENGTH_BYTES - length, length)).toString();
    const { version, size, batches, stretches } = JSON.parse(document) as Directory;
    if (version !== 1)
      throw new FormatError('layer cache', 0, 'cannot read a layer of the cache: another version');
    this.#access = access;
    this.#batches = batches;
    this.size = size;
    this.stretches = stretches;
  }

  *batches(): Generator<HeaderBatch> {
    for (const [at, bytes, count] of this.#batches) {
      const blocks = this.#access.read(at, bytes);
      const offsets = new Uint8Array(this.#access.read(at + bytes, count * OFFSET_BYTES));
      yield { blocks, offsets: new Float64Array(offsets.buffer) };
    }
  }

  /** Returns `length` bytes of the tar from `offset` on, which lie in `stretch`. */
  read(stretch: StoredStretch, offset: number, length: number): Uint8Array {
    return this.#access.read(stretch.at + offset - stretch.begin, length);
  }
}

function digestUpTo(access: RandomAccess, end: number): Buffer {
  const hash = createHash('sha256');
  for (let at = 0; at < end; at += CHUNK_BYTES) hash.update(access.read(at, Math.min(CHUNK_BYTES, end - at)));
  return hash.digest();
}
