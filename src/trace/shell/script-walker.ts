import {
  type CommandNode,
  type Function as FunctionNode,
  forEachChild,
  type ParsedScript,
  type Pipeline,
  parse,
  type Statement,
  type SyntaxNode,
} from 'unbash';
import { parentPath } from '../../rootfs/root-path.ts';
import { keepOperand } from '../commands/operands.ts';
import type { Word } from '../detector.ts';
import type { Trace } from '../trace.ts';
import { type Alternatives, type Fields, UNKNOWN } from './alternatives.ts';
import { Branches } from './branches.ts';
import { evaluateExpression } from './conditions.ts';
import { loopValues, walkAndOr, walkCase, walkFor, walkIf, walkLoop, walkWhile } from './control-flow.ts';
import { type ExpandContext, expandPattern, expandValue, linesOf } from './expand.ts';
import { type Frame, lineOf } from './frame.ts';
import { type Outcome, SILENT } from './outcome.ts';
import { expandGlob } from './pattern.ts';
import { scriptText } from './script-text.ts';
import type { FunctionDefinition, ShellState } from './shell-state.ts';
import { redirect, walkCommand } from './simple-command.ts';

/**
 * Commands looked at in one script, each as often as it may be another command line; loops, functions and files walked
 * again are counted again.
 */
const MAX_STEPS = 100_000;
/** Nested function calls and sourced files. */
const MAX_DEPTH = 16;
/** A function is walked this often with the same arguments, and with any; a sourced file as often as that. */
const MAX_SAME_CALLS = 4;
const MAX_CALLS = 48;

/** What stands where a command may. */
export type Walkable = CommandNode | Pipeline | Statement['command'];

/**
 * ScriptWalker follows a shell script without running it. All branches are walked for what they start; where a
 * condition can be told from what is known, only the branch taken decides what the variables are afterwards.
 */
export class ScriptWalker {
  readonly trace: Trace;
  readonly scriptName: Word;
  frame: Frame;
  depth = 0;
  readonly branches = new Branches();
  #steps = 0;
  /** Functions that a command of unknown name may mean. */
  mayCallAny = false;
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
    if (!this.mayCallAny) return;
    for (const [name, definition] of state.functions) {
      if (this.#calls.has(name) || definition.frame.from !== this.frame.from) continue;
      const fork = state.fork();
      fork.flow = 'on';
      fork.positional = UNKNOWN;
      this.branches.walk(undefined, () => this.callFunction(name, definition, [undefined], fork));
    }
  }

  walkList(commands: readonly Statement[], state: ShellState): Outcome {
    let outcome: Outcome = { status: true };
    for (const { command, background } of commands) {
      if (state.flow !== 'on') break;
      const before = outcome;
      outcome = this.walk(command, background ? state.fork() : state);
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

  lineOf(pos: number): number {
    return lineOf(this.frame, pos);
  }

  /** Is this the first time that the script starts this command line? */
  isNewStart(argv: Fields, state: ShellState): boolean {
    const path = state.value('PATH').map(([value]) => value ?? null);
    const key = JSON.stringify([state.cwd, path, argv.map((word) => word ?? null)]);
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
    const outcome = this.walk(definition.body, state);
    this.depth--;
    this.frame = frame;
    state.positional = positional;
    if (state.flow === 'return') state.flow = 'on';
    return outcome;
  }

  /** Counts steps; says so once when there were too many, and then nothing more is walked. */
  spend(steps: number, pos: number): void {
    const before = this.#steps;
    this.#steps += steps;
    if (before <= MAX_STEPS && this.#steps > MAX_STEPS) this.unfollowed(pos, 'too many steps');
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
    // Programs put their own directory of scripts into PATH before they start one (git --exec-path, Xsession.d).
    const found =
      trace.rootfs.file(name, state.cwd) ??
      trace.findCommand(name, options)?.file ??
      trace.rootfs.file(name, parentPath(frame.from));
    if (found === undefined || found.inode.type !== 'file') return false;
    // A script that reads itself in loops took half a minute with 900 bytes.
    if (this.#countCall(`. ${found.path}`) > MAX_CALLS) return true;
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

  /** Walks a node and returns what is known of it. */
  walk(node: Walkable | FunctionNode['body'], state: ShellState): Outcome {
    if (this.#steps > MAX_STEPS) return SILENT;
    this.spend(1, node.pos);
    switch (node.type) {
      case 'Command':
        return walkCommand(this, node, state);
      case 'Pipeline':
        return this.#walkPipeline(node, state);
      case 'AndOr':
        return walkAndOr(this, node.commands, node.operators, state);
      case 'If':
        return walkIf(this, node, state);
      case 'For':
      case 'Select':
        return walkFor(
          this,
          node.name.value,
          loopValues(this, node.wordlist, state),
          node.body.commands,
          state,
        );
      case 'While':
        return walkWhile(this, node.clause.commands, node.kind === 'until', node.body.commands, state);
      case 'ArithmeticFor':
        return walkLoop(this, state, (way) => this.walkList(node.body.commands, way));
      case 'Case':
        return walkCase(this, node, state);
      case 'Subshell':
        return this.walkList(node.body.commands, state.fork());
      case 'BraceGroup':
        return this.walkList(node.body.commands, state);
      case 'CompoundList':
        return this.walkList(node.commands, state);
      case 'Redirected': {
        const { input } = state;
        const feed = redirect(this, node.redirects, state);
        if (feed !== undefined) state.input = feed.text?.split('\n') ?? [undefined];
        const outcome = this.walk(node.command, state);
        state.input = input;
        return outcome;
      }
      case 'Function':
        state.define(node.name.value, { body: node.body, frame: this.frame });
        return { status: true };
      case 'Coproc':
        return this.walk(node.body, state.fork());
      case 'TestCommand':
        return this.#walkTest(node.expression, state);
      case 'ArithmeticCommand':
        this.#walkSubstitutions(node, state);
        return SILENT;
    }
  }

  #walkPipeline(node: Pipeline, state: ShellState): Outcome {
    const isNegated = node.prefixes.filter(({ type }) => type === 'Negation').length % 2 === 1;
    const [only] = node.commands;
    if (node.commands.length === 1 && only !== undefined) {
      const { status, output } = this.walk(only, state);
      return { status: status === undefined ? undefined : status !== isNegated, output };
    }
    let outcome: Outcome = SILENT;
    for (const [index, command] of node.commands.entries()) {
      const way = state.fork();
      if (index > 0) way.input = outcome.output === undefined ? [undefined] : linesOf(outcome.output());
      outcome = this.walk(command, way);
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

  #walkSubstitutions(node: SyntaxNode, state: ShellState): void {
    forEachChild(node, (child) => {
      const hasScript = child.type === 'CommandExpansion' || child.type === 'ArithmeticCommandExpansion';
      if (hasScript && child.script !== undefined) this.#substitute(child.script, state);
      else this.#walkSubstitutions(child, state);
    });
  }
}
