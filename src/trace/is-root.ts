import type { RootPath } from '../rootfs/root-path.ts';
import type { KeepGraph } from './keep-graph.ts';

/** Is it the process itself (Entrypoint, Cmd, Healthcheck), and not only something that this may start? */
export function isRoot(graph: KeepGraph, path: RootPath): boolean {
  return graph.reasons(path).some(({ detector, from }) => detector === 'root' && from === undefined);
}
