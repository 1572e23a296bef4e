import type { Command } from 'unbash';
import { innerCommands } from '../commands/inner-commands.ts';
import { interpreterCall } from '../commands/interpreter-call.ts';
import type { Language } from '../commands/interpreters.ts';
import type { Fields } from './alternatives.ts';
import { isBuiltin } from './builtin-names.ts';
import type { Feed, ScriptWalker } from './script-walker.ts';
import type { ShellState } from './shell-state.ts';

/** The option by which code that would come from standard input can be given in the command line. */
const CODE_OPTION: Readonly<Partial<Record<Language, string>>> = {
  shell: '-c',
  python: '-c',
  node: '-e',
  ruby: '-e',
  perl: '-e',
  php: '-r',
  lua: '-e',
};

/** Starts the program that a script's command names, as far as it can be told. */
export function startProgram(
  walker: ScriptWalker,
  argv: Fields,
  node: Command,
  feed: Feed | undefined,
  state: ShellState,
): void {
  const [name = ''] = argv;
  const { trace, frame } = walker;
  const cwd = state.cwd;
  const env = state.environment();
  const found = trace.findCommand(name, { cwd, env });
  if (found === undefined) return;
  const reason = {
    detector: 'script',
    from: frame.from,
    detail: `line ${walker.lineOf(node.pos)} runs ${name}`,
    certainty: 'exact',
  } as const;
  const { invokedAs } = found;
  for (const inner of innerCommands({ invokedAs, argv, env, cwd })) {
    // `xargs` and `find -exec` with `{}` in the command's place, `gosu user "$UNSET"`.
    if (inner.argv[0] === undefined) walker.unfollowed(node.pos, `what ${name} starts`);
  }
  const call = interpreterCall({ program: found.file.path, invokedAs, argv });
  if (call?.kind !== 'stdin') {
    trace.run(argv, reason, { cwd, env });
    return;
  }
  const code = feed?.text ?? inputText(state);
  const option = CODE_OPTION[call.language];
  if (code !== undefined && option !== undefined) {
    trace.run([name, option, code], reason, { cwd, env });
    return;
  }
  trace.run(argv, reason, { cwd, env });
  if (feed !== undefined || state.input !== undefined) walker.unfollowed(node.pos, `what ${name} reads`);
}

/** Starts a program through the shell's own `exec` or `command`: never a function, perhaps a builtin. */
export function startDirectly(
  walker: ScriptWalker,
  argv: Fields,
  node: Command,
  feed: Feed | undefined,
  state: ShellState,
): void {
  const [name] = argv;
  if (argv.length === 0 || name === '') return;
  if (name === undefined) walker.unfollowed(node.pos, `which command "${node.name?.text ?? ''}" starts`);
  else if (!isBuiltin(name) || walker.trace.findCommand(name, { cwd: state.cwd, env: state.environment() })) {
    startProgram(walker, argv, node, feed, state);
  }
}

function inputText(state: ShellState): string | undefined {
  return state.input === undefined || state.input.includes(undefined) ? undefined : state.input.join('\n');
}
