import { isDocumentationPath } from '../../../packages/path-kinds.ts';
import { isWithin, type RootPath } from '../../../rootfs/root-path.ts';
import { isCommandPath, isIntegrationPath } from '../../knowledge/payload-paths.ts';
import type { ModuleGraph } from './module-graph.ts';

/** Keeps what the distribution's package of a program brings beside modules: its configuration and its data. */
export function keepPackagePayload(graph: ModuleGraph, entry: RootPath): void {
  const { trace, globals } = graph.surroundings;
  const owner = trace.packages.owner(entry);
  if (owner === undefined || trace.options.level === 'minimal') return;
  const reason = graph.reason(entry, `of the package of a program: ${owner.name}`, 'inferred');
  for (const path of trace.packages.files(owner)) {
    const isModule = globals.some((directory) => isWithin(path, directory));
    if (!isModule && !isDocumentationPath(path) && !isIntegrationPath(path) && !isCommandPath(path))
      graph.keep(path, reason);
  }
}
