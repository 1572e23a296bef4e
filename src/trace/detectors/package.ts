import { isElf as hasElfMagic } from '../../elf/header.ts';
import type { Package } from '../../packages/package.ts';
import { classOf } from '../../packages/package-classes.ts';
import { isDocumentationPath } from '../../packages/path-kinds.ts';
import type { FileInode } from '../../rootfs/inode.ts';
import { baseName, joinPath, parentPath, type RootPath } from '../../rootfs/root-path.ts';
import { readRange } from '../../rootfs/rootfs.ts';
import type { Detector, KeptFile, Role } from '../detector.ts';
import type { KeepReason } from '../keep-graph.ts';
import { isLibcFile } from '../knowledge/libc-files.ts';
import { SASL_AUXPROP } from '../knowledge/library-data.ts';
import { isCommandPath, isIntegrationPath, isLibraryDirectory } from '../knowledge/payload-paths.ts';
import { requestedByAuthor } from '../requested.ts';
import type { Trace } from '../trace.ts';

const NAME = 'package';

/** Bytes that plugins and data of packages that build on a root's package may add, unless the user asks for them. */
const COMPANION_LIMIT = 100e6;
/** Bytes of data that one library's package may add. */
const LIBRARY_DATA_LIMIT = 40e6;

/** Debian's sections of modules that are sources (Debian Policy 2.4). */
const LANGUAGE_SECTION = /^(?:python|perl|ruby|php|java|javascript|lua|lisp|gnu-r)$/;

/** A test for packages that a language detector keeps by its own, finer rules. */
export type PackageClaim = (pkg: Package) => boolean;

/** Keeps what the package of a running program or of a loaded library brings for it: configuration, data, plugins. */
export function packageDetector(claims: readonly PackageClaim[]): Detector {
  const asProgram = new Set<string>();
  const asLibrary = new Set<string>();
  const asModules = new Set<string>();
  const isClaimed: PackageClaim = (pkg) => claims.some((claim) => claim(pkg));

  return {
    name: NAME,
    detect(file, trace) {
      if (trace.options.level === 'minimal' || file.inode.type !== 'file') return;
      const owner = trace.packages.owner(file.path);
      if (owner === undefined || isLibcFile(file.path)) return;
      if (LANGUAGE_SECTION.test(owner.section ?? '') && !asModules.has(owner.name)) {
        asModules.add(owner.name);
        keepModuleData(trace, owner, file, isClaimed);
      }
      if (isClaimed(owner)) {
        if (file.role !== 'program' || asProgram.has(owner.name)) return;
        asProgram.add(owner.name);
        keepConfiguration(trace, owner, file);
      } else if (file.role === 'program') {
        if (asProgram.has(owner.name)) return;
        asProgram.add(owner.name);
        if (isLibcPackage(trace, owner)) return;
        keepProgramPackage(trace, owner, file, isClaimed);
      } else if (!asProgram.has(owner.name) && !asLibrary.has(owner.name) && isElf(file.inode)) {
        asLibrary.add(owner.name);
        keepLibraryPackage(trace, owner, file, isClaimed);
      }
    },
  };
}

function isElf(inode: FileInode): boolean {
  return hasElfMagic(readRange(inode, 0, 4));
}

/** The program's own package whole, its same-source companions that it depends on, and those that build on it. */
function keepProgramPackage(trace: Trace, owner: Package, file: KeptFile, isClaimed: PackageClaim): void {
  const because = `of the package of a program: ${owner.name}`;
  const companions = forwardCompanions(trace, owner);
  for (const pkg of companions) {
    if (!isClaimed(pkg)) keepPayload(trace, pkg, reason(file.path, `${because} (${pkg.name})`));
  }
  for (const pkg of dataDependencies(trace, companions)) {
    if (!isClaimed(pkg))
      keepPayload(trace, pkg, reason(file.path, `data that ${owner.name} depends on (${pkg.name})`));
  }
  const extensions = owner.essential ? [] : extensionsByName(trace, owner);
  for (const pkg of [...backwardCompanions(trace, owner), ...extensions]) {
    if (isClaimed(pkg) || payloadBytes(trace, pkg) > COMPANION_LIMIT) continue;
    keepPayload(trace, pkg, reason(file.path, `builds on ${owner.name} (${pkg.name})`));
  }
}

