import { DF_1_NODEFLIB } from '../elf/constants.ts';
import { lookupCache } from './cache-lookup.ts';
import { expandTokens, isTrustedWhenSecure } from './dynamic-string-tokens.ts';
import { type Cpu, cpusOf } from './hwcaps.ts';
import type { ImageLookup } from './linker-context.ts';
import type { LoadedObject } from './loaded-object.ts';
import type { Loader } from './loader.ts';
import type { How } from './resolution.ts';

/** One file that the loader tries. */
export interface Candidate {
  readonly path: string;
  readonly how: How;
  /** The hwcaps subdirectory that it is in. */
  readonly hwcaps?: string;
}

/** What makes a request other than an ordinary DT_NEEDED. */
export interface SearchMode {
  /** A preloaded library: under secure execution neither the cache nor anything but setuid files counts. */
  readonly preload?: boolean;
  /** An audit library: the program's DT_RUNPATH counts like its DT_RPATH. */
  readonly audit?: boolean;
}

/** GlibcSearch is the search order of glibc's `_dl_map_object` (elf/dl-load.c) for one program on one processor. */
export class GlibcSearch {
  readonly cpu: Cpu;
  readonly #lookup: ImageLookup;
  readonly #loader: Loader;
  readonly #program: LoadedObject;
  readonly #isSecure: boolean;
  /** Has a directory or the cache shown something that another processor might prefer? */
  sawVariants = false;
  readonly #variantNames: readonly string[];
  readonly #subdirectories = new Map<string, readonly string[]>();
  readonly #pathLists = new Map<
    LoadedObject,
    { readonly rpath: readonly string[]; readonly runpath: readonly string[] }
  >();
  readonly #libraryPath: readonly string[];

  constructor(lookup: ImageLookup, loader: Loader, cpu: Cpu, program: LoadedObject, isSecure: boolean) {
    this.#lookup = lookup;
    this.#loader = loader;
    this.cpu = cpu;
    this.#program = program;
    this.#isSecure = isSecure;
    const others = cpusOf(loader).flatMap(({ legacy }) => legacy);
    this.#variantNames = [...new Set(['glibc-hwcaps', ...others])];
    const libraryPath = isSecure ? '' : (lookup.env.get('LD_LIBRARY_PATH') ?? '');
    this.#libraryPath = libraryPath === '' ? [] : this.#directories(libraryPath, /[:;]/, program);
  }

