import type { Package } from '../../packages/package.ts';
import type { FileInode } from '../../rootfs/inode.ts';
import { baseName, type RootPath } from '../../rootfs/root-path.ts';
import { type InterpreterCall, interpreterCall } from '../commands/interpreter-call.ts';
import type { Detector, Invocation } from '../detector.ts';
import type { ElfFacts } from '../elf-facts.ts';
import { PERL_FILE } from '../knowledge/perl.ts';
import { embeddedInstallations } from '../languages/embedded-installations.ts';
import { interpreterLiterals, literalTexts } from '../languages/interpreter-literals.ts';
import { isInterpreterPackage } from '../languages/perl/distributions.ts';
import { findInstallation, type PerlInstallation } from '../languages/perl/installation.ts';
import { PerlProgram } from '../languages/perl/perl-program.ts';
import { perlSources } from '../languages/perl/source-store.ts';
import { widenUnread } from '../languages/widen-unread.ts';
import type { Trace } from '../trace.ts';

const NAME = 'perl';

/** Is it a package of the interpreter and its core modules, whose files this detector keeps one by one? */
export function claimsPerl(pkg: Package): boolean {
  return isInterpreterPackage(pkg);
}

/** Keeps what Perl programs load: what perl itself wants, modules with what was installed together, and what their code names. */
export function perlDetector(facts: ElfFacts): Detector {
  /** Search paths of what was started; Debian's perl looks into perl-base first, and its libperl does not. */
  const started = new Set<string>();
  const libraries = new Map<RootPath, FileInode>();
  const embedded: PerlProgram[] = [];
  const sources = new Set<RootPath>();
  /** The programs' halves in Perl, which came with their packages: nginx.pm. */
  const modules = new Set<RootPath>();
  let store: ReturnType<typeof perlSources> | undefined;

  function startProgram(
    trace: Trace,
    installation: PerlInstallation,
    call: Pick<InterpreterCall, 'options'>,
    { cwd, env }: Pick<Invocation, 'cwd' | 'env'>,
  ): PerlProgram {
    store ??= perlSources(trace.rootfs);
    started.add(searchPath(installation));
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
      const installation = findInstallation(
        trace.rootfs,
        program,
        interpreterLiterals(trace, facts, program, 'libperl'),
      );
      if (installation === undefined) {
        if (trace.rootfs.file(program))
          trace.warnings.add('UNFOLLOWED', `cannot find the library of "${program}" in the image`, program);
        return;
      }
      const perl = startProgram(trace, installation, call, invocation);
      if (!perl.run(call)) widenUnread(trace, perl, call, program, 'loads');
    },
    detect({ path, inode }, trace) {
      if (inode.type !== 'file') return;
      if (/^libperl\.so/.test(baseName(path))) libraries.set(path, inode);
      else if (PERL_FILE.test(path)) (isPackaged(trace, path) ? modules : sources).add(path);
    },
    /** A server with perl as a library (mod_perl, irssi, vim) runs what its configuration names: the application's own sources. */
    settle(trace) {
      const find = (library: RootPath, inode: FileInode) =>
        findInstallation(trace.rootfs, library, literalTexts(facts, inode));
      const isStarted = (installation: PerlInstallation) => started.has(searchPath(installation));
      for (const [, installation] of embeddedInstallations(libraries, isStarted, find)) {
        const { cwd, env, argv } = trace.process;
        const perl = startProgram(trace, installation, { options: [] }, { cwd, env });
        perl.readWords(argv);
        embedded.push(perl);
      }
      if (embedded.length === 0) return;
      for (const path of sources) for (const program of embedded) program.runFile(path);
      sources.clear();
      for (const path of modules) {
        const isFollowed = trace.graph.reasons(path).some(({ detector }) => detector === NAME);
        if (!isFollowed) for (const program of embedded) program.reachFile(path);
      }
      modules.clear();
    },
  };
}

function searchPath({ include }: PerlInstallation): string {
  return include.join(':');
}

function isPackaged(trace: Trace, path: RootPath): boolean {
  return trace.packages.owner(path) !== undefined;
}
