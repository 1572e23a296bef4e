import type { FileInode } from '../../rootfs/inode.ts';
import { type RootPath, rootPath } from '../../rootfs/root-path.ts';
import { readRange } from '../../rootfs/rootfs.ts';
import { parseShebang } from '../commands/shebang.ts';
import type { StartedFiles } from '../commands/started-files.ts';
import type { Detector, Word } from '../detector.ts';
import type { RunOptions, Trace } from '../trace.ts';

const NAME = 'script';
const ELF_MAGIC = [0x7f, 0x45, 0x4c, 0x46];
const HEAD_BYTES = 512;
/** Command lines by which one script is started: a shell that is a script itself, or `exec "$0" again "$@"`, has no end. */
const MAX_STARTS = 100;

/**
 * Starts the interpreter of every program that is a script: the one its first line names or, without one, the shell
 * that execvp(3) tries. Scripts that an interpreter was given as an operand are run by that and not by their first line.
 */
export function scriptDetector(started: StartedFiles): Detector {
  return {
    name: NAME,
    invoke({ program, invokedAs, argv, cwd, env }, trace) {
      const inode = trace.rootfs.lookup(program);
      if (inode?.type !== 'file') return;
      if (started.add(trace, program) >= MAX_STARTS) return;
      startScript(trace, program, inode, [invokedAs, ...argv.slice(1)], { cwd, env });
    },
    detect({ path, inode, role }, trace) {
      if (role !== 'program' || inode.type !== 'file' || started.has(trace, path)) return;
      // Only the first line says that a file nobody was seen to start is a program.
      if (readRange(inode, 0, 2).join() !== '35,33') return;
      started.add(trace, path);
      startScript(trace, path, inode, [path], {});
    },
  };
}

function startScript(
  trace: Trace,
  path: RootPath,
  inode: FileInode,
  argv: readonly Word[],
  options: RunOptions,
): void {
  const head = readRange(inode, 0, HEAD_BYTES);
  if (head.length === 0 || ELF_MAGIC.every((byte, index) => head[index] === byte)) return;
  const shebang = parseShebang(head);
  if (shebang === undefined) {
    if (!isText(head)) return;
    const reason = {
      detector: NAME,
      from: path,
      detail: 'read by the shell: no #! line',
      certainty: 'exact',
    } as const;
    trace.run(['/bin/sh', ...argv], reason, options);
    return;
  }
  const { interpreter, argument } = shebang;
  // An interpreter's relative path is relative to the working directory, and PATH is never asked.
  const program = interpreter.includes('/') ? interpreter : `./${interpreter}`;
  const words = [program, ...(argument === undefined ? [] : [argument]), ...argv];
  const detail = `#!${interpreter}${argument === undefined ? '' : ` ${argument}`}`;
  const found = trace.run(words, { detector: NAME, from: path, detail, certainty: 'exact' }, options);
  if (found === undefined) {
    trace.warnings.add(
      'COMMAND_MISSING',
      `cannot find "${rootPath(interpreter)}", the interpreter of "${path}"`,
      path,
    );
  }
}

/** bash's own test (check_binary_file): a NUL before the end of the first line is a binary file. */
function isText(head: Uint8Array): boolean {
  const newline = head.indexOf(0x0a);
  return !head.subarray(0, newline < 0 ? head.length : newline).includes(0);
}
