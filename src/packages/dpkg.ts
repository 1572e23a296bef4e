import { OslimError } from '../errors.ts';
import type { Inode } from '../rootfs/inode.ts';
import { prefetchFiles } from '../rootfs/prefetch.ts';
import type { RootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import type { Warnings } from '../warnings.ts';
import type { Kept, PackageDatabase, PackageRecord, TrimmedFiles } from './database.ts';
import { type DatabaseFile, readDatabaseFile, textOf } from './database-file.ts';
import { conffileOfLine, packageOfStatus } from './dpkg-status.ts';
import type { Package } from './package.ts';
import { cutField, parseParagraph, splitParagraphs } from './paragraph.ts';

const ADMIN = '/var/lib/dpkg';

/** A paragraph of a status file that stands for an installed package. */
interface DpkgRecord extends PackageRecord {
  readonly text: string;
}

/** A status file: `status` has a paragraph for every package, a file of status.d usually one. */
interface StatusFile extends DatabaseFile {
  /** Where the lists of its packages are: info/ or, as distroless has it, status.d/ itself. */
  readonly lists: string;
  readonly records: readonly DpkgRecord[];
}

/** Where a package's files went instead, by the path in its list (dpkg-divert(1)). */
interface Diversion {
  readonly to: string;
  /** The package whose own file stays in place; empty for a local diversion. */
  readonly by: string;
}

/**
 * Returns the dpkg database of the rootfs (deb(5), dpkg's lib/dpkg/dump.c and distroless' status.d),
 * undefined when it has none.
 */
export async function openDpkg(rootfs: Rootfs, warnings: Warnings): Promise<PackageDatabase | undefined> {
  await prefetchFiles(filesOf(rootfs, (name) => name.endsWith('.list')));
  const database = new DpkgDatabase(rootfs, warnings);
  return database.records.length === 0 ? undefined : database;
}

class DpkgDatabase implements PackageDatabase {
  readonly manager = 'dpkg';
  readonly records: readonly DpkgRecord[];
  readonly #rootfs: Rootfs;
  readonly #statusFiles: readonly StatusFile[];
  readonly #diversions: ReadonlyMap<string, Diversion>;

  constructor(rootfs: Rootfs, warnings: Warnings) {
    this.#rootfs = rootfs;
    this.#diversions = readDiversions(rootfs);
    const paths = rootfs.list(`${ADMIN}/status.d`).filter((name) => !name.endsWith('.md5sums'));
    this.#statusFiles = [
      ...this.#readStatus(`${ADMIN}/status`, `${ADMIN}/info`, warnings),
      ...paths.flatMap((name) =>
        this.#readStatus(`${ADMIN}/status.d/${name}`, `${ADMIN}/status.d`, warnings),
      ),
    ];
    this.records = this.#statusFiles.flatMap((file) => file.records);
  }

  async trim(kept: Kept): Promise<TrimmedFiles> {
    const names = new Set(
      this.records.filter((record) => kept.hasPackage(record.package)).map(({ package: { name } }) => name),
    );
    await prefetchFiles(filesOf(this.#rootfs, (name) => names.has(packageOfSums(name))));
    const overrides = new Map<RootPath, Uint8Array>();
    const keep = new Set<RootPath>();
    const put = (file: DatabaseFile, text: string): void => {
      overrides.set(file.path, Buffer.from(text));
      for (const hop of file.hops) keep.add(hop);
    };
    for (const file of this.#statusFiles) {
      const records = file.records.filter((record) => kept.hasPackage(record.package));
      if (records.length === 0) continue;
      put(file, records.map((record) => `${this.#cutStatus(record, kept)}\n`).join('\n'));
      for (const { package: pkg } of records) {
        const isKept = (listed: string): boolean => kept.hasPath(this.#divert(pkg, listed));
        const list = this.#infoFile(file.lists, pkg, 'list');
        if (list !== undefined)
          put(
            list,
            cutLines(textOf(list), (line) => isKept(line)),
          );
        const sums = this.#infoFile(file.lists, pkg, 'md5sums');
        if (sums !== undefined)
          put(
            sums,
            cutLines(textOf(sums), (line) => isKept(pathOfSum(line))),
          );
      }
    }
    // "1" says that lists are named NAME:ARCH.list; without it dpkg-query looks for NAME.list alone (dpkg,
    // lib/dpkg/db-fsys-files.c).
    const format = this.#rootfs.file(`${ADMIN}/info/format`);
    if (format !== undefined && overrides.size > 0) keep.add(format.path);
    return { overrides, keep: [...keep] };
  }

  #cutStatus(record: DpkgRecord, kept: Kept): string {
    return cutField(record.text, 'Conffiles', (line) => {
      const path = conffileOfLine(line);
      return path !== undefined && kept.hasPath(this.#divert(record.package, path));
    });
  }

  #readStatus(path: string, lists: string, warnings: Warnings): StatusFile[] {
    const file = readDatabaseFile(this.#rootfs, path);
    if (file === undefined) return [];
    const records: DpkgRecord[] = [];
    for (const raw of splitParagraphs(textOf(file))) {
      try {
        const paragraph = parseParagraph(raw);
        const pkg = packageOfStatus(paragraph);
        if (pkg !== undefined) {
          records.push({ package: pkg, text: paragraph.text, paths: () => this.#paths(lists, pkg) });
        }
      } catch (error) {
        if (!(error instanceof OslimError)) throw error;
        warnings.add('PACKAGE_DATABASE', error.message, file.path);
      }
    }
    return [{ ...file, lists, records }];
  }

  /**
   * Yields the package's files: from its list, or else from its checksums and conffiles (which leave out
   * links and directories).
   */
  *#paths(lists: string, pkg: Package): Generator<string> {
    const list = this.#infoFile(lists, pkg, 'list');
    if (list !== undefined) {
      for (const line of textOf(list).split('\n')) {
        if (line.startsWith('/')) yield this.#divert(pkg, line);
      }
      return;
    }
    const sums = this.#infoFile(lists, pkg, 'md5sums');
    for (const line of sums === undefined ? [] : textOf(sums).split('\n')) {
      if (line !== '') yield this.#divert(pkg, pathOfSum(line));
    }
    for (const conffile of pkg.conffiles) yield this.#divert(pkg, conffile);
  }

  /** Returns `NAME:ARCH.TYPE` (a `Multi-Arch: same` package) or `NAME.TYPE` in the directory of lists. */
  #infoFile(lists: string, pkg: Package, type: 'list' | 'md5sums'): DatabaseFile | undefined {
    // A name with a slash would leave the directory.
    if (pkg.name.includes('/') || pkg.architecture.includes('/')) return undefined;
    return (
      readDatabaseFile(this.#rootfs, `${lists}/${pkg.name}:${pkg.architecture}.${type}`) ??
      readDatabaseFile(this.#rootfs, `${lists}/${pkg.name}.${type}`)
    );
  }

  #divert(pkg: Package, listed: string): string {
    const diversion = this.#diversions.get(listed);
    return diversion === undefined || diversion.by === pkg.name ? listed : diversion.to;
  }
}

/** Returns the status files, and of the files about packages those whose names are wanted. */
function filesOf(rootfs: Rootfs, isWanted: (name: string) => boolean): (Inode | undefined)[] {
  const names = rootfs.list(`${ADMIN}/info`).filter(isWanted);
  const paths = ['status', 'diversions', ...names.map((name) => `info/${name}`)];
  return paths.map((path) => rootfs.file(`${ADMIN}/${path}`)?.inode);
}

/** Returns the package that `NAME.md5sums` or `NAME:ARCH.md5sums` is about. */
function packageOfSums(name: string): string {
  return name.endsWith('.md5sums') ? (name.split(/:|\.md5sums$/)[0] ?? '') : '';
}

/** Returns the path in a line of an md5sums file: `SUM  usr/bin/x`, relative to the root. */
function pathOfSum(line: string): string {
  return `/${line.replace(/^\S+\s+(?:\.?\/)?/, '')}`;
}

function cutLines(text: string, keep: (line: string) => boolean): string {
  return text
    .split('\n')
    .filter((line) => line !== '' && keep(line))
    .map((line) => `${line}\n`)
    .join('');
}

/**
 * Reads the diversions: three lines each, the path, where it is diverted to, and the package (`:` for a local
 * one).
 */
function readDiversions(rootfs: Rootfs): Map<string, Diversion> {
  const file = readDatabaseFile(rootfs, `${ADMIN}/diversions`);
  const lines = file === undefined ? [] : textOf(file).split('\n');
  const diversions = new Map<string, Diversion>();
  for (let at = 0; at + 2 < lines.length; at += 3) {
    const [from = '', to = '', by = ''] = lines.slice(at, at + 3);
    diversions.set(from, { to, by: by === ':' ? '' : by });
  }
  return diversions;
}
