import type { Package } from '../packages/package.ts';
import { classOf } from '../packages/package-classes.ts';
import { isDocumentationPath, kindOfPath } from '../packages/path-kinds.ts';
import { baseName } from '../rootfs/root-path.ts';
import { isInterpreterName } from './commands/is-interpreter.ts';
import type { KeepReason } from './keep-graph.ts';
import { isCommandPath, isIntegrationPath, isMaintenancePath } from './knowledge/payload-paths.ts';
import type { Trace } from './trace.ts';

/** Is it for running: no documentation, headers, debug information, package manager or toolchain? */
export function isOrdinary(pkg: Package): boolean {
  return classOf(pkg) === 'ordinary';
}

/** Is it for running or for building? */
export function isUsable(pkg: Package): boolean {
  return isOrdinary(pkg) || ['toolchain', 'development'].includes(classOf(pkg));
}

/** Returns the packages that every other may call without a dependency (Debian Policy 3.8). */
export function essentialPackages(trace: Trace): readonly Package[] {
  return trace.packages.list().filter((pkg) => pkg.essential && isOrdinary(pkg));
}

/** Returns the packages of which a layer above the base brought a file: what the image's author installed. */
export function packagesAboveBase(trace: Trace, accepts: (pkg: Package) => boolean): readonly Package[] {
  const isAboveBase = (pkg: Package): boolean =>
    trace.packages.files(pkg).some((path) => {
      const inode = trace.rootfs.lookup(path);
      return inode?.type === 'file' && trace.layers[inode.layer]?.kind !== 'base';
    });
  return trace.packages.list().filter((pkg) => accepts(pkg) && isAboveBase(pkg));
}

/** Priorities of a basic system (Debian Policy 2.5). */
const BASIC_PRIORITIES = new Set(['required', 'important']);

/** Returns the packages of a basic system that are for running, which scripts call without a dependency. */
export function basicPackages(trace: Trace): readonly Package[] {
  return trace.packages.list().filter((pkg) => isBasic(pkg) && isOrdinary(pkg));
}

/**
 * Returns what the image's author installed. Where layers do not tell (a squashed image), all but a basic system and what
 * that depends on.
 */
export function installedPackages(trace: Trace): readonly Package[] {
  if (trace.layers.some(({ kind }) => kind !== 'base')) return packagesAboveBase(trace, isOrdinary);
  const basic = trace.packages.dependencyClosure(trace.packages.list().filter(isBasic));
  return trace.packages.list().filter((pkg) => isOrdinary(pkg) && !basic.has(pkg));
}

function isBasic({ essential, priority }: Package): boolean {
  return essential || BASIC_PRIORITIES.has(priority ?? '');
}

interface KeepPackagesOptions {
  /** Interpreters and shells too. */
  readonly interpreters?: boolean;
  /** Headers, static libraries and what else only builds read. */
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

/** Keeps all files of packages but their documentation, commands as programs; returns the bytes that were new. */
export function keepPackages(
  trace: Trace,
  packages: Iterable<Package>,
  why: KeepReason,
  { interpreters = false, development = false, integration = false }: KeepPackagesOptions = {},
): number {
  let bytes = 0;
  for (const pkg of packages) {
    keepStateDirectories(trace, pkg, why);
    for (const path of trace.packages.files(pkg)) {
      const isForReading = development ? kindOfPath(path) === 'documentation' : isDocumentationPath(path);
      if (isForReading || (integration ? isMaintenancePath(path) : isIntegrationPath(path))) continue;
      if (!interpreters && isInterpreterName(baseName(path))) continue;
      const inode = trace.rootfs.lookup(path);
      if (inode?.type === 'file' && !trace.graph.has(path)) bytes += inode.size;
      trace.keep(path, why, { role: isCommandPath(path) ? 'program' : 'data' });
    }
  }
  return bytes;
}
