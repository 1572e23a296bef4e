import type { RootPath } from '../../rootfs/root-path.ts';
import type { KeepReason } from '../keep-graph.ts';
import type { Trace } from '../trace.ts';

/**
 * Keeps an entry of a distribution or an application: a link with what it leads to (Debian's Mojolicious links its scripts
 * into another package), a dangling link as it is.
 */
export function keepEntry(trace: Trace, path: RootPath, reason: KeepReason): void {
  if (trace.keep(path, reason) === undefined) trace.keep(path, reason, { follow: false });
}
