/** Returns a whole number from 0 to below `below`. */
export type Random = (below: number) => number;

/** Marsaglia's xorshift32: the same numbers everywhere for one seed. */
export function xorshift(seed: number): Random {
  // A small seed would begin with small numbers.
  let state = Math.imul(seed ^ 0x9e37_79b9, 0x85eb_ca6b) >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}

/** Longest input that mutations make: what takes long is found by repetition in a stretch of this size. */
export const MAX_INPUT = 16 << 10;
/** Values that break size arithmetic: none, one, the borders of signs and words. */
const EDGES = [0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
const NUMBERS = [
  '0',
  '1',
  '-1',
  '00000000000',
  '99999999999999999999',
  '0x1',
  '1e9',
  '2147483648',
  '18446744073709551616',
];

type Mutation = (bytes: Buffer, random: Random, context: Context) => Buffer;

/** What mutations draw from besides the input. */
export interface Context {
  readonly corpus: readonly Uint8Array[];
  /** Words of the format. */
  readonly words: readonly Uint8Array[];
}

function pick<T>(items: readonly T[], random: Random): T | undefined {
  return items[random(items.length)];
}

/** Puts `inserted` in the place of the bytes from `start` to `end`. */
function spliced(bytes: Buffer, start: number, end: number, inserted: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, start), inserted, bytes.subarray(Math.max(start, end))]);
}

/** Changes in place come more often: they keep the form, and cost nothing. */
const MUTATIONS: readonly Mutation[] = [
  (bytes, random) => {
    if (bytes.length > 0) bytes[random(bytes.length)] = random(256);
    return bytes;
  },
  (bytes, random) => {
    const at = random(bytes.length + 1);
    if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
    return bytes;
  },
  (bytes, random) => {
    const at = random(bytes.length + 1);
    if (at + 4 > bytes.length) return bytes;
    const edge = pick(EDGES, random) ?? 0;
    if (random(2) === 0) bytes.writeUInt32LE(edge, at);
    else bytes.writeUInt32BE(edge, at);
    return bytes;
  },
  (bytes, random, { words }) => {
    const at = random(bytes.length + 1);
    const word = pick(words, random) ?? Buffer.alloc(1);
    return random(2) === 0 ? spliced(bytes, at, at, word) : spliced(bytes, at, at + word.length, word);
  },
  (bytes, random) => {
    const start = random(bytes.length + 1);
    return spliced(bytes, start, start + random(32), Buffer.alloc(0));
  },
  (bytes, random) => {
    const start = random(bytes.length + 1);
    const piece = Buffer.from(bytes.subarray(start, start + 1 + random(64)));
    return spliced(bytes, random(bytes.length + 1), 0, piece);
  },
  (bytes, random) => {
    // The digits that a number is written in become another number.
    const text = bytes.toString('latin1');
    const all = [...text.matchAll(/\d+/g)];
    const found = pick(all, random);
    if (found === undefined) return bytes;
    const number = Buffer.from(pick(NUMBERS, random) ?? '0');
    return spliced(bytes, found.index, found.index + found[0].length, number);
  },
  (bytes, random, { corpus }) => {
    const other = pick(corpus, random) ?? bytes;
    return Buffer.concat([
      bytes.subarray(0, random(bytes.length + 1)),
      other.subarray(random(other.length + 1)),
    ]);
  },
];

/** Once in so many inputs a short piece is repeated to the full size: what takes time with its square shows. */
const STRETCH_EVERY = 400;
const CUT_EVERY = 12;

/** Returns a changed copy of one of the corpus. */
export function mutated(random: Random, context: Context): Uint8Array {
  let bytes: Buffer = Buffer.from(pick(context.corpus, random) ?? []);
  if (random(STRETCH_EVERY) === 0) return stretched(bytes, random, context);
  for (let change = 1 + random(4); change > 0; change--) {
    // The first three kinds are half of all.
    const mutation = MUTATIONS[random(2) === 0 ? random(3) : random(MUTATIONS.length)];
    if (mutation !== undefined) bytes = mutation(bytes, random, context);
  }
  if (random(CUT_EVERY) === 0) bytes = bytes.subarray(0, random(bytes.length + 1));
  return bytes.subarray(0, MAX_INPUT);
}

function stretched(bytes: Buffer, random: Random, { words }: Context): Uint8Array {
  const start = random(bytes.length + 1);
  const piece =
    random(2) === 0
      ? bytes.subarray(start, start + 1 + random(6))
      : (pick(words, random) ?? bytes.subarray(0, 1));
  const at = random(bytes.length + 1);
  const room = MAX_INPUT - bytes.length;
  if (piece.length === 0 || room <= 0) return bytes;
  return spliced(bytes, at, at, Buffer.alloc(room, piece)).subarray(0, MAX_INPUT);
}
