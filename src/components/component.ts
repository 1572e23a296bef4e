import type { PackageIndex } from '../packages/package-index.ts';
import type { Inode } from '../rootfs/inode.ts';
import type { RootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';

/** Component is one piece of software, of which at least one file is kept, as its own packager calls it. */
export interface Component {
  readonly name: string;
  /** What the name is within: an npm scope, a Maven group. */
  readonly group?: string;
  readonly version: string;
  /** Package URL (ECMA-427). */
  readonly purl: string;
  /** Kept files by which it is known to be there, sorted. */
  readonly files: readonly RootPath[];
}

/** Inventory is what components are looked for in: what is kept, and the source, which knows what it is. */
export interface Inventory {
  /** Of the source. */
  readonly rootfs: Rootfs;
  readonly packages: PackageIndex;
  /** Everything that is kept and no directory, sorted by path. */
  readonly kept: ReadonlyMap<RootPath, Inode>;
}

/** Largest description of a package that is read, in bytes. */
export const MAX_METADATA = 64 << 20;

/** Returns the text of a file of the source, undefined where there is none or it is no description but something huge. */
export function metadataText({ rootfs }: Inventory, path: string): string | undefined {
  const found = rootfs.file(path);
  return found === undefined || found.inode.size > MAX_METADATA ? undefined : rootfs.text(found.path);
}

/** Groups the kept paths by what `keyOf` finds in them; those without a key are left out. */
export function groupKept(
  { kept }: Inventory,
  keyOf: (path: RootPath) => string | undefined,
): ReadonlyMap<string, readonly RootPath[]> {
  const groups = new Map<string, RootPath[]>();
  for (const path of kept.keys()) {
    const key = keyOf(path);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [path]);
    else group.push(path);
  }
  return groups;
}

/** Does a distribution's package bring this file? Then that package is the component. */
export function isDistributions({ packages }: Inventory, path: string): boolean {
  return packages.owner(packages.realPath(path)) !== undefined;
}
