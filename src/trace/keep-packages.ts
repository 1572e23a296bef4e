import type { Package } from '../packages/package.ts';
import { classOf } from '../packages/package-classes.ts';
import { isDocumentationPath, kindOfPath } from '../packages/path-kinds.ts';
import { baseName, type RootPath } from '../rootfs/root-path.ts';
import { isInterpreterName } from './commands/is-interpreter.ts';
import type { KeepReason } from './keep-graph.ts';
import { isEssential } from './knowledge/essential-packages.ts';
import { selectedLocales } from './knowledge/import-data.ts';
import { isCommandPath, isIntegrationPath, isMaintenancePath } from './knowledge/payload-paths.ts';
import { originOf } from './layer-origin.ts';
import type { Trace } from './trace.ts';

/** Is it for running: no documentation, headers, debug information, package manager or toolchain? */
export function isOrdinary(pkg: Package): boolean {
  return classOf(pkg) === 'ordinary';
}

/** Is it for running or for building? */
export function isUsable(pkg: Package): boolean {
  return isOrdinary(pkg) || ['toolchain', 'development'].includes(classOf(pkg));
}

/** Returns the packages that every other may call without a dependency. */
export function essentialPackages(trace: Trace): readonly Package[] {
  return trace.packages.list().filter((pkg) => isEssential(pkg) && isOrdinary(pkg));
}

/** Returns the packages of which a layer above the base brought a file: what the image's author installed. */
export function packagesAboveBase(trace: Trace, accepts: (pkg: Package) => boolean): readonly Package[] {
  const isAboveBase = (pkg: Package): boolean =>
    trace.packages.files(pkg).some((path) => {
      const inode = trace.rootfs.lookup(path);
      return inode?.type === 'file' && originOf(trace, inode) !== 'base';
    });
  return trace.packages.list().filter((pkg) => accepts(pkg) && isAboveBase(pkg));
}

interface KeepPackagesOptions {
  /** Commands are only there: what they call is in the closure that is kept with them. */
  readonly isClosure?: boolean;
  /** Interpreters and shells too. */
  readonly interpreters?: boolean;
  /** Message catalogs, and headers and static libraries of packages for building. */
  readonly development?: boolean;
  /** What a package puts there for desktops, schedulers and init systems. */
  readonly integration?: boolean;
}

/** Keeps the directories that a package alone has for its state: caches, spools, sockets (FHS 3.0, 5). */
export function keepStateDirectories(trace: Trace, pkg: Package, why: KeepReason): void {
  for (const path of trace.packages.directories(pkg)) {
    if (/^\/(?:var|run|srv)\//.test(path) && trace.packages.owners(path).length === 1) trace.keep(path, why);
  }
}

/** Is it of a kind that is not wanted of a package: without `development`, all that a running process does not open? */
function isForReading(trace: Trace, pkg: Package, path: RootPath, development: boolean): boolean {
  // Basic commands speak the languages that Env selects; what was installed for its own sake may be asked for others.
  if (!development || isEssential(pkg)) return isDocumentationPath(path, selectedLocales(trace.process.env));
  const kind = kindOfPath(path);
  return kind === 'documentation' || (kind === 'development' && isOrdinary(pkg));
}

/** Keeps all files of packages but their documentation, commands as programs; returns the bytes that were new. */
export function keepPackages(
  trace: Trace,
  packages: Iterable<Package>,
  why: KeepReason,
  {
    interpreters = false,
    development = false,
    integration = false,
    isClosure = false,
  }: KeepPackagesOptions = {},
): number {
  let bytes = 0;
  for (const pkg of packages) {
    keepStateDirectories(trace, pkg, why);
    for (const path of trace.packages.files(pkg)) {
      if (
        isForReading(trace, pkg, path, development) ||
        (integration ? isMaintenancePath(path) : isIntegrationPath(path))
      )
        continue;
      if (!interpreters && isInterpreterName(baseName(path))) continue;
      const inode = trace.rootfs.lookup(path);
      if (inode?.type === 'file' && !trace.graph.has(path)) bytes += inode.size;
      trace.keep(path, why, { role: isCommandPath(path) && !isClosure ? 'program' : 'data' });
    }
  }
  return bytes;
}
