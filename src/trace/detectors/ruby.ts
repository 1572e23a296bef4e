import type { Package } from '../../packages/package.ts';
import type { FileInode } from '../../rootfs/inode.ts';
import { baseName, type RootPath } from '../../rootfs/root-path.ts';
import { interpreterCall } from '../commands/interpreter-call.ts';
import type { Detector } from '../detector.ts';
import type { ElfFacts } from '../elf-facts.ts';
import { embeddedInstallations } from '../languages/embedded-installations.ts';
import { interpreterLiterals, literalTexts } from '../languages/interpreter-literals.ts';
import { isInterpreterPackage } from '../languages/ruby/gems.ts';
import { findInstallation } from '../languages/ruby/installation.ts';
import { RubyProgram } from '../languages/ruby/ruby-program.ts';
import { rubySources } from '../languages/ruby/source-store.ts';
import { widenUnread } from '../languages/widen-unread.ts';
import { megabytes } from '../megabytes.ts';

const NAME = 'ruby';

/** Is it a package of the interpreter, its standard library and bundled gems, whose files this detector keeps one by one? */
export function claimsRuby(pkg: Package): boolean {
  return isInterpreterPackage(pkg);
}

/** Keeps what Ruby programs require: what the interpreter itself wants, features with their gems, and what their code names. */
export function rubyDetector(facts: ElfFacts): Detector {
  const installed = new Set<RootPath>();
  const libraries = new Map<RootPath, FileInode>();
  let sources: ReturnType<typeof rubySources> | undefined;
  return {
    name: NAME,
    invoke(invocation, trace) {
      const call = interpreterCall(invocation);
      if (call?.language !== 'ruby') return;
      const { program, cwd, env } = invocation;
      const installation = findInstallation(
        trace.rootfs,
        program,
        interpreterLiterals(trace, facts, program, 'libruby'),
      );
      if (installation === undefined) {
        if (trace.rootfs.file(program))
          trace.warnings.add('UNFOLLOWED', `cannot find the library of "${program}" in the image`, program);
        return;
      }
      sources ??= rubySources(trace.rootfs);
      for (const directory of installation.core) installed.add(directory);
      const started = new RubyProgram({ trace, sources, installation, cwd, env, facts }, call.options);
      started.start();
      if (!started.run(call)) widenUnread(trace, started, call, program, 'loads');
    },
    detect({ path, inode }) {
      if (inode.type === 'file' && /^libruby.*\.so/.test(baseName(path))) libraries.set(path, inode);
    },
    /** A program that has the interpreter as a library (an editor, a server's plugin) requires what its user's scripts say. */
    settle(trace) {
      const find = (library: RootPath, inode: FileInode) =>
        findInstallation(trace.rootfs, library, literalTexts(facts, inode));
      const isStarted = ({ core }: { readonly core: readonly RootPath[] }) =>
        core.some((directory) => installed.has(directory));
      for (const [library, installation] of embeddedInstallations(libraries, isStarted, find)) {
        const { cwd, env, argv } = trace.process;
        sources ??= rubySources(trace.rootfs);
        const started = new RubyProgram({ trace, sources, installation, cwd, env, facts }, []);
        started.start();
        started.readWords(argv);
        const bytes = started.keepAll('a program embeds the interpreter');
        trace.warnings.add(
          'WIDENED',
          `cannot tell what the interpreter in "${library}" requires: its whole library is kept (${megabytes(bytes)})`,
          library,
        );
      }
    },
  };
}
