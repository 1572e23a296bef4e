import type { PackageIndex } from '../packages/package-index.ts';
import { keptPackages } from '../packages/trim.ts';
import type { Inode } from '../rootfs/inode.ts';
import type { RootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import type { KeepGraph } from '../trace/keep-graph.ts';
import type { Contents, CostRow, KeptPath } from './slim-result.ts';

/**
 * Returns what `rootfs` comes to: bytes of its files (each inode once), names, packages of which a file is there;
 * `overrides` has other contents of some of the files.
 */
export function contentsOf(
  rootfs: Rootfs,
  packages: PackageIndex,
  overrides: ReadonlyMap<RootPath, Uint8Array> = new Map(),
): Contents {
  const seen = new Set<Inode>();
  const paths: RootPath[] = [];
  let bytes = 0;
  for (const [path, inode] of rootfs.walk()) {
    if (inode.type === 'directory') continue;
    paths.push(path);
    if (inode.type !== 'file' || seen.has(inode)) continue;
    seen.add(inode);
    bytes += overrides.get(path)?.length ?? inode.size;
  }
  return { bytes, files: paths.length, packages: keptPackages(packages, paths, rootfs).size };
}

/** Returns what each detector brought, a file counting for the detector that wanted it first; largest first. */
export function costsOf(rootfs: Rootfs, graph: KeepGraph): readonly CostRow[] {
  const rows = new Map<string, { bytes: number; files: number }>();
  for (const path of graph.paths()) {
    const detector = graph.reasons(path)[0]?.detector;
    const inode = rootfs.lookup(path);
    if (detector === undefined || inode?.type !== 'file') continue;
    const row = rows.get(detector) ?? { bytes: 0, files: 0 };
    row.bytes += inode.size;
    row.files++;
    rows.set(detector, row);
  }
  return [...rows].map(([detector, row]) => ({ detector, ...row })).sort((a, b) => b.bytes - a.bytes);
}

/** Returns the `count` largest kept files. */
export function largestFiles(rootfs: Rootfs, paths: Iterable<RootPath>, count: number): readonly KeptPath[] {
  const rows: KeptPath[] = [];
  for (const path of paths) {
    const inode = rootfs.lookup(path);
    if (inode?.type === 'file') rows.push({ path, bytes: inode.size });
  }
  return rows.sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1)).slice(0, count);
}
