/** A string of a source text. */
export interface Literal {
  /** Escapes of quotes, backslashes and line ends decoded; of an f-string as written, with its `{expressions}`. */
  text: string;
  /** An f-string, or a literal that was joined to one. */
  isFormat: boolean;
}

/** One logical line (Python reference, 2.1.5): brackets and backslashes joined, comments gone. */
export interface LogicalLine {
  /** Columns before the first word; a tab goes to the next multiple of 8 (Python reference, 2.1.8). */
  readonly indent: number;
  /** The text with every literal replaced by `"N"`, N its index. */
  readonly code: string;
}

const RUN = /[^#\n\\()[\]{}"']+/y;
const PREFIX = /(?:^|\W)([rRbBuUfFtT]{1,2})$/;
/** A prefix and the character before it. */
const PREFIX_REACH = 3;

/**
 * Splits a Python source into logical lines. Tolerant: whatever the text is, it ends; a source that is no Python gives
 * lines that say nothing.
 */
export function readLogicalLines(source: string): {
  readonly lines: readonly LogicalLine[];
  readonly literals: readonly Literal[];
} {
  return new LineReader(source).read();
}

class LineReader {
  readonly #source: string;
  readonly #lines: LogicalLine[] = [];
  readonly #literals: Literal[] = [];
  #at = 0;
  #depth = 0;
  /** The line up to its last literal, that included; '' when it has none. */
  #head = '';
  #tail = '';

  constructor(source: string) {
    this.#source = source;
  }

  read(): { lines: LogicalLine[]; literals: Literal[] } {
    while (this.#at < this.#source.length) this.#readToken();
    this.#endLine();
    return { lines: this.#lines, literals: this.#literals };
  }

  #readToken(): void {
    const character = this.#source[this.#at] ?? '';
    switch (character) {
      case '\n':
        this.#at++;
        if (this.#depth > 0) this.#tail += ' ';
        else this.#endLine();
        return;
      case '#': {
        const end = this.#source.indexOf('\n', this.#at);
        this.#at = end < 0 ? this.#source.length : end;
        return;
      }
      case '\\':
        this.#at += this.#source[this.#at + 1] === '\r' ? 3 : 2;
        this.#tail += ' ';
        return;
      case '"':
      case "'":
        this.#readString(character);
        return;
      case '(':
      case '[':
      case '{':
        this.#depth++;
        break;
      case ')':
      case ']':
      case '}':
        this.#depth = Math.max(0, this.#depth - 1);
        break;
      default:
        RUN.lastIndex = this.#at;
        this.#tail += RUN.exec(this.#source)?.[0] ?? '';
        this.#at = RUN.lastIndex;
        return;
    }
    this.#tail += character;
    this.#at++;
  }

  #endLine(): void {
    const text = this.#head + this.#tail;
    const code = text.trim();
    if (code !== '') this.#lines.push({ indent: indentOf(text), code });
    this.#head = '';
    this.#tail = '';
  }

  #readString(quote: string): void {
    const prefix = PREFIX.exec(this.#tail.slice(-PREFIX_REACH))?.[1] ?? '';
    if (prefix !== '') this.#tail = this.#tail.slice(0, -prefix.length);
    const isTriple = this.#source.startsWith(quote.repeat(3), this.#at);
    const delimiter = isTriple ? quote.repeat(3) : quote;
    const start = this.#at + delimiter.length;
    const end = this.#endOfString(start, delimiter, isTriple);
    this.#at = end + delimiter.length;
    const isRaw = /[rR]/.test(prefix);
    const raw = this.#source.slice(start, end);
    this.#pushLiteral(isRaw || !raw.includes('\\') ? raw : decodeEscapes(raw), /[fFtT]/.test(prefix));
  }

  #endOfString(start: number, delimiter: string, isTriple: boolean): number {
    const source = this.#source;
    const quote = delimiter.charCodeAt(0);
    for (let at = start; at < source.length; at++) {
      const code = source.charCodeAt(at);
      if (code === 0x5c) at++;
      else if (code === quote && (!isTriple || source.startsWith(delimiter, at))) return at;
      // Not closed on its line: no Python, or an f-string's inner quotes; the line end is a safe place to go on from.
      else if (code === 0x0a && !isTriple) return at - delimiter.length;
    }
    return source.length;
  }

  /** Literals side by side are one (Python reference, 2.4.2). */
  #pushLiteral(text: string, isFormat: boolean): void {
    const last = this.#literals.at(-1);
    if (this.#head !== '' && this.#tail.trim() === '' && last !== undefined) {
      last.text += text;
      last.isFormat ||= isFormat;
      return;
    }
    this.#head += `${this.#tail}"${this.#literals.length}"`;
    this.#tail = '';
    this.#literals.push({ text, isFormat });
  }
}

function decodeEscapes(raw: string): string {
  return raw.replace(/\\([\\'"\n]|n|t)/g, (_, escaped: string) => {
    if (escaped === 'n') return '\n';
    if (escaped === 't') return '\t';
    return escaped === '\n' ? '' : escaped;
  });
}

function indentOf(code: string): number {
  let columns = 0;
  for (const character of code) {
    if (character === '\t') columns += 8 - (columns % 8);
    else if (character === ' ') columns++;
    else if (character !== '\f' && character !== '\r') break;
  }
  return columns;
}
