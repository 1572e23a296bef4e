import {
  type Assignment,
  type Case,
  type Command,
  type CommandNode,
  type Function as FunctionNode,
  forEachChild,
  type If,
  type ParsedScript,
  type Pipeline,
  parse,
  type Redirection,
  type Statement,
  type SyntaxNode,
  type Word as WordNode,
} from 'unbash';
import { keepOperand } from '../commands/operands.ts';
import type { Word } from '../detector.ts';
import type { Trace } from '../trace.ts';
import { type Alternatives, alternatives, combinations, type Fields, UNKNOWN } from './alternatives.ts';
import { isBuiltin } from './builtin-names.ts';
import { runBuiltin } from './builtins.ts';
import { commandOutput } from './command-output.ts';
import { evaluateExpression, type Status } from './conditions.ts';
import {
  type ExpandContext,
  expandAssignment,
  expandHereDocument,
  expandPattern,
  expandValue,
  expandWord,
  linesOf,
} from './expand.ts';
import { startProgram } from './external-command.ts';
import type { Frame } from './frame.ts';
import { joinOutcomes, mergeOutcomes, type Outcome, SILENT } from './outcome.ts';
import { expandGlob, patternRegExp } from './pattern.ts';
import { scriptText } from './script-text.ts';
import type { FunctionDefinition, ShellState } from './shell-state.ts';

/** Commands looked at in one script, loops and functions walked again counted again. */
const MAX_STEPS = 50_000;
/** Nested function calls and sourced files. */
const MAX_DEPTH = 16;
/** A function is walked this often with the same arguments, and with any. */
const MAX_SAME_CALLS = 4;
const MAX_CALLS = 48;
/** Command lines that one command may be. */
const MAX_ROWS = 512;

/** What a command reads: text of here-documents, where it is known. */
export interface Feed {
  readonly text: Word;
}

type Walkable = CommandNode | Pipeline | Statement['command'];

/**
 * ScriptWalker follows a shell script without running it. All branches are walked for what they start; where a
 * condition can be told from what is known, only the branch taken decides what the variables are afterwards.
 */
export class ScriptWalker {
  readonly trace: Trace;
  readonly scriptName: Word;
  frame: Frame;
  depth = 0;
  #steps = 0;
  /** Functions that a command of unknown name may mean. */
  #mayCallAny = false;
  readonly #starts = new Set<string>();
  readonly #calls = new Map<string, number>();

  constructor(trace: Trace, frame: Frame, scriptName: Word) {
    this.trace = trace;
    this.frame = frame;
    this.scriptName = scriptName;
  }

