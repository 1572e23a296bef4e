import type { ElfFile } from '../../elf/elf-file.ts';
import { OslimError } from '../../errors.ts';
import type { Linker } from '../../ldso/linker.ts';
import type { MissingLibrary, ProgramResolution } from '../../ldso/resolution.ts';
import { baseName, type RootPath } from '../../rootfs/root-path.ts';
import type { Rootfs } from '../../rootfs/rootfs.ts';
import { isRoot } from '../is-root.ts';
import type { KeepGraph } from '../keep-graph.ts';
import { danglingLinkAt } from './dangling.ts';
import type { Finding } from './finding.ts';
import { checkElfInterpreter, type ProcessContext } from './process-check.ts';

/** Files that one finding names. */
const SHOWN = 3;

export interface ClosureOptions {
  /** Also say which symbols nothing defines. */
  readonly symbols: boolean;
  /** Libraries that may be missing. */
  readonly allowMissing: readonly string[];
}

/** What came of checking every ELF file that the process may start or load. */
export interface ClosureCheck {
  readonly findings: readonly Finding[];
  /** The same of files that are there and perhaps never used: plugins, what is only inferred. */
  readonly notes: readonly Finding[];
  readonly programs: number;
  readonly libraries: number;
}

/** A subject is one ELF file of the closure; damage to one that `isCertain` keeps something from working. */
interface Subject {
  readonly path: RootPath;
  /** Why it cannot be read, of a damaged one. */
  readonly elf: ElfFile | OslimError;
  readonly isCertain: boolean;
}

/**
 * Resolves again what every program and library in the graph needs, and returns what the loader would refuse. Certain is
 * what the process starts, or what it loads for a reason that is exact: a library missing in a plugin that nothing is
 * known to open is a note.
 */
export function checkClosures(
  context: Pick<ProcessContext, 'rootfs' | 'process' | 'user' | 'linker'>,
  graph: KeepGraph,
  options: ClosureOptions,
): ClosureCheck {
  const { rootfs, linker } = context;
  const certain = new Collector(rootfs);
  const uncertain = new Collector(rootfs);
  const loaded = new Set([...graph.paths()].map((path) => baseName(path)));
  let programs = 0;
  let libraries = 0;
  for (const subject of subjectsOf(rootfs, graph, linker)) {
    const collector = subject.isCertain ? certain : uncertain;
    if (subject.elf instanceof OslimError) {
      collector.addBroken(subject.path, subject.elf);
      continue;
    }
    const resolution = linker.resolveProgram(subject.path);
    if (resolution.kind === 'library') libraries++;
    else programs++;
    collector.addAll(
      resolution.kind === 'library' ? [] : checkElfInterpreter(context, subject.elf, subject.path),
    );
    // Without its loader nothing is searched for.
    if (resolution.interp !== undefined && resolution.interpreter === undefined) continue;
    collect(collector, resolution, loaded, options, linker);
  }
  const findings = certain.list();
  const known = new Set(findings.map(({ message }) => message));
  return {
    findings,
    notes: uncertain.list().filter(({ message }) => !known.has(message)),
    programs,
    libraries,
  };
}

function* subjectsOf(rootfs: Rootfs, graph: KeepGraph, linker: Linker): Generator<Subject> {
  for (const path of graph.paths()) {
    const inode = rootfs.lookup(path);
    if (inode?.type !== 'file') continue;
    const elf = linker.lookup.elves.find(inode);
    if (elf === undefined) continue;
    const isBroken = elf instanceof OslimError;
    const isProgram = (isBroken || elf.interp !== undefined) && (inode.mode & 0o111) !== 0;
    if (!isProgram && (isBroken || elf.needed.length === 0)) continue;
    yield { path, elf, isCertain: isProgram ? isStarted(graph, path) : isLoaded(graph, path) };
  }
}

/** Detectors that keep what lies beside or belongs to something, and not what something starts or loads. */
const COLLECTORS: ReadonlySet<string> = new Set([
  'copied',
  'unowned',
  'package',
  'widen',
  'siblings',
  'literal',
  'config',
  'user',
  'library-data',
  'runtime-tree',
]);

function isStarted(graph: KeepGraph, path: RootPath): boolean {
  return isRoot(graph, path) || isLoaded(graph, path);
}

function isLoaded(graph: KeepGraph, path: RootPath): boolean {
  return graph.reasons(path).some(({ detector, from, certainty }) => {
    return certainty === 'exact' && from !== undefined && !COLLECTORS.has(detector);
  });
}

