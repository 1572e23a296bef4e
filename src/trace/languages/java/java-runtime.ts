import { parseElf } from '../../../elf/elf-file.ts';
import { OslimError } from '../../../errors.ts';
import { sliceAccess } from '../../../io/random-access.ts';
import type { RootPath } from '../../../rootfs/root-path.ts';
import type { Rootfs } from '../../../rootfs/rootfs.ts';
import { expandPattern } from '../../expand-pattern.ts';
import type { KeepReason } from '../../keep-graph.ts';
import { RUNTIME_USES, type RuntimeUse } from '../../knowledge/java.ts';
import type { Trace } from '../../trace.ts';
import { keepHome } from './home-files.ts';
import type { JavaCommand } from './java-command.ts';
import type { JavaHome } from './java-home.ts';
import { keepOpened } from './native-libraries.ts';

/** JavaRuntime is a runtime that is started, and what it is used for. */
export class JavaRuntime {
  readonly home: JavaHome;
  /** e_machine of its libjvm.so; undefined when that cannot be read. */
  readonly machine: number | undefined;
  /** The program that starts it, or its own library where a program has that in itself. */
  readonly #cause: RootPath;
  readonly #uses = new Set<RuntimeUse>();
  readonly #ruledOut = new Set<RuntimeUse>();
  readonly #served = new Set<RuntimeUse>();
  #isKept = false;

  constructor(rootfs: Rootfs, home: JavaHome, cause: RootPath) {
    this.home = home;
    this.machine = home.machine && machineOf(rootfs, home.machine);
    this.#cause = cause;
  }

  use(uses: Iterable<RuntimeUse>): void {
    for (const use of uses) if (!this.#ruledOut.has(use)) this.#uses.add(use);
  }

  /** Takes note of what options of a command line call for and rule out. */
  useOptions({ options }: Pick<JavaCommand, 'options'>): void {
    const texts = options.map(({ name, value }) => (value === undefined ? name : `${name}=${value}`));
    for (const use of RUNTIME_USES) {
      if (texts.some((text) => use.unless?.test(text))) this.#ruledOut.add(use);
      if (texts.some((text) => use.options?.test(text))) this.#uses.add(use);
    }
  }

  /** Takes note of a tool of the runtime that is run: `keytool`, `javac`. */
  useTool(name: string): void {
    this.use(RUNTIME_USES.filter(({ tools }) => tools?.test(name)));
  }

  /** Keeps what its uses, as far as they are known, need; to be called again when more are. */
  keep(trace: Trace): void {
    const added = [...this.#uses].filter((use) => !this.#served.has(use));
    if (this.#isKept && added.length === 0) return;
    this.#isKept = true;
    keepHome(trace, this.home, this.#uses, this.#reason('of the Java runtime'));
    for (const use of added) {
      this.#served.add(use);
      this.#serve(trace, use);
    }
  }

  /** Keeps the libraries of the system that code loads by these sonames. */
  open(trace: Trace, names: ReadonlySet<string>, reason: KeepReason): void {
    if (names.size > 0 && this.machine !== undefined) keepOpened(trace, this.home, names, reason);
  }

  #serve(trace: Trace, { use, opens = [], data = [] }: RuntimeUse): void {
    const reason = this.#reason(`used for ${use}`);
    this.open(trace, new Set(opens), reason);
    for (const path of data.flatMap((pattern) => expandPattern(trace.rootfs, pattern))) {
      trace.keep(path, reason);
      trace.keepTree(path, reason);
    }
  }

  #reason(detail: string): KeepReason {
    return { detector: 'java', from: this.#cause, detail, certainty: 'exact' };
  }
}

function machineOf(rootfs: Rootfs, library: RootPath): number | undefined {
  const found = rootfs.file(library);
  if (found === undefined) return undefined;
  const { content, offset, size } = found.inode;
  try {
    return parseElf(sliceAccess(content, offset, size)).machine;
  } catch (error) {
    // The linker reports a damaged library.
    if (!(error instanceof OslimError)) throw error;
    return undefined;
  }
}
