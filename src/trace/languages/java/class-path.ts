import { sliceAccess } from '../../../io/random-access.ts';
import { baseName, joinPath, parentPath, type RootPath } from '../../../rootfs/root-path.ts';
import { isConfigurationPath } from '../../commands/operands.ts';
import type { KeepReason } from '../../keep-graph.ts';
import {
  isCommandPath,
  isIntegrationPath,
  isLeftoverDirectory,
  isLibraryDirectory,
  isSourceFile,
} from '../../knowledge/payload-paths.ts';
import type { Trace } from '../../trace.ts';
import { readManifest } from './code-facts.ts';
import { manifestPaths } from './manifest.ts';

/** Bytes of a directory of classes that a package owns: more is a shared one of many programs. */
const PACKAGED_LIMIT = 16e6;

/** What a program reads of a directory on its class path that is not its own: classes, and files beside them. */
const RESOURCE = /\.(?:class|properties|xml|ya?ml|json|conf|cfg|policy|dtd|xsd|txt)$|\/META-INF\//;

type Why = (detail: string) => KeepReason;

/** ClassPath keeps what class paths and module paths name, and what the manifests of their archives add. */
export class ClassPath {
  readonly #trace: Trace;
  readonly #cwd: RootPath;
  readonly #why: Why;
  readonly #seen = new Set<RootPath>();
  /** Main attributes of the archives that were kept, by real path. */
  readonly manifests = new Map<RootPath, ReadonlyMap<string, string>>();

  constructor(trace: Trace, cwd: RootPath, why: Why) {
    this.#trace = trace;
    this.#cwd = cwd;
    this.#why = why;
  }

  /** Keeps one entry: an archive, a directory of classes, or `DIR/*` for the archives in it (java(1), "-classpath"). */
  add(entry: string): void {
    if (entry === '*' || entry.endsWith('/*')) {
      this.addArchivesIn(entry.slice(0, -1) || '.');
      return;
    }
    const found = this.#trace.rootfs.resolve(entry, { cwd: this.#cwd });
    if (found?.inode.type === 'directory') this.#addDirectory(entry, found.path);
    else if (found?.inode.type === 'file') this.#addArchive(entry);
  }

  /** Keeps an entry of a module path: a module, or a directory of modules (java(1), "--module-path"). */
  addModules(entry: string): void {
    this.add(entry);
    if (this.#trace.rootfs.resolve(entry, { cwd: this.#cwd })?.inode.type === 'directory')
      this.addArchivesIn(entry);
  }

  /** Keeps every archive directly in a directory. */
  addArchivesIn(directory: string): void {
    const found = this.#trace.rootfs.resolve(directory, { cwd: this.#cwd });
    if (found?.inode.type !== 'directory') return;
    this.#trace.keep(directory, this.#why(`the class path's ${directory}`), { cwd: this.#cwd });
    for (const name of found.inode.names()) {
      if (/\.jar$/i.test(name)) this.#addArchive(joinPath(found.path, name));
    }
  }

  #addArchive(path: string): void {
    const found = this.#trace.rootfs.file(path, this.#cwd);
    if (found === undefined) return;
    // As a program: what lies around an application's archives is the application's.
    const isPackaged = this.#trace.packages.owner(found.path) !== undefined;
    const role = isPackaged ? 'data' : 'program';
    this.#trace.keep(path, this.#why(`on the class path: ${path}`), { cwd: this.#cwd, role });
    if (this.#seen.has(found.path)) return;
    this.#seen.add(found.path);
    const { content, offset, size } = found.inode;
    const manifest = readManifest(sliceAccess(content, offset, size));
    if (manifest === undefined) return;
    this.manifests.set(found.path, manifest);
    // Relative to the archive, links resolved: URLClassPath asks for its canonical name.
    for (const name of ['class-path', 'boot-class-path']) {
      for (const entry of manifestPaths(manifest.get(name)?.replaceAll(/\r?\n /g, '')))
        this.#addRelative(entry, parentPath(found.path));
    }
  }

  #addRelative(entry: string, directory: RootPath): void {
    const path = entry.startsWith('/') ? entry : `${directory}/${entry}`;
    const found = this.#trace.rootfs.resolve(path);
    if (found?.inode.type === 'file') this.#addArchive(path);
    else if (found?.inode.type === 'directory') this.#addDirectory(path, found.path);
  }

  #addDirectory(entry: string, directory: RootPath): void {
    const trace = this.#trace;
    trace.keep(entry, this.#why(`on the class path: ${entry}`), { cwd: this.#cwd });
    if (this.#seen.has(directory)) return;
    this.#seen.add(directory);
    const why = this.#why(`in the class path's ${entry}`);
    if (isBroad(directory)) {
      for (const name of trace.rootfs.list(directory))
        if (name.endsWith('.class')) trace.keep(joinPath(directory, name), why);
      return;
    }
    const isPackaged = trace.packages.owners(directory).length > 0;
    if (isPackaged && trace.rootfs.treeBytes(directory) > PACKAGED_LIMIT) return;
    trace.keepTree(directory, why, {
      filter: (path, { type }) => {
        if (isPackaged) return type === 'directory' || (RESOURCE.test(path) && !isIntegrationPath(path));
        return !isLeftoverDirectory(baseName(path)) && !isSourceFile(baseName(path));
      },
      role: (path) => (!isPackaged && isConfigurationPath(path) ? 'config' : 'data'),
    });
  }
}

/** A directory of the system: classes may lie in it, but what else is there is not the program's. */
export function isBroad(directory: RootPath): boolean {
  return (
    directory === '/' ||
    /^\/(?:usr|var|etc|opt|srv|home|root|run|tmp|lib|lib64|mnt|media|proc|sys|dev|boot)$/.test(directory) ||
    /^\/(?:usr|var|usr\/local)\/[^/]+$/.test(directory) ||
    isCommandPath(joinPath(directory, 'x')) ||
    isLibraryDirectory(directory)
  );
}
