import type { ImageError } from '../errors.ts';
import type { Inode } from '../rootfs/inode.ts';
import { prefetchFiles } from '../rootfs/prefetch.ts';
import type { ResolvedPath } from '../rootfs/resolve.ts';
import { isWithin, joinPath, ROOT, type RootPath } from '../rootfs/root-path.ts';
import type { Detector, Invocation, KeptFile, Role, Word } from './detector.ts';
import { type FoundCommand, findCommand } from './find-command.ts';
import { KeepGraph, type KeepReason } from './keep-graph.ts';
import { isCommandPath, isLibraryDirectory } from './knowledge/payload-paths.ts';
import { pathMatcher } from './path-matcher.ts';
import type { KeepOptions, RunOptions, Trace, TreeOptions } from './trace.ts';

const RANK: Readonly<Record<Role, number>> = { data: 0, config: 1, program: 2 };

/** What the tracer is given: `onRefusal` collects the errors that else end the work. */
type Surroundings = Omit<
  Trace,
  'keep' | 'keepTree' | 'run' | 'findCommand' | 'refuse' | 'roleOf' | 'graph'
> & { readonly onRefusal?: (error: ImageError) => void };

/**
 * Runs the detectors over a worklist until nothing new comes, and returns what is kept. The order of the result
 * depends on the image and the options alone.
 */
export async function traceImage(
  surroundings: Surroundings,
  detectors: readonly Detector[],
): Promise<KeepGraph> {
  const tracer = new Tracer(surroundings);
  for (const detector of detectors) await detector.start?.(tracer);
  await tracer.drain(detectors);
  for (let size = -1; size !== tracer.progress; ) {
    size = tracer.progress;
    for (const detector of detectors) await detector.settle?.(tracer);
    await tracer.drain(detectors);
  }
  return tracer.graph;
}

/** Bytes of a directory that a tree enters by a link. */
const LINKED_TREE_LIMIT = 64e6;

class Tracer implements Trace {
  readonly rootfs;
  readonly process;
  readonly options;
  readonly packages;
  readonly linker;
  readonly warnings;
  readonly layers;
  readonly graph = new KeepGraph();
  readonly #roles = new Map<RootPath, Role>();
  /** Those from `#nextFile` on are to be looked at. */
  readonly #files: KeptFile[] = [];
  #nextFile = 0;
  /** The contents of those before it are here. */
  #fetched = 0;
  readonly #invocations: Invocation[] = [];
  readonly #started = new Set<string>();
  readonly #excluded: (path: string) => boolean;
  readonly #onRefusal: ((error: ImageError) => void) | undefined;

  constructor(surroundings: Surroundings) {
    this.rootfs = surroundings.rootfs;
    this.process = surroundings.process;
    this.options = surroundings.options;
    this.packages = surroundings.packages;
    this.linker = surroundings.linker;
    this.warnings = surroundings.warnings;
    this.layers = surroundings.layers;
    this.#excluded = pathMatcher(surroundings.options.exclude);
    this.#onRefusal = surroundings.onRefusal;
  }

  /** Grows with everything that is kept, raised or started. */
  progress = 0;

  async drain(detectors: readonly Detector[]): Promise<void> {
    for (;;) {
      const invocation = this.#invocations.shift();
      if (invocation !== undefined) {
        for (const detector of detectors) await detector.invoke?.(invocation, this);
        continue;
      }
      if (this.#nextFile >= this.#fetched) await this.#fetchFiles();
      const file = this.#takeFile();
      if (file === undefined) return;
      // The role may have risen since: then a later item of the list carries it.
      if (this.#roles.get(file.path) !== file.role) continue;
      for (const detector of detectors) await detector.detect?.(file, this);
    }
  }

  /** What is kept is wanted whole, sooner or later: where it is elsewhere, better all that is known at once. */
  async #fetchFiles(): Promise<void> {
    const files = this.#files.slice(this.#nextFile);
    this.#fetched = this.#files.length;
    await prefetchFiles(files.map(({ inode }) => inode));
  }

  /** Not `shift`, which moves all that is left: fifty thousand files took ten seconds. */
  #takeFile(): KeptFile | undefined {
    const file = this.#files[this.#nextFile];
    if (file !== undefined) this.#nextFile++;
    else if (this.#nextFile > 0) {
      this.#files.length = 0;
      this.#nextFile = 0;
      this.#fetched = 0;
    }
    return file;
  }

