import { parentPath, type RootPath } from '../../rootfs/root-path.ts';
import { type InterpreterCall, interpreterCall } from '../commands/interpreter-call.ts';
import type { Detector, Invocation } from '../detector.ts';
import { expandPattern } from '../expand-pattern.ts';
import { isLibraryDirectory } from '../knowledge/payload-paths.ts';
import { NOT_LOADED, RUNTIME_TREES } from '../knowledge/runtime-trees.ts';
import type { Trace } from '../trace.ts';

const NAME = 'runtime';

/** Bytes of a program's text. */
const MAX_PROGRAM_BYTES = 1 << 20;

/**
 * Functions that give a line to the shell: Lua os.execute and io.popen, R system and pipe, Guile system and open-pipe, Tcl
 * exec and open |, awk system and getline, Octave and Erlang's os:cmd.
 */
const SHELL_CALL =
  /\b(?:os\.execute|io\.popen|os:cmd|system\*?|pipe|shell|popen|open-(?:input-|output-)?pipe\*?)\s*\(?\s*(?:"((?:[^"\\\n]|\\.)+)"|'([^'\n]+)')/g;

/** The same functions given a line that is made at run time. */
const SHELL_CALL_MADE =
  /\b(?:os\.execute|io\.popen|os:cmd|shell_cmd|system\*?|open-(?:input-|output-)?pipe\*?)(?=[\s(])/;

/** Keeps the whole library of an interpreter for which there is no detector that follows what a program loads. */
export const runtimeTree: Detector = {
  name: NAME,
  invoke(invocation, trace) {
    if (trace.options.level === 'minimal') return;
    const call = interpreterCall(invocation);
    const language = call?.language;
    for (const row of RUNTIME_TREES) {
      if (row.language !== language) continue;
      if (call?.value !== undefined) followShellCalls(call, invocation, trace);
      for (const directory of row.directories.flatMap((pattern) => expandPattern(trace.rootfs, pattern))) {
        trace.keepTree(
          directory,
          {
            detector: NAME,
            from: invocation.program,
            detail: `library of ${language} (${row.source})`,
            certainty: 'inferred',
          },
          { filter: (path) => !NOT_LOADED.test(path) },
        );
        keepLibrariesOf(trace, directory, invocation.program);
      }
    }
  },
};

/** Modules whose library lies with all others are loaded by a made name: Tcl's pkgIndex.tcl of itcl4.2.3 loads libitcl4.2.3.so. */
function keepLibrariesOf(trace: Trace, directory: RootPath, program: RootPath): void {
  const modules = new Set(
    [...trace.rootfs.walk(directory)].flatMap(([path, { type }]) =>
      type === 'directory' ? [] : trace.packages.owners(path),
    ),
  );
  for (const pkg of modules) {
    const detail = `library of the modules in ${directory} (${pkg.name})`;
    for (const path of trace.packages.files(pkg))
      if (/\.so(?:\.\d|$)/.test(path) && isLibraryDirectory(parentPath(path)))
        trace.keep(path, { detector: NAME, from: program, detail, certainty: 'inferred' });
  }
}

/** The commands that the program's own text gives to the shell. */
function followShellCalls(call: InterpreterCall, invocation: Invocation, trace: Trace): void {
  const { cwd, env } = invocation;
  const file = call.kind === 'file' ? trace.rootfs.file(call.value ?? '', cwd) : undefined;
  if (file !== undefined && file.inode.size > MAX_PROGRAM_BYTES) return;
  const text =
    file === undefined
      ? call.kind === 'code'
        ? (call.value ?? '')
        : ''
      : new TextDecoder().decode(trace.rootfs.read(file.inode));
  if (SHELL_CALL_MADE.test(text)) {
    const from = file?.path ?? invocation.program;
    trace.run(['/bin/sh'], {
      detector: NAME,
      from,
      detail: 'gives lines to the shell',
      certainty: 'inferred',
    });
  }
  for (const [, double, single] of text.matchAll(SHELL_CALL)) {
    const line = (double ?? single ?? '').replaceAll('\\"', '"');
    const reason = {
      detector: NAME,
      from: file?.path ?? invocation.program,
      detail: `gives the shell: ${line}`,
      certainty: 'inferred',
    } as const;
    trace.run(['/bin/sh', '-c', line], reason, { cwd, env });
  }
}
