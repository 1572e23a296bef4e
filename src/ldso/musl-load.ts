import { ET_DYN, ET_EXEC } from '../elf/constants.ts';
import { FormatError } from '../errors.ts';
import type { FileInode } from '../rootfs/inode.ts';
import type { ResolvedPath } from '../rootfs/resolve.ts';
import type { RootPath } from '../rootfs/root-path.ts';
import { Warnings } from '../warnings.ts';
import type { LoadEntry, LoadState } from './glibc-load.ts';
import type { ImageLookup } from './linker-context.ts';
import type { LoadedObject } from './loaded-object.ts';
import type { Loader } from './loader.ts';
import type { How, MissingLibrary } from './resolution.ts';

/** Names that are the loader itself, whatever follows the dot (musl ldso/dynlink.c, load_library, `reserved`). */
const BUILT_IN = /^lib(c|pthread|rt|m|dl|util|xnet)\./;
const NAME_MAX = 255;

/**
 * MuslLoad maps the objects of one process as musl does (ldso/dynlink.c, load_library and load_deps): breadth first,
 * each name matched by the name it was found under or by its inode, never by DT_SONAME.
 */
export class MuslLoad {
  readonly warnings = new Warnings();
  readonly configuration = new Set<RootPath>();
  readonly #lookup: ImageLookup;
  readonly #loader: Loader;
  readonly #isSecure: boolean;
  readonly #entries: LoadEntry[] = [];
  readonly #missing: MissingLibrary[] = [];
  readonly #byName = new Map<string, LoadedObject>();
  readonly #byInode = new Map<FileInode, LoadedObject>();
  readonly #builtIns = new Set<string>();
  readonly #loaderObject: LoadedObject;
  readonly #systemPath: string;
  #error: string | undefined;

