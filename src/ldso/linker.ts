import { DF_1_PIE, ET_EXEC } from '../elf/constants.ts';
import type { ElfFile } from '../elf/elf-file.ts';
import { type Packer, packedBy } from '../elf/packed.ts';
import { ImageError } from '../errors.ts';
import type { FileInode } from '../rootfs/inode.ts';
import type { ResolvedPath } from '../rootfs/resolve.ts';
import { defaultLoaderPaths } from './default-loaders.ts';
import { GlibcLoad, type LoadEntry, type LoadState } from './glibc-load.ts';
import { GlibcSearch } from './glibc-search.ts';
import { type Cpu, cpuNamed, cpusOf } from './hwcaps.ts';
import { ImageLookup, type LinkerOptions } from './linker-context.ts';
import { type LoadedObject, originOf } from './loaded-object.ts';
import type { Loader } from './loader.ts';
import { MuslLoad } from './musl-load.ts';
import { preloadFileNames, preloadNames } from './preload.ts';
import type {
  LibraryResolution,
  LoadResolution,
  ProgramKind,
  ProgramResolution,
  UndefinedSymbol,
} from './resolution.ts';
import { secureModeOf } from './secure-mode.ts';
import { missingVersionsOf, undefinedSymbolsOf } from './symbol-check.ts';

/** Linker says what an image's own dynamic loaders would load, without running them. */
export class Linker {
  readonly lookup: ImageLookup;
  readonly #options: LinkerOptions;
  readonly #programs = new Map<string, ProgramResolution>();
  /** What each resolution mapped, for the dlopens that follow it. */
  readonly #processes = new WeakMap<LoadResolution, Process>();

  /** The one processor that it answers as; undefined when variants for better ones are entries of their own. */
  get cpu(): string | undefined {
    return this.#options.cpu;
  }

  constructor(options: LinkerOptions) {
    this.#options = options;
    this.lookup = new ImageLookup(options);
  }

  /**
   * Resolves what the loader maps when the program at `path` starts, or when `ld.so --list` is given a library.
   * Throws ImageError when there is no ELF file at `path`, FormatError when it is broken.
   */
  resolveProgram(path: string): ProgramResolution {
    const known = this.#programs.get(path);
    if (known !== undefined) return known;
    const found = this.lookup.resolve(path);
    const elf = found?.inode.type === 'file' ? this.lookup.elves.get(found.inode) : undefined;
    if (found?.inode.type !== 'file' || elf === undefined) {
      throw new ImageError(
        `cannot resolve "${path}": ${found === undefined ? 'no such file' : 'not an ELF file'} in the image`,
      );
    }
    const resolution = this.#resolve(path, { ...found, inode: found.inode }, elf);
    this.#programs.set(path, resolution);
    return resolution;
  }

