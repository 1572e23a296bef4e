import { type ElfFile, parseElf } from '../elf/elf-file.ts';
import { dlopenNotesOf, notesOf, packageNoteOf, x86IsaNeeded } from '../elf/notes.ts';
import { packedBy } from '../elf/packed.ts';
import { stringsOf } from '../elf/strings.ts';
import { definedSymbols, importsOf } from '../elf/symbols.ts';
import { verdefOf, verneedOf } from '../elf/versions.ts';
import { OslimError } from '../errors.ts';
import { memoryAccess } from '../io/random-access.ts';

/** What came of some mutated inputs. */
export interface FuzzCounts {
  inputs: number;
  parsed: number;
  refused: number;
  /** Longest time for one input, in milliseconds. */
  slowestMs: number;
}

/** Everything that the codec says of a file, in the order in which one part builds on another. */
const READERS: readonly ((elf: ElfFile) => unknown)[] = [
  verneedOf,
  verdefOf,
  importsOf,
  definedSymbols,
  notesOf,
  dlopenNotesOf,
  packageNoteOf,
  x86IsaNeeded,
  packedBy,
  (elf) => [...stringsOf(elf)].length,
];

/** Reads everything of an ELF file; throws only OslimError, whatever the bytes are. */
export function readWholly(bytes: Uint8Array): 'parsed' | 'refused' {
  let elf: ElfFile;
  try {
    elf = parseElf(memoryAccess(bytes));
  } catch (error) {
    if (error instanceof OslimError) return 'refused';
    throw error;
  }
  for (const read of READERS) {
    try {
      read(elf);
    } catch (error) {
      if (!(error instanceof OslimError)) throw error;
    }
  }
  return 'parsed';
}

/** Mutates `seeds` `count` times, the same way for the same `seed`, and reads each; what is no OslimError is thrown. */
export function fuzzElf(seeds: readonly Uint8Array[], count: number, seed: number): FuzzCounts {
  const random = xorshift(seed);
  const counts: FuzzCounts = { inputs: 0, parsed: 0, refused: 0, slowestMs: 0 };
  for (let round = 0; round < count; round++) {
    const original = seeds[random(seeds.length)];
    if (original === undefined) break;
    const input = mutate(original, random);
    const start = performance.now();
    counts[readWholly(input)]++;
    counts.slowestMs = Math.max(counts.slowestMs, performance.now() - start);
    counts.inputs++;
  }
  return counts;
}

type Random = (below: number) => number;

/** Values that break size arithmetic: none, one, the borders of signs and words. */
const EDGES = [0, 1, 2, 0x7f, 0x80, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];

function mutate(original: Uint8Array, random: Random): Uint8Array {
  const bytes = original.slice();
  const view = new DataView(bytes.buffer);
  for (let change = 1 + random(8); change > 0; change--) {
    // Most of what is parsed lies in the first bytes and in the last page; the rest is data.
    const region = random(3);
    const at = region === 0 ? random(Math.min(bytes.length, 512)) : random(bytes.length);
    const kind = random(4);
    if (kind === 0) bytes[at] = random(256);
    else if (kind === 1) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
    else if (kind === 2 && at + 4 <= bytes.length)
      view.setUint32(at & ~3, EDGES[random(EDGES.length)] ?? 0, true);
    else if (at + 8 <= bytes.length)
      view.setBigUint64(at & ~7, BigInt(EDGES[random(EDGES.length)] ?? 0) << 32n, true);
  }
  return random(8) === 0 ? bytes.slice(0, random(bytes.length)) : bytes;
}

/** Marsaglia's xorshift32: the same numbers everywhere for one seed. */
function xorshift(seed: number): Random {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}
