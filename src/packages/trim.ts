import type { RootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import type { Kept } from './database.ts';
import type { Package } from './package.ts';
import type { PackageIndex } from './package-index.ts';
import { kindOfPath } from './path-kinds.ts';

/** TrimmedDatabase is what a slim image holds so that the packages in it can be named. */
interface TrimmedDatabase {
  /** New contents of files that the rootfs has, by real path; each keeps its owner and mode. */
  readonly overrides: ReadonlyMap<RootPath, Uint8Array>;
  /** Files and links to keep as they are. */
  readonly keep: readonly RootPath[];
}

/**
 * What scanners read besides the databases to know which distribution's advisories apply: trivy takes Debian
 * from etc/debian_version, Ubuntu from etc/lsb-release, Alpine from etc/alpine-release and
 * etc/apk/repositories, Red Hat and its relatives from etc/*-release (pkg/fanal/analyzer/os); syft and the
 * others take os-release (os-release(5)).
 */
const DISTRIBUTION_FILES = [
  '/etc/os-release',
  '/usr/lib/os-release',
  '/etc/debian_version',
  '/etc/lsb-release',
  '/etc/alpine-release',
  '/etc/apk/repositories',
  '/etc/redhat-release',
  '/etc/system-release',
  '/etc/fedora-release',
  '/etc/centos-release',
  '/etc/rocky-release',
  '/etc/almalinux-release',
  '/etc/oracle-release',
];

/**
 * Returns the package databases cut to what is kept, so that scanners still see it: a package is there when
 * at least one of its files that is no directory and no documentation is in `keptPaths` (real paths).
 *
 * trivy (pkg/fanal/analyzer/pkg) reads dpkg's `status` and `status.d/*` but not its `*.md5sums`, takes every
 * paragraph whose Status has neither `deinstall` nor `purge`, and the files from `info/NAME.list` or
 * `info/NAME:ARCH.list`; apk's `lib/apk/db/installed`; rpm's `rpmdb.sqlite` in var/lib/rpm and
 * usr/lib/sysimage/rpm. syft (syft/pkg/cataloger/{debian,alpine,redhat}) reads the same, dpkg's files from
 * `NAME.md5sums` and the Conffiles field. So every file stays where it was, a status.d stays a status.d, and
 * an rpm database loses whole packages only.
 */
export async function trimDatabase(
  index: PackageIndex,
  keptPaths: ReadonlySet<RootPath>,
  rootfs: Rootfs,
): Promise<TrimmedDatabase> {
  const packages = keptPackages(index, keptPaths, rootfs);
  const kept: Kept = {
    hasPackage: (pkg) => packages.has(pkg),
    hasPath: (listed) => keptPaths.has(index.realPath(listed)),
  };
  const overrides = new Map<RootPath, Uint8Array>();
  const keep = new Set<RootPath>();
  for (const database of index.databases) {
    const trimmed = await database.trim(kept);
    for (const [path, bytes] of trimmed.overrides) overrides.set(path, bytes);
    for (const path of trimmed.keep) keep.add(path);
  }
  for (const file of packages.size === 0 ? [] : DISTRIBUTION_FILES) {
    const found = rootfs.file(file);
    if (found === undefined) continue;
    for (const path of [...found.hops, found.path]) keep.add(path);
  }
  return { overrides: new Map([...overrides].sort(byPath)), keep: [...keep].sort() };
}

/** Returns the packages of which more than documentation and directories is kept. */
export function keptPackages(
  index: PackageIndex,
  keptPaths: Iterable<RootPath>,
  rootfs: Rootfs,
): Set<Package> {
  const packages = new Set<Package>();
  for (const path of keptPaths) {
    // A link to a directory (/lib on a merged /usr) is a way, not a payload.
    if (kindOfPath(path) === 'documentation' || rootfs.resolve(path)?.inode.type === 'directory') continue;
    for (const pkg of index.listedBy(path)) packages.add(pkg);
  }
  return packages;
}

function byPath([a]: readonly [RootPath, Uint8Array], [b]: readonly [RootPath, Uint8Array]): number {
  return a < b ? -1 : 1;
}