  constructor(lookup: ImageLookup, loader: Loader, isSecure: boolean) {
    this.#lookup = lookup;
    this.#loader = loader;
    this.#isSecure = isSecure;
    this.#loaderObject = {
      path: loader.path,
      realPath: loader.realPath,
      inode: loader.inode,
      elf: loader.elf,
      origin: undefined,
      loader: undefined,
      isProgram: false,
      names: new Set(),
    };
    this.#systemPath = this.#readSystemPath();
  }

  get state(): LoadState {
    return {
      entries: this.#entries,
      missing: this.#missing,
      ...(this.#error === undefined ? {} : { error: this.#error }),
    };
  }

  adopt(entries: readonly LoadEntry[]): void {
    for (const { object, resolution } of entries) {
      if (resolution.how === 'loaded') this.#builtIns.add(prefixOf(resolution.soname));
      else this.#register(object, resolution.soname);
    }
  }

  start(program: LoadedObject, preloads: readonly string[]): void {
    const mapped: LoadedObject[] = [];
    // Secure execution drops LD_PRELOAD whole, and a preload that is not found is passed over in silence.
    for (const name of this.#isSecure ? [] : preloads) {
      const object = this.#load(name, undefined, program, 'preload');
      if (object === undefined) {
        this.warnings.add(
          'LIBRARY_MISSING',
          `the loader would ignore the preloaded library "${name}": it cannot be loaded`,
        );
      } else mapped.push(object);
    }
    this.#loadDependencies([program, ...mapped]);
  }

  open(name: string, caller: LoadedObject, how: How): LoadedObject | undefined {
    const object = this.#load(name, caller, caller, how);
    if (object === undefined) this.#noteMissing(name, caller);
    else this.#loadDependencies([object]);
    return object;
  }

  #loadDependencies(roots: readonly LoadedObject[]): void {
    const queue = [...roots];
    const queued = new Set(queue);
    for (let object = queue.shift(); object !== undefined; object = queue.shift()) {
      for (const name of object.elf.needed) {
        const mapped = this.#load(name, object, object);
        if (mapped === undefined) this.#noteMissing(name, object);
        else if (mapped !== this.#loaderObject && !queued.has(mapped)) {
          queued.add(mapped);
          queue.push(mapped);
        }
      }
    }
  }

  #noteMissing(name: string, requester: LoadedObject): void {
    if (this.#missing.some((entry) => entry.soname === name)) return;
    const searched = name.includes('/') ? [name] : [...this.#paths(name, requester)].map(({ path }) => path);
    this.#missing.push({ soname: name, requiredBy: requester.path, searched });
  }

  #load(
    name: string,
    needer: LoadedObject | undefined,
    requester: LoadedObject,
    how?: How,
  ): LoadedObject | undefined {
    if (name === '') return undefined;
    if (BUILT_IN.test(name) || name === this.#loader.path) {
      this.#noteBuiltIn(name, requester);
      return this.#loaderObject;
    }
    const isPath = name.includes('/');
    if (!isPath) {
      const known = this.#byName.get(name);
      if (known !== undefined) return known;
      if (name.length > NAME_MAX) return undefined;
    }
    const tried = isPath ? [{ path: name, how: 'path' as const }] : this.#paths(name, needer);
    for (const candidate of tried) {
      const found = this.#lookup.resolve(candidate.path);
      // The first file that exists is the answer: one that does not fit fails the request, the search is over.
      if (found !== undefined && this.#lookup.mayRead(found.inode))
        return this.#mapFile(name, candidate.path, found, { requester, needer, how: how ?? candidate.how });
    }
    return undefined;
  }

  #mapFile(name: string, path: string, found: ResolvedPath, request: MuslRequest): LoadedObject | undefined {
    if (found.inode.type !== 'file') return this.#refuse(name, request.requester, 'Is a directory');
    const known = this.#byInode.get(found.inode);
    if (known !== undefined) {
      if (!name.includes('/')) this.#byName.set(name, known);
      return known;
    }
    const elf = this.#lookup.elves.find(found.inode);
    const { machine, elf: own } = this.#loader;
    if (
      elf === undefined ||
      elf instanceof FormatError ||
      (elf.type !== ET_DYN && elf.type !== ET_EXEC) ||
      !elf.isDynamic
    ) {
      return this.#refuse(name, request.requester);
    }
    // musl maps another machine's code without looking and dies in it; that is as much a failed load.
    if (elf.machine !== machine || elf.class !== own.class || elf.data !== own.data) {
      return this.#refuse(name, request.requester);
    }
    const object: LoadedObject = {
      path,
      realPath: found.path,
      inode: found.inode,
      elf,
      origin: path.slice(0, path.lastIndexOf('/')),
      loader: request.needer,
      isProgram: false,
      names: new Set([name]),
    };
    this.#register(object, name);
    this.#entries.push({
      object,
      resolution: {
        soname: name,
        path,
        realPath: found.path,
        hops: found.hops,
        how: request.how,
        requiredBy: request.requester.path,
        certainty: 'exact',
      },
    });
    return object;
  }

  #refuse(name: string, requester: LoadedObject, reason = 'Exec format error'): undefined {
    this.#error ??= `Error loading shared library ${name}: ${reason} (needed by ${requester.path})`;
    return undefined;
  }

  #register(object: LoadedObject, name: string): void {
    if (!name.includes('/')) this.#byName.set(name, object);
    this.#byInode.set(object.inode, object);
  }

  #noteBuiltIn(name: string, requester: LoadedObject): void {
    const prefix = prefixOf(name);
    if (this.#builtIns.has(prefix)) return;
    this.#builtIns.add(prefix);
    this.#entries.push({
      object: this.#loaderObject,
      resolution: {
        soname: name,
        path: this.#loader.path,
        realPath: this.#loader.realPath,
        hops: this.#loader.hops,
        how: 'loaded',
        requiredBy: requester.path,
        certainty: 'exact',
      },
    });
  }

  /** LD_LIBRARY_PATH, the rpath of the object and of what needed it on up, then the path file or the defaults. */
  *#paths(
    name: string,
    needer: LoadedObject | undefined,
  ): Generator<{ readonly path: string; readonly how: How }> {
    if (!this.#isSecure)
      yield* within(name, this.#lookup.env.get('LD_LIBRARY_PATH') ?? '', 'ld_library_path');
    for (let object = needer; object !== undefined; object = object.loader) {
      const rpath = this.#rpathOf(object);
      if (rpath !== undefined)
        yield* within(name, rpath, object.elf.runpath === undefined ? 'rpath' : 'runpath');
    }
    yield* within(name, this.#systemPath, 'default');
  }

  /** `fixup_rpath`: DT_RUNPATH takes DT_RPATH's place; a `$` that is not ORIGIN makes the whole list void. */
  #rpathOf(object: LoadedObject): string | undefined {
    const rpath = object.elf.runpath ?? object.elf.rpath;
    if (rpath === undefined || !rpath.includes('$')) return rpath;
    if (/\$(?!ORIGIN|\{ORIGIN\})/.test(rpath)) return undefined;
    if (this.#isSecure && object.isProgram) return undefined;
    if (this.#isSecure && object.origin?.startsWith('/') !== true) return undefined;
    return rpath.replaceAll(/\$(?:ORIGIN|\{ORIGIN\})/g, () => object.origin ?? '.');
  }

  /** The path file lies in etc/ beside the directory of the loader: of /lib/ld-musl-ARCH.so.1, at the root. */
  #readSystemPath(): string {
    const parts = this.#loader.path.startsWith('/') ? this.#loader.path.split('/').slice(0, -2) : [''];
    const file = this.#lookup.resolve(`${parts.join('/')}${this.#loader.configPath}`);
    if (file === undefined) return this.#loader.systemDirs.join(':');
    if (file.inode.type !== 'file') return '';
    this.configuration.add(file.path);
    return new TextDecoder().decode(this.#lookup.rootfs.read(file.inode));
  }
}

interface MuslRequest {
  readonly requester: LoadedObject;
  readonly needer: LoadedObject | undefined;
  readonly how: How;
}

function prefixOf(name: string): string {
  return BUILT_IN.exec(name)?.[1] ?? name;
}

/** `path_open`: elements between colons and newlines, empty ones left out, joined by one slash as they are. */
function* within(
  name: string,
  list: string,
  how: How,
): Generator<{ readonly path: string; readonly how: How }> {
  for (const element of list.split(/[:\n]/)) if (element !== '') yield { path: `${element}/${name}`, how };
}
