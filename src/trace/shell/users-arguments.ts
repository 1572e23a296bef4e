import type { Command } from 'unbash';
import type { Word } from '../detector.ts';
import type { ProcessSpec } from '../process-spec.ts';
import type { Alternatives } from './alternatives.ts';
import type { ShellState } from './shell-state.ts';

const PARAMETERS = /^"?\$(?:[@*1]|\{[@*1]\})"?$/;

/**
 * Returns what the arguments of a script may be: where they are the config's Cmd after an Entrypoint, `docker run IMAGE ARGS`
 * puts anything in their place.
 */
export function argumentsOf(args: readonly Word[], { entrypoint, cmd }: ProcessSpec): Alternatives {
  const isCmd = args.length === cmd.length && args.every((word, index) => word === cmd[index]);
  return entrypoint.length > 0 && isCmd ? [args, [undefined]] : [args];
}

/** Does a command pass on what the user gave (`exec "$@"`)? Whoever gives another command includes it. */
export function passesArguments(node: Command, state: ShellState): boolean {
  const isUsers = state.positional.some((args) => args.length === 1 && args[0] === undefined);
  return isUsers && [node.name, ...node.args].some((word) => PARAMETERS.test(word?.text ?? ''));
}