/** What modules of a language read beside themselves lies in packages that theirs depends on (docutils-common, sphinx-common). */
function keepModuleData(trace: Trace, owner: Package, file: KeptFile, isClaimed: PackageClaim): void {
  const companions = forwardCompanions(trace, owner).filter((pkg) => pkg !== owner);
  for (const pkg of new Set([...dataDependencies(trace, [owner]), ...companions])) {
    if (isClaimed(pkg) || isLibcPackage(trace, pkg) || payloadBytes(trace, pkg) > LIBRARY_DATA_LIMIT)
      continue;
    const why = reason(file.path, `data that ${owner.name} depends on (${pkg.name})`);
    keepPayload(trace, pkg, why, { roleOf: () => 'data' });
  }
}

/** Of a package that its language's detector keeps by finer rules, what is below /etc: php-fpm.conf, sitecustomize.py. */
function keepConfiguration(trace: Trace, owner: Package, file: KeptFile): void {
  const why = reason(file.path, `configuration of the package of a program: ${owner.name}`);
  for (const path of trace.packages.files(owner)) {
    if (path.startsWith('/etc/') && !isIntegrationPath(path))
      trace.keep(path, why, { role: roleInPayload(path, 0) });
  }
}

/** A library's data and plugins; its directory in the search path holds other libraries, which only the linker keeps. */
function keepLibraryPackage(trace: Trace, owner: Package, file: KeptFile, isClaimed: PackageClaim): void {
  if (isLibcPackage(trace, owner)) return;
  for (const pkg of forwardCompanions(trace, owner)) {
    if (isClaimed(pkg) || isLibcPackage(trace, pkg) || payloadBytes(trace, pkg) > LIBRARY_DATA_LIMIT)
      continue;
    keepPayload(trace, pkg, reason(file.path, `of the package of a library: ${owner.name} (${pkg.name})`), {
      roleOf: () => 'data',
      accepts: (path) => !SASL_AUXPROP.test(path),
    });
  }
}

function reason(from: RootPath, detail: string): KeepReason {
  return { detector: NAME, from, detail, certainty: 'inferred' };
}

const libcPackages = new WeakMap<Package, boolean>();

/** The C library's own packages: their converters, locales, loaders and modules have rules of their own. */
function isLibcPackage(trace: Trace, pkg: Package): boolean {
  const known = libcPackages.get(pkg);
  if (known !== undefined) return known;
  const holdsLibc = [pkg, ...trace.packages.sameSource(pkg)].some((other) =>
    trace.packages.files(other).some((path) => /\/libc\.so\.6$|\/ld-musl-\w+\.so\.1$/.test(path)),
  );
  libcPackages.set(pkg, holdsLibc);
  return holdsLibc;
}

/** The package and what it depends on that is built from the same source, all the way down. */
function forwardCompanions(trace: Trace, owner: Package): readonly Package[] {
  const found = new Set<Package>([owner]);
  for (const pkg of found) {
    for (const dependency of trace.packages.dependencies(pkg)) {
      if (dependency.source === owner.source && isRuntimePackage(dependency)) found.add(dependency);
    }
  }
  return [...found];
}

function backwardCompanions(trace: Trace, owner: Package): readonly Package[] {
  return trace.packages
    .sameSource(owner)
    .filter(
      (pkg) => pkg !== owner && isRuntimePackage(pkg) && trace.packages.dependencies(pkg).includes(owner),
    );
}

/** Packages of other sources that the image's author installed by name and that depend on the program's: PostGIS for a PostgreSQL server. */
function extensionsByName(trace: Trace, owner: Package): readonly Package[] {
  const asked = [...requestedByAuthor(trace)].filter(
    (pkg) =>
      pkg.source !== owner.source &&
      isRuntimePackage(pkg) &&
      trace.packages.dependencies(pkg).includes(owner),
  );
  return [...new Set(asked.flatMap((pkg) => forwardCompanions(trace, pkg)))];
}

/** Dependencies that hold nothing to execute or to link: fonts, models, tables, stylesheets. */
function dataDependencies(trace: Trace, companions: readonly Package[]): ReadonlySet<Package> {
  const found = new Set<Package>();
  for (const pkg of companions) {
    for (const other of trace.packages.dependencies(pkg))
      if (!companions.includes(other) && isDataPackage(trace, other)) found.add(other);
  }
  return found;
}

function isDataPackage(trace: Trace, pkg: Package): boolean {
  if (pkg.architecture !== 'all' || !isRuntimePackage(pkg)) return false;
  return payload(trace, pkg).every(
    ([path, inode]) => (inode.mode & 0o111) === 0 && !path.includes('/perl5/'),
  );
}

function isRuntimePackage(pkg: Package): boolean {
  return classOf(pkg) === 'ordinary';
}

function payload(trace: Trace, pkg: Package): (readonly [RootPath, FileInode])[] {
  return trace.packages.files(pkg).flatMap((path) => {
    if (isDocumentationPath(path) || isIntegrationPath(path)) return [];
    const inode = trace.rootfs.lookup(path);
    return inode?.type === 'file' ? [[path, inode] as const] : [];
  });
}

