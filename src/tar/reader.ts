import { FormatError } from '../errors.ts';
import { DEFAULT_LIMITS, type Limits } from '../io/limits.ts';
import type { RandomAccess } from '../io/random-access.ts';
import { HeaderChain, padded, type TarMember } from './header-chain.ts';

/** What a TarParser calls back, in the order of the tar; chunks may share memory with what was written. */
export interface TarHandler {
  entry(member: TarMember): void;
  /** The bytes of a header, extension or sparse map, before what they make is called back; see `HeaderReplay`. */
  block?(bytes: Uint8Array, offset: number): void;
  /** Contents of the last entry as stored: a sparse file's segments without its holes. */
  data?(chunk: Uint8Array): void;
  /** The contents of the last entry are complete; called for every entry, also those without contents. */
  end?(): void;
}

const NOTHING = new Uint8Array(0);

/** TarParser reads a tar from chunks of any size. Everything after the end of the archive is passed over. */
export class TarParser {
  readonly #handler: TarHandler;
  readonly #chain: HeaderChain;
  #offset = 0;
  /** The beginning of what the chain wants, when a chunk ended in it. */
  #partial: Uint8Array = NOTHING;
  #partialLength = 0;
  #data = 0;
  #padding = 0;
  #isOpen = false;
  #isEnded = false;

  constructor(handler: TarHandler, limits: Limits = DEFAULT_LIMITS) {
    this.#handler = handler;
    this.#chain = new HeaderChain(limits);
  }

  /** Takes the next bytes of the tar; throws OslimError for what is not a tar. */
  write(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length && !this.#isEnded) {
      const rest = chunk.length - at;
      if (this.#data > 0) at += this.#passData(chunk, at, rest);
      else if (this.#padding > 0) at += this.#skip(Math.min(rest, this.#padding));
      else at += this.#takeHeader(chunk, at, rest);
    }
  }

  /** Ends the tar; throws FormatError when it ended inside an entry. */
  end(): void {
    if (this.#isEnded) return;
    // A last entry without its padding is what some writers leave; its contents are whole.
    if (this.#data > 0 || this.#partialLength > 0 || !this.#chain.isBetweenMembers)
      throw truncated(this.#offset);
  }

  #passData(chunk: Uint8Array, at: number, rest: number): number {
    const length = Math.min(rest, this.#data);
    this.#handler.data?.(chunk.subarray(at, at + length));
    this.#data -= length;
    this.#offset += length;
    if (this.#data === 0) this.#closeEntry();
    return length;
  }

  #skip(length: number): number {
    this.#padding -= length;
    this.#offset += length;
    return length;
  }

  #takeHeader(chunk: Uint8Array, at: number, rest: number): number {
    const wants = this.#chain.wants;
    if (this.#partialLength === 0 && rest >= wants) {
      this.#offset += wants;
      this.#take(chunk.subarray(at, at + wants), this.#offset - wants);
      return wants;
    }
    const length = Math.min(rest, wants - this.#partialLength);
    this.#gather(chunk.subarray(at, at + length), wants);
    this.#offset += length;
    if (this.#partialLength === wants) {
      const bytes = this.#partial;
      this.#partial = NOTHING;
      this.#partialLength = 0;
      this.#take(bytes, this.#offset - wants);
    }
    return length;
  }

  #take(bytes: Uint8Array, offset: number): void {
    this.#handler.block?.(bytes, offset);
    this.#handle(this.#chain.take(bytes, offset));
  }

  #gather(bytes: Uint8Array, wants: number): void {
    if (this.#partialLength === 0) this.#partial = new Uint8Array(wants);
    this.#partial.set(bytes, this.#partialLength);
    this.#partialLength += bytes.length;
  }

  #handle(found: TarMember | 'end' | undefined): void {
    if (found === 'end') this.#isEnded = true;
    else if (found !== undefined) {
      this.#handler.entry(found);
      this.#isOpen = true;
      this.#data = found.storedSize;
      this.#padding = padded(found.storedSize) - found.storedSize;
      if (this.#data === 0) this.#closeEntry();
    }
  }

  #closeEntry(): void {
    if (this.#isOpen) this.#handler.end?.();
    this.#isOpen = false;
  }
}

/** Bytes read at a time when headers are looked for: small files lie close together. */
const WINDOW = 64 << 10;

/** Yields the members of a plain tar in a seekable file, reading only its headers; throws OslimError for what is not a tar. */
export function* indexTar(access: RandomAccess, limits: Limits = DEFAULT_LIMITS): Generator<TarMember> {
  const chain = new HeaderChain(limits);
  const read = windowed(access);
  let offset = 0;
  while (offset < access.size) {
    const wants = chain.wants;
    if (offset + wants > access.size) throw truncated(access.size);
    const found = chain.take(read(offset, wants), offset);
    offset += wants;
    if (found === 'end') return;
    if (found === undefined) continue;
    if (offset + found.storedSize > access.size) throw truncated(access.size);
    yield found;
    offset += padded(found.storedSize);
  }
  if (!chain.isBetweenMembers) throw truncated(access.size);
}

function windowed(access: RandomAccess): (offset: number, length: number) => Uint8Array {
  let window: Uint8Array = NOTHING;
  let start = 0;
  return (offset, length) => {
    if (length > WINDOW) return access.read(offset, length);
    if (offset < start || offset + length > start + window.length) {
      start = offset;
      window = access.read(offset, Math.min(WINDOW, access.size - offset));
    }
    return window.subarray(offset - start, offset - start + length);
  };
}

function truncated(offset: number): FormatError {
  return new FormatError('tar', offset, `cannot read tar: it is cut off at offset ${offset}`);
}
