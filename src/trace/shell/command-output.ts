import { baseName, joinPath, type RootPath, rootPath } from '../../rootfs/root-path.ts';
import type { Word } from '../detector.ts';
import type { Trace } from '../trace.ts';
import { MAX_ALTERNATIVES } from './alternatives.ts';
import { patternRegExp } from './pattern.ts';
import type { ShellState } from './shell-state.ts';

/** Bytes of a file whose text a script takes as a value. */
const MAX_TEXT = 4096;

type Output = readonly Word[] | undefined;
type Printer = (args: readonly string[], state: ShellState, trace: Trace) => Output;

/** What commands print that only read names and the filesystem, as lines; each by its POSIX or GNU manual page. */
const PRINTERS: Readonly<Record<string, Printer>> = {
  basename: ([path = '', suffix = '']) => [stripSuffix(baseName(path.replace(/(.)\/+$/, '$1')), suffix)],
  cat: (paths, state, trace) => (paths.length === 1 ? fileLines(paths[0] ?? '', state, trace) : undefined),
  command: (args, state, trace) =>
    /^-[vV]$/.test(args[0] ?? '') ? located(args.slice(1), state, trace) : undefined,
  dirname: ([path = '']) => [directoryName(path)],
  echo: (args) =>
    args
      .filter((arg, index) => index > 0 || !/^-[neE]+$/.test(arg))
      .join(' ')
      .split('\n'),
  expr: (args) => matched(args),
  find: (args, state, trace) => foundPaths(args, state, trace),
  ls: (args, state, trace) => listed(args, state, trace),
  printf: (args) => printed(args),
  pwd: (_, state) => [state.cwd],
  readlink: (args, state, trace) => linkTarget(args, state, trace),
  realpath: (args, state, trace) =>
    canonical(
      args.filter((arg) => !arg.startsWith('-')),
      state,
      trace,
    ),
  type: (args, state, trace) =>
    /^-[pP]$/.test(args[0] ?? '') ? located(args.slice(1), state, trace) : undefined,
  uname: (args) => (args.length === 0 || args[0] === '-s' ? ['Linux'] : undefined),
  which: (args, state, trace) => located(args, state, trace),
};

/** Commands that pass lines on: all, fewer, or in another order. */
const FILTERS: ReadonlySet<string> = new Set([
  'cat',
  'sort',
  'uniq',
  'grep',
  'egrep',
  'fgrep',
  'head',
  'tail',
  'tee',
  'tac',
]);

/** Returns the lines that a command prints, or undefined where only a run can tell; `input` is what it reads. */
export function commandOutput(argv: readonly Word[], input: Output, state: ShellState, trace: Trace): Output {
  const [name, ...args] = argv;
  if (name === undefined) return undefined;
  const base = baseName(name);
  if (input !== undefined && FILTERS.has(base)) return input;
  if (args.includes(undefined)) return undefined;
  return PRINTERS[base]?.(args.filter((arg) => arg !== undefined && arg !== '--').map(String), state, trace);
}

function stripSuffix(name: string, suffix: string): string {
  return suffix !== '' && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
}

function directoryName(path: string): string {
  const trimmed = path.replace(/(.)\/+$/, '$1');
  const slash = trimmed.lastIndexOf('/');
  return slash < 0 ? '.' : trimmed.slice(0, slash).replace(/\/+$/, '') || '/';
}

function fileLines(path: string, state: ShellState, trace: Trace): Output {
  const file = trace.rootfs.file(path, state.cwd);
  if (file === undefined || file.inode.size > MAX_TEXT) return undefined;
  return new TextDecoder().decode(trace.rootfs.read(file.inode)).replace(/\n+$/, '').split('\n');
}

function located(names: readonly string[], state: ShellState, trace: Trace): Output {
  const [name] = names.filter((arg) => !arg.startsWith('-'));
  const found =
    name === undefined ? undefined : trace.findCommand(name, { cwd: state.cwd, env: state.environment() });
  return found === undefined ? [''] : [found.invokedAs];
}

/** `printf '%s\n' a b`: strings and plain text only. */
function printed([format = '', ...args]: readonly string[]): Output {
  if (/%(?![s%])|%%/.test(format)) return undefined;
  const holes = format.split('%s').length - 1;
  const rounds = holes === 0 ? 1 : Math.max(1, Math.ceil(args.length / holes));
  let next = 0;
  let text = '';
  for (let round = 0; round < rounds; round++) text += format.replaceAll('%s', () => args[next++] ?? '');
  return text.replaceAll('\\n', '\n').replaceAll('\\t', '\t').replace(/\n+$/, '').split('\n');
}