  /** Yields the files that are tried for `name` on behalf of `requester`, in order; a stale cache is tried like a true one. */
  *candidates(name: string, requester: LoadedObject, mode: SearchMode = {}): Generator<Candidate> {
    if (name.includes('/')) {
      const path = this.expand(name, requester);
      if (path !== undefined) yield { path, how: 'path' };
      return;
    }
    if (requester.elf.runpath === undefined) yield* this.#rpathCandidates(name, requester, mode);
    yield* this.#inDirectories(name, this.#libraryPath, 'ld_library_path');
    yield* this.#inDirectories(name, this.#listsOf(requester).runpath, 'runpath');
    const hasDefaults = (requester.elf.flags1 & DF_1_NODEFLIB) === 0;
    if (!(this.#isSecure && mode.preload === true)) yield* this.#cached(name, hasDefaults);
    if (hasDefaults) yield* this.#inDirectories(name, this.#loader.systemDirs, 'default');
  }

  /** Replaces the tokens of a name with a slash; undefined where one has no value. */
  expand(text: string, object: LoadedObject): string | undefined {
    const expanded = expandTokens(text, {
      origin: object.origin,
      lib: this.#loader.lib,
      platform: this.cpu.platform,
    });
    if (expanded === undefined) return undefined;
    const isTrusted =
      !this.#isSecure || isTrustedWhenSecure(text, expanded, object.isProgram, this.#loader.systemDirs);
    return isTrusted ? expanded : undefined;
  }

  /** DT_RPATH of the requester, of what loaded it, and so on up, then the program's; never where DT_RUNPATH is beside it. */
  *#rpathCandidates(name: string, requester: LoadedObject, mode: SearchMode): Generator<Candidate> {
    let sawProgram = false;
    for (let object: LoadedObject | undefined = requester; object !== undefined; object = object.loader) {
      yield* this.#inDirectories(name, this.#listsOf(object).rpath, 'rpath');
      sawProgram ||= object === this.#program;
    }
    if (!sawProgram) yield* this.#inDirectories(name, this.#listsOf(this.#program).rpath, 'rpath');
    if (mode.audit === true)
      yield* this.#inDirectories(name, this.#listsOf(this.#program).runpath, 'runpath');
  }

  *#cached(name: string, hasDefaults: boolean): Generator<Candidate> {
    const cache = this.#lookup.cache(this.#loader);
    if (cache === undefined) return;
    const hit = lookupCache(cache, name, {
      defaultFlags: this.#loader.cacheFlags.default,
      acceptedFlags: this.#loader.cacheFlags.accepted,
      hwcapBits: this.cpu.hwcapBits,
      hwcaps: this.cpu.hwcaps,
      prefersDefaultFlags: (this.#loader.version?.[1] ?? 0) < 33,
    });
    this.sawVariants ||= cache.variants.has(name);
    if (hit === undefined) return;
    if (!hasDefaults && this.#loader.systemDirs.some((dir) => hit.path.startsWith(dir))) return;
    yield hit.hwcaps === undefined
      ? { path: hit.path, how: 'cache' }
      : { path: hit.path, how: 'hwcaps', hwcaps: hit.hwcaps };
  }

  *#inDirectories(name: string, directories: readonly string[], how: How): Generator<Candidate> {
    for (const directory of directories) {
      for (const subdirectory of this.#subdirectoriesOf(directory)) {
        yield { path: directory + subdirectory + name, how: 'hwcaps', hwcaps: hwcapsName(subdirectory) };
      }
      yield { path: directory + name, how };
    }
  }

  #listsOf(object: LoadedObject) {
    const known = this.#pathLists.get(object);
    if (known !== undefined) return known;
    const { rpath, runpath } = object.elf;
    // DT_RUNPATH makes the loader forget DT_RPATH beside it (elf/get-dynamic-info.h).
    const lists = {
      rpath:
        rpath === undefined || rpath === '' || runpath !== undefined
          ? []
          : this.#directories(rpath, ':', object),
      runpath: runpath === undefined || runpath === '' ? [] : this.#directories(runpath, ':', object),
    };
    this.#pathLists.set(object, lists);
    return lists;
  }

  /** `fillin_rpath`: an empty element is the working directory, trailing slashes become one, a directory counts once. */
  #directories(list: string, separator: string | RegExp, object: LoadedObject): readonly string[] {
    const directories = new Set<string>();
    for (const element of list.split(separator)) {
      if (element === '') {
        directories.add('');
        continue;
      }
      const expanded = this.expand(element, object);
      if (expanded !== undefined) directories.add(`${expanded.replace(/\/+$/, '')}/`);
    }
    return [...directories];
  }

  /**
   * Returns the subdirectories of a library directory that this processor prefers and that exist, best first:
   * glibc-hwcaps, then every combination of the legacy names, in the order of `_dl_important_hwcaps` (elf/dl-hwcaps.c).
   */
  #subdirectoriesOf(directory: string): readonly string[] {
    const known = this.#subdirectories.get(directory);
    if (known !== undefined) return known;
    this.sawVariants ||= this.#variantNames.some((name) => this.#lookup.isDirectory(directory + name));
    const found = this.cpu.hwcaps
      .map((name) => `glibc-hwcaps/${name}/`)
      .filter((name) => this.#lookup.isDirectory(directory + name));
    const combine = (prefix: string, names: readonly string[]): void => {
      const [first, ...rest] = names;
      if (first === undefined) {
        if (prefix !== '') found.push(prefix);
        return;
      }
      // A combination exists only below its own beginning, so most of the power set is never looked at.
      if (this.#lookup.isDirectory(`${directory}${prefix}${first}`)) combine(`${prefix}${first}/`, rest);
      combine(prefix, rest);
    };
    combine('', this.cpu.legacy);
    this.#subdirectories.set(directory, found);
    return found;
  }
}

function hwcapsName(subdirectory: string): string {
  return subdirectory.replace(/^glibc-hwcaps\//, '').replace(/\/$/, '');
}
