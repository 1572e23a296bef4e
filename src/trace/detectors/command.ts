import type { Certainty } from '../../ldso/resolution.ts';
import { baseName, joinPath, type RootPath } from '../../rootfs/root-path.ts';
import { isAccountTool, isEntryTool, isFileTool, isPlacer } from '../commands/file-tools.ts';
import { innerCommands } from '../commands/inner-commands.ts';
import { type InterpreterCall, interpreterCall } from '../commands/interpreter-call.ts';
import { isShellName } from '../commands/is-interpreter.ts';
import { isConfigurationPath, keepOperand } from '../commands/operands.ts';
import { packageScripts } from '../commands/package-scripts.ts';
import { runPartsFiles } from '../commands/run-parts.ts';
import type { StartedFiles } from '../commands/started-files.ts';
import { subcommands } from '../commands/subcommands.ts';
import type { Detector, Invocation, Word } from '../detector.ts';
import type { KeepReason } from '../keep-graph.ts';
import { isCommandPath, isLeftoverDirectory, isLibraryDirectory } from '../knowledge/payload-paths.ts';
import { isOtherShell, traceOtherShell } from '../shell/other-shells.ts';
import { scriptText } from '../shell/script-text.ts';
import { startupFiles } from '../shell/startup-files.ts';
import { traceShell } from '../shell/trace-shell.ts';
import type { Trace } from '../trace.ts';

const NAME = 'command';

/** A script that starts itself with ever other arguments is followed this often. */
const MAX_STARTS = 12;
/** Bytes of a directory that an operand names. */
const DIRECTORY_LIMIT = 64e6;

/** Follows what programs are asked to start or read in their command line: wrappers, interpreters, plain operands. */
export function commandDetector(started: StartedFiles): Detector {
  return {
    name: NAME,
    invoke(invocation, trace) {
      const isWrapper = runInner(invocation, trace);
      const call = interpreterCall(invocation);
      if (call !== undefined) startInterpreter(call, invocation, trace, started);
      if (!isWrapper)
        keepOperands(call?.args ?? invocation.argv.slice(1), call !== undefined, invocation, trace);
    },
  };
}

function why({ program }: Invocation, detail: string, certainty: Certainty = 'exact'): KeepReason {
  return { detector: NAME, from: program, detail, certainty };
}

/** Runs what a wrapper, run-parts or a package manager's `run` starts; is the program one of them? */
function runInner(invocation: Invocation, trace: Trace): boolean {
  const name = baseName(invocation.invokedAs);
  const inner = innerCommands(invocation);
  for (const { argv, env, cwd } of inner) {
    trace.run(argv, why(invocation, `${name} starts ${argv[0] ?? '?'}`), { env, cwd });
  }
  const { directory, files } = runPartsFiles(invocation, trace.rootfs);
  if (directory !== undefined) trace.keep(directory, why(invocation, `${name} ${directory}`));
  for (const { argv } of files) trace.run(argv, why(invocation, `${name} starts ${argv[0]}`), invocation);
  for (const argv of subcommands(invocation, trace.rootfs, trace.process))
    trace.run(argv, why(invocation, `${name} starts its subcommand ${argv[0]}`, 'inferred'), invocation);
  const scripts = packageScripts(invocation, trace.rootfs);
  for (const path of scripts.manifests) trace.keep(path, why(invocation, 'the package whose script is run'));
  for (const { argv, env, cwd, script } of scripts.commands) {
    trace.run(argv, why(invocation, `the script ${script} of package.json`), { env, cwd });
  }
  return inner.length > 0 || directory !== undefined;
}

function startInterpreter(
  call: InterpreterCall,
  invocation: Invocation,
  trace: Trace,
  started: StartedFiles,
): void {
  const { kind, value, language } = call;
  if (language === 'shell') startShell(call, invocation, trace, started);
  else if (kind === 'file' || kind === 'jar') keepProgramFile(call, invocation, trace, started);
  const name = baseName(invocation.invokedAs);
  if (language === 'other' && kind === 'code' && value !== undefined && isOtherShell(name)) {
    traceOtherShell(trace, value, { ...invocation, from: invocation.program });
  }
}

/** Keeps the file that an interpreter runs; what is in it is for the detector of its language. */
function keepProgramFile(
  { value, language }: InterpreterCall,
  invocation: Invocation,
  trace: Trace,
  started: StartedFiles,
): void {
  // What a script leaves open is said where the script is followed.
  if (value === undefined) return;
  const { cwd } = invocation;
  const found = trace.rootfs.file(value, cwd);
  if (found === undefined) return;
  started.add(trace, found.path);
  const name = baseName(invocation.invokedAs);
  trace.keep(value, why(invocation, `the program that ${name} runs`), { cwd, role: 'program' });
  if (language === 'other' && isOtherShell(name)) {
    const text = scriptText(trace, found.path, found.inode);
    if (text !== undefined) traceOtherShell(trace, text, { ...invocation, from: found.path });
  }
}

