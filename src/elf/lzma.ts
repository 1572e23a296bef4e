import { FormatError } from '../errors.ts';

/** Literal context, literal position and position bits (LZMA specification, "LZMA Properties"). */
export interface LzmaProperties {
  readonly lc: number;
  readonly lp: number;
  readonly pb: number;
}

const STATES = 12;
const POSITIONS = 16;

/**
 * Unpacks the first `size` bytes of a raw LZMA stream (Igor Pavlov's LZMA specification, whose names this follows);
 * throws FormatError where it is cut or copies from before its beginning.
 */
export function unpackLzma(source: Uint8Array, size: number, properties: LzmaProperties): Uint8Array {
  const { lc, lp, pb } = properties;
  if (lc > 8 || lp > 4 || pb > 4)
    throw new FormatError('LZMA', 0, `cannot unpack LZMA: properties ${lc}, ${lp}, ${pb}`);
  const range = new RangeDecoder(source);
  const output = new Uint8Array(size);
  const models = newModels(lc + lp);
  const reps: [number, number, number, number] = [0, 0, 0, 0];
  let [length, state] = [0, 0];
  while (length < size) {
    const posState = length & ((1 << pb) - 1);
    if (range.bit(models.isMatch, state * POSITIONS + posState) === 0) {
      const context = ((length & ((1 << lp) - 1)) << lc) + ((output[length - 1] ?? 0) >> (8 - lc));
      const matched = state < 7 ? undefined : byteAt(output, length, reps[0]);
      output[length++] = decodeLiteral(range, models.literal, 0x300 * context, matched);
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
      continue;
    }
    const match = decodeMatch(range, models, reps, state, posState);
    if (match === undefined) break;
    state = match.state;
    for (const end = Math.min(size, length + match.length); length < end; length++) {
      output[length] = byteAt(output, length, reps[0]);
    }
  }
  return output.subarray(0, length);
}

type Models = ReturnType<typeof newModels>;

function newModels(literalBits: number) {
  const bits = (count: number) => new Uint16Array(count).fill(1024);
  const lengths = () => ({
    choice: bits(2),
    low: bits(POSITIONS * 8),
    mid: bits(POSITIONS * 8),
    high: bits(256),
  });
  return {
    isMatch: bits(STATES * POSITIONS),
    isRep: bits(STATES),
    isRepG0: bits(STATES),
    isRepG1: bits(STATES),
    isRepG2: bits(STATES),
    isRep0Long: bits(STATES * POSITIONS),
    literal: bits(0x300 << literalBits),
    posSlot: bits(4 * 64),
    posSpecial: bits(1 + 128 - 14),
    align: bits(16),
    matchLength: lengths(),
    repLength: lengths(),
  };
}

/** Decodes a match into `reps` (its distance first), and returns its length and the next state; undefined at the end marker. */
function decodeMatch(
  range: RangeDecoder,
  models: Models,
  reps: [number, number, number, number],
  state: number,
  posState: number,
) {
  if (range.bit(models.isRep, state) === 0) {
    const length = decodeLength(range, models.matchLength, posState);
    const distance = decodeDistance(range, models, length);
    if (distance === 0xffff_ffff) return undefined;
    reps.unshift(distance);
    reps.pop();
    return { length: length + 2, state: state < 7 ? 7 : 10 };
  }
  if (range.bit(models.isRepG0, state) === 0) {
    if (range.bit(models.isRep0Long, state * POSITIONS + posState) === 0)
      return { length: 1, state: state < 7 ? 9 : 11 };
  } else {
    const which = range.bit(models.isRepG1, state) === 0 ? 1 : 2 + range.bit(models.isRepG2, state);
    reps.unshift(...reps.splice(which, 1));
  }
  return { length: decodeLength(range, models.repLength, posState) + 2, state: state < 7 ? 8 : 11 };
}

function byteAt(output: Uint8Array, length: number, distance: number): number {
  const byte = output[length - distance - 1];
  if (byte === undefined)
    throw new FormatError('LZMA', length, 'cannot unpack LZMA: a copy from before the beginning');
  return byte;
}

function decodeLiteral(
  range: RangeDecoder,
  models: Uint16Array,
  base: number,
  matched: number | undefined,
): number {
  let symbol = 1;
  let match = matched;
  while (symbol < 0x100) {
    if (match === undefined) {
      symbol = (symbol << 1) | range.bit(models, base + symbol);
      continue;
    }
    const matchBit = (match >> 7) & 1;
    match = (match << 1) & 0xff;
    const bit = range.bit(models, base + ((1 + matchBit) << 8) + symbol);
    symbol = (symbol << 1) | bit;
    if (matchBit !== bit) match = undefined;
  }
  return symbol & 0xff;
}

function decodeLength(range: RangeDecoder, models: Models['matchLength'], posState: number): number {
  if (range.bit(models.choice, 0) === 0) return range.tree(models.low, posState * 8, 3);
  if (range.bit(models.choice, 1) === 0) return 8 + range.tree(models.mid, posState * 8, 3);
  return 16 + range.tree(models.high, 0, 8);
}

function decodeDistance(range: RangeDecoder, models: Models, length: number): number {
  const slot = range.tree(models.posSlot, Math.min(length, 3) * 64, 6);
  if (slot < 4) return slot;
  const directBits = (slot >> 1) - 1;
  const base = ((2 | (slot & 1)) << directBits) >>> 0;
  if (slot < 14) return base + range.reverseTree(models.posSpecial, base - slot, directBits);
  return (base + range.direct(directBits - 4) * 16 + range.reverseTree(models.align, 0, 4)) >>> 0;
}

/** The range decoder: eleven-bit probabilities that adapt by 1/32. */
class RangeDecoder {
  readonly #source: Uint8Array;
  #at = 1;
  #range = 0xffff_ffff;
  #code = 0;

  constructor(source: Uint8Array) {
    this.#source = source;
    for (let i = 0; i < 4; i++) this.#code = ((this.#code << 8) | this.#byte()) >>> 0;
  }

  bit(models: Uint16Array, index: number): number {
    const probability = models[index] ?? 1024;
    const bound = Math.imul(this.#range >>> 11, probability) >>> 0;
    const bit = this.#code < bound ? 0 : 1;
    if (bit === 0) {
      this.#range = bound;
      models[index] = probability + ((2048 - probability) >> 5);
    } else {
      this.#range = (this.#range - bound) >>> 0;
      this.#code = (this.#code - bound) >>> 0;
      models[index] = probability - (probability >> 5);
    }
    this.#normalize();
    return bit;
  }

  direct(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) {
      this.#range >>>= 1;
      const bit = this.#code >= this.#range ? 1 : 0;
      if (bit === 1) this.#code = (this.#code - this.#range) >>> 0;
      this.#normalize();
      value = value * 2 + bit;
    }
    return value;
  }

  tree(models: Uint16Array, base: number, bits: number): number {
    let node = 1;
    for (let i = 0; i < bits; i++) node = (node << 1) | this.bit(models, base + node);
    return node - (1 << bits);
  }

  reverseTree(models: Uint16Array, base: number, bits: number): number {
    let [node, value] = [1, 0];
    for (let i = 0; i < bits; i++) {
      const bit = this.bit(models, base + node);
      node = (node << 1) | bit;
      value |= bit << i;
    }
    return value;
  }

  #normalize(): void {
    if (this.#range >= 0x0100_0000) return;
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | this.#byte()) >>> 0;
  }

  #byte(): number {
    const byte = this.#source[this.#at++];
    if (byte === undefined) throw new FormatError('LZMA', this.#at, 'cannot unpack LZMA: the stream is cut');
    return byte;
  }
}
