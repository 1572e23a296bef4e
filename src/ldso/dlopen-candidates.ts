import type { ElfFile } from '../elf/elf-file.ts';
import { dlopenNotesOf } from '../elf/notes.ts';
import { stringsOf } from '../elf/strings.ts';
import { importsOf } from '../elf/symbols.ts';
import { parentPath, type RootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import {
  DIRECTORY_FAMILIES,
  FIXED_FAMILIES,
  GCONV,
  OFFERED_IMPORTS,
  SIBLING_FAMILIES,
} from './dlopen-families.ts';
import { convertersOf } from './gconv-encodings.ts';
import type { Loader } from './loader.ts';
import { NSS_FUNCTIONS, nssServices } from './nss.ts';
import type { Certainty } from './resolution.ts';
import { literalsOf, spelledCandidates, tolerant } from './spelled-libraries.ts';

/** DlopenCandidate is a name that an object of a process may open with dlopen. */
export interface DlopenCandidate {
  /** A library name, or a path. */
  readonly name: string;
  /** Path of the object that opens it. */
  readonly caller: string;
  /** `note`: the file says so itself; a family of `dlopen-families.ts`, or `nss`; `literal`: its read-only data spell it. */
  readonly because: string;
  readonly certainty: Certainty;
  /** Of a note. */
  readonly priority?: 'required' | 'recommended' | 'suggested';
}

/** An object of a process, with the path it was opened by. */
export interface ProcessObject {
  readonly path: string;
  readonly realPath: RootPath;
  readonly elf: ElfFile;
}

/** What of the image decides on candidates. */
export interface DlopenContext {
  readonly rootfs: Rootfs;
  readonly loader: Loader | undefined;
}

/**
 * Returns what the objects of a process may open beyond their DT_NEEDED, without judging whether it is there: names of
 * dlopen notes, the families that their imports call for, and library names in their read-only data.
 */
export function dlopenCandidates(
  objects: readonly ProcessObject[],
  context: DlopenContext,
): readonly DlopenCandidate[] {
  const candidates = new Map<string, DlopenCandidate>();
  const add = (candidate: DlopenCandidate) => {
    const key = `${candidate.caller}\0${candidate.name}`;
    if (!candidates.has(key)) candidates.set(key, candidate);
  };
  for (const object of objects) for (const candidate of noteCandidates(object)) add(candidate);
  const imports = new ProcessImports(objects);
  for (const candidate of familyCandidates(objects, imports, context)) add(candidate);
  const directories = directoriesOf(objects);
  for (const object of objects)
    for (const candidate of spelledCandidates(object, context.rootfs, directories)) add(candidate);
  return [...candidates.values()];
}

/**
 * Returns what the first of the objects may open by its own notes and read-only data: for a plugin, whose functions
 * run in a process that has been asked already for what their imports call for.
 */
export function pluginCandidates(
  objects: readonly ProcessObject[],
  { rootfs }: DlopenContext,
): readonly DlopenCandidate[] {
  const [plugin] = objects;
  if (plugin === undefined) return [];
  return [...noteCandidates(plugin), ...spelledCandidates(plugin, rootfs, directoriesOf(objects))];
}

function directoriesOf(objects: readonly ProcessObject[]): ReadonlySet<string> {
  return new Set(objects.map(({ realPath }) => parentPath(realPath)));
}

/** Which objects of a process import a symbol. A static program imports nothing: its strings stand in for it. */
class ProcessImports {
  readonly #importers = new Map<string, ProcessObject>();

  constructor(objects: readonly ProcessObject[]) {
    for (const object of objects) {
      const names = object.elf.isDynamic ? importNames(object.elf) : staticFunctions(object.elf);
      const base = object.realPath.slice(object.realPath.lastIndexOf('/') + 1);
      const offered = OFFERED_IMPORTS.filter((row) => row.object.test(base));
      for (const name of names) {
        if (this.#importers.has(name) || offered.some((row) => row.imports.has(name))) continue;
        this.#importers.set(name, object);
      }
    }
  }

  get names(): ReadonlySet<string> {
    return new Set(this.#importers.keys());
  }

  importerOf(names: Iterable<string>): ProcessObject | undefined {
    for (const name of names) {
      const importer = this.#importers.get(name);
      if (importer !== undefined) return importer;
    }
    return undefined;
  }
}

function importNames(elf: ElfFile): readonly string[] {
  return tolerant(() => importsOf(elf).map(({ name }) => name)) ?? [];
}

/**
 * A static glibc program that looks names up holds the path of nsswitch.conf; which database it asks is not to be
 * seen, so the two that programs ask stand for all. One that converts holds the name of gconv's cache.
 */
function staticFunctions(elf: ElfFile): readonly string[] {
  const names: string[] = [];
  for (const text of literalsOf(elf)) {
    if (text === '/etc/nsswitch.conf') names.push('getaddrinfo', 'getpwnam', 'getgrnam');
    if (text.endsWith('/gconv-modules.cache')) names.push('iconv_open');
  }
  return names;
}

function noteCandidates({ elf, path }: ProcessObject): readonly DlopenCandidate[] {
  const notes = tolerant(() => dlopenNotesOf(elf)) ?? [];
  return notes.flatMap(({ soname, priority }) =>
    soname.map(
      (name): DlopenCandidate => ({ name, caller: path, because: 'note', certainty: 'exact', priority }),
    ),
  );
}

function* familyCandidates(
  objects: readonly ProcessObject[],
  imports: ProcessImports,
  context: DlopenContext,
): Generator<DlopenCandidate> {
  const dialect = context.loader?.dialect ?? 'glibc';
  const libc = objects.find(({ elf }) => elf.soname === 'libc.so.6');
  if (dialect === 'glibc') yield* nssCandidates(imports, context, libc);
  for (const { family, imports: triggers, names, certainty, dialect: only } of FIXED_FAMILIES) {
    const importer = imports.importerOf(triggers);
    if (importer === undefined || (only !== undefined && only !== dialect)) continue;
    // libc itself opens what its functions need, so its own search path counts and not the importer's.
    const caller = only === 'glibc' ? (libc ?? importer) : importer;
    for (const name of names) yield { name, caller: caller.path, because: family, certainty };
  }
  for (const { library, imports: triggers, directory, files, family, certainty } of DIRECTORY_FAMILIES) {
    const opener = objects.find(({ elf }) => elf.soname !== undefined && library.test(elf.soname));
    if (opener === undefined || imports.importerOf(triggers) === undefined) continue;
    const directories = [...literalsOf(opener.elf)].filter((text) => directory.test(text));
    for (const name of modulesIn(context.rootfs, directories, files)) {
      yield { name, caller: opener.path, because: family, certainty };
    }
  }
  if (libc !== undefined && imports.importerOf(GCONV.imports) !== undefined)
    yield* encodingCandidates(objects, context, libc);
  for (const { library, names, family, certainty } of SIBLING_FAMILIES) {
    const opener = objects.find(({ elf }) => elf.soname !== undefined && library.test(elf.soname));
    if (opener === undefined) continue;
    for (const name of names) {
      yield {
        name: `${parentPath(opener.realPath)}/${name}`,
        caller: opener.path,
        because: family,
        certainty,
      };
    }
  }
}

/** Encodings that an importer of iconv_open spells: a library for bar codes knows BIG5 and SHIFT_JIS by name. */
function* encodingCandidates(
  objects: readonly ProcessObject[],
  { rootfs }: DlopenContext,
  libc: ProcessObject,
): Generator<DlopenCandidate> {
  const directories = [...literalsOf(libc.elf)].filter((text) => GCONV.directory.test(text));
  for (const { elf } of objects) {
    for (const directory of new Set(directories)) {
      for (const name of convertersOf(rootfs, directory, spelledEncodings(elf)))
        yield { name, caller: libc.path, because: GCONV.family, certainty: GCONV.certainty };
    }
  }
}

/** Services are `libnss_SERVICE.so.2`; since glibc 2.34 `files` and `dns` are inside of libc (NEWS of 2.34). */
function* nssCandidates(
  imports: ProcessImports,
  { rootfs, loader }: DlopenContext,
  libc: ProcessObject | undefined,
): Generator<DlopenCandidate> {
  const importer = imports.importerOf(NSS_FUNCTIONS);
  if (importer === undefined) return;
  const isBuiltIn = (loader?.version?.[1] ?? 0) >= 34;
  for (const service of nssServices(rootfs, imports.names)) {
    if (isBuiltIn && (service === 'files' || service === 'dns')) continue;
    yield {
      name: `libnss_${service}.so.2`,
      caller: (libc ?? importer).path,
      because: 'nss',
      certainty: 'exact',
    };
  }
}

function* modulesIn(
  rootfs: Rootfs,
  directories: readonly string[],
  files: RegExp | undefined,
): Generator<string> {
  for (const directory of new Set(directories.map((path) => path.replace(/\/$/, '')))) {
    for (const name of rootfs.list(directory)) {
      if (files === undefined ? name.endsWith('.so') : files.test(name)) yield `${directory}/${name}`;
    }
  }
}

/** Bytes of a file whose every string is looked at; programs of such sizes have converters of their own. */
const SPELLED_LIMIT = 16 << 20;
const encodings = new WeakMap<ElfFile, readonly string[]>();

/** What may be the name of an encoding in a file that converts; read once for each file. */
function spelledEncodings(elf: ElfFile): readonly string[] {
  const known = encodings.get(elf);
  if (known !== undefined) return known;
  const converts = elf.reader.access.size <= SPELLED_LIMIT && importNames(elf).includes('iconv_open');
  const texts = converts ? tolerant(() => [...stringsOf(elf)].map(({ text }) => text)) : [];
  // gnulib (striconveha.c) has these for callers who ask for autodetect_jp; libunistring and libidn2 bring it along.
  const isGnulibs = texts?.includes('autodetect_jp') === true;
  const found = (isGnulibs ? [] : (texts ?? [])).filter((text) => /^[\w.:+-]{3,24}(?:\/\/|$)/.test(text));
  encodings.set(elf, found);
  return found;
}