  /**
   * Resolves what `dlopen(name)` maps, called from the object at `callerPath` (a `path` of `process.libraries`, or the
   * program) in a process that has mapped `process`. What is mapped already is not listed again.
   */
  resolveDlopen(name: string, process: LoadResolution, callerPath?: string): LoadResolution {
    const base = this.#processes.get(process);
    if (base === undefined) return EMPTY;
    const caller = base.entries.find(({ object }) => object.path === callerPath)?.object ?? base.program;
    if (base.loader.dialect === 'musl') {
      const load = new MuslLoad(this.lookup, base.loader, base.isSecure);
      load.adopt(base.entries);
      load.open(name, caller, 'dlopen');
      return this.#conclude([{ load }], base);
    }
    const runs = this.#runs(base, (load) => {
      load.adopt(base.entries);
      load.open(name, caller, 'dlopen');
    });
    return this.#conclude(runs, base);
  }

  /** Returns the objects of a process, the program first. */
  objectsOf(process: LoadResolution): readonly LoadedObject[] {
    const base = this.#processes.get(process);
    return base === undefined ? [] : [base.program, ...base.entries.map(({ object }) => object)];
  }

  /** Returns the loader of a process: for a static program, the one that what it opens needs. */
  loaderOf(process: LoadResolution): Loader | undefined {
    return this.#processes.get(process)?.loader;
  }

  /** Returns the symbols that nothing in a process defines, as `ldd -r` does. */
  undefinedSymbols(process: LoadResolution): readonly UndefinedSymbol[] {
    return undefinedSymbolsOf(this.objectsOf(process));
  }

  #resolve(path: string, found: FoundFile, elf: ElfFile): ProgramResolution {
    const kind = kindOf(elf);
    const common = { path: found.path, kind, ...(elf.interp === undefined ? {} : { interp: elf.interp }) };
    const isStatic = kind === 'static' || kind === 'static-pie';
    const packer = isStatic ? packedBy(elf) : undefined;
    if (packer !== undefined)
      return { ...EMPTY, ...common, alternatives: [], ...packedProgram(path, packer) };
    const loader = this.#loaderOf(elf);
    if (loader === undefined) {
      return { ...EMPTY, ...common, alternatives: [], ...(isStatic ? {} : { error: missingLoader(elf) }) };
    }
    const program: LoadedObject = {
      // A library is a subject of `ld.so --list`: then $ORIGIN is as spelled, while a program's comes from the kernel.
      path: kind === 'library' ? path : found.path,
      realPath: found.path,
      inode: found.inode,
      elf,
      origin: originOf(kind === 'library' ? path : found.path, this.lookup.cwd),
      loader: undefined,
      isProgram: true,
      names: new Set(),
    };
    if (isStatic) {
      // It loads nothing, but a static glibc program may open NSS modules, with the libc and loader they need.
      const resolution: ProgramResolution = { ...EMPTY, ...common, alternatives: [] };
      this.#processes.set(resolution, { loader, program, isSecure: false, entries: [] });
      return resolution;
    }
    const secure =
      kind === 'library' ? 'no' : secureModeOf(found.inode, this.#options.user ?? { uid: 0, gid: 0 });
    const main = this.#start({ loader, program, isSecure: secure === 'here', entries: [] });
    const other =
      secure === 'no'
        ? undefined
        : this.#start({ loader, program, isSecure: secure !== 'here', entries: [] });
    const paths = new Set(main.libraries.map((library) => library.path));
    const resolution: ProgramResolution = {
      ...main,
      ...common,
      interpreter: loader,
      alternatives: other?.libraries.filter((library) => !paths.has(library.path)) ?? [],
    };
    const process = this.#processes.get(main);
    if (process !== undefined) this.#processes.set(resolution, process);
    return resolution;
  }

  #start(process: Process): LoadResolution {
    const preloads = preloadNames(this.lookup.env, process.loader.dialect);
    if (process.loader.dialect === 'musl') {
      const load = new MuslLoad(this.lookup, process.loader, process.isSecure);
      load.start(process.program, preloads);
      return this.#conclude([{ load }], process);
    }
    const preloadFile = preloadFileNames(this.lookup.rootfs);
    const runs = this.#runs(process, (load) => load.start(preloads, preloadFile));
    return this.#conclude(runs, process, this.#auditors(process));
  }

  /** Runs a load for the first processor, and for the others where one of them might find something else. */
  #runs(process: Process, run: (load: GlibcLoad) => void): readonly Run[] {
    const { loader, program, isSecure } = process;
    const runs: Run[] = [];
    for (const cpu of this.#cpusFor(loader)) {
      const search = new GlibcSearch(this.lookup, loader, cpu, program, isSecure);
      const load = new GlibcLoad(this.lookup, loader, search, program, isSecure);
      run(load);
      runs.push({ cpu, load });
      if (!search.sawVariants) break;
    }
    return runs;
  }

  /** LD_AUDIT, DT_AUDIT and DT_DEPAUDIT of the program: each in a namespace of its own, failures ignored (elf/rtld.c). */
  #auditors(process: Process): readonly GlibcLoad[] {
    const { audit, depaudit } = process.program.elf;
    const lists = [this.lookup.env.get('LD_AUDIT'), audit, depaudit];
    const names = lists.flatMap((list) => (list ?? '').split(':')).filter((name) => name !== '');
    return names
      .filter((name) => !(process.isSecure && name.includes('/')))
      .map((name) => {
        const [cpu] = this.#cpusFor(process.loader);
        const search = new GlibcSearch(this.lookup, process.loader, cpu, process.program, process.isSecure);
        const load = new GlibcLoad(this.lookup, process.loader, search, process.program, process.isSecure);
        load.open(name, process.program, 'audit', { audit: true });
        return load;
      });
  }

  #cpusFor(loader: Loader): readonly [Cpu, ...Cpu[]] {
    return this.#options.cpu === undefined ? cpusOf(loader) : [cpuNamed(loader, this.#options.cpu)];
  }

  /** Makes the first run the result, and what only further processors or auditors load further entries of it. */
  #conclude(runs: readonly Run[], process: Process, auditors: readonly GlibcLoad[] = []): LoadResolution {
    const [first, ...others] = runs;
    if (first === undefined) return EMPTY;
    const state = first.load.state;
    const libraries = state.entries.map(({ resolution }) => resolution);
    const known = new Set(libraries.map(({ path }) => path));
    const append = (load: LoadState, adapt: (library: LibraryResolution) => LibraryResolution) => {
      for (const { resolution } of load.entries) {
        if (known.has(resolution.path)) continue;
        known.add(resolution.path);
        libraries.push(adapt(resolution));
      }
    };
    for (const auditor of auditors) append(auditor.state, (library) => library);
    for (const { cpu, load } of others) {
      append(load.state, (library) => ({
        ...library,
        how: 'hwcaps',
        hwcaps: cpu?.name ?? library.hwcaps ?? '',
      }));
    }
    const loads = [first.load, ...auditors];
    const entries = [...process.entries, ...state.entries];
    const resolution: LoadResolution = {
      libraries,
      missing: state.missing,
      missingVersions: missingVersionsOf(process.program, entries, process.loader),
      ...(state.error === undefined ? {} : { error: state.error }),
      warnings: loads.flatMap((load) => load.warnings.list()),
      configuration: [...new Set(loads.flatMap((load) => [...load.configuration]))],
    };
    this.#processes.set(resolution, { ...process, entries });
    return resolution;
  }

  #loaderOf(elf: ElfFile): Loader | undefined {
    const paths = elf.interp === undefined ? defaultLoaderPaths(elf) : [elf.interp];
    for (const path of paths) {
      const loader = this.lookup.loader(path);
      if (loader !== undefined) return loader;
    }
    return undefined;
  }
}