function linkTarget(args: readonly string[], state: ShellState, trace: Trace): Output {
  const paths = args.filter((arg) => !arg.startsWith('-'));
  if (args.some((arg) => /^-\w*[fem]|^--canon/.test(arg))) return canonical(paths, state, trace);
  const found = trace.rootfs.resolve(paths[0] ?? '', { cwd: state.cwd, followLast: false });
  return found?.inode.type === 'symlink' ? [found.inode.target] : [''];
}

function canonical([path]: readonly string[], state: ShellState, trace: Trace): Output {
  if (path === undefined) return undefined;
  return [trace.rootfs.resolve(path, { cwd: state.cwd })?.path ?? rootPath(path, state.cwd)];
}

/** `ls DIRECTORY` and, for the loop of start scripts that follows links itself, `ls -ld LINK`. */
function listed(args: readonly string[], state: ShellState, trace: Trace): Output {
  const [path = '.'] = args.filter((arg) => !arg.startsWith('-'));
  if (args.some((arg) => /^-\w*l/.test(arg))) {
    const found = trace.rootfs.resolve(path, { cwd: state.cwd, followLast: false });
    const target = found?.inode.type === 'symlink' ? ` -> ${found.inode.target}` : '';
    return [`lrwxrwxrwx 1 root root 0 Jan 1 00:00 ${path}${target}`];
  }
  const found = trace.rootfs.resolve(path, { cwd: state.cwd });
  if (found?.inode.type !== 'directory') return [path];
  const names = found.inode.names().filter((name) => !name.startsWith('.'));
  return names.length > MAX_ALTERNATIVES ? undefined : names;
}

/** `expr STRING : REGEX`, as start scripts take a link's target out of `ls -ld`. */
function matched([text = '', colon, regex = '']: readonly string[]): Output {
  const isArrow = regex === '.*-> \\(.*\\)$' || regex === '.*-> \\(.*\\)';
  if (colon !== ':' || !isArrow) return undefined;
  const arrow = text.lastIndexOf('-> ');
  return [arrow < 0 ? '' : text.slice(arrow + 3)];
}

/** find(1) by start paths, -name, -path, -type, -maxdepth and -mindepth; other tests are taken to hold. */
function foundPaths(args: readonly string[], state: ShellState, trace: Trace): Output {
  const first = args.findIndex((arg, index) => /^[-!(]/.test(arg) && !(index === 0 && /^-[HLP]$/.test(arg)));
  const starts = (first < 0 ? args : args.slice(0, first)).filter((arg) => !arg.startsWith('-'));
  const tests = first < 0 ? [] : args.slice(first);
  const after = (name: string) => tests.filter((_, index) => tests[index - 1] === name);
  const names = [...after('-name')].map((pattern) => patternRegExp(pattern));
  const isWanted = (name: string) => names.length === 0 || names.some((pattern) => pattern.test(name));
  const depth = Number(after('-maxdepth')[0] ?? 32);
  const type = after('-type')[0];
  const lines: string[] = [];
  for (const start of starts.length > 0 ? starts : ['.']) {
    const top = trace.rootfs.resolve(start, { cwd: state.cwd });
    if (top?.inode.type !== 'directory') continue;
    for (const [path, inode] of below(trace, top.path, depth)) {
      const fitsType = type === undefined || type.slice(0, 1) === inode;
      if (!fitsType || !isWanted(baseName(path))) continue;
      if (
        lines.push(`${start.replace(/\/+$/, '')}${path.slice(top.path === '/' ? 0 : top.path.length)}`) >
        MAX_ALTERNATIVES
      )
        return undefined;
    }
  }
  return lines;
}

/** Yields what lies below `directory` to a depth, with the letter of its type as find's -type has it. */
function* below(trace: Trace, directory: RootPath, depth: number): Generator<readonly [RootPath, string]> {
  if (depth <= 0) return;
  for (const name of trace.rootfs.list(directory)) {
    const path = joinPath(directory, name);
    const inode = trace.rootfs.lookup(path);
    if (inode === undefined) continue;
    yield [path, inode.type === 'symlink' ? 'l' : inode.type === 'directory' ? 'd' : 'f'];
    if (inode.type === 'directory') yield* below(trace, path, depth - 1);
  }
}
