import { sliceAccess } from '../../../io/random-access.ts';
import type { FileInode } from '../../../rootfs/inode.ts';
import { baseName, type RootPath } from '../../../rootfs/root-path.ts';
import type { Trace } from '../../trace.ts';
import { keepSpelledPaths, runSpelledCommands } from './code-actions.ts';
import { CodeFacts, type Ownership } from './code-facts.ts';
import type { JavaStart } from './java-start.ts';

/** Archives that Java programs load code from, by their names' ends: JAR, Servlet, EE, NiFi, Jenkins, Karaf. */
const ARCHIVE = /\.(?:jar|war|ear|rar|sar|par|nar|hpi|jpi|kar)$/i;

/** Programs that are read as text when they run: java(1) source-file mode, Groovy, Kotlin and Scala scripts, Clojure, JSP. */
const SOURCE = /\.(?:java|groovy|kts|sc|clj|jspx?)$/;
/** Largest source that is read, in bytes. */
const MAX_SOURCE = 4 << 20;

/** CodeReader reads the Java code that is kept, each file once, and acts on what it says. */
export class CodeReader implements Ownership {
  readonly #pending = new Map<RootPath, FileInode>();
  readonly #seen = new Set<FileInode>();
  /** Beginnings of the names of the application's own classes. */
  readonly #prefixes = new Set<string>();
  readonly #ownArchives = new Set<RootPath>();

  /** Takes note of a kept file; code in it is read by the next `read`. */
  add(path: RootPath, inode: FileInode): void {
    if (this.#seen.has(inode) || !isCode(path, inode)) return;
    this.#pending.set(path, inode);
  }

  /** Takes note of a program that is started: the packages of its main class are its own. */
  addStart({ mainClass, mainArchive }: JavaStart): void {
    const parts = mainClass?.split('.') ?? [];
    // org.example.app.Main: two names are an organisation's; Main alone tells nothing, its archive does.
    if (parts.length > 1) this.#prefixes.add(`${parts.slice(0, Math.min(2, parts.length - 1)).join('/')}/`);
    else if (mainArchive !== undefined) this.#ownArchives.add(mainArchive);
  }

  ownsClass(name: string): boolean {
    for (const prefix of this.#prefixes) if (name.startsWith(prefix)) return true;
    return false;
  }

  /** Reads what is pending, but for what `isSkipped`; returns the facts of each file, acted on. */
  read(
    trace: Trace,
    machine: number | undefined,
    isSkipped: (path: RootPath) => boolean,
  ): readonly ReadCode[] {
    const done: ReadCode[] = [];
    for (const [path, inode] of this.#pending) {
      this.#pending.delete(path);
      if (this.#seen.has(inode) || isSkipped(path)) continue;
      this.#seen.add(inode);
      const facts = new CodeFacts(this, machine);
      if (path.endsWith('.class')) facts.addClass(trace.rootfs.read(inode), true);
      else if (SOURCE.test(path))
        facts.addSource(new TextDecoder().decode(trace.rootfs.read(inode)), baseName(path));
      else
        facts.addArchive(sliceAccess(inode.content, inode.offset, inode.size), this.#ownArchives.has(path));
      if (trace.options.level !== 'minimal') {
        keepSpelledPaths(trace, facts, path);
        runSpelledCommands(trace, facts, path);
      }
      done.push({ path, facts });
    }
    return done;
  }
}

function isCode(path: RootPath, { size }: FileInode): boolean {
  return ARCHIVE.test(path) || path.endsWith('.class') || (SOURCE.test(path) && size <= MAX_SOURCE);
}

export interface ReadCode {
  readonly path: RootPath;
  readonly facts: CodeFacts;
}
