import type { Package } from '../packages/package.ts';
import { classOf } from '../packages/package-classes.ts';
import { isDocumentationPath, kindOfPath } from '../packages/path-kinds.ts';
import { baseName } from '../rootfs/root-path.ts';
import { grammarOf } from './commands/interpreters.ts';
import type { KeepReason } from './keep-graph.ts';
import { isCommandPath, isIntegrationPath } from './knowledge/payload-paths.ts';
import type { Trace } from './trace.ts';

/** Is it for running: no documentation, headers, debug information, package manager or toolchain? */
export function isOrdinary(pkg: Package): boolean {
  return classOf(pkg) === 'ordinary';
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

interface KeepPackagesOptions {
  /** Interpreters and shells too. */
  readonly interpreters?: boolean;
  /** Headers, static libraries and what else only builds read. */
  readonly development?: boolean;
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
  { interpreters = false, development = false }: KeepPackagesOptions = {},
): number {
  let bytes = 0;
  for (const pkg of packages) {
    keepStateDirectories(trace, pkg, why);
    for (const path of trace.packages.files(pkg)) {
      const isForReading = development ? kindOfPath(path) === 'documentation' : isDocumentationPath(path);
      if (isForReading || isIntegrationPath(path)) continue;
      if (!interpreters && grammarOf(baseName(path)) !== undefined) continue;
      const inode = trace.rootfs.lookup(path);
      if (inode?.type === 'file' && !trace.graph.has(path)) bytes += inode.size;
      trace.keep(path, why, { role: isCommandPath(path) ? 'program' : 'data' });
    }
  }
  return bytes;
}
