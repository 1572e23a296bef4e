import { baseName, joinPath, type RootPath } from '../../rootfs/root-path.ts';
import { type Rootfs, readRange } from '../../rootfs/rootfs.ts';
import type { Invocation, Word } from '../detector.ts';
import { type ProcessSpec, searchPath } from '../process-spec.ts';
import { grammarOf } from './interpreters.ts';

/**
 * Returns the command lines by which a program starts its subcommands: `NAME-SUB` in PATH for `NAME SUB` (git(1),
 * jupyter(1), cargo(1), kubectl's plugins). Of a process that is a script and whose arguments its user chooses, all of
 * them.
 */
export function subcommands(
  { program, invokedAs, argv, cwd, env }: Invocation,
  rootfs: Rootfs,
  process: ProcessSpec,
): readonly (readonly Word[])[] {
  const name = baseName(invokedAs);
  if (grammarOf(name) !== undefined) return [];
  const operand = argv.slice(1).find((word) => word === undefined || !word.startsWith('-'));
  const rest = operand === undefined ? [] : argv.slice(argv.indexOf(operand) + 1);
  const path = searchPath(env, cwd);
  const wanted = `${name}-${operand}`;
  const isThere = operand !== undefined && path.some((directory) => rootfs.file(joinPath(directory, wanted)));
  const isProcess = process.entrypoint.length > 0 && argv.join('\0') === process.argv.join('\0');
  const others =
    isProcess && isScript(rootfs, program)
      ? path.flatMap((directory) => rootfs.list(directory)).filter((entry) => entry.startsWith(`${name}-`))
      : [];
  return [
    ...(isThere ? [[wanted, ...rest]] : []),
    ...[...new Set(others)].filter((entry) => entry !== wanted).map((entry) => [entry]),
  ];
}

function isScript(rootfs: Rootfs, program: RootPath): boolean {
  const inode = rootfs.file(program)?.inode;
  // Not its text: a program may be larger than any text (prometheus).
  return inode !== undefined && Buffer.from(readRange(inode, 0, 2)).toString('latin1') === '#!';
}
