import { baseName, joinPath, type RootPath } from '../../../rootfs/root-path.ts';
import type { Rootfs } from '../../../rootfs/rootfs.ts';

/** DistributionMetadata is what a dist-info or egg-info directory says (core metadata specification; entry points specification). */
export interface DistributionMetadata {
  readonly name: string;
  /** What it requires, environment markers dropped; `isExtra`: only for an extra. */
  readonly requires: readonly { readonly name: string; readonly isExtra: boolean }[];
  readonly topLevel: readonly string[];
  /** Groups of entry points with the modules that they name. */
  readonly entryPoints: ReadonlyMap<string, readonly string[]>;
  /** Did somebody ask pip for it by name (PEP 376, REQUESTED)? */
  readonly isRequested?: boolean;
}

/** Returns the name as PEP 503 compares it. */
export function normalName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** Reads the metadata at `path`, a dist-info or egg-info directory or an egg-info file; undefined when there is none. */
export function readMetadata(rootfs: Rootfs, path: RootPath): DistributionMetadata | undefined {
  const isDirectory = rootfs.resolve(path)?.inode.type === 'directory';
  const read = (name: string): string | undefined =>
    isDirectory ? rootfs.text(joinPath(path, name)) : undefined;
  const headers = read('METADATA') ?? read('PKG-INFO') ?? (isDirectory ? '' : rootfs.text(path));
  if (headers === undefined) return undefined;
  const [inName = ''] = baseName(path)
    .replace(/\.(?:dist|egg)-info$/, '')
    .split('-');
  const name = /^Name:\s*(\S+)/im.exec(headers)?.[1] ?? inName;
  const declared = [...headers.matchAll(/^Requires-Dist:\s*([\w.-]+)([^\n]*)/gim)].map((match) => ({
    name: match[1] ?? '',
    isExtra: /;.*\bextra\b/.test(match[2] ?? ''),
  }));
  return {
    name,
    requires: declared.length > 0 ? declared : requirementsOf(read('requires.txt') ?? ''),
    topLevel: (read('top_level.txt') ?? '').split(/\s+/).filter((top) => top !== ''),
    entryPoints: entryPointsOf(read('entry_points.txt') ?? ''),
    isRequested: read('REQUESTED') !== undefined,
  };
}

/** setuptools' requires.txt: sections `[extra]` or `[extra:marker]`, or `[:marker]`, follow the plain requirements. */
function requirementsOf(text: string): { name: string; isExtra: boolean }[] {
  let isExtra = false;
  const found: { name: string; isExtra: boolean }[] = [];
  for (const line of text.split('\n')) {
    const section = /^\[([^\]]*)\]/.exec(line);
    if (section !== null) isExtra = !(section[1] ?? '').startsWith(':');
    const name = /^\s*([A-Za-z\d][\w.-]*)/.exec(line)?.[1];
    if (name !== undefined) found.push({ name, isExtra });
  }
  return found;
}

function entryPointsOf(text: string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  let group = '';
  for (const line of text.split('\n')) {
    group = /^\s*\[\s*([^\]]+?)\s*\]/.exec(line)?.[1] ?? group;
    const module = /^[^[=]+=\s*([\w.]+)/.exec(line)?.[1];
    if (module !== undefined) groups.set(group, [...(groups.get(group) ?? []), module]);
  }
  return groups;
}
