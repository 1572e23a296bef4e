import type { Case, If, Statement, Word as WordNode } from 'unbash';
import type { Word } from '../detector.ts';
import { type Alternatives, alternatives } from './alternatives.ts';
import { isQuestion } from './branches.ts';
import type { Status } from './conditions.ts';
import { expandPattern, expandValue, expandWord } from './expand.ts';
import { joinOutcomes, type Outcome, SILENT } from './outcome.ts';
import { patternRegExp } from './pattern.ts';
import type { ScriptWalker, Walkable } from './script-walker.ts';
import type { ShellState } from './shell-state.ts';

/** Walks `a && b || c`; what a status decides is walked all the same, but leaves nothing behind. */
export function walkAndOr(
  walker: ScriptWalker,
  commands: readonly Walkable[],
  operators: readonly string[],
  state: ShellState,
): Outcome {
  const [first, ...others] = commands;
  if (first === undefined) return SILENT;
  let outcome = walker.walk(first, state);
  let previous = first;
  for (const [index, command] of others.entries()) {
    const runsOn = operators[index] === '&&';
    const isTaken = outcome.status === undefined ? undefined : outcome.status === runsOn;
    const before = outcome;
    // `cd x && y`: what does not ask is expected to succeed.
    const isExpected = isTaken ?? (runsOn && !isQuestion(previous) ? true : undefined);
    outcome = walker.branches.walk(isExpected, () =>
      walkBranch(state, isTaken, (way) => walker.walk(command, way)),
    );
    previous = command;
    outcome = joinOutcomes(before, outcome, runsOn);
  }
  return outcome;
}

/** Walks what is run always (true), never (false) or perhaps (undefined), and joins the ways after it. */
function walkBranch(state: ShellState, isTaken: Status, walk: (way: ShellState) => Outcome): Outcome {
  const before = state.fork();
  const way = state.fork();
  const outcome = walk(way);
  if (isTaken === true) state.join(way.flow === 'on' ? [way] : [before, way]);
  else state.join(isTaken === false ? [before] : [before, way]);
  return outcome;
}

/** Walks every branch of an if; where a condition is known, its branch alone says what holds afterwards. */
export function walkIf(walker: ScriptWalker, node: If, state: ShellState): Outcome {
  const ways: ShellState[] = [];
  let isOpen = true;
  for (const { clause, then } of [node, ...node.elif]) {
    const { status } = walker.walkList(clause.commands, state);
    const way = state.fork();
    walker.branches.walk(isOpen && ways.length === 0 ? status : false, () =>
      walker.walkList(then.commands, way),
    );
    if (!isOpen || status === false) continue;
    ways.push(way);
    // A branch that is left for good (exec, exit) does not hide what other arguments would do after it.
    isOpen = status !== true || way.flow !== 'on';
  }
  const last = state.fork();
  const { else: otherwise } = node;
  if (otherwise !== undefined)
    walker.branches.walk(isOpen && ways.length === 0, () => walker.walkList(otherwise.commands, last));
  if (isOpen) ways.push(last);
  state.join(ways);
  return SILENT;
}

/** Returns what a for loop's variable may be: `"$@"` when it lists no words. */
export function loopValues(
  walker: ScriptWalker,
  words: readonly WordNode[] | undefined,
  state: ShellState,
): Alternatives {
  if (words === undefined) return alternatives(state.positional.flat().map((word) => [word]));
  const values = words.flatMap((word) => expandWord(word, state, walker.expandContext).flat());
  return alternatives(values.map((value) => [value]));
}

/** Walks a for loop with all values at once. */
export function walkFor(
  walker: ScriptWalker,
  name: string,
  values: Alternatives,
  body: readonly Statement[],
  state: ShellState,
): Outcome {
  return walkLoop(walker, state, (way) => {
    way.assign(name, values);
    return walker.walkList(body, way);
  });
}

/** Walks a while or until loop. */
export function walkWhile(
  walker: ScriptWalker,
  clause: readonly Statement[],
  isUntil: boolean,
  body: readonly Statement[],
  state: ShellState,
): Outcome {
  return walkLoop(walker, state, (way) => {
    const { status } = walker.walkList(clause, way);
    const isNever = status !== undefined && status === isUntil;
    const inside = isNever ? way.fork() : way;
    return walker.branches.walk(!isNever, () => walker.walkList(body, inside));
  });
}

/** A loop's body may run never, once or more: twice shows what one round leaves to the next. */
export function walkLoop(
  _walker: ScriptWalker,
  state: ShellState,
  walk: (way: ShellState) => Outcome,
): Outcome {
  for (let round = 0; round < 2; round++) {
    const before = state.fork();
    const way = state.fork();
    walk(way);
    if (way.flow === 'break') way.flow = 'on';
    state.join([before, way]);
    state.flow = 'on';
    if (state.isSame(before)) break;
  }
  return SILENT;
}

/** Walks every item of a case; those that cannot match leave nothing behind. */
export function walkCase(walker: ScriptWalker, node: Case, state: ShellState): Outcome {
  const context = walker.expandContext;
  const subjects = expandValue(node.word, state, context);
  const variable = variableOf(node.word);
  const ways: ShellState[] = [];
  let isComplete = false;
  for (const item of node.items) {
    const patterns = item.pattern.flatMap((word) => expandPattern(word, state, context));
    const matches = subjects.map((subject) => matchesAny(subject, patterns));
    const way = state.fork();
    const literals = patterns.filter((pattern) => pattern !== undefined && !/[*?[\\]/.test(pattern));
    // Where the subject is unknown, the pattern says what it is inside the branch.
    if (variable !== undefined && subjects.includes(undefined) && literals.length === patterns.length) {
      way.assign(variable, alternatives(literals.map((literal) => [literal])));
    }
    const isTold = !isComplete && ways.length === 0 && matches.every((match) => match === true);
    walker.branches.walk(isTold, () => walker.walkList(item.body.commands, way));
    if (isComplete || !matches.some((match) => match !== false)) continue;
    ways.push(way);
    isComplete = matches.every((match) => match === true) && way.flow === 'on';
  }
  if (!isComplete) ways.push(state.fork());
  state.join(ways);
  return SILENT;
}

/** Returns the variable whose whole value a case is about (`$1`, `"$mode"`). */
function variableOf(word: WordNode): string | undefined {
  return /^"?\$\{?([A-Za-z_]\w*)\}?"?$/.exec(word.text)?.[1];
}

function matchesAny(subject: Word, patterns: readonly Word[]): Status {
  if (patterns.includes('*')) return true;
  if (subject === undefined) return undefined;
  if (patterns.some((pattern) => pattern !== undefined && patternRegExp(pattern).test(subject))) return true;
  return patterns.includes(undefined) ? undefined : false;
}
