import type { Assignment, Command, Redirection } from 'unbash';
import type { Word } from '../detector.ts';
import { type Alternatives, alternatives, combinations, type Fields, UNKNOWN } from './alternatives.ts';
import { isBuiltin } from './builtin-names.ts';
import { runBuiltin } from './builtins.ts';
import { commandOutput } from './command-output.ts';
import { expandAssignment, expandHereDocument, expandValue, expandWord } from './expand.ts';
import { startProgram } from './external-command.ts';
import { startsOperands } from './guessed-words.ts';
import { mergeOutcomes, type Outcome, SILENT } from './outcome.ts';
import type { ScriptWalker } from './script-walker.ts';
import type { ShellState } from './shell-state.ts';
import { passesArguments } from './users-arguments.ts';

/** Command lines that one command may be. */
const MAX_ROWS = 512;

/** What a command reads: text of here-documents, where it is known. */
export interface Feed {
  readonly text: Word;
}

/** Walks assignments, redirections and every command line that the words may be. */
export function walkCommand(walker: ScriptWalker, node: Command, state: ShellState): Outcome {
  const context = walker.expandContext;
  const assignments = node.prefix.filter((part) => part.type === 'Assignment');
  const redirects = node.redirects;
  const { input } = state;
  const rows = argumentRows(walker, node, state);
  walker.spend(rows.length, node.pos);
  const feed = redirect(walker, redirects, state);
  if (node.name === undefined) {
    for (const part of assignments) assignVariable(walker, part, state);
    const isSubstitution = assignments.some(({ text }) => /\$\(|`/.test(text));
    return { status: isSubstitution ? undefined : true, output: () => [['']] };
  }
  const temporary = new Map(
    assignments.map((part) => [part.name, expandAssignment(part, state, context)] as const),
  );
  const outcomes: Outcome[] = [];
  const ways: ShellState[] = [];
  for (const argv of rows) {
    const way = rows.length > 1 ? state.fork() : state;
    outcomes.push(runWith(walker, temporary, argv, node, feed, way));
    ways.push(way);
  }
  if (rows.length > 1) state.join(ways);
  state.input = input;
  const isSilent = redirects.some((part) => part.type === 'Redirect' && isOutput(part));
  return mergeOutcomes(outcomes, isSilent);
}

/** `NAME=value command`: the assignment is in the command's environment alone. */
function runWith(
  walker: ScriptWalker,
  temporary: ReadonlyMap<string, Alternatives>,
  argv: Fields,
  node: Command,
  feed: Feed | undefined,
  state: ShellState,
): Outcome {
  const before = new Map([...temporary.keys()].map((name) => [name, state.lookup(name)]));
  const wereExported = new Set([...temporary.keys()].filter((name) => state.isExported(name)));
  for (const [name, value] of temporary) {
    state.assign(name, value);
    state.export(name);
  }
  const outcome = dispatch(walker, argv, node, feed, state);
  for (const [name, value] of before) {
    if (value === undefined) state.unset(name);
    else state.assign(name, value);
    if (!wereExported.has(name)) state.unexport(name);
  }
  return outcome;
}

/** Gives a variable its value, all of its elements, or more of them. */
export function assignVariable(walker: ScriptWalker, part: Assignment, state: ShellState): void {
  const value = expandAssignment(part, state, walker.expandContext);
  walker.spend(value.length, part.pos);
  const before = state.lookup(part.name);
  if (part.value.type === 'ArrayValue' && !part.append) {
    state.assign(part.name, value);
  } else if (part.index !== undefined || (part.append && part.value.type === 'ArrayValue')) {
    const rows = combinations([before ?? [[]], value]).rows;
    state.assign(part.name, alternatives(rows.map((row) => row.flat())));
  } else if (part.append) {
    const rows = combinations([before ?? [['']], value]).rows;
    state.assign(
      part.name,
      alternatives(rows.map((row) => [row.flat().includes(undefined) ? undefined : row.flat().join('')])),
    );
  } else {
    state.assign(part.name, value);
  }
}

/** Returns the command lines that the words may be. */
function argumentRows(walker: ScriptWalker, node: Command, state: ShellState): readonly Fields[] {
  if (node.name === undefined) return [];
  const context = walker.expandContext;
  const areStarted = startsOperands(node.name);
  const words = [node.name, ...node.args].map((arg, index): Alternatives => {
    if (arg.type === 'Word') return expandWord(arg, state, context, { isStarted: index === 0 || areStarted });
    const text = expandAssignment(arg, state, context);
    return text.map((fields) => [fields.includes(undefined) ? undefined : `${arg.name}=${fields.join(' ')}`]);
  });
  const { rows, isWhole } = combinations(words);
  if (isWhole) return alternatives(rows.map((row) => row.flat()));
  return alternatives(oneAtATime(words), MAX_ROWS);
}

/** Yields, where there are too many combinations, every word's values once, each beside the first of all others. */
function* oneAtATime(words: readonly Alternatives[]): Generator<Fields> {
  const firsts = words.map(([first = []]) => first);
  yield firsts.flat();
  for (const [at, values] of words.entries()) {
    for (const fields of values.slice(1)) yield firsts.with(at, fields).flat();
  }
}

/** Runs one command line: a function, a builtin, or a program. */
function dispatch(
  walker: ScriptWalker,
  argv: Fields,
  node: Command,
  feed: Feed | undefined,
  state: ShellState,
): Outcome {
  const [name, ...args] = argv;
  if (argv.length === 0 || name === '') return SILENT;
  if (name === undefined) {
    if (passesArguments(node, state)) return SILENT;
    walker.mayCallAny = true;
    walker.unfollowed(node.pos, `the command ${nameOf(node)} is not known`);
    return SILENT;
  }
  const definition = state.functions.get(name);
  if (definition !== undefined) return walker.callFunction(name, definition, args, state);
  const output = () => {
    const lines = commandOutput(argv, state.input, state, walker.trace);
    return lines === undefined ? UNKNOWN : [lines];
  };
  if (isBuiltin(name)) return { output, ...runBuiltin(walker, argv, node, feed, state) };
  startProgram(walker, argv, node, feed, state);
  return { status: undefined, output };
}

/** Follows redirections; returns what a here-document feeds to the command. */
export function redirect(
  walker: ScriptWalker,
  redirects: readonly Redirection[],
  state: ShellState,
): Feed | undefined {
  let feed: Feed | undefined;
  for (const part of redirects) {
    if (part.type === 'HereDoc') {
      const isLiteral = part.delimiter?.quoted === true || part.body.parts === undefined;
      feed = {
        text: isLiteral ? part.body.text : expandHereDocument(part.body, state, walker.expandContext),
      };
      continue;
    }
    const values = expandValue(part.target, state, walker.expandContext);
    if (part.type === 'HereString') feed = { text: values.length === 1 ? values[0] : undefined };
    else if (!/^[<>]&$/.test(part.operator)) {
      walker.keepOperands(
        values.filter((value) => value !== undefined),
        state,
        part.pos,
      );
    }
  }
  return feed;
}

/** Does it take standard output away from a command substitution? */
function isOutput(part: Redirection & { readonly type: 'Redirect' }): boolean {
  const fd = part.descriptor?.type === 'FileDescriptor' ? part.descriptor.value : 1;
  return part.operator.startsWith('>') && fd === 1;
}

/** Returns a command's name as the script spells it, for a warning. */
export function nameOf(node: Command): string {
  const text = (node.name?.text ?? '').replace(/^"(.*)"$/s, '$1').replaceAll(/\s+/g, ' ');
  return `"${text.length > 60 ? `${text.slice(0, 57)}...` : text}"`;
}
