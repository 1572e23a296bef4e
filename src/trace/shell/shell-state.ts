import type { Function as FunctionNode } from 'unbash';
import type { RootPath } from '../../rootfs/root-path.ts';
import type { Word } from '../detector.ts';
import { type Alternatives, alternatives, EMPTY, UNKNOWN } from './alternatives.ts';
import type { Frame } from './frame.ts';

/** A function's body and the text that it stands in. */
export interface FunctionDefinition {
  readonly body: FunctionNode['body'];
  readonly frame: Frame;
}

/** How control leaves a list of commands: onward, out of the function, of the loop, or of the shell. */
export type Flow = 'on' | 'return' | 'break' | 'exit';

/**
 * ShellState is what is known of a shell at one point of a script: values as alternatives, joined where ways meet.
 * Forks share their tables until one of them writes: a script's walk forks at every branch, and few branches assign.
 */
export class ShellState {
  #variables: ReadonlyMap<string, Alternatives>;
  #exported: ReadonlySet<string>;
  #functions: ReadonlyMap<string, FunctionDefinition>;
  /** Is the table of variables this state's alone? */
  #isOwn = false;
  /** `$1`, `$2`, … */
  positional: Alternatives;
  cwd: RootPath;
  flow: Flow = 'on';
  /** Has something unreadable run that may have set any variable? Then an unset one is unknown. */
  mayHaveMore = false;
  exportsAll = false;
  /** The lines that `read` may read, where a pipe's producer is understood. */
  input: readonly Word[] | undefined;

  constructor(env: ReadonlyMap<string, string>, cwd: RootPath, args: readonly Word[]) {
    this.#variables = new Map([...env].map(([name, value]) => [name, [[value]]]));
    this.#exported = new Set(env.keys());
    this.#functions = new Map();
    this.positional = [args];
    this.cwd = cwd;
  }

  /** Returns a copy that may go its own way. */
  fork(): ShellState {
    const copy = new ShellState(new Map(), this.cwd, []);
    copy.#take(this);
    return copy;
  }

  /** Becomes what may be the case after any of `ways`; those that do not go on count only when none does. */
  join(ways: readonly ShellState[]): void {
    const live = ways.filter((way) => way.flow === 'on');
    const [first, ...others] = live.length > 0 ? live : ways;
    if (first === undefined) return;
    this.#take(first);
    for (const other of others) this.#merge(other);
  }

  /** Are all values the same as in `other`? */
  isSame(other: ShellState): boolean {
    if (this.#functions !== other.#functions || this.mayHaveMore !== other.mayHaveMore) return false;
    if (this.positional !== other.positional || this.cwd !== other.cwd) return false;
    if (this.#variables === other.#variables) return true;
    if (this.#variables.size !== other.#variables.size) return false;
    return [...this.#variables].every(([name, value]) => other.#variables.get(name) === value);
  }

  get functions(): ReadonlyMap<string, FunctionDefinition> {
    return this.#functions;
  }

  define(name: string, definition: FunctionDefinition): void {
    this.#functions = new Map([...this.#functions, [name, definition]]);
  }

  lookup(name: string): Alternatives | undefined {
    return this.#variables.get(name);
  }

  /** Returns the value of a variable: empty when it is unset, unless something unreadable may have set it. */
  value(name: string): Alternatives {
    return this.#variables.get(name) ?? (this.mayHaveMore ? UNKNOWN : EMPTY);
  }

  assign(name: string, value: Alternatives): void {
    this.#writable().set(name, value);
    if (this.exportsAll) this.export(name);
  }

  unset(name: string): void {
    if (this.#variables.has(name)) this.#writable().delete(name);
  }

  isExported(name: string): boolean {
    return this.#exported.has(name);
  }

  export(name: string): void {
    if (!this.#exported.has(name)) this.#exported = new Set([...this.#exported, name]);
  }

  unexport(name: string): void {
    this.#exported = new Set([...this.#exported].filter((other) => other !== name));
  }

  /** Returns the environment of a command started now; a variable of several values has the last known one. */
  environment(): Map<string, string> {
    const env = new Map<string, string>();
    for (const name of this.#exported) {
      const known = this.#variables.get(name)?.filter(([word]) => word !== undefined);
      const word = known?.at(-1)?.[0];
      if (word !== undefined) env.set(name, word);
    }
    return env;
  }

  #writable(): Map<string, Alternatives> {
    if (this.#isOwn) return this.#variables as Map<string, Alternatives>;
    const own = new Map(this.#variables);
    this.#variables = own;
    this.#isOwn = true;
    return own;
  }

  #take(other: ShellState): void {
    this.#variables = other.#variables;
    this.#isOwn = false;
    other.#isOwn = false;
    this.#exported = other.#exported;
    this.#functions = other.#functions;
    this.positional = other.positional;
    this.cwd = other.cwd;
    this.flow = other.flow;
    this.mayHaveMore = other.mayHaveMore;
    this.exportsAll = other.exportsAll;
    this.input = other.input;
  }

  #merge(other: ShellState): void {
    if (this.#variables !== other.#variables) this.#mergeVariables(other);
    if (this.#functions !== other.#functions)
      this.#functions = new Map([...other.#functions, ...this.#functions]);
    if (this.#exported !== other.#exported) this.#exported = new Set([...this.#exported, ...other.#exported]);
    this.positional = union(this.positional, other.positional);
    this.mayHaveMore ||= other.mayHaveMore;
    this.exportsAll ||= other.exportsAll;
  }

  #mergeVariables(other: ShellState): void {
    for (const [name, theirs] of other.#variables) {
      const mine = this.value(name);
      const both = union(mine, theirs);
      if (both !== this.#variables.get(name)) this.#writable().set(name, both);
    }
    for (const [name, mine] of this.#variables) {
      if (other.#variables.has(name)) continue;
      const both = union(mine, other.value(name));
      if (both !== mine) this.#writable().set(name, both);
    }
  }
}

/** Returns the first itself where the second adds nothing: then another round through a loop shows nothing new. */
function union(first: Alternatives, second: Alternatives): Alternatives {
  if (first === second) return first;
  const both = alternatives([...first, ...second]);
  return both.length === first.length ? first : both;
}
