import { parseElf } from '../../../elf/elf-file.ts';
import { OslimError } from '../../../errors.ts';
import { memoryAccess, type RandomAccess } from '../../../io/random-access.ts';
import { LIBRARY_LOADERS, RUNTIME_USES, type RuntimeUse, STARTERS } from '../../knowledge/java.ts';
import { type ClassConstants, parseClass } from './class-constants.ts';
import { parseManifest } from './manifest.ts';
import { readSource } from './source-text.ts';
import { ZipArchive, type ZipEntry } from './zip-archive.ts';

/** Largest class file that is read, in bytes: the format itself allows little more for what counts here. */
const MAX_CLASS = 16 << 20;
/** Largest text of an archive that is read for paths, in bytes. */
const MAX_TEXT = 256 << 10;
/** Largest archive in an archive and largest native library in one, in bytes. */
const MAX_MEMBER = 256 << 20;
/** A web application in an enterprise archive has its libraries in the third. */
const MAX_DEPTH = 4;

const NESTED = /\.(?:jar|war|rar|sar|har)$/;
/** Where an archive of an application keeps the application's own classes (Servlet 10.5; Spring Boot, "Nested JARs"). */
const OWN_CLASSES = /^(?:BOOT-INF|WEB-INF)\/classes\//;
const CONFIGURATION = /\.(?:properties|ya?ml|xml|conf|cfg|ini|toml|json|env)$/;
/** Descriptions of a build, of licences, of what is in the archive. */
const NOT_CONFIGURATION = /^META-INF\/(?:maven|native-image|versions|services)\//;

/** Absolute paths as code spells them, URLs of files and what a driver's URL ends in (`jdbc:sqlite:/data/x.db`). */
const PATH_LITERAL = /^(?:file:(?:\/\/)?|[a-z]+(?::[a-z]+)*:)?(\/[\w.@+~-]+(?:\/[\w.@+~-]+)*)\/?$/;
const PATH_TOKEN = /(?<![\w.~$}\])>/-])\/[\w.@+-]+(?:\/[\w.@+-]+)+/g;

/** What a class that starts programs spells, in the order of its code. */
interface StartingClass {
  readonly name: string;
  readonly strings: readonly string[];
  readonly isOwn: boolean;
  /** Does it call Runtime.exec, which splits a string at white space? */
  readonly isSplit: boolean;
}

/** Which code is the application's own, not that of a library. */
export interface Ownership {
  /** Is the class of this name (with slashes)? */
  ownsClass(name: string): boolean;
}

/** CodeFacts gathers what classes, archives of them and native libraries in those say. */
export class CodeFacts {
  readonly uses = new Set<RuntimeUse>();
  /** Absolute paths that the code spells; most of them name nothing in the image. */
  readonly paths = new Set<string>();
  readonly starting: StartingClass[] = [];
  /** Strings of classes that load native libraries. */
  readonly libraryNames = new Set<string>();
  /** DT_NEEDED of native libraries inside archives. */
  readonly needed = new Set<string>();
  readonly #ownership: Ownership;
  /** e_machine of the runtime; libraries for others are in archives too. */
  readonly #machine: number | undefined;

  constructor(ownership: Ownership, machine: number | undefined) {
    this.#ownership = ownership;
    this.#machine = machine;
  }

  /** Reads a class file of a directory; one that cannot be read says nothing. */
  addClass(bytes: Uint8Array, isOwn: boolean): void {
    const constants = tolerant(() => parseClass(bytes));
    if (constants !== undefined)
      this.#addConstants(constants, isOwn || this.#ownership.ownsClass(constants.name));
  }

  /** Reads an archive and those in it; returns its manifest, undefined when it is no archive. */
  addArchive(access: RandomAccess, isOwn: boolean, depth = 1): ReadonlyMap<string, string> | undefined {
    const archive = tolerant(() => ZipArchive.open(access));
    if (archive === undefined) return undefined;
    for (const entry of archive.entries) this.#addEntry(archive, entry, isOwn, depth);
    return manifestOf(archive);
  }

