import { type Command, parse } from 'unbash';
import { rootPath } from '../../rootfs/root-path.ts';
import { alternatives, type Fields, UNKNOWN } from './alternatives.ts';
import { evaluateTest, type Status } from './conditions.ts';
import { expandWord } from './expand.ts';
import { startDirectly, startProgram } from './external-command.ts';
import { MAX_SCRIPT_BYTES } from './limits.ts';
import type { Outcome } from './outcome.ts';
import type { ScriptWalker } from './script-walker.ts';
import type { ShellState } from './shell-state.ts';
import { assignVariable, type Feed } from './simple-command.ts';

/** One use of a builtin. */
interface Use {
  readonly walker: ScriptWalker;
  readonly args: Fields;
  readonly node: Command;
  readonly feed: Feed | undefined;
  readonly state: ShellState;
}

type Builtin = (use: Use) => Outcome | undefined;

const TRUE: Outcome = { status: true };

/** Does what a builtin does to what is known; a builtin that changes nothing has no entry. */
export function runBuiltin(
  walker: ScriptWalker,
  argv: Fields,
  node: Command,
  feed: Feed | undefined,
  state: ShellState,
): Outcome {
  const [name = '', ...args] = argv;
  return BUILTINS[name]?.({ walker, args, node, feed, state }) ?? { status: undefined };
}

const BUILTINS: Readonly<Record<string, Builtin>> = {
  ':': () => TRUE,
  true: () => TRUE,
  false: () => ({ status: false }),
  echo: () => TRUE,
  printf: ({ args, state }) => {
    if (args[0] === '-v' && args[1] !== undefined) state.assign(args[1], UNKNOWN);
    return TRUE;
  },
  '.': sourceFile,
  source: sourceFile,
  '[': ({ args, ...use }) => test({ ...use, args: args.slice(0, -1) }),
  test,
  break: ({ state }) => leave(state, 'break'),
  continue: ({ state }) => leave(state, 'break'),
  return: ({ state }) => leave(state, 'return'),
  exit: ({ state }) => leave(state, 'exit'),
  exec: (use) => {
    const argv = withoutOptions(use.args, 'a');
    startDirectly(use.walker, argv, use.node, use.feed, use.state);
    // `exec 3<file` only redirects.
    return argv.length === 0 ? TRUE : leave(use.state, 'exit');
  },
  command: (use) => commandBuiltin(use),
  builtin: ({ walker, args, node, feed, state }) => runBuiltin(walker, args, node, feed, state),
  noglob: (use) => commandBuiltin(use),
  type: (use) => isFound(use),
  hash: (use) => isFound(use),
  eval: evaluate,
  trap: ({ walker, args, state }) => {
    const code = args.find((arg) => arg !== '--');
    if (code !== undefined && !/^-|^$/.test(code)) walkText(walker, code, state.fork());
    return TRUE;
  },
  cd: changeDirectory,
  pushd: changeDirectory,
  popd: () => ({ status: undefined, output: () => [['']] }),
  set: setOptions,
  shift: ({ args, state }) => {
    const count = args[0] === undefined ? 1 : Number(args[0]);
    if (Number.isInteger(count)) state.positional = state.positional.map((words) => words.slice(count));
    return TRUE;
  },
  unset: ({ args, state }) => {
    for (const name of args) if (name !== undefined) state.unset(name);
    return TRUE;
  },
  export: (use) => declare(use, true),
  declare: (use) =>
    declare(
      use,
      use.args.some((arg) => /^-\w*x/.test(arg ?? '')),
    ),
  typeset: (use) =>
    declare(
      use,
      use.args.some((arg) => /^-\w*x/.test(arg ?? '')),
    ),
  local: (use) => declare(use, false),
  readonly: (use) => declare(use, false),
  read,
  getopts: ({ args, state }) => {
    if (args[1] !== undefined) state.assign(args[1], UNKNOWN);
    return undefined;
  },
  mapfile: readArray,
  readarray: readArray,
};

function leave(state: ShellState, flow: 'break' | 'return' | 'exit'): Outcome {
  state.flow = flow;
  return { status: undefined };
}

function test({ walker, args, node, state }: Use): Outcome {
  const { status, paths } = evaluateTest(args, { rootfs: walker.trace.rootfs, state });
  walker.keepOperands(paths, state, node.pos);
  return { status };
}

function withoutOptions(args: Fields, values: string): Fields {
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at];
    if (arg === undefined || !/^-./.test(arg)) break;
    if (arg === '--') return args.slice(at + 1);
    if (values.includes(arg.at(-1) ?? '')) at++;
  }
  return args.slice(at);
}

function commandBuiltin({ walker, args, node, feed, state }: Use): Outcome {
  if (/^-\w*[vV]/.test(args[0] ?? '')) return isFound({ walker, args, node, feed, state });
  const argv = withoutOptions(args, '');
  const [name] = argv;
  if (name !== undefined && BUILTINS[name] !== undefined) return runBuiltin(walker, argv, node, feed, state);
  if (name !== undefined) startProgram(walker, argv, node, feed, state);
  return { status: undefined };
}

