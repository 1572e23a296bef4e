import {
  baseName,
  isWithin,
  joinPath,
  parentPath,
  type RootPath,
  rootPath,
} from '../../../rootfs/root-path.ts';
import type { Rootfs } from '../../../rootfs/rootfs.ts';

/** PythonInstallation is one interpreter with its standard library, as the interpreter itself finds it. */
export interface PythonInstallation {
  /** `python` or `pypy`, as the library's directory is called. */
  readonly family: string;
  /** `3.11`. */
  readonly version: string;
  readonly prefix: RootPath;
  /** The directory of os.py. */
  readonly stdlib: RootPath;
  /** Of the virtual environment, when the interpreter was started through one. */
  readonly venv?: Venv;
  /** The interpreter as it was started: what `sys.executable` is. */
  readonly executable: RootPath;
}

export interface Venv {
  readonly directory: RootPath;
  readonly config: RootPath;
  readonly usesSystemSite: boolean;
}

/** Directories below a prefix that may hold the standard library: `lib`, Fedora's and openSUSE's sys.platlibdir. */
const LIBRARY_DIRECTORIES = ['lib', 'lib64'];

/**
 * Returns the installation of the interpreter at `program`, started as `invokedAs`: beside or above it lies pyvenv.cfg,
 * whose `home` names the real one, and above its directory the landmark `lib/pythonX.Y/os.py` (CPython,
 * Modules/getpath.py). Undefined when there is no standard library.
 */
export function findInstallation(
  rootfs: Rootfs,
  invokedAs: RootPath,
  program: RootPath,
  env: ReadonlyMap<string, string>,
): PythonInstallation | undefined {
  const venv = findVenv(rootfs, invokedAs);
  const home = venv && homeOf(rootfs, venv);
  const starts = [
    ...(env.get('PYTHONHOME')?.split(':') ?? []).map((directory) => rootPath(directory)),
    ...(home === undefined ? [] : [home]),
    ...linkDirectories(rootfs, invokedAs),
    parentPath(program),
  ];
  const name = versionInName(program) ?? versionInName(invokedAs);
  for (const start of starts) {
    const found = searchUpward(rootfs, start, name);
    if (found !== undefined) return { ...found, ...(venv ? { venv } : {}), executable: invokedAs };
  }
  return undefined;
}

/** Returns the installation that the shared library at `library` (`libpython3.11.so.1.0`) belongs to. */
export function installationOfLibrary(rootfs: Rootfs, library: RootPath): PythonInstallation | undefined {
  const version = /libpython(\d+\.\d+)/.exec(baseName(library))?.[1];
  if (version === undefined) return undefined;
  const found = searchUpward(rootfs, parentPath(library), { family: 'python', version });
  if (found === undefined) return undefined;
  const executable = rootPath(`bin/python${version}`, found.prefix);
  return { ...found, executable };
}

interface NamedVersion {
  readonly family: string;
  readonly version: string | undefined;
}

function versionInName(path: RootPath): NamedVersion | undefined {
  const match = /^(python|pypy)(\d+\.\d+)?/.exec(baseName(path));
  return match?.[1] === undefined || match[2] === undefined
    ? undefined
    : { family: match[1], version: match[2] };
}

function findVenv(rootfs: Rootfs, executable: RootPath): Venv | undefined {
  for (const directory of [parentPath(executable), parentPath(parentPath(executable))]) {
    const config = joinPath(directory, 'pyvenv.cfg');
    const text = rootfs.text(config);
    if (text === undefined) continue;
    const usesSystemSite = /^\s*include-system-site-packages\s*=\s*true\s*$/im.test(text);
    return { directory, config, usesSystemSite };
  }
  return undefined;
}

function homeOf(rootfs: Rootfs, venv: Venv): RootPath | undefined {
  const home = /^\s*home\s*=\s*(.+?)\s*$/m.exec(rootfs.text(venv.config) ?? '')?.[1];
  return home === undefined ? undefined : rootPath(home);
}

/** The directory of the executable as started, and of each link on the way to the real one. */
function linkDirectories(rootfs: Rootfs, invokedAs: RootPath): RootPath[] {
  const hops = rootfs.resolve(invokedAs)?.hops ?? [];
  return [...hops.map((hop) => parentPath(hop)), parentPath(invokedAs)];
}

type Library = Omit<PythonInstallation, 'venv' | 'executable'>;

function searchUpward(rootfs: Rootfs, start: RootPath, named: NamedVersion | undefined): Library | undefined {
  for (let at = start; ; at = parentPath(at)) {
    for (const name of LIBRARY_DIRECTORIES) {
      const found = libraryIn(rootfs, joinPath(at, name), named);
      if (found !== undefined) return { ...found, prefix: at };
    }
    // PyPy's own layout before 3.8: lib-python/3 beside the executable is not looked for.
    if (at === '/') return undefined;
  }
}

function libraryIn(
  rootfs: Rootfs,
  directory: RootPath,
  named: NamedVersion | undefined,
): Omit<Library, 'prefix'> | undefined {
  const versions = rootfs
    .list(directory)
    .map((name) => /^(python|pypy)(\d+\.\d+)t?$/.exec(name))
    .filter((match) => match !== null)
    .filter((match) => named === undefined || (match[1] === named.family && match[2] === named.version))
    .sort((a, b) => compareVersions(b[2] ?? '', a[2] ?? ''));
  for (const [name, family = '', version = ''] of versions) {
    const found = rootfs.resolve(joinPath(directory, name));
    if (found?.inode.type !== 'directory') continue;
    const hasLandmark = ['os.py', 'os.pyc'].some(
      (file) => found.inode.type === 'directory' && found.inode.get(file),
    );
    if (hasLandmark) return { family, version, stdlib: found.path };
  }
  return undefined;
}

function compareVersions(a: string, b: string): number {
  const [left = [], right = []] = [a, b].map((version) => version.split('.').map(Number));
  return (left[0] ?? 0) - (right[0] ?? 0) || (left[1] ?? 0) - (right[1] ?? 0);
}

/** Is `path` of the standard library, and not of what is installed below its directory? */
export function isStandardLibrary(installation: PythonInstallation, path: RootPath): boolean {
  if (!isWithin(path, installation.stdlib)) return false;
  return !/^\/(?:site|dist)-packages(?:\/|$)/.test(path.slice(installation.stdlib.length));
}