  #addEntry(archive: ZipArchive, entry: ZipEntry, isOwn: boolean, depth: number): void {
    const { name } = entry;
    if (name.endsWith('.class')) {
      const bytes = tolerant(() => archive.read(entry, MAX_CLASS));
      if (bytes !== undefined) this.addClass(bytes, isOwn || OWN_CLASSES.test(name));
    } else if (NESTED.test(name)) {
      if (depth >= MAX_DEPTH) return;
      const inner = tolerant(() => archive.stored(entry) ?? memoryAccess(archive.read(entry, MAX_MEMBER)));
      if (inner !== undefined) this.addArchive(inner, false, depth + 1);
    } else if (/\.so(?:\.[\d.]+)?$/.test(name)) {
      const bytes = tolerant(() => archive.read(entry, MAX_MEMBER));
      if (bytes !== undefined) this.#addNative(bytes);
    } else if (
      CONFIGURATION.test(name) &&
      !NOT_CONFIGURATION.test(name) &&
      (depth === 1 || OWN_CLASSES.test(name))
    ) {
      const bytes = tolerant(() => archive.read(entry, MAX_TEXT));
      if (bytes !== undefined) this.addText(new TextDecoder().decode(bytes));
    }
  }

  /** Reads the text of a program that a compiler or an interpreter reads when it runs. */
  addSource(text: string, name: string): void {
    const { classes, strings, isStarting } = readSource(text);
    this.#addUses(classes, strings);
    this.#addPaths(strings);
    // Groovy and Clojure hand a text to Runtime.exec, which splits it.
    if (isStarting) this.starting.push({ name, strings, isOwn: true, isSplit: true });
  }

  /** Reads configuration for the absolute paths in it. */
  addText(text: string): void {
    for (const [path] of text.matchAll(PATH_TOKEN)) this.paths.add(path);
  }

  #addConstants({ name, classes, strings, methods, texts }: ClassConstants, isOwn: boolean): void {
    this.#addUses(classes, strings);
    this.#addPaths(texts);
    const calls = [...methods];
    if (calls.some((method) => STARTERS.test(method))) {
      const isSplit = methods.has('java/lang/Runtime.exec');
      this.starting.push({ name, strings, isOwn, isSplit });
    }
    if (calls.some((method) => LIBRARY_LOADERS.test(method))) {
      for (const text of strings) if (/^[\w.+-]{1,64}$/.test(text)) this.libraryNames.add(text);
    }
  }

  #addUses(classes: readonly string[], strings: readonly string[]): void {
    for (const use of RUNTIME_USES) {
      const { classes: pattern, literals } = use;
      if (pattern === undefined || this.uses.has(use) || !classes.some((other) => pattern.test(other)))
        continue;
      if (literals === undefined || strings.some((text) => literals.test(text))) this.uses.add(use);
    }
  }

  #addPaths(texts: readonly string[]): void {
    for (const text of texts) {
      // Most texts are names and descriptors: look at the few that can be paths.
      if (!text.includes('/') || text.length > 1024) continue;
      const path = PATH_LITERAL.exec(text)?.[1];
      if (path !== undefined) this.paths.add(path);
    }
  }

  #addNative(bytes: Uint8Array): void {
    const elf = tolerant(() => parseElf(memoryAccess(bytes)));
    if (elf === undefined || (this.#machine !== undefined && elf.machine !== this.#machine)) return;
    for (const name of elf.needed) this.needed.add(name);
  }
}

/** Returns the main attributes of an archive's manifest; none when it has no manifest. */
export function manifestOf(archive: ZipArchive): ReadonlyMap<string, string> {
  const entry = archive.entries.find(({ name }) => name.toUpperCase() === 'META-INF/MANIFEST.MF');
  const bytes = entry && tolerant(() => archive.read(entry, MAX_CLASS));
  return parseManifest(bytes === undefined ? '' : new TextDecoder().decode(bytes));
}

/** Returns the manifest of the archive in `access`; undefined when it is no archive. */
export function readManifest(access: RandomAccess): ReadonlyMap<string, string> | undefined {
  const archive = tolerant(() => ZipArchive.open(access));
  return archive && manifestOf(archive);
}

/** What is damaged in an image is damaged for its program as well: it says nothing, and the rest is read. */
function tolerant<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof OslimError) return undefined;
    throw error;
  }
}
