import type { ElfDependency } from '../elf/elf-file.ts';
import type { FileInode } from '../rootfs/inode.ts';
import type { RootPath } from '../rootfs/root-path.ts';
import { Warnings } from '../warnings.ts';
import { hasTokens } from './dynamic-string-tokens.ts';
import type { Candidate, GlibcSearch, SearchMode } from './glibc-search.ts';
import type { ImageLookup } from './linker-context.ts';
import { type LoadedObject, originOf } from './loaded-object.ts';
import type { Loader } from './loader.ts';
import { refuseToMap, verifyForGlibc } from './open-verify.ts';
import type { How, LibraryResolution, MissingLibrary } from './resolution.ts';

/** A mapped object and how it came. */
export interface LoadEntry {
  readonly object: LoadedObject;
  readonly resolution: LibraryResolution;
}

/** Where a load stands: GlibcLoad adds to it, a later dlopen starts from a copy. */
export interface LoadState {
  readonly entries: readonly LoadEntry[];
  readonly missing: readonly MissingLibrary[];
  readonly error?: string;
}

/**
 * GlibcLoad maps the objects of one process in one namespace as glibc does: breadth first (elf/dl-deps.c,
 * `_dl_map_object_deps`), each name matched first against what is mapped already (elf/dl-load.c, `_dl_map_object`).
 */
export class GlibcLoad {
  readonly warnings = new Warnings();
  /** Files other than objects that were read and decided something. */
  readonly configuration = new Set<RootPath>();
  readonly #lookup: ImageLookup;
  readonly #loader: Loader;
  readonly #search: GlibcSearch;
  readonly #program: LoadedObject;
  readonly #isSecure: boolean;
  readonly #entries: LoadEntry[] = [];
  readonly #missing: MissingLibrary[] = [];
  readonly #missingNames = new Set<string>();
  readonly #byName = new Map<string, LoadedObject>();
  readonly #byInode = new Map<FileInode, LoadedObject>();
  #loaderObject: LoadedObject | undefined;
  #error: string | undefined;

  constructor(
    lookup: ImageLookup,
    loader: Loader,
    search: GlibcSearch,
    program: LoadedObject,
    isSecure: boolean,
  ) {
    this.#lookup = lookup;
    this.#loader = loader;
    this.#search = search;
    this.#program = program;
    this.#isSecure = isSecure;
    // The program answers to its DT_SONAME alone: the loader knows neither its path nor its inode (elf/rtld.c, dl_main).
    if (program.elf.soname !== undefined) this.#byName.set(program.elf.soname, program);
    this.#registerLoader();
  }

  get state(): LoadState {
    return {
      entries: this.#entries,
      missing: this.#missing,
      ...(this.#error === undefined ? {} : { error: this.#error }),
    };
  }

  /** Starts from what another load mapped: a dlopen in a running process. */
  adopt(entries: readonly LoadEntry[]): void {
    for (const { object } of entries) if (object !== this.#loaderObject) this.#register(object);
  }

  /** Loads the program's preloads and then all that it needs. */
  start(
    preloads: readonly string[],
    preloadFile: { readonly path: RootPath; readonly names: readonly string[] } | undefined,
  ): void {
    const first: LoadedObject[] = [];
    for (const name of preloads) {
      // Secure execution ignores names with a slash (elf/rtld.c, dso_name_valid_for_suid).
      if (this.#isSecure && name.includes('/')) continue;
      this.#preload(name, first);
    }
    for (const name of preloadFile?.names ?? []) this.#preload(name, first);
    if (preloadFile !== undefined && preloadFile.names.length > 0) this.configuration.add(preloadFile.path);
    this.#mapDependencies([this.#program, ...first]);
  }

  /** Loads `name` as dlopen called from `caller` does, with all that it needs. */
  open(name: string, caller: LoadedObject, how: How, mode: SearchMode = {}): LoadedObject | undefined {
    // A dlopened object has no l_loader: RPATH of its callers is not inherited (elf/dl-load.c, __RTLD_CALLMAP).
    const object = this.#map(name, caller, { mode, how, isRoot: true });
    if (object !== undefined) this.#mapDependencies([object]);
    return object;
  }

  #preload(name: string, mapped: LoadedObject[]): void {
    const before = this.#entries.length;
    const object = this.#map(name, this.#program, {
      mode: { preload: true },
      how: 'preload',
      isOptional: true,
    });
    if (object === undefined) {
      this.warnings.add(
        'LIBRARY_MISSING',
        `the loader would ignore the preloaded library "${name}": it cannot be loaded`,
      );
    } else if (this.#entries.length > before) {
      mapped.push(object);
    }
  }

  #mapDependencies(roots: readonly LoadedObject[]): void {
    const queue = [...roots];
    const queued = new Set(queue);
    for (
      let object = queue.shift();
      object !== undefined && this.#error === undefined;
      object = queue.shift()
    ) {
      const filters: LoadedObject[] = [];
      for (const dependency of object.elf.dependencies) {
        if (this.#error !== undefined) return;
        const mapped = this.#mapDependency(dependency, object);
        if (mapped === undefined || queued.has(mapped)) continue;
        queued.add(mapped);
        if (dependency.tag === 'needed') queue.push(mapped);
        else filters.push(mapped);
      }
      // Auxiliary objects and filtees go before the object itself in the search list, so their needs come next.
      queue.unshift(...filters);
    }
  }

