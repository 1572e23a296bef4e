import type { Package } from '../../packages/package.ts';
import type { FileInode } from '../../rootfs/inode.ts';
import { baseName, type RootPath } from '../../rootfs/root-path.ts';
import { type InterpreterCall, interpreterCall } from '../commands/interpreter-call.ts';
import type { Detector, Invocation } from '../detector.ts';
import type { ElfFacts } from '../elf-facts.ts';
import { PERL_FILE } from '../knowledge/perl.ts';
import { isInterpreterPackage } from '../languages/perl/distributions.ts';
import { findInstallation, type PerlInstallation } from '../languages/perl/installation.ts';
import { PerlProgram } from '../languages/perl/perl-program.ts';
import { SourceStore } from '../languages/perl/source-store.ts';
import type { Trace } from '../trace.ts';

const NAME = 'perl';

/** Is it a package of the interpreter and its core modules, whose files this detector keeps one by one? */
export function claimsPerl(pkg: Package): boolean {
  return isInterpreterPackage(pkg);
}

/** Keeps what Perl programs load: what perl itself wants, modules with what was installed together, and what their code names. */
export function perlDetector(facts: ElfFacts): Detector {
  const installed = new Set<RootPath>();
  const libraries = new Map<RootPath, FileInode>();
  const embedded: PerlProgram[] = [];
  const sources = new Set<RootPath>();
  let store: SourceStore | undefined;

  function startProgram(
    trace: Trace,
    installation: PerlInstallation,
    call: Pick<InterpreterCall, 'options'>,
    { cwd, env }: Pick<Invocation, 'cwd' | 'env'>,
  ): PerlProgram {
    store ??= new SourceStore(trace.rootfs);
    for (const directory of installation.core) installed.add(directory);
    const program = new PerlProgram({ trace, sources: store, installation, cwd, env }, call.options);
    program.start();
    return program;
  }

  return {
    name: NAME,
    invoke(invocation, trace) {
      const call = interpreterCall(invocation);
      if (call?.language !== 'perl') return;
      const { program } = invocation;
      const installation = findInstallation(trace.rootfs, program, literalsOf(trace, facts, program));
      if (installation === undefined) {
        if (trace.rootfs.file(program))
          trace.warnings.add('UNFOLLOWED', `cannot find the library of "${program}" in the image`, program);
        return;
      }
      const started = startProgram(trace, installation, call, invocation);
      if (!started.run(call)) widen(trace, started, call, program);
    },
    detect({ path, inode }, trace) {
      if (inode.type !== 'file') return;
      if (/^libperl\.so/.test(baseName(path))) libraries.set(path, inode);
      else if (PERL_FILE.test(path) && !isPackaged(trace, path)) sources.add(path);
    },
    /** A server with perl as a library (mod_perl, irssi, vim) runs what its configuration names: the application's own sources. */
    settle(trace) {
      for (const [library, inode] of libraries) {
        libraries.delete(library);
        const installation = findInstallation(trace.rootfs, library, textsOf(facts, inode));
        if (installation === undefined || installation.core.some((directory) => installed.has(directory)))
          continue;
        const { cwd, env, argv } = trace.process;
        const started = startProgram(trace, installation, { options: [] }, { cwd, env });
        started.readWords(argv);
        embedded.push(started);
      }
      if (embedded.length === 0) return;
      for (const path of sources) for (const program of embedded) program.runFile(path);
      sources.clear();
    },
  };
}

function isPackaged(trace: Trace, path: RootPath): boolean {
  return trace.packages.owner(path) !== undefined;
}

/** The literals of the interpreter and of the libperl that it loads. */
function* literalsOf(trace: Trace, facts: ElfFacts, program: RootPath): Iterable<string> {
  const file = trace.rootfs.file(program);
  const elf = file === undefined ? undefined : facts.of(file.inode);
  if (file === undefined || elf === undefined) return;
  yield* textsOf(facts, file.inode);
  for (const { realPath, soname } of trace.linker.resolveProgram(program).libraries) {
    const library = soname.startsWith('libperl') ? trace.rootfs.file(realPath) : undefined;
    if (library !== undefined) yield* textsOf(facts, library.inode);
  }
}

function* textsOf(facts: ElfFacts, inode: FileInode): Iterable<string> {
  for (const { text } of facts.strings(inode)) yield text;
}

/** A program that cannot be read may load anything that is installed. */
function widen(
  trace: Trace,
  started: PerlProgram,
  { kind, value }: InterpreterCall,
  program: RootPath,
): void {
  if (trace.options.level === 'minimal') return;
  const what = kind === 'stdin' ? 'what is typed or piped into it' : `"${value ?? kind}"`;
  const bytes = started.keepAll('the program cannot be read');
  trace.warnings.add(
    'WIDENED',
    `cannot tell what "${program}" loads for ${what}: its whole library is kept (${(bytes / 1e6).toFixed(1)} MB)`,
    program,
  );
}
