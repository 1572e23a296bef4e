import type { Rootfs } from '../rootfs/rootfs.ts';

/** A conversion of printf(3) for a version: `%s`, `%d`, `%02x`, `%lu`. */
const CONVERSION = /%[-0 ]?\d*(?:\.\d+)?l{0,2}[sduxi]/;
/** The fixed part before the first conversion must say which library it is: `lib%s.so` may be any. */
const PATTERN = new RegExp(`^lib[A-Za-z0-9_+.-]{3,}(?:${CONVERSION.source}|[A-Za-z0-9_+.-])+$`);

/** A version has at most so many parts; more would let a hostile name be matched in ever more ways. */
const MAX_CONVERSIONS = 3;
/** An honest file has a few; each is compared with every name of some directories. */
const MAX_PATTERNS = 64;

/** Returns those of the texts that name a library whose version is filled in at run time, as `libicuuc.so.%s`; the first 64. */
export function libraryPatterns(texts: Iterable<string>): readonly string[] {
  const patterns: string[] = [];
  for (const text of texts) {
    if (isLibraryPattern(text)) patterns.push(text);
    if (patterns.length === MAX_PATTERNS) break;
  }
  return patterns;
}

function isLibraryPattern(text: string): boolean {
  return (
    text.length < 128 &&
    text.includes('%') &&
    text.includes('.so') &&
    PATTERN.test(text) &&
    text.split('%').length - 1 <= MAX_CONVERSIONS
  );
}

/** Yields the names of the directories (absolute) that a pattern may become. */
export function* namesOfPattern(
  pattern: string,
  rootfs: Rootfs,
  directories: Iterable<string>,
): Generator<string> {
  const fixed = pattern
    .split(new RegExp(CONVERSION.source, 'g'))
    .map((part) => part.replace(/[.+]/g, '\\$&'));
  const name = new RegExp(`^${fixed.join('[\\w.-]{1,24}')}$`);
  for (const directory of directories)
    for (const entry of rootfs.list(directory)) if (name.test(entry)) yield entry;
}
