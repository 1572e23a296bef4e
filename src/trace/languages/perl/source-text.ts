/**
 * Returns the code of a Perl source: without documentation (perlpod(1)), what stands behind `__END__` (kept where
 * SelfLoader compiles it on demand) and lines that are comments. Lines keep their order, not their numbers.
 */
export function codeOf(source: string): string {
  const readsData = /\bSelfLoader\b/.test(source);
  const kept: string[] = [];
  let isPod = false;
  for (const line of source.split(/\r?\n/)) {
    if (/^=[A-Za-z]/.test(line)) isPod = !/^=cut\b/.test(line);
    else if (isPod) continue;
    else if (/^__(?:END|DATA)__\s*$/.test(line)) {
      if (!readsData) break;
    } else if (!/^\s*#/.test(line)) kept.push(line);
  }
  return kept.join('\n');
}

/** Returns what quotes and `qw` lists hold, in order, with the text that follows a quote's end up to `ahead` characters. */
export function quotedStrings(code: string): readonly QuotedString[] {
  const found: QuotedString[] = [];
  for (const match of code.matchAll(QUOTED)) {
    const [, double, single, , list, , operand] = match;
    if (list !== undefined) {
      for (const text of list.split(/\s+/)) if (text !== '') found.push({ text, isRaw: true, after: '' });
      continue;
    }
    const text = double ?? single ?? operand;
    if (text === undefined || text === '') continue;
    const end = match.index + match[0].length;
    const after = code.slice(end, end + 12);
    found.push({ text, isRaw: double === undefined, after });
  }
  return found;
}

/** A string literal; `isRaw` when nothing in it is interpolated; `after` is the code that follows it. */
export interface QuotedString {
  readonly text: string;
  readonly isRaw: boolean;
  readonly after: string;
}

/** One line each for plain quotes: an apostrophe in a pattern or a comment then spoils its own line only. */
const QUOTED =
  /"((?:[^"\\\n]|\\.)*)"|(?<![\w$@%&])'((?:[^'\\\n]|\\.)*)'|(?<![\w$@%&>{:])qw\s*([([{</|!])([^)\]}>/|!]*)[)\]}>/|!]|(?<![\w$@%&>{:])(q|qq)\s*(?:\{([^{}\n]*)\}|\(([^()\n]*)\))/g;
