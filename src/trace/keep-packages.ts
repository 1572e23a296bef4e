import type { Package } from '../packages/package.ts';
import { classOf } from '../packages/package-classes.ts';
import { isDocumentationPath } from '../packages/path-kinds.ts';
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

/** Keeps all files of packages but their documentation, commands as programs; returns the bytes that were new. */
export function keepPackages(
  trace: Trace,
  packages: Iterable<Package>,
  why: KeepReason,
  { interpreters = false } = {},
): number {
  let bytes = 0;
  for (const pkg of packages) {
    for (const path of trace.packages.files(pkg)) {
      if (isDocumentationPath(path) || isIntegrationPath(path)) continue;
      if (!interpreters && grammarOf(baseName(path)) !== undefined) continue;
      const inode = trace.rootfs.lookup(path);
      if (inode?.type === 'file' && !trace.graph.has(path)) bytes += inode.size;
      trace.keep(path, why, { role: isCommandPath(path) ? 'program' : 'data' });
    }
  }
  return bytes;
}