function startShell(
  call: InterpreterCall,
  invocation: Invocation,
  trace: Trace,
  started: StartedFiles,
): void {
  const { cwd, env, program, invokedAs } = invocation;
  const startup = startupFiles(call, invocation);
  if (call.kind === 'code') {
    const [name = invokedAs, ...args] = call.args;
    if (call.value === undefined) return;
    traceShell({ from: program, name, args, source: call.value, cwd, env, startupFiles: startup }, trace);
    return;
  }
  if (call.kind !== 'file') {
    traceShell(
      { from: program, name: invokedAs, args: call.args, source: '', cwd, env, startupFiles: startup },
      trace,
    );
    return;
  }
  if (call.value === undefined) return;
  // sh(1): a name without a slash that is not in the working directory is looked for in PATH.
  const file = trace.rootfs.file(call.value, cwd) ?? trace.findCommand(call.value, { cwd, env })?.file;
  if (file === undefined || file.inode.type !== 'file') return;
  const path = trace.rootfs.file(call.value, cwd) ? call.value : file.path;
  if (started.add(trace, file.path) > MAX_STARTS) return;
  trace.keep(path, why(invocation, `the script that ${baseName(invokedAs)} reads`), { cwd, role: 'program' });
  const source = scriptText(trace, file.path, file.inode);
  if (source === undefined) return;
  traceShell(
    { from: file.path, name: path, args: call.args, source, cwd, env, startupFiles: startup },
    trace,
  );
}

/** Keeps the files and directories that a program's operands name; an executable that it is given may be started. */
function keepOperands(
  words: readonly Word[],
  isInterpreter: boolean,
  invocation: Invocation,
  trace: Trace,
): void {
  const name = baseName(invocation.invokedAs);
  const { cwd } = invocation;
  for (const [index, word] of words.entries()) {
    if (word === undefined) continue;
    for (const path of pathsOf(word)) {
      if (!path.includes('/') && cwd === '/') continue;
      const found = trace.rootfs.resolve(path, { cwd });
      if (found === undefined && !path.startsWith('/')) continue;
      const detail = `an argument of ${name}: ${path}`;
      keepOperand(trace, path, cwd, why(invocation, detail));
      if (found?.inode.type === 'directory' && !isEntryTool(name))
        keepDirectory(trace, found.path, why(invocation, detail));
      const isExecutable = found?.inode.type === 'file' && (found.inode.mode & 0o111) !== 0;
      // /bin/false and nologin are no shells to log in with, and useradd(8) warns where they are missing.
      if (isExecutable && isAccountTool(name) && !isShellName(baseName(found.path)))
        trace.keep(path, why(invocation, detail), { cwd, role: 'program' });
      if (!isExecutable || !path.startsWith('/') || path !== word || isInterpreter) continue;
      if (!isFileTool(name)) {
        // A starter that the table of wrappers does not know: /init /app/server --flag.
        const argv = words.slice(index);
        trace.run(argv, why(invocation, `${name} may start its argument ${path}`, 'inferred'), invocation);
      } else if (isPlacer(name) && trace.packages.owner(found.path) === undefined) {
        // A hook of the author's own that an entrypoint links into place: `ln -s /usr/share/hooks/pre-commit "$repo/hooks/"`.
        trace.run([path], why(invocation, `${name} puts ${path} into place`, 'inferred'), invocation);
      }
    }
  }
}

/** `--config=/etc/x`, `-c/etc/x`, `key:/etc/x`, `/a:/b` and plain words: what of a word may be a path. */
function pathsOf(word: string): string[] {
  if (word.startsWith('-')) {
    const value = /^-{1,2}[\w.-]+[=:](.+)$/.exec(word)?.[1] ?? /^-[A-Za-z](\/.+)$/.exec(word)?.[1];
    return value === undefined ? [] : value.split(':');
  }
  const value = /^[\w.-]+=(\/.+)$/.exec(word)?.[1];
  return value === undefined ? [word] : [value];
}

/** Keeps what is in a directory that a program is given, unless it is one of the system's own or too large. */
function keepDirectory(trace: Trace, directory: RootPath, reason: KeepReason): void {
  const depth = directory.split('/').length - 1;
  if (directory === '/' || (depth < 2 && trace.packages.owner(directory) !== undefined)) return;
  if (
    /^\/(?:usr|var|etc|lib|run|tmp|proc|sys|dev|boot|media|mnt|home|root)(?:\/(?:lib|share|local|bin|sbin|cache|log|run|spool|tmp|include|src))?$/.test(
      directory,
    )
  )
    return;
  if (isCommandPath(joinPath(directory, 'x')) || isLibraryDirectory(directory)) return;
  if (trace.rootfs.treeBytes(directory) > DIRECTORY_LIMIT) return;
  trace.keepTree(directory, reason, {
    filter: (path) => !isLeftoverDirectory(baseName(path)),
    role: (path) => (isConfigurationPath(path) ? 'config' : 'data'),
  });
}
