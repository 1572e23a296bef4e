import { parse } from 'unbash';
import type { RootPath } from '../../rootfs/root-path.ts';
import type { Word } from '../detector.ts';
import type { Trace } from '../trace.ts';
import { MAX_SCRIPT_BYTES } from './limits.ts';
import { ScriptWalker } from './script-walker.ts';
import { ShellState } from './shell-state.ts';
import { argumentsOf } from './users-arguments.ts';

/** A shell about to read a text: a script's, or that of `-c`. */
export interface ShellStart {
  /** The kept file that the reasons come from: the script, or what gave the code. */
  readonly from: RootPath;
  /** `$0`. */
  readonly name: Word;
  /** `$1`, `$2`, … */
  readonly args: readonly Word[];
  readonly source: string;
  readonly cwd: RootPath;
  readonly env: ReadonlyMap<string, string>;
  /** Files that the shell reads first: profiles of a login shell, `$BASH_ENV`. */
  readonly startupFiles?: readonly string[];
}

/** Follows a text that a shell of the Bourne family reads, and keeps and runs what it keeps and runs. */
export function traceShell(start: ShellStart, trace: Trace): void {
  const { from, name, source } = start;
  if (source.length > MAX_SCRIPT_BYTES) {
    trace.warnings.add(
      'UNFOLLOWED',
      `cannot follow a command line of ${source.length} bytes of "${from}"`,
      from,
    );
    return;
  }
  const state = new ShellState(start.env, start.cwd, start.args);
  state.positional = argumentsOf(start.args, trace.process);
  const walker = new ScriptWalker(trace, { from, name, source }, name);
  for (const file of start.startupFiles ?? []) walker.sourceFile(file, state, 0);
  state.flow = 'on';
  const script = parse(source);
  const [error] = script.errors ?? [];
  // The parser goes on after an error, so what is left is still followed.
  if (error !== undefined) walker.unfollowed(error.pos, error.message);
  walker.walkScript(script, state);
}
