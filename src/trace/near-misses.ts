import { OslimError } from '../errors.ts';
import type { ElfStore } from '../ldso/elf-store.ts';
import type { Package } from '../packages/package.ts';
import type { PackageIndex } from '../packages/package-index.ts';
import type { Inode } from '../rootfs/inode.ts';
import { baseName, isWithin, joinPath, parentPath, type RootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import type { KeepGraph } from './keep-graph.ts';

/** How many paths one near miss names. */
const SHOWN = 3;

/** NearMiss is something kept, or not kept, that a file which goes is close to. */
export interface NearMiss {
  readonly kind:
    | 'hard-link'
    | 'same-name'
    | 'other-version'
    | 'needed-by'
    | 'siblings'
    | 'package'
    | 'dependents';
  /** One line, without its paths. */
  readonly message: string;
  /** The first few of those that it is about. */
  readonly paths: readonly string[];
  readonly count: number;
}

/** What near misses are looked for in. */
export interface NearMissContext {
  readonly rootfs: Rootfs;
  readonly graph: KeepGraph;
  readonly packages: PackageIndex;
  readonly elves: ElfStore;
  /** False for a directory of the host: looking at every file there would take minutes. */
  readonly isWholeInMemory: boolean;
}

/** Returns what is near to the file, link or directory at `path`, which is not kept. */
export function nearMisses(context: NearMissContext, path: RootPath, inode: Inode): readonly NearMiss[] {
  const misses = [...otherNames(context, path, inode)];
  if (inode.type === 'file' && context.isWholeInMemory) misses.push(...requirers(context, path, inode));
  misses.push(...siblings(context, path));
  const owner = context.packages.owner(path);
  if (owner !== undefined) misses.push(...packageMisses(context, owner));
  return misses;
}

function* otherNames(
  { graph, rootfs }: NearMissContext,
  path: RootPath,
  inode: Inode,
): Generator<NearMiss, void> {
  const name = baseName(path);
  const stem = libraryStem(name);
  const links: RootPath[] = [];
  const same: RootPath[] = [];
  const versions: RootPath[] = [];
  for (const kept of graph.paths()) {
    const other = baseName(kept);
    if (inode.type === 'file' && rootfs.lookup(kept) === inode) links.push(kept);
    else if (other === name) same.push(kept);
    else if (stem !== undefined && libraryStem(other) === stem) versions.push(kept);
  }
  yield* missOf('hard-link', 'the same file is kept under another name', links);
  yield* missOf('same-name', 'another path of this name is kept', same);
  yield* missOf('other-version', 'another version of this library is kept', versions);
}

/** `libssl` of `libssl.so.1.1`. */
function libraryStem(name: string): string | undefined {
  return /^(lib.+?)(?:-[\d.]+)?\.so(?:\.\d+)*$/.exec(name)?.[1];
}

/** A shared library goes when nothing kept needs it: who would? */
function requirers(
  { rootfs, elves }: NearMissContext,
  path: RootPath,
  inode: Inode & { readonly type: 'file' },
): readonly NearMiss[] {
  const elf = elves.find(inode);
  if (elf === undefined || elf instanceof OslimError || elf.interp !== undefined) return [];
  const soname = elf.soname ?? baseName(path);
  const paths: RootPath[] = [];
  for (const [other, candidate] of rootfs.walk()) {
    if (candidate.type !== 'file' || candidate === inode) continue;
    const found = elves.find(candidate);
    if (found !== undefined && !(found instanceof OslimError) && found.needed.includes(soname))
      paths.push(other);
  }
  return paths.length === 0
    ? [{ kind: 'needed-by', message: `no file of the image needs ${soname}`, paths: [], count: 0 }]
    : [...missOf('needed-by', `${soname} is needed by files that go too or find another`, paths)];
}

function siblings({ graph, rootfs }: NearMissContext, path: RootPath): readonly NearMiss[] {
  const directory = parentPath(path);
  if (directory === '/') return [];
  const names = rootfs.list(directory);
  const kept = names.map((name) => joinPath(directory, name)).filter((sibling) => graph.has(sibling));
  return [...missOf('siblings', `of ${names.length} entries of ${directory}, kept`, kept)];
}

function* packageMisses({ graph, packages }: NearMissContext, owner: Package): Generator<NearMiss> {
  const files = packages.files(owner);
  const kept = files.filter((file) => graph.has(file));
  yield* missOf('package', `of ${files.length} files of its package ${owner.name}, kept`, kept);
  if (kept.length > 0) return;
  const dependents = packages
    .list()
    .filter((pkg) => packages.dependencies(pkg).includes(owner))
    .filter((pkg) => packages.files(pkg).some((file) => graph.has(file)))
    .map(({ name }) => name);
  yield* missOf('dependents', `kept packages that depend on ${owner.name}`, dependents);
}

function* missOf(
  kind: NearMiss['kind'],
  message: string,
  paths: readonly string[],
): Generator<NearMiss, void> {
  if (paths.length > 0) yield { kind, message, paths: paths.slice(0, SHOWN), count: paths.length };
}

/** Returns the first kept path at or below a directory, and how many there are. */
export function keptBelow(
  paths: Iterable<RootPath>,
  directory: RootPath,
): { readonly first: RootPath; readonly count: number } | undefined {
  let first: RootPath | undefined;
  let count = 0;
  for (const path of paths) {
    if (path === directory || !isWithin(path, directory)) continue;
    first ??= path;
    count++;
  }
  return first === undefined ? undefined : { first, count };
}