/** `command -v curl` asks whether there is one; what is wanted is kept where it is run. */
function isFound({ walker, args, state }: Use): Outcome {
  const names = args.filter((arg) => !/^-/.test(arg ?? ''));
  const statuses = names.map((name): Status => {
    if (name === undefined) return undefined;
    if (state.functions.has(name)) return true;
    return walker.trace.findCommand(name, { cwd: state.cwd, env: state.environment() }) !== undefined
      ? true
      : undefined;
  });
  return { status: statuses.length > 0 && statuses.every((status) => status === true) ? true : undefined };
}

function evaluate({ walker, args, node, state }: Use): Outcome {
  if (!args.includes(undefined)) return walkText(walker, args.join(' '), state);
  // What only prints assignments (`eval "$(ssh-agent)"`), or builds an argument list, starts nothing by itself.
  const source = node.args[0]?.text ?? '';
  const isHarmless = /^["']?(?:\$\(|`|set --|export |[A-Za-z_]\w*=|\$?\{?[A-Za-z_]\w*\}?=)/.test(source);
  if (!isHarmless) walker.unfollowed(node.pos, 'what eval runs is not known');
  state.mayHaveMore = true;
  return { status: undefined };
}

function walkText(walker: ScriptWalker, text: string, state: ShellState): Outcome {
  if (text.length > MAX_SCRIPT_BYTES) return { status: undefined };
  // Lines of the text are counted where it stands: in the script.
  return walker.walkFrame({ ...walker.frame, source: text }, parse(text), state);
}

/** `. FILE`: through PATH when it has no slash (POSIX XCU dot), else from the working directory. */
function sourceFile({ walker, args, node, state }: Use): Outcome {
  const [name, ...rest] = args[0] === '--' ? args.slice(1) : args;
  if (name === undefined || args.length === 0) {
    walker.unfollowed(node.pos, `the sourced file ${node.args[0]?.text ?? ''} is not known`);
    state.mayHaveMore = true;
    return { status: undefined };
  }
  const { positional } = state;
  if (rest.length > 0) state.positional = [rest];
  const isThere = walker.sourceFile(name, state, node.pos);
  state.positional = positional;
  return { status: isThere ? undefined : false };
}

function changeDirectory({ args, state, walker, node }: Use): Outcome {
  const [target = '~'] = args.filter((arg) => arg === undefined || !/^-[LPe@]*$/.test(arg) || arg === '');
  if (args.includes(undefined) || target === '-') return { status: undefined, output: () => [['']] };
  const path = target === '~' ? (state.value('HOME')[0]?.[0] ?? '/') : target;
  const found = walker.trace.rootfs.resolve(path, { cwd: state.cwd });
  if (found?.inode.type === 'directory') {
    walker.keepOperands([path], state, node.pos);
    // -P and $(cd x && pwd -P) aside, a shell remembers the name by which it came.
    state.cwd = args.includes('-P') ? found.path : rootPath(path, state.cwd);
    return { status: true, output: () => [['']] };
  }
  if (found === undefined) state.cwd = rootPath(path, state.cwd);
  return { status: undefined, output: () => [['']] };
}

/** `set -- a b`, `set -a`. */
function setOptions({ args, state }: Use): Outcome {
  for (const [index, arg] of args.entries()) {
    if (arg === '--' || arg === '-') {
      state.positional = [args.slice(index + 1)];
      return TRUE;
    }
    if (arg === undefined || !/^[-+]/.test(arg)) {
      const isOptionName = /^[-+]\w*o$/.test(args[index - 1] ?? '');
      if (isOptionName) {
        if (arg === 'allexport') state.exportsAll = args[index - 1]?.startsWith('-') === true;
        continue;
      }
      state.positional = [args.slice(index)];
      return TRUE;
    }
    if (/^[-+]\w*a/.test(arg)) state.exportsAll = arg.startsWith('-');
  }
  return TRUE;
}

/** `export A=b C`; a value that is not known still says which variable it is. */
function declare({ walker, node, state }: Use, isExport: boolean): Outcome {
  for (const arg of node.args) {
    if (arg.type === 'Assignment') {
      assignVariable(walker, arg, state);
      if (isExport) state.export(arg.name);
      continue;
    }
    for (const word of expandWord(arg, state, walker.expandContext).flat()) {
      const [, name, value] = /^([A-Za-z_]\w*)(?:=([\s\S]*))?$/.exec(word ?? '') ?? [];
      // `export "$name"="$value"`: which variable it is may be anything.
      if (word === undefined) state.mayHaveMore = true;
      if (name === undefined) continue;
      if (isExport) state.export(name);
      if (value !== undefined) state.assign(name, [[value]]);
    }
  }
  return TRUE;
}

function read({ args, feed, state }: Use): Outcome {
  const names = withoutOptions(args, 'adeinNptu').filter((name) => name !== undefined);
  const lines = feed?.text?.split('\n') ?? state.input;
  const [only] = names;
  if (names.length === 1 && only !== undefined && lines !== undefined) {
    state.assign(only, alternatives(lines.filter((line) => line !== '').map((line) => [line])));
    return { status: undefined };
  }
  for (const name of names) state.assign(name, UNKNOWN);
  return { status: undefined };
}

function readArray({ args, state }: Use): Outcome {
  const name = withoutOptions(args, 'dnOsuCc')[0] ?? 'MAPFILE';
  state.assign(name, state.input === undefined ? UNKNOWN : [state.input]);
  return TRUE;
}
