import type { Word } from '../detector.ts';
import { quotePattern } from './pattern.ts';

/** Piece is a part of a word after its expansions, before it is split into fields. */
export interface Piece {
  readonly text: Word;
  readonly isQuoted: boolean;
  /** Did it come out of an expansion? Only then an unquoted piece is split at white space. */
  readonly isExpanded?: boolean;
  /** The boundary between two elements of `"$@"` or of an array: it has no text. */
  readonly isBreak?: boolean;
}

/** Returns the paths that a pattern matches. */
type Glob = (pattern: string) => readonly string[];

/** Returns the fields of a word's pieces: split (POSIX XCU 2.6.5), with pathname expansion (2.6.6), quotes removed. */
export function assembleFields(pieces: readonly Piece[], glob: Glob): readonly Word[] {
  const builder = new FieldBuilder(glob);
  for (const piece of pieces) {
    if (piece.isBreak) builder.end();
    else if (piece.text === undefined) builder.addUnknown();
    else if (piece.isQuoted) builder.addQuoted(piece.text);
    else if (piece.isExpanded) builder.addSplit(piece.text);
    else builder.addPlain(piece.text);
  }
  builder.end();
  return builder.fields;
}

class FieldBuilder {
  readonly fields: Word[] = [];
  readonly #glob: Glob;
  #text = '';
  #pattern = '';
  #hasGlob = false;
  #isUnknown = false;
  #isOpen = false;

  constructor(glob: Glob) {
    this.#glob = glob;
  }

  addQuoted(text: string): void {
    this.#isOpen = true;
    this.#text += text;
    this.#pattern += quotePattern(text);
  }

  addPlain(text: string): void {
    if (text === '') return;
    this.#isOpen = true;
    this.#text += text;
    this.#pattern += text;
    this.#hasGlob ||= /[*?[]|[@!+]\(/.test(text);
  }

  addSplit(text: string): void {
    const words = text.split(/[ \t\n]+/);
    for (const [index, word] of words.entries()) {
      if (index > 0) this.end();
      this.addPlain(word);
    }
  }

  addUnknown(): void {
    this.#isOpen = true;
    this.#isUnknown = true;
  }

  end(): void {
    if (this.#isOpen) this.fields.push(...this.#take());
    this.#text = '';
    this.#pattern = '';
    this.#hasGlob = false;
    this.#isUnknown = false;
    this.#isOpen = false;
  }

  #take(): readonly Word[] {
    if (this.#isUnknown) return [undefined];
    if (!this.#hasGlob) return [this.#text];
    const matches = this.#glob(this.#pattern);
    return matches.length > 0 ? matches : [this.#text];
  }
}
