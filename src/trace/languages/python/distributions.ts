import type { Package } from '../../../packages/package.ts';
import type { PackageIndex } from '../../../packages/package-index.ts';
import { joinPath, type RootPath, rootPath } from '../../../rootfs/root-path.ts';
import type { Rootfs } from '../../../rootfs/rootfs.ts';
import { type DistributionMetadata, normalName, readMetadata } from './distribution-metadata.ts';
import type { PathEntry } from './search-path.ts';

/** Distribution is a unit of third-party code: what pip or a distribution's package installed together. */
export interface Distribution extends DistributionMetadata {
  /** Its files and links, sorted; no directories. */
  readonly files: readonly RootPath[];
  /** The package that owns it, when one does. */
  readonly package?: Package;
}

/** Distributions says which installed distribution a module belongs to. */
export class Distributions {
  readonly #rootfs: Rootfs;
  readonly #packages: PackageIndex;
  readonly #byName = new Map<string, Distribution>();
  readonly #byFile = new Map<RootPath, Distribution>();
  readonly #byPackage = new Map<Package, Distribution>();
  readonly #sites: RootPath[] = [];

  constructor(rootfs: Rootfs, packages: PackageIndex, entries: readonly PathEntry[]) {
    this.#rootfs = rootfs;
    this.#packages = packages;
    for (const { path, kind } of entries) {
      if (kind === 'site') this.#sites.push(path);
      if (kind !== 'standard') for (const name of rootfs.list(path)) this.#readEntry(path, name);
    }
  }

  list(): readonly Distribution[] {
    return [...new Set(this.#byName.values())];
  }

  /** Returns the distribution of that name, however its capitals and separators are spelled (PEP 503). */
  get(name: string): Distribution | undefined {
    return this.#byName.get(normalName(name));
  }

  /**
   * Returns the distribution that `file` belongs to: by its records, else by its package; for a file of a site
   * directory without either, its top-level package. Undefined for an application's own file.
   */
  of(file: RootPath): Distribution | undefined {
    const known = this.#byFile.get(file);
    if (known !== undefined) return known;
    const site = this.#sites.find((directory) => file.startsWith(`${directory}/`));
    if (site === undefined) return undefined;
    const owner = this.#packages.owner(file);
    const found = owner === undefined ? this.#unrecorded(site, file) : this.ofPackage(owner);
    this.#byFile.set(file, found);
    return found;
  }

  #readEntry(directory: RootPath, name: string): void {
    if (!/\.(?:dist|egg)-info$/.test(name)) return;
    const path = joinPath(directory, name);
    const metadata = readMetadata(this.#rootfs, path);
    if (metadata === undefined || this.#byName.has(normalName(metadata.name))) return;
    const owner = this.#packages.owner(path);
    const files =
      owner === undefined ? this.#recorded(directory, path, metadata) : this.#packages.files(owner);
    const distribution = { ...metadata, files, ...(owner ? { package: owner } : {}) };
    this.#byName.set(normalName(metadata.name), distribution);
    for (const file of files) if (!this.#byFile.has(file)) this.#byFile.set(file, distribution);
    if (owner !== undefined && !this.#byPackage.has(owner)) this.#byPackage.set(owner, distribution);
  }

  /** RECORD (PEP 376) or installed-files.txt; without either what top_level.txt names. */
  #recorded(site: RootPath, info: RootPath, metadata: DistributionMetadata): RootPath[] {
    const record = this.#rootfs.text(joinPath(info, 'RECORD'));
    const installed = this.#rootfs.text(joinPath(info, 'installed-files.txt'));
    let paths: RootPath[] = [];
    if (record !== undefined) paths = recordPaths(record).map((path) => rootPath(path, site));
    else if (installed !== undefined) paths = lines(installed).map((path) => rootPath(path, info));
    const files = paths.flatMap((path) => this.#realFile(path));
    const inside = this.#treeOf(info);
    const own = inside.length > 0 ? inside : [info];
    if (files.length > 0) return [...new Set([...files, ...own])].sort();
    const names = metadata.topLevel.length > 0 ? metadata.topLevel : [metadata.name.replace(/[-.]/g, '_')];
    return [...names.flatMap((top) => this.#topLevelFiles(site, top)), ...own];
  }

  #realFile(path: RootPath): RootPath[] {
    const found = this.#rootfs.resolve(path, { followLast: false });
    return found === undefined || found.inode.type === 'directory' ? [] : [found.path];
  }

  #unrecorded(site: RootPath, file: RootPath): Distribution {
    const [top = ''] = file.slice(site.length + 1).split('/');
    const stem = top.replace(/\..*$/, '');
    const files = this.#topLevelFiles(site, stem);
    const distribution = { name: stem, requires: [], topLevel: [stem], entryPoints: new Map(), files };
    for (const path of files) if (!this.#byFile.has(path)) this.#byFile.set(path, distribution);
    return distribution;
  }

  /** Returns the distribution of a package; one without metadata is the package's files. */
  ofPackage(owner: Package): Distribution {
    const known = this.#byPackage.get(owner);
    if (known !== undefined) return known;
    const files = this.#packages.files(owner);
    const made = {
      name: owner.name,
      requires: [],
      topLevel: [],
      entryPoints: new Map(),
      files,
      package: owner,
    };
    this.#byPackage.set(owner, made);
    return made;
  }

  #topLevelFiles(site: RootPath, stem: string): RootPath[] {
    const names = this.#rootfs.list(site).filter((name) => name === stem || name.startsWith(`${stem}.`));
    return names
      .filter((name) => !/\.(?:dist|egg)-info$|\.pth$/.test(name))
      .flatMap((name) => {
        const path = joinPath(site, name);
        return this.#rootfs.lookup(path)?.type === 'directory' ? this.#treeOf(path) : [path];
      });
  }

  #treeOf(directory: RootPath): RootPath[] {
    return [...this.#rootfs.walk(directory)].flatMap(([path, inode]) =>
      inode.type === 'directory' ? [] : [path],
    );
  }
}

/** The first column of RECORD, a CSV file. */
function recordPaths(record: string): string[] {
  return lines(record).map((line) =>
    line.startsWith('"')
      ? line.slice(1, line.indexOf('"', 1)).replaceAll('""', '"')
      : line.slice(0, line.indexOf(',') < 0 ? undefined : line.indexOf(',')),
  );
}

function lines(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line !== '');
}