  keep(path: string, reason: KeepReason, options: KeepOptions = {}): ResolvedPath | undefined {
    if (reason.certainty === 'inferred' && !this.options.inferred) return undefined;
    const found = this.rootfs.resolve(path, { cwd: options.cwd ?? ROOT, followLast: options.follow ?? true });
    if (found === undefined || this.#excluded(found.path)) return undefined;
    for (const hop of found.hops) this.#keepOne(hop, undefined, reason, 'data');
    this.#keepOne(found.path, found.inode, reason, options.role ?? 'data');
    return found;
  }

  keepTree(directory: RootPath, reason: KeepReason, options: TreeOptions = {}): number {
    const top = this.keep(directory, reason);
    if (top?.inode.type !== 'directory') return 0;
    let bytes = 0;
    const pending: RootPath[] = [top.path];
    const entered = new Set(pending);
    for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
      const here = this.rootfs.lookup(at);
      if (here?.type !== 'directory') continue;
      for (const name of here.names()) {
        const path = joinPath(at, name);
        const inode = here.get(name);
        if (inode === undefined) continue;
        const size = inode.type === 'file' ? inode.size : 0;
        if (options.filter?.(path, { type: inode.type, size }) === false) continue;
        if (!this.graph.has(path)) bytes += size;
        this.keep(path, reason, { role: options.role?.(path) ?? 'data', follow: false });
        const linked = inode.type === 'symlink' ? this.#keepLinked(path, reason) : undefined;
        const below = inode.type === 'directory' ? path : linked;
        if (below === undefined || entered.has(below)) continue;
        entered.add(below);
        pending.push(below);
      }
    }
    return bytes;
  }

  /** Keeps what a link of a tree leads to; returns it when it is a directory that the tree goes on in (/var/lib/app/skins → /usr/share/app/skins). */
  #keepLinked(path: RootPath, reason: KeepReason): RootPath | undefined {
    const found = this.keep(path, reason);
    if (found?.inode.type !== 'directory' || isWithin(path, found.path)) return undefined;
    const isSystem =
      found.path.split('/').length < 4 || isCommandPath(`${found.path}/x`) || isLibraryDirectory(found.path);
    return isSystem || this.rootfs.treeBytes(found.path) > LINKED_TREE_LIMIT ? undefined : found.path;
  }

  run(argv: readonly Word[], reason: KeepReason, options: RunOptions = {}): ResolvedPath | undefined {
    const name = argv[0];
    if (name === undefined || name === '') return undefined;
    const found = this.findCommand(name, options);
    if (found === undefined) return undefined;
    const kept = this.keep(found.invokedAs, reason, { role: 'program' });
    if (kept === undefined) return undefined;
    const cwd = options.cwd ?? this.process.cwd;
    const env = options.env ?? this.process.env;
    // Not of the environment: a script that exports what it counts would be started again for ever.
    const key = JSON.stringify([kept.path, found.invokedAs, cwd, argv.map((word) => word ?? null)]);
    if (!this.#started.has(key)) {
      this.#started.add(key);
      this.progress++;
      this.#invocations.push({ program: kept.path, invokedAs: found.invokedAs, argv, cwd, env });
    }
    return kept;
  }

  findCommand(name: string, options: RunOptions = {}): FoundCommand | undefined {
    const { env = this.process.env, cwd = this.process.cwd } = options;
    return findCommand(this.rootfs, name, env, cwd);
  }

  refuse(error: ImageError): void {
    if (this.#onRefusal === undefined) throw error;
    this.#onRefusal(error);
  }

  roleOf(path: RootPath): Role | undefined {
    return this.#roles.get(path);
  }

  #keepOne(path: RootPath, inode: Inode | undefined, reason: KeepReason, role: Role): void {
    this.graph.add(path, path === reason.from ? { ...reason, detail: `${reason.detail} (itself)` } : reason);
    const before = this.#roles.get(path);
    if (before !== undefined && RANK[before] >= RANK[role]) return;
    this.#roles.set(path, role);
    this.progress++;
    const found = inode ?? this.rootfs.lookup(path);
    if (found !== undefined) this.#files.push({ path, inode: found, role });
  }
}