function collect(
  collector: Collector,
  resolution: ProgramResolution,
  loaded: ReadonlySet<string>,
  { symbols, allowMissing }: ClosureOptions,
  linker: Linker,
): void {
  const { path, kind } = resolution;
  for (const missing of resolution.missing) {
    if (allowMissing.includes(missing.soname)) continue;
    // A program that loaded it by its path has it when this library asks for its soname.
    if (kind === 'library' && loaded.has(missing.soname)) continue;
    collector.addMissing(missing, path);
  }
  if (resolution.error !== undefined) collector.addError(path, resolution.error);
  for (const { version, path: library, requiredBy } of resolution.missingVersions)
    collector.addVersion(version, library, requiredBy);
  if (!symbols || kind === 'library' || resolution.missing.length > 0) return;
  for (const { symbol, version, requiredBy } of linker.undefinedSymbols(resolution))
    collector.addSymbol(version === undefined ? symbol : `${symbol}@${version}`, requiredBy);
}

/** Collector makes one finding of what many files complain of. */
class Collector {
  readonly #rootfs: Rootfs;
  readonly #findings = new Map<string, Finding>();
  readonly #missing = new Map<string, { readonly first: MissingLibrary; readonly users: Set<string> }>();

  constructor(rootfs: Rootfs) {
    this.#rootfs = rootfs;
  }

  addAll(findings: Iterable<Finding>): void {
    for (const finding of findings) this.#add(finding);
  }

  addMissing(missing: MissingLibrary, program: string): void {
    const known = this.#missing.get(missing.soname) ?? { first: missing, users: new Set() };
    known.users.add(program);
    this.#missing.set(missing.soname, known);
  }

  addBroken(path: string, error: OslimError): void {
    this.#add({
      code: 'DAMAGED',
      message: `${path} is a damaged ELF file: ${error.message}`,
      path,
      advice: 'put the whole file into the image',
    });
  }

  addError(program: string, error: string): void {
    this.#add({
      code: 'LOAD_ERROR',
      message: `the loader refuses ${program}: ${error}`,
      path: program,
      advice: 'put the whole library of the right architecture there',
    });
  }

  addVersion(version: string, library: string, requiredBy: string): void {
    this.#add({
      code: 'SYMBOL_VERSION',
      message: `${library} does not define the version ${version} that ${requiredBy} needs`,
      path: library,
      advice: 'bring the library that the program was linked with, or one that is newer',
    });
  }

  addSymbol(symbol: string, requiredBy: string): void {
    this.#add({
      code: 'UNDEFINED_SYMBOL',
      message: `nothing defines the symbol ${symbol} that ${requiredBy} uses`,
      path: requiredBy,
      advice: 'bring the library versions that it was linked with',
    });
  }

  list(): readonly Finding[] {
    return [
      ...this.#findings.values(),
      ...[...this.#missing.values()].map((entry) => this.#missingFinding(entry)),
    ];
  }

  #add(finding: Finding): void {
    this.#findings.set(finding.message, finding);
  }

  #missingFinding({
    first,
    users,
  }: {
    readonly first: MissingLibrary;
    readonly users: ReadonlySet<string>;
  }): Finding {
    const { soname, requiredBy, searched } = first;
    const [program = requiredBy, ...others] = users;
    const also = others.slice(0, SHOWN - 1).join(', ');
    const more = others.length >= SHOWN ? ` and ${others.length - SHOWN + 1} more` : '';
    const needed = `needed by ${requiredBy}${program === requiredBy ? '' : ` of ${program}`}`;
    const rest = also === '' ? '' : `; so it is for ${also}${more}`;
    for (const place of searched) {
      const dangling = danglingLinkAt(this.#rootfs, place);
      if (dangling === undefined) continue;
      return {
        code: 'DANGLING_LINK',
        message: `the link ${dangling.path}, by which ${soname} is found, ${needed}, leads to ${dangling.target}, which is not there${rest}`,
        path: dangling.path,
        advice: `put ${dangling.target} into the image`,
      };
    }
    const places = searched.length === 0 ? '' : ` (looked for at ${searched.slice(0, SHOWN).join(', ')})`;
    return {
      code: 'LIBRARY_MISSING',
      message: `${soname}, ${needed}, is not in the image${places}${rest}`,
      path: program,
      advice: `install the package that has ${soname}, or keep it with --include`,
    };
  }
}
