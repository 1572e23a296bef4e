import type { CacheEntry, LdSoCache } from './ld-so-cache.ts';

/** What a loader accepts of the cache: compiled in, and by its processor. */
export interface CacheRules {
  /** `_DL_CACHE_DEFAULT_ID`: an entry with these flags ends the search. */
  readonly defaultFlags: number;
  /** `_dl_cache_check_flags`. */
  readonly acceptedFlags: readonly number[];
  /** Bits of legacy hwcaps and of the platform that this processor has. */
  readonly hwcapBits: bigint;
  /** Active glibc-hwcaps subdirectories, best first. */
  readonly hwcaps: readonly string[];
  /** glibc before 2.33: a later entry with the default flags replaces a fitting one; since then the first one stays. */
  readonly prefersDefaultFlags: boolean;
}

export interface CacheHit {
  readonly path: string;
  /** The glibc-hwcaps subdirectory it is in. */
  readonly hwcaps?: string;
}

/** Looks `name` up as `search_cache` of glibc's elf/dl-cache.c does: bisection, then every entry of that name. */
export function lookupCache(cache: LdSoCache, name: string, rules: CacheRules): CacheHit | undefined {
  const entries = cache.entries;
  let [left, right] = [0, entries.length - 1];
  while (left <= right) {
    const middle = (left + right) >> 1;
    const key = entries[middle]?.name;
    if (key === undefined) return undefined;
    const order = compareNames(name, key);
    if (order === 0) return bestOf(entriesNamed(entries, name, middle), rules);
    if (order < 0) left = middle + 1;
    else right = middle - 1;
  }
  return undefined;
}

function entriesNamed(entries: readonly CacheEntry[], name: string, middle: number): readonly CacheEntry[] {
  const matches = (entry: CacheEntry | undefined) =>
    entry?.name !== undefined && compareNames(name, entry.name) === 0;
  let [first, end] = [middle, middle + 1];
  while (first > 0 && matches(entries[first - 1])) first--;
  while (matches(entries[end])) end++;
  return entries.slice(first, end);
}

function bestOf(entries: readonly CacheEntry[], rules: CacheRules): CacheHit | undefined {
  let best: CacheHit | undefined;
  let bestPriority = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    if (entry.path === undefined || !rules.acceptedFlags.includes(entry.flags)) continue;
    if (entry.hwcaps !== undefined) {
      const priority = rules.hwcaps.indexOf(entry.hwcaps);
      if (priority < 0 || priority >= bestPriority) continue;
      bestPriority = priority;
      best = { path: entry.path, hwcaps: entry.hwcaps };
      continue;
    }
    // Since 2.33 whatever was found is final at the first entry without glibc-hwcaps (`!named_hwcap && best != NULL`).
    if (best !== undefined && (best.hwcaps !== undefined || !rules.prefersDefaultFlags)) return best;
    if ((entry.hwcap & ~rules.hwcapBits) !== 0n) continue;
    if (best === undefined || entry.flags === rules.defaultFlags) best = { path: entry.path };
    if (entry.flags === rules.defaultFlags) return best;
  }
  return best;
}

/** `_dl_cache_libcmp`: runs of digits compare as numbers, so libx.so.10 sorts behind libx.so.9. */
export function compareNames(a: string, b: string): number {
  let [i, j] = [0, 0];
  while (i < a.length) {
    const [digitA, digitB] = [isDigit(a, i), isDigit(b, j)];
    if (digitA !== digitB) return digitA ? 1 : -1;
    if (digitA) {
      const [endA, endB] = [digitsEnd(a, i), digitsEnd(b, j)];
      const difference = int32(a.slice(i, endA)) - int32(b.slice(j, endB));
      if (difference !== 0) return difference;
      [i, j] = [endA, endB];
    } else {
      const difference = codeAt(a, i) - codeAt(b, j);
      if (difference !== 0) return difference;
      i++;
      j++;
    }
  }
  return codeAt(a, i) - codeAt(b, j);
}

function codeAt(text: string, index: number): number {
  return index < text.length ? text.charCodeAt(index) : 0;
}

function isDigit(text: string, index: number): boolean {
  const code = codeAt(text, index);
  return code >= 0x30 && code <= 0x39;
}

function digitsEnd(text: string, from: number): number {
  while (isDigit(text, from)) from++;
  return from;
}

/** The loader adds digits up in a C int: longer runs wrap around. */
function int32(digits: string): number {
  let value = 0;
  for (const digit of digits) value = (Math.imul(value, 10) + Number(digit)) | 0;
  return value;
}