  /** Walks a whole script; functions that nothing calls are walked only when some command's name is unknown. */
  walkScript(script: ParsedScript, state: ShellState): void {
    this.walkList(script.commands, state);
    if (!this.#mayCallAny) return;
    for (const [name, definition] of state.functions) {
      if (this.#calls.has(name) || definition.frame.from !== this.frame.from) continue;
      const fork = state.fork();
      fork.flow = 'on';
      fork.positional = UNKNOWN;
      this.callFunction(name, definition, [undefined], fork);
    }
  }

  walkList(commands: readonly Statement[], state: ShellState): Outcome {
    let outcome: Outcome = { status: true };
    for (const { command, background } of commands) {
      if (state.flow !== 'on') break;
      const before = outcome;
      outcome = this.#walk(command, background ? state.fork() : state);
      if (outcome.output === undefined && outcome.status !== undefined) {
        outcome = { status: outcome.status, output: before.output };
      }
    }
    return outcome;
  }

  /** Warns that something cannot be told from the text alone: `what` is a clause. */
  unfollowed(pos: number, what: string): void {
    const { from } = this.frame;
    this.trace.warnings.add(
      'UNFOLLOWED',
      `cannot follow "${from}" in line ${this.lineOf(pos)}: ${what}`,
      from,
    );
  }

  /** Returns the number of the line that an offset of the frame's text is in, from 1. */
  lineOf(pos: number): number {
    const { source } = this.frame;
    let line = 1;
    for (let at = source.indexOf('\n'); at >= 0 && at < pos; at = source.indexOf('\n', at + 1)) line++;
    return line;
  }

  /** Is this the first time that the script starts this command line? */
  isNewStart(argv: Fields, state: ShellState): boolean {
    const key = JSON.stringify([state.cwd, argv.map((word) => word ?? null)]);
    if (this.#starts.has(key)) return false;
    this.#starts.add(key);
    return true;
  }

  get expandContext(): ExpandContext {
    return {
      scriptName: this.scriptName,
      sourceName: this.frame.name,
      substitute: (script, state) => this.#substitute(script, state),
      glob: (pattern, state) => this.#glob(pattern, state),
      visit: (node, state) => this.#walkSubstitutions(node, state),
    };
  }

  callFunction(name: string, definition: FunctionDefinition, args: Fields, state: ShellState): Outcome {
    const isOften = this.#countCall(name) > MAX_CALLS;
    const isRepeated = this.#countCall(`${name}\0${JSON.stringify(args)}`) > MAX_SAME_CALLS;
    if (isOften || isRepeated || this.depth >= MAX_DEPTH) return SILENT;
    const { positional } = state;
    const { frame } = this;
    state.positional = [args];
    this.frame = definition.frame;
    this.depth++;
    const outcome = this.#walk(definition.body, state);
    this.depth--;
    this.frame = frame;
    state.positional = positional;
    if (state.flow === 'return') state.flow = 'on';
    return outcome;
  }

  #countCall(key: string): number {
    const count = (this.#calls.get(key) ?? 0) + 1;
    this.#calls.set(key, count);
    return count;
  }

  /** Walks another text (a sourced file, an `eval`) in the same shell. */
  walkFrame(frame: Frame, script: ParsedScript, state: ShellState): Outcome {
    if (this.depth >= MAX_DEPTH) return SILENT;
    const outer = this.frame;
    this.frame = frame;
    this.depth++;
    const outcome = this.walkList(script.commands, state);
    this.depth--;
    this.frame = outer;
    if (state.flow === 'return') state.flow = 'on';
    return outcome;
  }

  /** Reads another file into this shell; false when there is none. */
  sourceFile(name: string, state: ShellState, pos: number): boolean {
    const { trace, frame } = this;
    const options = { cwd: state.cwd, env: state.environment() };
    const found = trace.rootfs.file(name, state.cwd) ?? trace.findCommand(name, options)?.file;
    if (found === undefined || found.inode.type !== 'file') return false;
    const detail = `line ${this.lineOf(pos)} reads ${name}`;
    const path = trace.rootfs.file(name, state.cwd) ? name : found.path;
    trace.keep(
      path,
      { detector: 'script', from: frame.from, detail, certainty: 'exact' },
      { cwd: state.cwd },
    );
    const source = scriptText(trace, found.path, found.inode);
    if (source !== undefined) this.walkFrame({ from: found.path, name, source }, parse(source), state);
    return true;
  }

  /** A directory that is looked through must be there, even if nothing in it matches. */
  #glob(pattern: string, state: ShellState): readonly string[] {
    const fixed = pattern.slice(0, pattern.search(/[*?[(]/)).replace(/[^/]*$/, '');
    const directory = this.trace.rootfs.resolve(fixed === '' ? '.' : fixed, { cwd: state.cwd });
    if (directory?.inode.type === 'directory' && directory.path !== '/') {
      const detail = `looks for ${pattern}`;
      this.trace.keep(directory.path, {
        detector: 'script',
        from: this.frame.from,
        detail,
        certainty: 'exact',
      });
    }
    return expandGlob(this.trace.rootfs, pattern, state.cwd);
  }

  #substitute(script: ParsedScript, state: ShellState): Alternatives {
    const outcome = this.walkList(script.commands, state.fork());
    return outcome.output?.() ?? UNKNOWN;
  }

  #walk(node: Walkable | FunctionNode['body'], state: ShellState): Outcome {
    if (++this.#steps > MAX_STEPS) {
      if (this.#steps === MAX_STEPS + 1) this.unfollowed(node.pos, 'too many steps');
      return SILENT;
    }
    switch (node.type) {
      case 'Command':
        return this.#walkCommand(node, state);
      case 'Pipeline':
        return this.#walkPipeline(node, state);
      case 'AndOr':
        return this.#walkAndOr(node.commands, node.operators, state);
      case 'If':
        return this.#walkIf(node, state);
      case 'For':
      case 'Select':
        return this.#walkFor(
          node.name.value,
          this.#loopValues(node.wordlist, state),
          node.body.commands,
          state,
        );
      case 'While':
        return this.#walkWhile(node.clause.commands, node.kind === 'until', node.body.commands, state);
      case 'ArithmeticFor':
        return this.#walkLoop(state, (way) => this.walkList(node.body.commands, way));
      case 'Case':
        return this.#walkCase(node, state);
      case 'Subshell':
        return this.walkList(node.body.commands, state.fork());
      case 'BraceGroup':
        return this.walkList(node.body.commands, state);
      case 'CompoundList':
        return this.walkList(node.commands, state);
      case 'Redirected': {
        const feed = this.#redirect(node.redirects, state);
        if (feed !== undefined) state.input = feed.text?.split('\n');
        return this.#walk(node.command, state);
      }
      case 'Function':
        state.define(node.name.value, { body: node.body, frame: this.frame });
        return { status: true };
      case 'Coproc':
        return this.#walk(node.body, state.fork());
      case 'TestCommand':
        return this.#walkTest(node.expression, state);
      case 'ArithmeticCommand':
        this.#walkSubstitutions(node, state);
        return SILENT;
    }
  }

  #walkAndOr(commands: readonly Walkable[], operators: readonly string[], state: ShellState): Outcome {
    const [first, ...others] = commands;
    let outcome = first === undefined ? SILENT : this.#walk(first, state);
    for (const [index, command] of others.entries()) {
      const runsOn = operators[index] === '&&';
      const isTaken = outcome.status === undefined ? undefined : outcome.status === runsOn;
      const before = outcome;
      outcome = this.#walkBranch(state, isTaken, (way) => this.#walk(command, way));
      outcome = joinOutcomes(before, outcome, runsOn);
    }
    return outcome;
  }

  /** Walks what is run always (true), never (false) or perhaps (undefined), and joins the ways after it. */
  #walkBranch(state: ShellState, isTaken: Status, walk: (way: ShellState) => Outcome): Outcome {
    const before = state.fork();
    const way = state.fork();
    const outcome = walk(way);
    if (isTaken === true) state.join(way.flow === 'on' ? [way] : [before, way]);
    else state.join(isTaken === false ? [before] : [before, way]);
    return outcome;
  }

