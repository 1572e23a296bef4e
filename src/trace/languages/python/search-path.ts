import { joinPath, parentPath, type RootPath, rootPath } from '../../../rootfs/root-path.ts';
import type { Rootfs } from '../../../rootfs/rootfs.ts';
import type { PythonInstallation } from './installation.ts';
import { scanSource } from './scan-source.ts';

/** A place of sys.path. */
export interface PathEntry {
  readonly path: RootPath;
  readonly kind: 'application' | 'standard' | 'site';
}

/** SearchPath is sys.path as the interpreter and its site module make it. */
export interface SearchPath {
  readonly entries: readonly PathEntry[];
  /** Top-level names that a finder of an editable install leads elsewhere (setuptools, `__editable__` finders). */
  readonly aliases: ReadonlyMap<string, RootPath>;
  /** The .pth files that entries and aliases came from: without them those are not found. */
  readonly pathFiles: ReadonlyMap<RootPath, readonly RootPath[]>;
  /** .pth files with statements, each with the modules that they import. */
  readonly startFiles: ReadonlyMap<RootPath, readonly string[]>;
}

/**
 * Returns sys.path for an installation: the program's own directories, PYTHONPATH, the zip, the standard library, and
 * what site.py adds (site and dist-packages, the user's, .pth files). Python library reference, sys.path and site;
 * Debian Python Policy 2.5 for dist-packages.
 */
export function searchPathOf(
  rootfs: Rootfs,
  installation: PythonInstallation,
  application: readonly RootPath[],
  env: ReadonlyMap<string, string>,
  cwd: RootPath,
): SearchPath {
  return new PathBuilder(rootfs, installation).build(application, env, cwd);
}

class PathBuilder {
  readonly #rootfs: Rootfs;
  readonly #installation: PythonInstallation;
  readonly #entries = new Map<RootPath, PathEntry>();
  readonly #aliases = new Map<string, RootPath>();
  readonly #pathFiles = new Map<RootPath, RootPath[]>();
  readonly #startFiles = new Map<RootPath, string[]>();

  constructor(rootfs: Rootfs, installation: PythonInstallation) {
    this.#rootfs = rootfs;
    this.#installation = installation;
  }

  build(application: readonly RootPath[], env: ReadonlyMap<string, string>, cwd: RootPath): SearchPath {
    const { stdlib, version } = this.#installation;
    for (const path of application) this.#add(path, 'application');
    for (const path of (env.get('PYTHONPATH') ?? '').split(':')) {
      if (path !== '') this.#add(rootPath(path, cwd), 'application');
    }
    this.#add(joinPath(parentPath(stdlib), `python${version.replace('.', '')}.zip`), 'standard');
    this.#add(stdlib, 'standard');
    this.#add(joinPath(stdlib, 'lib-dynload'), 'standard');
    for (const path of this.#siteDirectories(env)) this.#addSite(path);
    return {
      entries: [...this.#entries.values()],
      aliases: this.#aliases,
      pathFiles: this.#pathFiles,
      startFiles: this.#startFiles,
    };
  }

  /** The user's, the environment's, and unless the environment shuts them out the installation's directories. */
  #siteDirectories(env: ReadonlyMap<string, string>): RootPath[] {
    const { family, version, prefix, stdlib, venv } = this.#installation;
    const lib = `${family}${version}`;
    const home = env.get('HOME') ?? '/root';
    const user = rootPath(env.get('PYTHONUSERBASE') ?? `${home}/.local`);
    const own = venv === undefined ? [] : sitePackages(venv.directory, lib);
    if (venv !== undefined && !venv.usesSystemSite) return own;
    return [
      ...own,
      rootPath(`lib/${lib}/site-packages`, user),
      ...sitePackages(prefix, lib),
      joinPath(stdlib, 'site-packages'),
      rootPath(`local/lib/${lib}/dist-packages`, prefix),
      ...sitePackages(rootPath('local', prefix), lib),
      rootPath('lib/python3/dist-packages', prefix),
      joinPath(stdlib, 'dist-packages'),
    ];
  }

  #add(path: string, kind: PathEntry['kind']): boolean {
    const found = this.#rootfs.resolve(path);
    if (found === undefined || this.#entries.has(found.path)) return false;
    this.#entries.set(found.path, { path: found.path, kind });
    return true;
  }

  #addSite(path: RootPath): void {
    if (!this.#add(path, 'site')) return;
    const directory = this.#rootfs.resolve(path)?.path ?? path;
    for (const name of this.#rootfs.list(directory)) {
      if (name.endsWith('.pth') && !name.startsWith('.')) this.#readPathFile(directory, name);
    }
  }

  /** Each line of a .pth is a directory, or a statement when it begins with `import` (site.addpackage). */
  #readPathFile(directory: RootPath, name: string): void {
    const file = joinPath(directory, name);
    const modules: string[] = [];
    for (const line of (this.#rootfs.text(file) ?? '').split('\n')) {
      const text = line.trim();
      if (text === '' || text.startsWith('#')) continue;
      if (/^import[ \t]/.test(text)) {
        modules.push(...scanSource(text).imports.map(({ module }) => module));
        continue;
      }
      const path = rootPath(text, directory);
      if (this.#add(path, 'application')) this.#note(file, path);
    }
    if (modules.length > 0) this.#startFiles.set(file, modules);
    for (const module of modules) {
      if (/^__editable__/.test(module)) this.#readEditableFinder(file, joinPath(directory, `${module}.py`));
    }
  }

  /** `MAPPING: dict[str, str] = {'pkg': '/app/src/pkg'}` (setuptools, editable_wheel.py, _FINDER_TEMPLATE). */
  #readEditableFinder(file: RootPath, finder: RootPath): void {
    const text = this.#rootfs.text(finder) ?? '';
    const mapping = /^MAPPING\b[^=]*=\s*\{([^}]*)\}/m.exec(text)?.[1] ?? '';
    for (const [, name = '', , target = ''] of mapping.matchAll(/['"]([\w.]+)['"]\s*:\s*(['"])(.*?)\2/g)) {
      this.#aliases.set(name, rootPath(target));
      this.#note(file, rootPath(target), finder);
    }
  }

  #note(file: RootPath, ...paths: RootPath[]): void {
    this.#pathFiles.set(file, [...(this.#pathFiles.get(file) ?? []), ...paths]);
  }
}

function sitePackages(prefix: RootPath, lib: string): RootPath[] {
  return ['lib', 'lib64'].map((name) => rootPath(`${name}/${lib}/site-packages`, prefix));
}
