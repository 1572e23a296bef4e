import { ancestors, joinPath, parentPath, type RootPath, rootPath } from '../../../rootfs/root-path.ts';
import type { ModuleGraph } from './module-graph.ts';

const MAPS = ['.pnp.cjs', '.pnp.js', '.pnp.data.json', '.pnp.loader.mjs'];

/**
 * Keeps the archives that a Plug'n'Play map above `directory` names (Yarn, "PnP specification", packageLocation): there
 * is no node_modules then, and which archive a module is in only the map's own resolver knows.
 */
export function keepPlugAndPlay(graph: ModuleGraph, directory: RootPath): void {
  const { rootfs } = graph.surroundings.trace;
  for (const above of [directory, ...ancestors(directory)]) {
    const maps = MAPS.map((name) => joinPath(above, name)).filter((path) => rootfs.file(path) !== undefined);
    for (const map of maps) {
      graph.keep(map, graph.reason(undefined, "Plug'n'Play map"));
      for (const [, location = ''] of (rootfs.text(map) ?? '').matchAll(
        /packageLocation\\?":\s*\\?"([^"\\]+)/g,
      ))
        keepLocation(graph, map, location);
    }
    if (maps.length > 0) return;
  }
}

/** `./.yarn/cache/x-npm-1.0.zip/node_modules/x/`, `./.yarn/unplugged/y/node_modules/y/`, `./packages/z/`. */
function keepLocation(graph: ModuleGraph, map: RootPath, location: string): void {
  const archive = /^.*?\.zip(?=\/|$)/.exec(location)?.[0];
  const path = rootPath(archive ?? location, parentPath(map));
  const reason = graph.reason(map, `archive of ${location}`, 'inferred');
  if (archive !== undefined) graph.keep(path, reason);
  else if (path.includes('/unplugged/')) graph.surroundings.trace.keepTree(path, reason);
}
