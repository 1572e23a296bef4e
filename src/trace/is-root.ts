import type { RootPath } from '../rootfs/root-path.ts';
import type { KeepGraph } from './keep-graph.ts';

/** Is it the process itself (Entrypoint, Cmd, Healthcheck), and not only something that this may start? */
export function isRoot(graph: KeepGraph, path: RootPath): boolean {
  return graph.reasons(path).some(({ detector, from }) => detector === 'root' && from === undefined);
}

/** Is it the process, be it behind programs that only start it (tini, gosu, an interpreter)? */
export function isProcess(graph: KeepGraph, path: RootPath): boolean {
  const pending = [path];
  const seen = new Set(pending);
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    if (isRoot(graph, at)) return true;
    for (const { detector, from } of graph.reasons(at)) {
      if (detector !== 'command' || from === undefined || seen.has(from)) continue;
      seen.add(from);
      pending.push(from);
    }
  }
  return false;
}

/** Would the path be kept without one detector: does a chain of reasons lead to it that this one has no part in? */
export function isReachedWithout(graph: KeepGraph, path: RootPath, detector: string): boolean {
  const pending = [path];
  const seen = new Set(pending);
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    for (const reason of graph.reasons(at)) {
      if (reason.detector === detector) continue;
      if (reason.from === undefined) return true;
      if (seen.has(reason.from)) continue;
      seen.add(reason.from);
      pending.push(reason.from);
    }
  }
  return false;
}
