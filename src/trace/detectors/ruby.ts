import type { Package } from '../../packages/package.ts';
import { interpreterCall } from '../commands/interpreter-call.ts';
import type { Detector } from '../detector.ts';
import type { ElfFacts } from '../elf-facts.ts';
import { interpreterLiterals } from '../languages/interpreter-literals.ts';
import { isInterpreterPackage } from '../languages/ruby/gems.ts';
import { findInstallation } from '../languages/ruby/installation.ts';
import { RubyProgram } from '../languages/ruby/ruby-program.ts';
import { rubySources } from '../languages/ruby/source-store.ts';
import { widenUnread } from '../languages/widen-unread.ts';

const NAME = 'ruby';

/** Is it a package of the interpreter, its standard library and bundled gems, whose files this detector keeps one by one? */
export function claimsRuby(pkg: Package): boolean {
  return isInterpreterPackage(pkg);
}

/** Keeps what Ruby programs require: what the interpreter itself wants, features with their gems, and what their code names. */
export function rubyDetector(facts: ElfFacts): Detector {
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
      const started = new RubyProgram({ trace, sources, installation, cwd, env, facts }, call.options);
      started.start();
      if (!started.run(call)) widenUnread(trace, started, call, program, 'loads');
    },
  };
}