type FoundFile = ResolvedPath & { readonly inode: FileInode };

interface Run {
  readonly cpu?: Cpu;
  readonly load: GlibcLoad | MuslLoad;
}

interface Process {
  readonly loader: Loader;
  readonly program: LoadedObject;
  readonly isSecure: boolean;
  readonly entries: readonly LoadEntry[];
}

const EMPTY: LoadResolution = {
  libraries: [],
  missing: [],
  missingVersions: [],
  warnings: [],
  configuration: [],
};

/** Tells programs from libraries; a library with a PT_INTERP (libc.so.6) can be started, so it is a program. */
function kindOf(elf: ElfFile): ProgramKind {
  if (elf.interp !== undefined) return 'dynamic';
  if (!elf.isDynamic) return 'static';
  if (elf.type === ET_EXEC) return 'static';
  if ((elf.flags1 & DF_1_PIE) !== 0 && elf.needed.length === 0) return 'static-pie';
  return 'library';
}

/** A packed static program runs as it is; of a dynamic one nobody sees what it needs. */
function packedProgram(
  path: string,
  { name, inside }: Packer,
): Pick<ProgramResolution, 'warnings' | 'error'> {
  const message = `"${path}" is packed by ${name}: a ${inside === 'unknown' ? 'program that cannot be looked into' : `${inside} program`}`;
  return {
    warnings: [{ code: 'PACKED_PROGRAM', message, path }],
    ...(inside === 'static'
      ? {}
      : { error: `it is packed by ${name}, so its libraries are not to be seen; unpack it with "upx -d"` }),
  };
}

function missingLoader(elf: ElfFile): string {
  return elf.interp === undefined
    ? 'no dynamic loader of its architecture is in the image'
    : `the dynamic loader "${elf.interp}" is not in the image`;
}