  #mapDependency({ tag, name }: ElfDependency, requester: LoadedObject): LoadedObject | undefined {
    if (this.#isSecure && hasTokens(name)) {
      if (tag !== 'auxiliary') this.#error ??= `${name}: DST not allowed in SUID/SGID programs`;
      return undefined;
    }
    const expanded = this.#search.expand(name, requester);
    // A name whose tokens have no value is passed over (elf/dl-deps.c, expand_dst).
    if (expanded === undefined) return undefined;
    if (tag === 'needed') return this.#map(expanded, requester, {});
    return this.#map(expanded, requester, {
      how: 'filter',
      isOptional: tag === 'auxiliary',
      before: requester,
    });
  }

  #map(name: string, requester: LoadedObject, request: MapRequest): LoadedObject | undefined {
    const mapped = this.#byName.get(name);
    if (mapped !== undefined) {
      this.#noteLoader(mapped, requester);
      return mapped;
    }
    const searched: string[] = [];
    for (const candidate of this.#search.candidates(name, requester, request.mode)) {
      if (candidate.hwcaps === undefined) searched.push(candidate.path);
      const found = this.#lookup.resolve(candidate.path);
      if (found === undefined || !this.#lookup.mayRead(found.inode)) continue;
      const verdict = verifyForGlibc(found, this.#loader, this.#lookup.elves);
      if (verdict.kind === 'skipped') continue;
      if (verdict.kind === 'fatal') return this.#refuse(candidate.path, verdict.reason, request);
      if (this.#isSecure && request.mode?.preload === true && (verdict.inode.mode & 0o4000) === 0) continue;
      const same = this.#byInode.get(verdict.inode);
      if (same !== undefined) {
        this.#byName.set(name, same);
        this.#noteLoader(same, requester);
        return same;
      }
      const refusal = refuseToMap(verdict.elf);
      if (refusal !== undefined) return this.#refuse(name, refusal, request);
      return this.#add(name, candidate, { ...found, ...verdict }, requester, request);
    }
    if (request.isOptional !== true && !this.#missingNames.has(name)) {
      this.#missingNames.add(name);
      this.#missing.push({ soname: name, requiredBy: requester.path, searched });
    }
    return undefined;
  }

  #refuse(subject: string, reason: string, request: MapRequest): undefined {
    if (request.isOptional !== true) this.#error ??= `${subject}: ${reason}`;
    return undefined;
  }

  #add(
    name: string,
    candidate: Candidate,
    file: MappedFile,
    requester: LoadedObject,
    request: MapRequest,
  ): LoadedObject {
    const object: LoadedObject = {
      path: candidate.path,
      realPath: file.path,
      inode: file.inode,
      elf: file.elf,
      origin: originOf(candidate.path, this.#lookup.cwd),
      loader: request.isRoot === true ? undefined : requester,
      isProgram: false,
      names: new Set([name]),
    };
    if (candidate.how === 'cache' || (candidate.how === 'hwcaps' && request.how === undefined))
      this.#noteCache(candidate);
    this.#register(object);
    const entry: LoadEntry = {
      object,
      resolution: {
        soname: name,
        path: candidate.path,
        realPath: file.path,
        hops: file.hops,
        how: request.how ?? candidate.how,
        requiredBy: requester.path,
        certainty: 'exact',
        ...(candidate.hwcaps === undefined ? {} : { hwcaps: candidate.hwcaps }),
      },
    };
    const before = this.#entries.findIndex((known) => known.object === request.before);
    this.#entries.splice(before < 0 ? this.#entries.length : before, 0, entry);
    return object;
  }

  #noteCache(candidate: Candidate): void {
    const cache = this.#lookup.rootfs.file(this.#loader.configPath);
    if (cache !== undefined && candidate.how === 'cache') this.configuration.add(cache.path);
  }

  #register(object: LoadedObject): void {
    const names = [
      ...object.names,
      object.path,
      ...(object.elf.soname === undefined ? [] : [object.elf.soname]),
    ];
    for (const name of names) if (!this.#byName.has(name)) this.#byName.set(name, object);
    if (!this.#byInode.has(object.inode)) this.#byInode.set(object.inode, object);
  }

  /**
   * The loader is mapped before anything else; it is listed only once something asks for it. A static program has none:
   * the libc that its NSS modules need searches for the loader as for any library.
   */
  #registerLoader(): void {
    if (this.#program.elf.interp === undefined && this.#program.elf.needed.length === 0) return;
    const { path, realPath, inode, elf } = this.#loader;
    const object: LoadedObject = {
      path,
      realPath,
      inode,
      elf,
      origin: undefined,
      loader: undefined,
      isProgram: false,
      names: new Set([path]),
    };
    this.#loaderObject = object;
    this.#register(object);
  }

  #noteLoader(mapped: LoadedObject, requester: LoadedObject): void {
    if (mapped !== this.#loaderObject || this.#entries.some((entry) => entry.object === mapped)) return;
    this.#entries.push({
      object: mapped,
      resolution: {
        soname: this.#loader.path,
        path: this.#loader.path,
        realPath: this.#loader.realPath,
        hops: this.#loader.hops,
        how: 'loaded',
        requiredBy: requester.path,
        certainty: 'exact',
      },
    });
  }
}

interface MapRequest {
  readonly mode?: SearchMode;
  /** How the result says it was found, whatever step found it. */
  readonly how?: How;
  /** Its failure is no error. */
  readonly isOptional?: boolean;
  /** It is listed before this object. */
  readonly before?: LoadedObject;
  /** It has no l_loader. */
  readonly isRoot?: boolean;
}

interface MappedFile {
  readonly path: RootPath;
  readonly hops: readonly RootPath[];
  readonly inode: FileInode;
  readonly elf: LoadedObject['elf'];
}
