import {
  type ArithmeticExpansionPart,
  type Assignment,
  type HereDocBody,
  type ParsedScript,
  parse,
  type Word as WordNode,
  type WordPart,
} from 'unbash';
import type { Word } from '../detector.ts';
import { type Alternatives, alternatives, combinations, type Fields } from './alternatives.ts';
import { assembleFields, type Piece } from './fields.ts';
import { guessedWords } from './guessed-words.ts';
import { expandParameter, type ParameterContext, plainParameter } from './parameter.ts';
import { quotePattern } from './pattern.ts';
import type { ShellState } from './shell-state.ts';

/** Bytes of one value; a longer one is data, not a command or a path. */
const MAX_VALUE = 1 << 16;
/** A brace expansion of more words than this is a counter. */
const MAX_BRACES = 64;

/** What expansion needs of the script that it happens in. */
export interface ExpandContext {
  /** `$0`. */
  readonly scriptName: Word;
  /** `$BASH_SOURCE`: the file whose text is being read. */
  readonly sourceName: Word;
  /** Walks the commands of `$(…)` and returns what they print. */
  readonly substitute: (script: ParsedScript, state: ShellState) => Alternatives;
  /** Returns the paths that a pattern matches, and sees to it that they can be looked for. */
  readonly glob: (pattern: string, state: ShellState) => readonly string[];
  /** Walks what is inside an arithmetic expansion. */
  readonly visit: (node: ArithmeticExpansionPart, state: ShellState) => void;
}

/**
 * Returns the fields that a word expands to (POSIX XCU 2.6): with field splitting and pathname expansion. Braces that
 * would make more than `room` words stay as they are. Of a word that is started (`isStarted`) an unknown part may be any name in
 * the directory that is known.
 */
export function expandWord(
  word: WordNode,
  state: ShellState,
  context: ExpandContext,
  { room = MAX_BRACES, isStarted = false }: { readonly room?: number; readonly isStarted?: boolean } = {},
): Alternatives {
  const braces = braceWords(word, room);
  if (braces !== undefined) {
    const inner = Math.floor(room / braces.length);
    const rows = combinations(
      braces.map((one) => expandWord(one, state, context, { room: inner, isStarted })),
    ).rows;
    return alternatives(rows.map((row) => row.flat()));
  }
  const glob = (pattern: string) => context.glob(pattern, state);
  const rows = piecesOf(word, state, context).flatMap((pieces) =>
    isStarted ? (guessedWords(pieces, glob) ?? [pieces]) : [pieces],
  );
  return alternatives(rows.map((pieces) => assembleFields(pieces, glob)));
}

/** Returns a word as one value each: no field splitting, no pathname expansion (assignments, case, redirections). */
export function expandValue(
  word: WordNode | undefined,
  state: ShellState,
  context: ExpandContext,
): readonly Word[] {
  if (word === undefined) return [''];
  return values(piecesOf(word, state, context).map(joinPieces));
}

/** Returns a word as a pattern each: what was quoted matches as itself. */
export function expandPattern(word: WordNode, state: ShellState, context: ExpandContext): readonly Word[] {
  return values(
    piecesOf(word, state, context).map((pieces) =>
      pieces.some(({ text }) => text === undefined)
        ? undefined
        : pieces.map(({ text, isQuoted }) => (isQuoted ? quotePattern(text ?? '') : text)).join(''),
    ),
  );
}

/** Returns the text of a here-document whose delimiter is not quoted, or undefined when it is not known. */
export function expandHereDocument(body: HereDocBody, state: ShellState, context: ExpandContext): Word {
  const texts = combineParts(body.parts ?? [], true, state, context).map(joinPieces);
  return texts.length === 1 ? texts[0] : undefined;
}

/** Returns the value that an assignment gives: one word, or the elements of an array. */
export function expandAssignment(node: Assignment, state: ShellState, context: ExpandContext): Alternatives {
  if (node.value.type === 'Word') return expandValue(node.value, state, context).map((word) => [word]);
  const rows = combinations(node.value.elements.map((element) => expandWord(element, state, context))).rows;
  return alternatives(rows.map((row) => row.flat().map((word) => word?.replace(/^\[[^\]]*\]=/, ''))));
}

function values(found: readonly Word[]): readonly Word[] {
  return [...new Set(found)];
}

function joinPieces(pieces: readonly Piece[]): Word {
  let value = '';
  for (const { text, isBreak } of pieces) {
    if (text === undefined || value.length > MAX_VALUE) return undefined;
    value += isBreak ? ' ' : text;
  }
  return value;
}

/** Returns every list of pieces that a word may be. */
function piecesOf(word: WordNode, state: ShellState, context: ExpandContext): readonly (readonly Piece[])[] {
  const parts = word.parts;
  if (parts === undefined)
    return [[...tilde(word, state), { text: withoutTilde(word), isQuoted: isQuotedText(word) }]];
  return combineParts(parts, false, state, context);
}

/** `~/x` unquoted at the beginning is HOME (POSIX XCU 2.6.1). */
function tilde(word: WordNode, state: ShellState): Piece[] {
  if (!/^~(?:\/|$)/.test(word.text)) return [];
  const home = state.value('HOME')[0]?.[0];
  return [{ text: home === '' ? '/root' : home, isQuoted: true }];
}

