import type { ParameterExpansionPart, ParameterOperation, Word as WordNode } from 'unbash';
import type { Word } from '../detector.ts';
import { type Alternatives, alternatives, type Fields, UNKNOWN } from './alternatives.ts';
import { patternSource } from './pattern.ts';
import type { ShellState } from './shell-state.ts';

/** What a parameter's expansion needs of its surroundings. */
export interface ParameterContext {
  readonly state: ShellState;
  readonly scriptName: Word;
  readonly sourceName: Word;
  readonly value: (word: WordNode) => readonly Word[];
  readonly pattern: (word: WordNode) => readonly Word[];
}

/** Parameters whose value only a run can tell. */
const AT_RUN_TIME = new Set([
  ...['?', '$', '!', '-', '_', 'UID', 'EUID', 'PPID', 'BASHPID', 'RANDOM', 'SRANDOM', 'SECONDS', 'LINENO'],
  ...[
    'HOSTNAME',
    'EPOCHSECONDS',
    'EPOCHREALTIME',
    'COLUMNS',
    'LINES',
    'REPLY',
    'OPTARG',
    'OPTIND',
    'PIPESTATUS',
  ],
]);

/** Returns the value of `$name`. */
export function plainParameter(name: string, isQuoted: boolean, context: ParameterContext): Alternatives {
  return valueOfName(name, isQuoted, context) ?? context.state.value(name);
}

/** Returns the value of `${…}`. */
export function expandParameter(
  part: ParameterExpansionPart,
  isQuoted: boolean,
  context: ParameterContext,
): Alternatives {
  const base = indexed(part, isQuoted, context);
  if (part.prefix === '#') return lengths(part, base);
  if (part.operation?.type === 'Names') return UNKNOWN;
  const isDefault =
    part.operation?.type === 'Default' && part.index === undefined && part.prefix === undefined;
  // What something unreadable may have set is taken as unset where the script says what then.
  if (isDefault && /^[A-Za-z_]/.test(part.parameter) && context.state.lookup(part.parameter) === undefined) {
    return operate(part, part.operation, undefined, context);
  }
  const value = part.prefix === '!' ? indirect(part, base, isQuoted, context) : base;
  return part.operation === undefined
    ? (value ?? context.state.value(part.parameter))
    : operate(part, part.operation, value, context);
}

/** Returns the value of a parameter; undefined when it is unset. */
function valueOfName(name: string, isQuoted: boolean, context: ParameterContext): Alternatives | undefined {
  const { state } = context;
  if (name === '@') return state.positional;
  if (name === '*') return isQuoted ? state.positional.map(spaced) : state.positional;
  if (name === '#')
    return alternatives(
      state.positional.map((args) => [args.includes(undefined) ? undefined : String(args.length)]),
    );
  if (name === '0') return [[context.scriptName]];
  if (/^\d+$/.test(name)) return positional(Number(name), state);
  if (name === 'BASH_SOURCE') return [[context.sourceName]];
  if (name === 'PWD') return [[state.cwd]];
  if (name === 'IFS') return [[' \t\n']];
  const known = state.lookup(name);
  if (known !== undefined) return known.map((fields) => fields.slice(0, 1));
  if (AT_RUN_TIME.has(name)) return UNKNOWN;
  return state.mayHaveMore ? UNKNOWN : undefined;
}

function positional(index: number, { positional }: ShellState): Alternatives | undefined {
  const found = alternatives(positional.map((args) => (index <= args.length ? [args[index - 1]] : [''])));
  return positional.every((args) => args.length < index) ? undefined : found;
}

function spaced(args: Fields): Fields {
  return [args.includes(undefined) ? undefined : args.join(' ')];
}

/** `${a[@]}`, `${a[0]}`, `${a[$key]}`. */
function indexed(
  part: ParameterExpansionPart,
  isQuoted: boolean,
  context: ParameterContext,
): Alternatives | undefined {
  const { index, parameter } = part;
  if (index === undefined) return valueOfName(parameter, isQuoted, context);
  if (parameter === 'BASH_SOURCE') return [[context.sourceName]];
  const all = context.state.lookup(parameter);
  if (all === undefined) return context.state.mayHaveMore ? UNKNOWN : [[]];
  if (index.text === '@') return all;
  if (index.text === '*') return isQuoted ? all.map(spaced) : all;
  if (/^\d+$/.test(index.text)) return all.map((fields) => [fields[Number(index.text)] ?? '']);
  return alternatives(all.flatMap((fields) => fields.map((word) => [word])));
}

function lengths(part: ParameterExpansionPart, base: Alternatives | undefined): Alternatives {
  const counts = part.parameter === '@' || part.index?.text === '@';
  return alternatives(
    (base ?? [['']]).map((fields) => {
      if (counts) return [fields.includes(undefined) ? undefined : String(fields.length)];
      return [fields[0] === undefined ? undefined : String(fields[0].length)];
    }),
  );
}

/** `${!name}` is the value of the variable that name's value names. */
function indirect(
  part: ParameterExpansionPart,
  base: Alternatives | undefined,
  isQuoted: boolean,
  context: ParameterContext,
): Alternatives | undefined {
  if (part.index !== undefined) return UNKNOWN;
  const names = base ?? context.state.value(part.parameter);
  const found = names.flatMap(([name]): Alternatives => {
    if (name === undefined || name === '') return UNKNOWN;
    return valueOfName(name, isQuoted, context) ?? [['']];
  });
  // Every name unset: the operators for unset parameters apply.
  return found.every(([word]) => word === '') ? undefined : alternatives(found);
}