  #walkIf(node: If, state: ShellState): Outcome {
    const ways: ShellState[] = [];
    let isOpen = true;
    for (const { clause, then } of [node, ...node.elif]) {
      const { status } = this.walkList(clause.commands, state);
      const way = state.fork();
      this.walkList(then.commands, way);
      if (!isOpen || status === false) continue;
      ways.push(way);
      // A branch that is left for good (exec, exit) does not hide what other arguments would do after it.
      isOpen = status !== true || way.flow !== 'on';
    }
    const last = state.fork();
    if (node.else !== undefined) this.walkList(node.else.commands, last);
    if (isOpen) ways.push(last);
    state.join(ways);
    return SILENT;
  }

  #loopValues(words: readonly WordNode[] | undefined, state: ShellState): Alternatives {
    if (words === undefined) return alternatives(state.positional.flat().map((word) => [word]));
    const values = words.flatMap((word) => expandWord(word, state, this.expandContext).flat());
    return alternatives(values.map((value) => [value]));
  }

  #walkFor(name: string, values: Alternatives, body: readonly Statement[], state: ShellState): Outcome {
    return this.#walkLoop(state, (way) => {
      way.assign(name, values);
      return this.walkList(body, way);
    });
  }

  #walkWhile(
    clause: readonly Statement[],
    isUntil: boolean,
    body: readonly Statement[],
    state: ShellState,
  ): Outcome {
    return this.#walkLoop(state, (way) => {
      const { status } = this.walkList(clause, way);
      const isNever = status !== undefined && status === isUntil;
      const inside = isNever ? way.fork() : way;
      return this.walkList(body, inside);
    });
  }

  /** A loop's body may run never, once or more: twice shows what one round leaves to the next. */
  #walkLoop(state: ShellState, walk: (way: ShellState) => Outcome): Outcome {
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

  #walkCase(node: Case, state: ShellState): Outcome {
    const context = this.expandContext;
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
      this.walkList(item.body.commands, way);
      if (isComplete || !matches.some((match) => match !== false)) continue;
      ways.push(way);
      isComplete = matches.every((match) => match === true) && way.flow === 'on';
    }
    if (!isComplete) ways.push(state.fork());
    state.join(ways);
    return SILENT;
  }

  #walkPipeline(node: Pipeline, state: ShellState): Outcome {
    const isNegated = node.prefixes.filter(({ type }) => type === 'Negation').length % 2 === 1;
    const [only] = node.commands;
    if (node.commands.length === 1 && only !== undefined) {
      const { status, output } = this.#walk(only, state);
      return { status: status === undefined ? undefined : status !== isNegated, output };
    }
    let outcome: Outcome = SILENT;
    for (const [index, command] of node.commands.entries()) {
      const way = state.fork();
      if (index > 0) way.input = outcome.output === undefined ? [undefined] : linesOf(outcome.output());
      outcome = this.#walk(command, way);
    }
    return { status: undefined, output: outcome.output };
  }

  #walkTest(expression: Parameters<typeof evaluateExpression>[0], state: ShellState): Outcome {
    const context = this.expandContext;
    const { status, paths } = evaluateExpression(expression, {
      rootfs: this.trace.rootfs,
      state,
      value: (word) => expandValue(word, state, context),
      pattern: (word) => expandPattern(word, state, context),
    });
    this.keepOperands(paths, state, expression.pos);
    return { status };
  }

  /** Keeps files that a test or a redirection names; a command is kept only where it is run. */
  keepOperands(paths: readonly string[], state: ShellState, pos: number): void {
    for (const path of paths) {
      const reason = {
        detector: 'script',
        from: this.frame.from,
        detail: `line ${this.lineOf(pos)} names ${path}`,
        certainty: 'exact',
      } as const;
      keepOperand(this.trace, path, state.cwd, reason);
    }
  }

  #walkCommand(node: Command, state: ShellState): Outcome {
    const context = this.expandContext;
    const assignments = node.prefix.filter((part) => part.type === 'Assignment');
    const redirects = node.redirects;
    const rows = this.#argumentRows(node, state);
    const feed = this.#redirect(redirects, state);
    if (node.name === undefined) {
      for (const part of assignments) this.assign(part, state);
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
      outcomes.push(this.#runWith(temporary, argv, node, feed, way));
      ways.push(way);
    }
    if (rows.length > 1) state.join(ways);
    const isSilent = redirects.some((part) => part.type === 'Redirect' && isOutput(part));
    return mergeOutcomes(outcomes, isSilent);
  }

  /** `NAME=value command`: the assignment is in the command's environment alone. */
  #runWith(
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
    const outcome = this.dispatch(argv, node, feed, state);
    for (const [name, value] of before) {
      if (value === undefined) state.unset(name);
      else state.assign(name, value);
      if (!wereExported.has(name)) state.unexport(name);
    }
    return outcome;
  }

  /** Gives a variable its value, all of its elements, or more of them. */
  assign(part: Assignment, state: ShellState): void {
    const value = expandAssignment(part, state, this.expandContext);
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
  #argumentRows(node: Command, state: ShellState): readonly Fields[] {
    if (node.name === undefined) return [];
    const context = this.expandContext;
    const words = [node.name, ...node.args].map((arg): Alternatives => {
      if (arg.type === 'Word') return expandWord(arg, state, context);
      const text = expandAssignment(arg, state, context);
      return text.map((fields) => [
        fields.includes(undefined) ? undefined : `${arg.name}=${fields.join(' ')}`,
      ]);
    });
    const { rows, isWhole } = combinations(words);
    if (isWhole) return alternatives(rows.map((row) => row.flat()));
    // Too many: each word's values once, the others as their first.
    const single = words.flatMap((values, index) =>
      values.map((fields) => words.flatMap((other, at) => (at === index ? fields : (other[0] ?? [])))),
    );
    return alternatives(single, MAX_ROWS);
  }

  /** Runs one command line: a function, a builtin, or a program. */
  dispatch(argv: Fields, node: Command, feed: Feed | undefined, state: ShellState): Outcome {
    const [name, ...args] = argv;
    if (argv.length === 0 || name === '') return SILENT;
    if (name === undefined) {
      this.#mayCallAny = true;
      this.unfollowed(node.pos, `the command ${nameOf(node)} is not known`);
      return SILENT;
    }
    const definition = state.functions.get(name);
    if (definition !== undefined) return this.callFunction(name, definition, args, state);
    const output = () => {
      const lines = commandOutput(argv, state.input, state, this.trace);
      return lines === undefined ? UNKNOWN : [lines];
    };
    if (isBuiltin(name)) return { output, ...runBuiltin(this, argv, node, feed, state) };
    startProgram(this, argv, node, feed, state);
    return { status: undefined, output };
  }

  /** Follows redirections; returns what a here-document feeds to the command. */
  #redirect(redirects: readonly Redirection[], state: ShellState): Feed | undefined {
    let feed: Feed | undefined;
    for (const part of redirects) {
      if (part.type === 'HereDoc') {
        const isLiteral = part.delimiter?.quoted === true || part.body.parts === undefined;
        feed = {
          text: isLiteral ? part.body.text : expandHereDocument(part.body, state, this.expandContext),
        };
        continue;
      }
      const values = expandValue(part.target, state, this.expandContext);
      if (part.type === 'HereString') feed = { text: values.length === 1 ? values[0] : undefined };
      else if (!/^[<>]&$/.test(part.operator)) {
        this.keepOperands(
          values.filter((value) => value !== undefined),
          state,
          part.pos,
        );
      }
    }
    return feed;
  }

  #walkSubstitutions(node: SyntaxNode, state: ShellState): void {
    forEachChild(node, (child) => {
      const hasScript = child.type === 'CommandExpansion' || child.type === 'ArithmeticCommandExpansion';
      if (hasScript && child.script !== undefined) this.#substitute(child.script, state);
      else this.#walkSubstitutions(child, state);
    });
  }
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
