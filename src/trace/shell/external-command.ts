import type { Command } from 'unbash';
import { rootPath } from '../../rootfs/root-path.ts';
import { type InnerCommand, innerCommands } from '../commands/inner-commands.ts';
import { installsPackages } from '../commands/installs.ts';
import { interpreterCall } from '../commands/interpreter-call.ts';
import type { Language } from '../commands/interpreters.ts';
import type { Fields } from './alternatives.ts';
import { isBuiltin } from './builtin-names.ts';
import type { ScriptWalker } from './script-walker.ts';
import type { ShellState } from './shell-state.ts';
import { type Feed, nameOf } from './simple-command.ts';
import { passesArguments } from './users-arguments.ts';

/** Languages whose programs rewrite text and start nothing. */
const FILTERS: ReadonlySet<Language> = new Set<Language>(['awk', 'sed', 'other']);

/** Wrappers within wrappers. */
const MAX_NESTING = 8;

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
  // Packages that were missing are there, or were not wanted: `command -v curl || apt-get install curl`.
  if (walker.branches.isUncertain && installsPackages({ argv, env: state.environment(), cwd: state.cwd }))
    return;
  if (feed === undefined && state.input === undefined && !walker.isNewStart(argv, state)) return;
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
  const unknown = unknownPart({ argv, env, cwd }, 0);
  if (unknown !== undefined && !passesArguments(node, state)) walker.unfollowed(node.pos, unknown);
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
  if (feed !== undefined || state.input !== undefined)
    walker.unfollowed(node.pos, `what ${name} reads is not known`);
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
  if (name === undefined) {
    if (!passesArguments(node, state))
      walker.unfollowed(node.pos, `what ${nameOf(node)} starts is not known`);
  } else if (
    !isBuiltin(name) ||
    walker.trace.findCommand(name, { cwd: state.cwd, env: state.environment() })
  ) {
    startProgram(walker, argv, node, feed, state);
  }
}

/** Says what of a command line is needed to know what it starts, and is not known: `gosu user "$(…)"`, `sh "$file"`. */
function unknownPart(command: InnerCommand, depth: number): string | undefined {
  const [name] = command.argv;
  if (name === undefined || depth > MAX_NESTING) return undefined;
  const invocation = { ...command, program: rootPath(name), invokedAs: rootPath(name) };
  const call = interpreterCall(invocation);
  const isProgram = call?.kind === 'file' || call?.kind === 'code';
  if (isProgram && call.value === undefined && !FILTERS.has(call.language)) {
    return `what ${name} is given to run is not known`;
  }
  for (const inner of innerCommands(invocation)) {
    if (inner.argv[0] === undefined) return `what ${name} starts is not known`;
    const unknown = unknownPart(inner, depth + 1);
    if (unknown !== undefined) return unknown;
  }
  return undefined;
}

function inputText(state: ShellState): string | undefined {
  return state.input === undefined || state.input.includes(undefined) ? undefined : state.input.join('\n');
}
