import { baseName, joinPath, type RootPath } from '../../rootfs/root-path.ts';
import type { Rootfs } from '../../rootfs/rootfs.ts';
import type { Invocation } from '../detector.ts';
import { appletOf } from './multi-call.ts';

/** What run-parts(8) starts. */
interface RunParts {
  readonly directory: RootPath | undefined;
  readonly files: readonly { readonly argv: readonly string[] }[];
}

const NOTHING: RunParts = { directory: undefined, files: [] };

/** Names without a dot, unless an option allows others (run-parts(8), debianutils; busybox takes any but dotfiles). */
const DEFAULT_NAME = /^[\w-]+$/;

/** Returns the directory given to run-parts and every executable in it; nothing for another program. */
export function runPartsFiles(
  invocation: Pick<Invocation, 'invokedAs' | 'argv' | 'cwd'>,
  rootfs: Rootfs,
): RunParts {
  const { name, argv } = appletOf(invocation);
  if (name !== 'run-parts') return NOTHING;
  const words = argv.slice(1).filter((word) => word !== undefined);
  const isAny = words.some((word) => /^--(?:regex|lsbsysinit|any-name)/.test(word));
  const args = words.flatMap((word, index) => {
    if (words[index - 1] === '-a' || words[index - 1] === '--arg') return [word];
    return word.startsWith('--arg=') ? [word.slice(6)] : [];
  });
  const given = words.filter(
    (word, index) => !word.startsWith('-') && !/^(?:-a|--arg|-u|--regex)$/.test(words[index - 1] ?? ''),
  );
  const found = rootfs.resolve(given.at(-1) ?? '', { cwd: invocation.cwd });
  if (found?.inode.type !== 'directory') return NOTHING;
  return {
    directory: found.path,
    files: executablesIn(rootfs, found.path, isAny).map((path) => ({ argv: [path, ...args] })),
  };
}

/** Returns the executables of a directory in the order of their names. */
export function executablesIn(rootfs: Rootfs, directory: RootPath, isAnyName: boolean): RootPath[] {
  return rootfs
    .list(directory)
    .filter((name) => (isAnyName ? !name.startsWith('.') : DEFAULT_NAME.test(baseName(name))))
    .map((name) => joinPath(directory, name))
    .filter((path) => ((rootfs.file(path)?.inode.mode ?? 0) & 0o111) !== 0);
}
