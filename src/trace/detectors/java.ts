import type { Package } from '../../packages/package.ts';
import { baseName, type RootPath } from '../../rootfs/root-path.ts';
import type { Detector, Invocation, KeptFile } from '../detector.ts';
import type { KeepReason } from '../keep-graph.ts';
import { RUNTIME_SOURCES } from '../knowledge/java.ts';
import { ClassPath } from '../languages/java/class-path.ts';
import { CodeReader, type ReadCode } from '../languages/java/code-reader.ts';
import { isOfHome } from '../languages/java/home-files.ts';
import { type JavaCommand, javaCommand } from '../languages/java/java-command.ts';
import {
  homeOfDirectory,
  homeOfLauncher,
  homeOfMachine,
  type JavaHome,
} from '../languages/java/java-home.ts';
import { JavaRuntime } from '../languages/java/java-runtime.ts';
import { keepStart, runtimeDirectories } from '../languages/java/java-start.ts';
import { keepNamedLibraries, libraryDirectories } from '../languages/java/native-libraries.ts';
import type { Trace } from '../trace.ts';

const NAME = 'java';

/** Where distributions put the archives that programs share (Debian Java Policy 2.2; Fedora Java guidelines). */
const SHARED_ARCHIVES = '/usr/share/java/';

/** Is it a package of a Java runtime, whose files this detector keeps one by one? */
export function claimsJava({ source }: Pick<Package, 'source'>): boolean {
  return RUNTIME_SOURCES.some(({ pattern }) => pattern.test(source));
}

/** Keeps what Java programs need: their runtime, their class path, and what the code on it names. */
export function javaDetector(): Detector {
  return new JavaDetector();
}

class JavaDetector implements Detector {
  readonly name = NAME;
  readonly #runtimes = new Map<RootPath, JavaRuntime>();
  readonly #code = new CodeReader();
  /** Directories of native libraries, in the order in which programs name them. */
  readonly #libraries = new Set<RootPath>();

  invoke(invocation: Invocation, trace: Trace): void {
    const { program, invokedAs, argv } = invocation;
    if (/\.[jw]ar$/.test(program)) {
      // An executable archive begins with a script that finds a runtime for itself (Spring Boot, "Installing").
      trace.run(
        ['java', '-jar', invokedAs, ...argv.slice(1)],
        reason(program, 'an executable archive'),
        invocation,
      );
      return;
    }
    const command = javaCommand(invocation, trace.rootfs);
    const home = homeOfLauncher(trace.rootfs, program) ?? (command && this.#usualHome(trace, invocation));
    if (home === undefined) return;
    const runtime = this.#runtimeOf(trace, home, program);
    runtime.useTool(baseName(program));
    if (command !== undefined) this.#start(trace, runtime, command, invocation);
    runtime.keep(trace);
  }

  detect({ path, inode }: KeptFile, trace: Trace): void {
    if (inode.type !== 'file') return;
    if (baseName(path) === 'libjvm.so') {
      const home = homeOfMachine(trace.rootfs, path);
      if (home !== undefined) this.#runtimeOf(trace, home, path);
    }
    this.#code.add(path, inode);
  }

  settle(trace: Trace): void {
    const [first] = this.#runtimes.values();
    if (first === undefined) return;
    const homes = [...this.#runtimes.values()].map(({ home }) => home);
    const read = this.#code.read(trace, first.machine, (path) => isOfHome(path, homes));
    for (const code of read) this.#serve(trace, code);
    for (const runtime of this.#runtimes.values()) runtime.keep(trace);
  }

  #start(trace: Trace, runtime: JavaRuntime, command: JavaCommand, invocation: Invocation): void {
    const { env, program } = invocation;
    runtime.useOptions(command);
    this.#code.addStart(keepStart(trace, command, invocation));
    for (const path of libraryDirectories(trace, runtime.home, command.properties, env))
      this.#libraries.add(path);
    const agents = command.nativeAgents.filter((agent) => !agent.includes('/'));
    keepNamedLibraries(trace, agents, [...this.#libraries], (detail) => reason(program, detail));
    if (command.isOpen && trace.options.level !== 'minimal') widen(trace, invocation);
  }

  #serve(trace: Trace, { path, facts }: ReadCode): void {
    keepNamedLibraries(trace, facts.libraryNames, [...this.#libraries], (detail) => reason(path, detail));
    for (const runtime of this.#runtimes.values()) {
      runtime.use(facts.uses);
      runtime.open(trace, facts.needed, reason(path, 'needed by a native library in the archive'));
    }
  }

  #runtimeOf(trace: Trace, home: JavaHome, cause: RootPath): JavaRuntime {
    const known = this.#runtimes.get(home.directory);
    if (known !== undefined) return known;
    const runtime = new JavaRuntime(trace.rootfs, home, cause);
    this.#runtimes.set(home.directory, runtime);
    return runtime;
  }

  #usualHome(trace: Trace, invocation: Invocation): JavaHome | undefined {
    for (const directory of runtimeDirectories(trace, invocation)) {
      const real = trace.rootfs.resolve(directory)?.path;
      const home = real && homeOfDirectory(trace.rootfs, real);
      if (home === undefined) continue;
      trace.keep(directory, reason(invocation.program, 'the Java runtime that it loads'));
      return home;
    }
    return undefined;
  }
}

/** A class path that is not to be told names archives that the package of the script needs which starts the runtime. */
function widen(trace: Trace, { cwd, program }: Invocation): void {
  const before = trace.graph.size;
  const scripts = trace.graph.reasons(program).flatMap(({ from }) => (from === undefined ? [] : [from]));
  const owners = scripts
    .flatMap((script) => trace.packages.owner(script) ?? [])
    .filter((pkg) => !claimsJava(pkg));
  const why: KeepReason = { ...reason(program, 'the class path cannot be read'), certainty: 'inferred' };
  const classPath = new ClassPath(trace, cwd, () => why);
  for (const pkg of trace.packages.dependencyClosure(owners, { accept: (other) => !claimsJava(other) })) {
    for (const path of trace.packages.files(pkg))
      if (path.startsWith(SHARED_ARCHIVES) && path.endsWith('.jar')) classPath.add(path);
  }
  const kept =
    trace.graph.size === before ? '' : `; the archives of its package are kept, and of those that it needs`;
  trace.warnings.add('WIDENED', `cannot tell what is on the class path of "${program}"${kept}`, program);
}

function reason(from: RootPath, detail: string): KeepReason {
  return { detector: NAME, from, detail, certainty: 'exact' };
}
