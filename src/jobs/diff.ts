import type { Digest } from '../oci/digest.ts';
import { formatPlatform } from '../oci/platform.ts';
import { type ConnectionOptions, resolveOptions } from '../options.ts';
import { openPackages, type PackageIndex } from '../packages/package-index.ts';
import { type ChangedPart, describeChange } from '../rootfs/compare.ts';
import type { Inode } from '../rootfs/inode.ts';
import { ROOT, type RootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import { type OpenedSource, openSource } from '../source/source.ts';
import { Warnings } from '../warnings.ts';

/** DiffOptions is what `oslim diff` takes. */
export interface DiffOptions extends ConnectionOptions {
  readonly images: readonly [string, string];
  readonly platform?: string | undefined;
  /** Components of the directories that are told apart; 2 by default. */
  readonly depth?: number;
  readonly signal?: AbortSignal;
}

export type DiffStatus = 'added' | 'removed' | 'changed';

/** DiffFile is one path that is not the same in both images; bytes only of regular files, each inode once. */
export interface DiffFile {
  readonly path: RootPath;
  readonly status: DiffStatus;
  /** What differs, of a changed one. */
  readonly parts?: readonly ChangedPart[];
  readonly type: Inode['type'];
  readonly package?: string;
  readonly before: number;
  readonly after: number;
}

/** How much of something there was, is, and went or came. */
export interface DiffCounts {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  /** Bytes of files. */
  readonly addedBytes: number;
  readonly removedBytes: number;
  /** Of changed files, what they are now less what they were. */
  readonly changedBytes: number;
}

export interface DiffPackage extends DiffCounts {
  /** Empty for files of no package. */
  readonly name: string;
  /** Versions in the two databases; absent where the package is not in one. */
  readonly before?: string;
  readonly after?: string;
  /** Paths that both images have alike. */
  readonly same: number;
}

export interface DiffDirectory extends DiffCounts {
  readonly path: RootPath;
}

export interface DiffSide {
  readonly name: string;
  readonly digest: Digest;
  readonly platform: string;
  /** Bytes of files, each inode once; everything but directories. */
  readonly bytes: number;
  readonly files: number;
}

/** DiffReport is the document that `oslim diff --json` prints. */
export interface DiffReport {
  readonly schema: '1.0';
  readonly before: DiffSide;
  readonly after: DiffSide;
  readonly total: DiffCounts & { readonly same: number };
  /** Those of which anything differs, most bytes first. */
  readonly packages: readonly DiffPackage[];
  readonly directories: readonly DiffDirectory[];
  /** In the order of their paths. */
  readonly files: readonly DiffFile[];
}

/** Compares two images: what was added, removed or changed, by package, directory and file. Throws OslimError. */
export async function diff(options: DiffOptions): Promise<DiffReport> {
  const { images, depth = 2, ...rest } = options;
  const [a, b] = images;
  const before = await openSource(resolveOptions({ ...rest, image: a }));
  try {
    const after = await openSource(resolveOptions({ ...rest, image: b }));
    try {
      return await diffOpened(before, after, depth);
    } finally {
      await after.close();
    }
  } finally {
    await before.close();
  }
}

async function diffOpened(before: OpenedSource, after: OpenedSource, depth: number): Promise<DiffReport> {
  const indexes = {
    before: await openPackages(before.rootfs, new Warnings()),
    after: await openPackages(after.rootfs, new Warnings()),
  };
  const total = new Counter();
  const packages = new Map<string, Counter>();
  const directories = new Map<RootPath, Counter>();
  const files: DiffFile[] = [];
  for (const pair of pairsOf(before, after)) {
    const name = packageOf(pair, indexes);
    const counters = [total, counterOf(packages, name ?? '')];
    if (pair.file === undefined) {
      if (pair.type !== 'directory') for (const counter of counters) counter.same++;
      continue;
    }
    const file: DiffFile = name === undefined ? pair.file : { ...pair.file, package: name };
    files.push(file);
    // Directories come and go with what is in them: they are told, and not counted.
    if (file.type === 'directory' && file.status !== 'changed') continue;
    for (const path of directoriesOf(file.path, depth)) counters.push(counterOf(directories, path));
    for (const counter of counters) counter.add(file);
  }
  return {
    schema: '1.0',
    before: sideOf(before),
    after: sideOf(after),
    total: total.counts(),
    packages: packageRows(packages, indexes),
    directories: [...directories]
      .map(([path, counter]) => ({ path, ...withoutSame(counter.counts()) }))
      .sort((a, b) => weightOf(b) - weightOf(a) || (a.path < b.path ? -1 : 1)),
    files,
  };
}

/** A path of either image; `file` is absent where both have the same. */
interface Pair {
  readonly path: RootPath;
  readonly type: Inode['type'];
  readonly inBefore: boolean;
  readonly file?: DiffFile;
}

function* pairsOf(before: OpenedSource, after: OpenedSource): Generator<Pair> {
  const seen = { before: new Set<Inode>(), after: new Set<Inode>() };
  for (const [path, inode] of before.rootfs.walk()) {
    const other = after.rootfs.lookup(path);
    const sizes = { before: sizeOf(inode, seen.before), after: sizeOf(other, seen.after) };
    const common = { path, type: inode.type, inBefore: true };
    if (other === undefined)
      yield { ...common, file: { path, status: 'removed', type: inode.type, ...sizes } };
    else {
      const parts = isSameEntry(before, inode, after, other) ? [] : describeChange(inode, other);
      if (parts.length === 0) yield common;
      else yield { ...common, file: { path, status: 'changed', parts, type: other.type, ...sizes } };
    }
  }
  for (const [path, inode] of after.rootfs.walk()) {
    if (before.rootfs.lookup(path) !== undefined) continue;
    const sizes = { before: 0, after: sizeOf(inode, seen.after) };
    yield {
      ...{ path, type: inode.type, inBefore: false },
      file: { path, status: 'added', type: inode.type, ...sizes },
    };
  }
}

/** The bytes of a file whose inode was not counted before. */
function sizeOf(inode: Inode | undefined, seen: Set<Inode>): number {
  if (inode?.type !== 'file' || seen.has(inode)) return 0;
  seen.add(inode);
  return inode.size;
}

/** Entries of one path that the same layer brought are the same: their contents need not be read. */
function isSameEntry(before: OpenedSource, a: Inode, after: OpenedSource, b: Inode): boolean {
  const diffId = before.image.config.diffIds[a.layer];
  return a.type === 'file' && diffId !== undefined && diffId === after.image.config.diffIds[b.layer];
}

function packageOf(
  { path, inBefore }: Pair,
  indexes: { readonly before: PackageIndex; readonly after: PackageIndex },
): string | undefined {
  // What is there in both is told by the first database: that of a slim image lists less.
  const [first, second] = inBefore ? [indexes.before, indexes.after] : [indexes.after, indexes.before];
  return (first.listedBy(path)[0] ?? second.listedBy(path)[0])?.name;
}

/** The directory a path lies in and those above it, `depth` components deep at most. */
function directoriesOf(path: RootPath, depth: number): RootPath[] {
  const parts = path.split('/').slice(1, -1).slice(0, depth);
  return parts.length === 0
    ? [ROOT]
    : parts.map((_, at) => `/${parts.slice(0, at + 1).join('/')}` as RootPath);
}

function counterOf<K>(counters: Map<K, Counter>, key: K): Counter {
  const known = counters.get(key) ?? new Counter();
  counters.set(key, known);
  return known;
}

class Counter {
  same = 0;
  readonly #counts = { added: 0, removed: 0, changed: 0, addedBytes: 0, removedBytes: 0, changedBytes: 0 };

  add({ status, before, after }: DiffFile): void {
    this.#counts[status]++;
    if (status === 'added') this.#counts.addedBytes += after;
    else if (status === 'removed') this.#counts.removedBytes += before;
    else this.#counts.changedBytes += after - before;
  }

  counts(): DiffCounts & { readonly same: number } {
    return { ...this.#counts, same: this.same };
  }
}

function withoutSame({ same: _same, ...counts }: DiffCounts & { readonly same: number }): DiffCounts {
  return counts;
}

function packageRows(
  counters: ReadonlyMap<string, Counter>,
  indexes: { readonly before: PackageIndex; readonly after: PackageIndex },
): readonly DiffPackage[] {
  const versionIn = (index: PackageIndex, name: string) => index.get(name)?.version;
  return [...counters]
    .map(([name, counter]): DiffPackage => {
      const before = versionIn(indexes.before, name);
      const after = versionIn(indexes.after, name);
      return {
        name,
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? {} : { after }),
        ...counter.counts(),
      };
    })
    .filter((row) => row.added + row.removed + row.changed > 0 || row.before !== row.after)
    .sort((a, b) => weightOf(b) - weightOf(a) || (a.name < b.name ? -1 : 1));
}

function weightOf({ addedBytes, removedBytes, changedBytes }: DiffCounts): number {
  return addedBytes + removedBytes + Math.abs(changedBytes);
}

function sideOf({ name, identity, image, rootfs }: OpenedSource): DiffSide {
  const { os, architecture, variant } = image.config;
  const platform = formatPlatform({ os, architecture, ...(variant === undefined ? {} : { variant }) });
  return { name, digest: identity.digest, platform, ...sizeOfAll(rootfs) };
}

function sizeOfAll(rootfs: Rootfs): { readonly bytes: number; readonly files: number } {
  const seen = new Set<Inode>();
  let bytes = 0;
  let files = 0;
  for (const [, inode] of rootfs.walk()) {
    if (inode.type !== 'directory') files++;
    bytes += sizeOf(inode, seen);
  }
  return { bytes, files };
}
