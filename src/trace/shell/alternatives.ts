import type { Word } from '../detector.ts';

/** One possible value: the words that it expands to; a plain variable is one word, an array several. */
export type Fields = readonly Word[];

/** Every value that something may have, each once; never empty. An undefined word is one that reading cannot tell. */
export type Alternatives = readonly Fields[];

/** More alternatives than this become one unknown: nobody lists the values of such a variable by hand. */
export const MAX_ALTERNATIVES = 64;
/** Elements in all combinations of one word: one of thousands of parts, as only an attacker writes it, gets fewer alternatives. */
const MAX_COMBINED = 1 << 13;

export const UNKNOWN: Alternatives = [[undefined]];
export const EMPTY: Alternatives = [['']];

/** Returns the alternatives without duplicates; too many are cut and an unknown takes the place of the rest. */
export function alternatives(values: Iterable<Fields>, limit = MAX_ALTERNATIVES): Alternatives {
  const seen = new Map<string, Fields>();
  for (const fields of values) {
    const key = JSON.stringify(fields.map((word) => word ?? null));
    if (seen.has(key)) continue;
    if (seen.size >= limit) {
      seen.set('[null]', [undefined]);
      break;
    }
    seen.set(key, fields);
  }
  return seen.size > 0 ? [...seen.values()] : UNKNOWN;
}

/** One way to choose so far: the last choice and those before it. Ways share their beginnings. */
interface Way<T> {
  readonly item: T;
  readonly before: Way<T> | undefined;
}

/**
 * Returns every way to choose one element of each list, in order: at most MAX_ALTERNATIVES, and MAX_COMBINED elements; `isWhole` says
 * if these are all.
 */
export function combinations<T>(lists: readonly (readonly T[])[]): {
  rows: readonly T[][];
  isWhole: boolean;
} {
  const most = Math.max(1, Math.min(MAX_ALTERNATIVES, Math.floor(MAX_COMBINED / lists.length)));
  let ways: (Way<T> | undefined)[] = [undefined];
  let isWhole = true;
  for (const list of lists) {
    const next: Way<T>[] = [];
    for (const before of ways) {
      for (const item of list) {
        if (next.length < most) next.push({ item, before });
        else isWhole = false;
      }
    }
    ways = next;
  }
  return { rows: ways.map(chosen), isWhole };
}

function chosen<T>(way: Way<T> | undefined): T[] {
  const row: T[] = [];
  for (let at = way; at !== undefined; at = at.before) row.push(at.item);
  return row.reverse();
}
