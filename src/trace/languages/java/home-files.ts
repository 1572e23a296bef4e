import { isWithin, type RootPath } from '../../../rootfs/root-path.ts';
import type { KeepReason } from '../../keep-graph.ts';
import { NEVER_READ, RUNTIME_USES, type RuntimeUse, SYSTEM_FILES } from '../../knowledge/java.ts';
import type { Trace } from '../../trace.ts';
import type { JavaHome } from './java-home.ts';
import { keepLinkedTree } from './linked-tree.ts';

/**
 * Keeps what a runtime reads to run programs: all of its directory but what the tables leave out, and the files that
 * only some use reads when that use is among `uses`. At level `safe` every use counts.
 */
export function keepHome(
  trace: Trace,
  home: JavaHome,
  uses: ReadonlySet<RuntimeUse>,
  reason: KeepReason,
): void {
  const isWhole = trace.options.level === 'safe';
  keepLinkedTree(trace, home.directory, reason, {
    filter: (path) => {
      // A directory that a link leads to lies elsewhere, and is wanted whole.
      if (!isWithin(path, home.directory)) return true;
      const relative = path.slice(home.directory.length + 1);
      // Commands of the runtime are kept when they are run; its other parts by their tables.
      if (isIdle(relative)) return isNamedByUse(relative, uses);
      const rows = RUNTIME_USES.filter(({ files }) => files.test(relative));
      return rows.length === 0 || rows.some((use) => (isWhole && !use.tools) || uses.has(use));
    },
  });
  for (const { path } of SYSTEM_FILES) trace.keep(path, reason);
}

function isIdle(relative: string): boolean {
  return NEVER_READ.some(({ files }) => files.test(relative));
}

function isNamedByUse(relative: string, uses: ReadonlySet<RuntimeUse>): boolean {
  return [...uses].some(({ files }) => files.test(relative));
}

/** Is `path` a part of the runtime? */
export function isOfHome(path: RootPath, homes: Iterable<JavaHome>): boolean {
  for (const { directory } of homes) if (isWithin(path, directory)) return true;
  return false;
}