function withoutTilde(word: WordNode): string {
  return /^~(?:\/|$)/.test(word.text) ? word.value.slice(1) : word.value;
}

/** A word without parts has no glob; a difference to its source means quotes or backslashes. */
function isQuotedText(word: WordNode): boolean {
  return word.value !== word.text || word.value === '';
}

function combineParts(
  parts: readonly WordPart[],
  isQuoted: boolean,
  state: ShellState,
  context: ExpandContext,
): readonly (readonly Piece[])[] {
  const lists = parts.map((part) => partPieces(part, isQuoted, state, context));
  const { rows, isWhole } = combinations(lists);
  const combined = rows.map((row) => row.flat());
  return isWhole ? combined : [...combined, [{ text: undefined, isQuoted: true }]];
}

function partPieces(
  part: WordPart,
  isQuoted: boolean,
  state: ShellState,
  context: ExpandContext,
): readonly (readonly Piece[])[] {
  switch (part.type) {
    case 'Literal':
      return [[{ text: part.value, isQuoted: isQuoted || part.value !== part.text }]];
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return [[{ text: part.value, isQuoted: true }]];
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.length === 0
        ? [[{ text: '', isQuoted: true }]]
        : combineParts(part.parts, true, state, context);
    case 'Glob':
    case 'ExtendedGlob':
    case 'BraceExpansion':
      return [[{ text: part.text, isQuoted: false }]];
    case 'SimpleExpansion':
      return fieldPieces(plainParameter(part.text.slice(1), isQuoted, parameters(state, context)), isQuoted);
    case 'ParameterExpansion':
      return fieldPieces(expandParameter(part, isQuoted, parameters(state, context)), isQuoted);
    case 'CommandExpansion':
      return part.script === undefined
        ? [[{ text: undefined, isQuoted }]]
        : fieldPieces(joined(context.substitute(part.script, state)), isQuoted);
    case 'ProcessSubstitution':
      if (part.script !== undefined) state.input = linesOf(context.substitute(part.script, state));
      return [[{ text: '/dev/fd/63', isQuoted: true }]];
    case 'ArithmeticExpansion':
      context.visit(part, state);
      return [[{ text: undefined, isQuoted: true }]];
  }
}

function parameters(state: ShellState, context: ExpandContext): ParameterContext {
  return {
    state,
    scriptName: context.scriptName,
    sourceName: context.sourceName,
    value: (word) => expandValue(word, state, context),
    pattern: (word) => expandPattern(word, state, context),
  };
}

/** The output of a command is one text: lines are told apart only when it is split. */
function joined(output: Alternatives): Alternatives {
  return output.map((lines) => [lines.includes(undefined) ? undefined : lines.join('\n')]);
}

/** Returns the lines of a command's output when all of its alternatives are known. */
export function linesOf(output: Alternatives): readonly Word[] {
  return [...new Set(output.flat().flatMap((text) => (text === undefined ? [undefined] : text.split('\n'))))];
}

/** Several fields (`"$@"`, an array) stay apart even when they are quoted. */
function fieldPieces(values: Alternatives, isQuoted: boolean): readonly (readonly Piece[])[] {
  return values.map((fields: Fields) => {
    if (fields.length === 0) return [];
    return fields.flatMap((text, index): Piece[] => [
      ...(index > 0 ? [{ text: '', isQuoted: true, isBreak: true }] : []),
      { text, isQuoted, isExpanded: true },
    ]);
  });
}

/** Returns the words of `a{b,c}d` and `{1..3}`, or undefined when there is nothing to expand. */
function braceWords(word: WordNode, room: number): readonly WordNode[] | undefined {
  const brace = word.parts?.find((part) => part.type === 'BraceExpansion');
  if (brace === undefined) return undefined;
  const options = braceOptions(brace.text.slice(1, -1));
  if (options.length === 0 || options.length > room) return undefined;
  const before = word.text.slice(0, brace.pos - word.pos);
  const after = word.text.slice(brace.end - word.pos);
  const words = options.map((option) => `${before}${option}${after}`).join(' ');
  const [statement] = parse(`: ${words}`).commands;
  if (statement?.command.type !== 'Command') return undefined;
  return statement.command.args.filter((arg) => arg.type === 'Word');
}

function braceOptions(body: string): string[] {
  const range = /^(-?\d+)\.\.(-?\d+)$/.exec(body);
  if (range !== null) {
    const [low, high] = [Number(range[1]), Number(range[2])].sort((a, b) => a - b);
    if (low === undefined || high === undefined || high - low >= MAX_BRACES) return [];
    return Array.from({ length: high - low + 1 }, (_, index) => String(low + index));
  }
  const options: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < body.length; at++) {
    if (body[at] === '{') depth++;
    else if (body[at] === '}') depth--;
    else if (body[at] === ',' && depth === 0) {
      options.push(body.slice(start, at));
      start = at + 1;
    }
  }
  return options.length > 0 ? [...options, body.slice(start)] : [];
}
