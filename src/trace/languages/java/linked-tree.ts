import type { RootPath } from '../../../rootfs/root-path.ts';
import type { KeepReason } from '../../keep-graph.ts';
import type { Trace, TreeOptions } from '../../trace.ts';
import { isBroad } from './class-path.ts';

/** Links from one tree to the next are followed this often. */
const MAX_TREES = 64;

/**
 * Keeps a directory as keepTree does, and the directories that links in it lead to: distributions put a runtime's or a
 * server's configuration, logs and archives elsewhere (Debian's tomcat: conf is a link to /etc/tomcat10).
 */
export function keepLinkedTree(
  trace: Trace,
  directory: RootPath,
  reason: KeepReason,
  options: TreeOptions = {},
): void {
  const pending: RootPath[] = [directory];
  const seen = new Set<RootPath>();
  for (let at = pending.shift(); at !== undefined && seen.size < MAX_TREES; at = pending.shift()) {
    const real = trace.rootfs.resolve(at);
    if (real?.inode.type !== 'directory' || seen.has(real.path)) continue;
    seen.add(real.path);
    trace.keep(at, reason);
    trace.keepTree(real.path, reason, {
      ...options,
      filter: (path, entry) => {
        if (options.filter?.(path, entry) === false) return false;
        if (entry.type === 'symlink') {
          const target = trace.rootfs.resolve(path);
          if (target?.inode.type === 'directory' && !isBroad(target.path)) pending.push(path);
        }
        return true;
      },
    });
  }
}
