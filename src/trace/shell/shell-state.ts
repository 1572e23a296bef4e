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

/** ShellState is what is known of a shell at one point of a script: values as alternatives, joined where ways meet. */
export class ShellState {
  readonly variables: Map<string, Alternatives>;
  readonly exported: Set<string>;
  readonly functions: Map<string, FunctionDefinition>;
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
    this.variables = new Map([...env].map(([name, value]) => [name, [[value]]]));
    this.exported = new Set(env.keys());
    this.functions = new Map();
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

  lookup(name: string): Alternatives | undefined {
    return this.variables.get(name);
  }

  /** Returns the value of a variable: empty when it is unset, unless something unreadable may have set it. */
  value(name: string): Alternatives {
    return this.variables.get(name) ?? (this.mayHaveMore ? UNKNOWN : EMPTY);
  }

  assign(name: string, value: Alternatives): void {
    this.variables.set(name, value);
    if (this.exportsAll) this.exported.add(name);
  }

  /** Returns the environment of a command started now; a variable of several values has the last known one. */
  environment(): Map<string, string> {
    const env = new Map<string, string>();
    for (const name of this.exported) {
      const known = this.variables.get(name)?.filter(([word]) => word !== undefined);
      const word = known?.at(-1)?.[0];
      if (word !== undefined) env.set(name, word);
    }
    return env;
  }

  #take(other: ShellState): void {
    replace(this.variables, other.variables);
    replace(this.functions, other.functions);
    const exported = [...other.exported];
    this.exported.clear();
    for (const name of exported) this.exported.add(name);
    this.positional = other.positional;
    this.cwd = other.cwd;
    this.flow = other.flow;
    this.mayHaveMore = other.mayHaveMore;
    this.exportsAll = other.exportsAll;
    this.input = other.input;
  }

  #merge(other: ShellState): void {
    for (const name of new Set([...this.variables.keys(), ...other.variables.keys()])) {
      const mine = this.variables.get(name);
      const theirs = other.variables.get(name);
      if (mine === theirs) continue;
      this.variables.set(
        name,
        alternatives([...(mine ?? this.value(name)), ...(theirs ?? other.value(name))]),
      );
    }
    for (const [name, body] of other.functions) if (!this.functions.has(name)) this.functions.set(name, body);
    for (const name of other.exported) this.exported.add(name);
    if (this.positional !== other.positional) {
      this.positional = alternatives([...this.positional, ...other.positional]);
    }
    this.mayHaveMore ||= other.mayHaveMore;
    this.exportsAll ||= other.exportsAll;
  }
}

function replace<K, V>(target: Map<K, V>, source: ReadonlyMap<K, V>): void {
  if (target === source) return;
  const entries = [...source];
  target.clear();
  for (const [key, value] of entries) target.set(key, value);
}
