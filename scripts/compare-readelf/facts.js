/**
 * What readers of ELF files are compared by; lists are in the order of the file, symbols sorted.
 *
 * @typedef {{
 *   class: number, data: string, entry: number, phdrs: readonly string[],
 *   interp: string | undefined, needed: readonly string[], soname: string | undefined,
 *   rpath: string | undefined, runpath: string | undefined,
 *   verneed: readonly string[], verdef: readonly string[],
 *   imports: readonly string[], exports: readonly string[],
 * }} ElfFacts
 */

/**
 * Returns one line for each fact that differs.
 *
 * @param {ElfFacts} ours
 * @param {ElfFacts} theirs
 * @param {string} reader
 * @returns {string[]}
 */
export function disagreements(ours, theirs, reader) {
  return Object.entries(theirs).flatMap(([key, expected]) => {
    const actual = /** @type {Record<string, unknown>} */ (ours)[key];
    if (JSON.stringify(actual) === JSON.stringify(expected)) return [];
    return [`${reader}: ${key}: ${difference(actual, expected)}`];
  });
}

/** @param {unknown} actual @param {unknown} expected */
function difference(actual, expected) {
  if (!Array.isArray(actual) || !Array.isArray(expected)) return `ours ${actual}, theirs ${expected}`;
  const [ours, theirs] = [new Set(actual), new Set(expected)];
  const onlyOurs = actual.filter((item) => !theirs.has(item));
  const onlyTheirs = expected.filter((item) => !ours.has(item));
  return `${actual.length} against ${expected.length}; only ours ${onlyOurs.slice(0, 3)}; only theirs ${onlyTheirs.slice(0, 3)}`;
}
