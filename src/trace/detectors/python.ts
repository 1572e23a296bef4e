import type { Package } from '../../packages/package.ts';
import { baseName, parentPath, type RootPath, rootPath } from '../../rootfs/root-path.ts';
import { type InterpreterCall, interpreterCall } from '../commands/interpreter-call.ts';
import type { Detector, Invocation } from '../detector.ts';
import { isInterpreterPackage, isModulePackage } from '../languages/python/import-rules.ts';
import {
  findInstallation,
  installationOfLibrary,
  type PythonInstallation,
} from '../languages/python/installation.ts';
import { PythonProgram } from '../languages/python/python-program.ts';
import { pythonSources } from '../languages/python/source-store.ts';
import { widenUnread } from '../languages/widen-unread.ts';
import { megabytes } from '../megabytes.ts';
import type { Trace } from '../trace.ts';

const NAME = 'python';

/** Is it a package of the interpreter or of Python modules, whose files this detector keeps one by one? */
export function claimsPython(pkg: Package): boolean {
  return isInterpreterPackage(pkg) || isModulePackage(pkg);
}

/** Keeps what Python programs import: the runtime's start-up, modules and their distributions, and what their code names. */
export function pythonDetector(): Detector {
  const installed = new Set<RootPath>();
  const libraries = new Map<RootPath, RootPath>();
  let sources: ReturnType<typeof pythonSources> | undefined;

  function startProgram(
    trace: Trace,
    installation: PythonInstallation,
    application: readonly RootPath[],
    surroundings: Pick<Invocation, 'cwd' | 'env'>,
  ): PythonProgram {
    sources ??= pythonSources(trace.rootfs);
    installed.add(installation.stdlib);
    const { cwd, env } = surroundings;
    const program = new PythonProgram({ trace, sources, installation, cwd, env }, application);
    program.start();
    return program;
  }

  return {
    name: NAME,
    invoke(invocation, trace) {
      const call = interpreterCall(invocation);
      if (call?.language !== 'python') return;
      const { invokedAs, program, env } = invocation;
      const installation = findInstallation(trace.rootfs, invokedAs, program, env);
      if (installation === undefined) {
        if (trace.rootfs.file(program)) warnNoLibrary(trace, program);
        return;
      }
      const application = applicationDirectories(trace, call, invocation);
      const started = startProgram(trace, installation, application, invocation);
      if (!started.run(call)) widenUnread(trace, started, call, program, 'imports');
    },
    detect({ path, inode }) {
      if (inode.type === 'file' && /^libpython\d+\.\d+.*\.so/.test(baseName(path))) libraries.set(path, path);
    },
    /** A program that has the interpreter as a library (a server's plugin) imports what its own configuration says. */
    settle(trace) {
      for (const library of libraries.keys()) {
        libraries.delete(library);
        const installation = installationOfLibrary(trace.rootfs, library);
        if (installation === undefined || installed.has(installation.stdlib)) continue;
        const { cwd, env, argv } = trace.process;
        const started = startProgram(trace, { ...installation, executable: library }, [cwd], { cwd, env });
        started.readWords(argv);
        const bytes = started.keepAll('a program embeds the interpreter');
        trace.warnings.add(
          'WIDENED',
          `cannot tell what the interpreter in "${library}" imports: its whole library is kept (${megabytes(bytes)})`,
          library,
        );
      }
    },
  };
}

/** What comes first in sys.path: the script's directory, the working directory for -c and -m, an archive or directory itself. */
function applicationDirectories(
  trace: Trace,
  { kind, value, args, options }: InterpreterCall,
  { cwd }: Invocation,
): RootPath[] {
  const named = args.flatMap((word) => directoryOperand(trace, word, cwd));
  const isIsolated = options.some(({ name }) => name === '-I' || name === '-P');
  if (kind !== 'file' || value === undefined) return isIsolated ? named : [cwd, ...named];
  const found = trace.rootfs.resolve(value, { cwd });
  const own = found?.inode.type === 'file' ? parentPath(found.path) : found?.path;
  // Launchers (gunicorn, uvicorn, celery, flask) add the working directory themselves.
  return [...(own === undefined ? [] : [own]), cwd, ...named];
}

/** `--chdir /app`, `--pythonpath=/app/lib`, `--app-dir src`: a directory among the program's arguments. */
function directoryOperand(trace: Trace, word: string | undefined, cwd: RootPath): RootPath[] {
  const text = /^-{1,2}[\w-]+=(.+)$/.exec(word ?? '')?.[1] ?? word ?? '';
  if (text === '' || text.startsWith('-')) return [];
  const path = rootPath(text, cwd);
  const found = path === '/' ? undefined : trace.rootfs.resolve(path);
  return found?.inode.type === 'directory' && trace.packages.owner(found.path) === undefined
    ? [found.path]
    : [];
}

function warnNoLibrary(trace: Trace, program: RootPath): void {
  trace.warnings.add('UNFOLLOWED', `cannot find the standard library of "${program}" in the image`, program);
}