function operate(
  part: ParameterExpansionPart,
  operation: ParameterOperation,
  value: Alternatives | undefined,
  context: ParameterContext,
): Alternatives {
  switch (operation.type) {
    case 'Default':
      return withDefault(part, operation.operator, operation.operand, value, context);
    case 'Remove':
      return mapText(value, context.pattern(operation.operand), (text, pattern) =>
        removeMatch(text, pattern, operation.operator),
      );
    case 'Replace': {
      const replacements = context.value(operation.replacement);
      const replacement = replacements.length === 1 ? replacements[0] : undefined;
      return mapText(value, context.pattern(operation.pattern), (text, pattern) =>
        replacement === undefined ? undefined : replaceMatch(text, pattern, operation.operator, replacement),
      );
    }
    case 'Slice':
      return slice(part, operation.offset, operation.length, value, context);
    case 'CaseModification':
      return mapText(value, [''], (text) => changeCase(text, operation.operator));
    case 'Transform':
    case 'Names':
    case 'Unknown':
      return UNKNOWN;
  }
}

/** `:-`, `:=`, `:+`, `:?` and their forms without a colon, which let an empty value stand. */
function withDefault(
  part: ParameterExpansionPart,
  operator: string,
  operand: WordNode,
  value: Alternatives | undefined,
  context: ParameterContext,
): Alternatives {
  const countsEmpty = operator.startsWith(':');
  const isUnset = (fields: Fields) =>
    fields.length === 0 || (countsEmpty && fields.length === 1 && fields[0] === '');
  const given = (value ?? []).filter((fields) => !isUnset(fields));
  const mayBeUnset =
    value === undefined || given.length < value.length || given.some(([word]) => word === undefined);
  const kind = operator.replace(':', '');
  if (kind === '?') return given.length > 0 ? alternatives(given) : UNKNOWN;
  const other: Alternatives = context.value(operand).map((word) => [word]);
  if (kind === '+') return alternatives([...(given.length > 0 ? other : []), ...(mayBeUnset ? [['']] : [])]);
  const result = alternatives([...given, ...(mayBeUnset ? other : [])]);
  if (kind === '=') context.state.assign(part.parameter, result);
  return result;
}

/** Longer texts, and patterns of more stars, are not tried: matching takes time in powers of the stars. */
const MAX_TEXT = 512;
const MAX_STARS = 2;

/** Applies `change` to every word of every alternative, with every pattern. */
function mapText(
  value: Alternatives | undefined,
  patterns: readonly Word[],
  change: (text: string, pattern: string) => Word,
): Alternatives {
  const isCheap = (text: string, pattern: string) =>
    text.length <= MAX_TEXT && pattern.length <= MAX_TEXT && pattern.split('*').length - 1 <= MAX_STARS;
  return alternatives(
    (value ?? [['']]).flatMap((fields) =>
      patterns.map((pattern) =>
        fields.map((text) =>
          text === undefined || pattern === undefined || !isCheap(text, pattern)
            ? undefined
            : change(text, pattern),
        ),
      ),
    ),
  );
}

function removeMatch(text: string, pattern: string, operator: '#' | '##' | '%' | '%%'): string {
  const source = patternSource(pattern, operator === '#');
  if (operator.startsWith('#')) return text.replace(new RegExp(`^(?:${source})`, 's'), '');
  // The shortest suffix leaves the longest beginning, so that is what is matched greedily.
  const kept = new RegExp(`^(${operator === '%' ? '.*' : '.*?'})(?:${source})$`, 's').exec(text)?.[1];
  return kept ?? text;
}

function replaceMatch(text: string, pattern: string, operator: string, replacement: string): string {
  const source = patternSource(pattern, false);
  if (pattern === '') return text;
  const anchored = operator === '/#' ? `^(?:${source})` : operator === '/%' ? `(?:${source})$` : source;
  return text.replace(new RegExp(anchored, operator === '//' ? 'gs' : 's'), () => replacement);
}

function slice(
  part: ParameterExpansionPart,
  offset: WordNode,
  length: WordNode | undefined,
  value: Alternatives | undefined,
  context: ParameterContext,
): Alternatives {
  const numbers = [offset, length].map((word) =>
    word === undefined ? undefined : onlyNumber(context.value(word)),
  );
  const [from, count] = numbers;
  if (from === undefined || (length !== undefined && count === undefined)) return UNKNOWN;
  const end = (start: number) => (count === undefined ? undefined : count < 0 ? count : start + count);
  const isList = part.parameter === '@' || part.parameter === '*' || part.index?.text === '@';
  // `${@:1}` begins with $1, `${array[@]:1}` with its second element.
  const start = isList && part.index === undefined ? Math.max(0, from - 1) : from;
  if (isList) return alternatives((value ?? [[]]).map((fields) => fields.slice(start, end(start))));
  return mapText(value, [''], (text) => text.slice(start, end(start < 0 ? text.length + start : start)));
}

function onlyNumber(words: readonly Word[]): number | undefined {
  const [word] = words;
  return words.length === 1 && word !== undefined && /^\s*-?\d+\s*$/.test(word) ? Number(word) : undefined;
}

function changeCase(text: string, operator: string): string {
  const change = operator.startsWith('^')
    ? (part: string) => part.toUpperCase()
    : (part: string) => part.toLowerCase();
  return operator.length === 2 ? change(text) : change(text.slice(0, 1)) + text.slice(1);
}
