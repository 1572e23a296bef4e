import type { Package } from '../../packages/package.ts';
import type { FileInode } from '../../rootfs/inode.ts';
import type { RootPath } from '../../rootfs/root-path.ts';
import { type InterpreterCall, interpreterCall } from '../commands/interpreter-call.ts';
import type { Detector } from '../detector.ts';
import type { ElfFacts } from '../elf-facts.ts';
import { isInterpreterPackage } from '../languages/ruby/gems.ts';
import { findInstallation } from '../languages/ruby/installation.ts';
import { RubyProgram } from '../languages/ruby/ruby-program.ts';
import { SourceStore } from '../languages/ruby/source-store.ts';
import type { Trace } from '../trace.ts';

const NAME = 'ruby';

/** Is it a package of the interpreter, its standard library and bundled gems, whose files this detector keeps one by one? */
export function claimsRuby(pkg: Package): boolean {
  return isInterpreterPackage(pkg);
}

/** Keeps what Ruby programs require: what the interpreter itself wants, features with their gems, and what their code names. */
export function rubyDetector(facts: ElfFacts): Detector {
  let sources: SourceStore | undefined;
  return {
    name: NAME,
    invoke(invocation, trace) {
      const call = interpreterCall(invocation);
      if (call?.language !== 'ruby') return;
      const { program, cwd, env } = invocation;
      const installation = findInstallation(trace.rootfs, program, literalsOf(trace, facts, program));
      if (installation === undefined) {
        if (trace.rootfs.file(program))
          trace.warnings.add('UNFOLLOWED', `cannot find the library of "${program}" in the image`, program);
        return;
      }
      sources ??= new SourceStore(trace.rootfs);
      const started = new RubyProgram({ trace, sources, installation, cwd, env, facts }, call.options);
      started.start();
      if (!started.run(call)) widen(trace, started, call, program);
    },
  };
}

/** The literals of the interpreter and of the libruby that it loads. */
function* literalsOf(trace: Trace, facts: ElfFacts, program: RootPath): Iterable<string> {
  const file = trace.rootfs.file(program);
  if (file === undefined || facts.of(file.inode) === undefined) return;
  yield* textsOf(facts, file.inode);
  for (const { realPath, soname } of trace.linker.resolveProgram(program).libraries) {
    const library = soname.startsWith('libruby') ? trace.rootfs.file(realPath) : undefined;
    if (library !== undefined) yield* textsOf(facts, library.inode);
  }
}

function* textsOf(facts: ElfFacts, inode: FileInode): Iterable<string> {
  for (const { text } of facts.strings(inode)) yield text;
}

/** A program that cannot be read may load anything that is installed. */
function widen(
  trace: Trace,
  started: RubyProgram,
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