function payloadBytes(trace: Trace, pkg: Package): number {
  return payload(trace, pkg).reduce((sum, [, inode]) => sum + inode.size, 0);
}

interface PayloadOptions {
  readonly roleOf?: (path: RootPath, mode: number) => Role;
  readonly accepts?: (path: RootPath) => boolean;
}

/** Keeps what a package brings besides its commands and the libraries of the search path, and its directories. */
export function keepPayload(
  trace: Trace,
  pkg: Package,
  why: KeepReason,
  { roleOf = roleInPayload, accepts = () => true }: PayloadOptions = {},
): void {
  for (const path of trace.packages.files(pkg)) {
    if (isDocumentationPath(path) || isIntegrationPath(path) || !accepts(path)) continue;
    const inode = trace.rootfs.lookup(path);
    if (inode === undefined) continue;
    if (isCommandPath(path)) {
      keepOtherName(trace, path, why);
    } else if (inode.type === 'symlink') {
      keepPayloadLink(trace, path, why);
    } else if (!isSearchedLibrary(path)) {
      trace.keep(path, why, { role: roleOf(path, inode.mode) });
    }
  }
  for (const path of trace.packages.directories(pkg)) {
    if (!isDocumentationPath(`${path}/` as RootPath) && !isIntegrationPath(`${path}/`))
      keepStateDirectory(trace, path, pkg, why);
  }
}

/** A command of the package is kept only if it is another name of something that runs anyhow (redis-server → redis-check-rdb). */
function keepOtherName(trace: Trace, path: RootPath, why: KeepReason): void {
  const target = trace.rootfs.resolve(path);
  if (target !== undefined && target.path !== path && trace.roleOf(target.path) === 'program')
    trace.keep(path, why);
}

function keepPayloadLink(trace: Trace, path: RootPath, why: KeepReason): void {
  const target = trace.rootfs.resolve(path);
  if (target === undefined) trace.keep(path, why, { follow: false });
  else if (!isCommandPath(target.path) && !isSearchedLibrary(target.path)) trace.keep(path, why);
}

/** Libraries in the linker's own directories are kept when something needs them, not for their package's sake. */
function isSearchedLibrary(path: RootPath): boolean {
  return /\.so(?:\.[\w.]+)?$/.test(path) && isLibraryDirectory(parentPath(path));
}

/** Returns what a file of a package's payload is to its program. */
export function roleInPayload(path: RootPath, mode: number): Role {
  // What is only available is read when something enables it by a link (a2enmod(8)).
  if (/^\/etc\/.*-available\//.test(path)) return 'data';
  // Executables in /etc are hooks, for whoever is configured to call them.
  if (path.startsWith('/etc/')) return 'config';
  if (
    (mode & 0o111) !== 0 &&
    !/\.(?:so|la|py|pl|pm|rb|js|json|conf|xml|html?|css|png|svg)(?:\.|$)/.test(path)
  )
    return 'program';
  return 'data';
}

/** What the package's scripts wrote beside its data, for those who find its extensions: /usr/share/octave/octave_packages. */
function keepGeneratedIndexes(trace: Trace, path: RootPath, pkg: Package, why: KeepReason): void {
  if (!/^\/usr\/(?:share|lib)\/[^/]+$/.test(path) || ![pkg.name, pkg.source].includes(baseName(path))) return;
  for (const name of trace.rootfs.list(path)) {
    const entry = joinPath(path, name);
    const isGenerated =
      trace.rootfs.lookup(entry)?.type === 'file' && trace.packages.listedBy(entry).length === 0;
    if (isGenerated) trace.keep(entry, why, { role: 'data' });
  }
}

/**
 * Directories of the payload are kept with their owner and mode (spools, caches, state). Below /etc and /var they
 * also hold what the package's postinst made there: log files linked to /dev/stdout, rehashed links, an initial database.
 */
function keepStateDirectory(trace: Trace, path: RootPath, pkg: Package, why: KeepReason): void {
  keepGeneratedIndexes(trace, path, pkg, why);
  const owners = trace.packages.owners(path);
  if (owners.length !== 1 && owners.some((other) => other.source !== pkg.source)) return;
  trace.keep(path, why);
  if (!path.startsWith('/etc/') && !path.startsWith('/var/')) return;
  trace.keepTree(path, why, {
    filter: (entry) => trace.packages.listedBy(entry).length === 0 && !isIntegrationPath(entry),
    role: (entry) => (path.startsWith('/etc/') ? roleInPayload(entry, 0) : 'data'),
  });
}
