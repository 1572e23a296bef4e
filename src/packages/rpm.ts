import type { Database, SqlJsStatic } from 'sql.js';
import { FormatError, OslimError, reasonOf } from '../errors.ts';
import { checkLimit, type Limits } from '../io/limits.ts';
import type { RootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import type { Warnings } from '../warnings.ts';
import type { Kept, PackageDatabase, PackageRecord, TrimmedFiles } from './database.ts';
import { type DatabaseFile, readDatabaseFile } from './database-file.ts';
import { RpmHeader } from './rpm-header.ts';
import { packageOfHeader, pathsOfHeader } from './rpm-package.ts';

/**
 * rpm's `_dbpath`: the classic one, Fedora's and openSUSE's, rpm-ostree's. One is often a link to another.
 */
const DIRECTORIES = ['/var/lib/rpm', '/usr/lib/sysimage/rpm', '/usr/share/rpm'];

/** Formats of rpm's other backends (rpm, lib/backend), which have no reader here. */
const OTHER_BACKENDS = [
  { file: 'Packages', name: 'Berkeley DB' },
  { file: 'Packages.db', name: 'ndb' },
];

/**
 * Offsets of the file format versions in an SQLite header; 2 means write-ahead logging
 * (sqlite.org/fileformat2.html, 1.3.3).
 */
const FORMAT_VERSIONS = [18, 19];

interface RpmRecord extends PackageRecord {
  /** Row of the Packages table. */
  readonly hnum: number;
}

/**
 * Returns the rpm database of the rootfs in its SQLite form, undefined when it has none; other forms are a
 * warning.
 */
export async function openRpm(rootfs: Rootfs, warnings: Warnings): Promise<PackageDatabase | undefined> {
  for (const directory of DIRECTORIES) {
    const file = readDatabaseFile(rootfs, `${directory}/rpmdb.sqlite`);
    if (file === undefined) continue;
    const wal = rootfs.file(`${directory}/rpmdb.sqlite-wal`);
    if (wal !== undefined && wal.inode.size > 0) {
      warnings.add(
        'PACKAGE_DATABASE',
        'the rpm database has a write-ahead log: its newest changes are not read',
        wal.path,
      );
    }
    const sql = await loadSqlite();
    const records = withDatabase(sql, file, (database) =>
      readRecords(database, file, warnings, rootfs.limits),
    );
    return new RpmDatabase(sql, file, records, warnings);
  }
  for (const directory of DIRECTORIES) {
    for (const { file, name } of OTHER_BACKENDS) {
      const found = rootfs.file(`${directory}/${file}`);
      if (found === undefined) continue;
      warnings.add(
        'PACKAGE_DATABASE',
        `the rpm database is in the ${name} format, which is not read: nobody owns a file`,
        found.path,
      );
      return undefined;
    }
  }
  return undefined;
}

class RpmDatabase implements PackageDatabase {
  readonly manager = 'rpm';
  readonly records: readonly RpmRecord[];
  readonly #sql: SqlJsStatic;
  readonly #file: DatabaseFile;
  readonly #warnings: Warnings;

  constructor(sql: SqlJsStatic, file: DatabaseFile, records: readonly RpmRecord[], warnings: Warnings) {
    this.#sql = sql;
    this.#file = file;
    this.records = records;
    this.#warnings = warnings;
  }

  /**
   * Headers stay whole, with the files that are gone: they are signed, and what a scanner reads are name and
   * version.
   */
  async trim(kept: Kept): Promise<TrimmedFiles> {
    const rows = this.records
      .filter((record) => kept.hasPackage(record.package))
      .map((record) => record.hnum);
    if (rows.length === 0) return { overrides: new Map(), keep: [] };
    try {
      const bytes = withDatabase(this.#sql, this.#file, (database) => {
        keepRows(database, this.#file, rows);
        return database.export();
      });
      return { overrides: new Map<RootPath, Uint8Array>([[this.#file.path, bytes]]), keep: this.#file.hops };
    } catch (error) {
      if (!(error instanceof OslimError)) throw error;
      this.#warnings.add(
        'PACKAGE_DATABASE',
        `${error.message}; the slim image has no rpm database`,
        this.#file.path,
      );
      return { overrides: new Map(), keep: [] };
    }
  }
}

/** SQLite in WebAssembly, loaded only when an image has an rpm database. */
async function loadSqlite(): Promise<SqlJsStatic> {
  const { default: initialize } = await import('sql.js');
  return initialize();
}

/** Runs `use` on a copy of the database in memory; what SQLite finds wrong is a FormatError. */
function withDatabase<T>(sql: SqlJsStatic, file: DatabaseFile, use: (database: Database) => T): T {
  const bytes = Uint8Array.from(file.bytes);
  // Without shared memory SQLite refuses a database in WAL mode; without a log the classic mode reads the
  // same.
  for (const offset of FORMAT_VERSIONS) {
    if (bytes[offset] === 2) bytes[offset] = 1;
  }
  let database: Database | undefined;
  try {
    database = new sql.Database(bytes);
    // The schema is the image's: it must not call functions.
    database.run('PRAGMA trusted_schema = OFF');
    requirePlainSchema(database, file);
    return use(database);
  } catch (error) {
    if (error instanceof OslimError) throw error;
    throw malformed(file, reasonOf(error), error);
  } finally {
    database?.close();
  }
}

/** Refuses views and triggers: rpm makes none, and they could make a query run without end. */
function requirePlainSchema(database: Database, file: DatabaseFile): void {
  const [odd] = database.exec(
    "SELECT type, name FROM sqlite_master WHERE type NOT IN ('table', 'index') OR sql LIKE 'CREATE VIRTUAL%' LIMIT 1",
  );
  if (odd !== undefined) throw malformed(file, 'it has a view, a trigger or a virtual table');
}

function readRecords(
  database: Database,
  file: DatabaseFile,
  warnings: Warnings,
  limits: Limits,
): RpmRecord[] {
  const records: RpmRecord[] = [];
  const statement = database.prepare('SELECT hnum, blob FROM Packages ORDER BY hnum');
  try {
    for (let rows = 0; statement.step(); rows++) {
      checkLimit(limits, 'packages', rows + 1, `the rpm database "${file.path}"`);
      const [hnum, blob] = statement.get();
      try {
        if (typeof hnum !== 'number' || !(blob instanceof Uint8Array))
          throw malformed(file, 'a package is not a header');
        const header = new RpmHeader(blob);
        const pkg = packageOfHeader(header);
        // An imported key has the form of a package and is none.
        if (pkg.name === 'gpg-pubkey') continue;
        records.push({ package: pkg, hnum, paths: () => pathsOfHeader(header) });
      } catch (error) {
        if (!(error instanceof OslimError)) throw error;
        warnings.add('PACKAGE_DATABASE', error.message, file.path);
      }
    }
  } finally {
    statement.free();
  }
  return records;
}

/**
 * Deletes every other package and what the index tables say of it (rpm, lib/backend/sqlite.c: `key, hnum,
 * idx`).
 */
function keepRows(database: Database, file: DatabaseFile, rows: readonly number[]): void {
  // Finds pages that are used twice, over which a DELETE would run without end.
  const [check] = database.exec('PRAGMA quick_check(1)');
  if (check?.values[0]?.[0] !== 'ok') throw malformed(file, 'its pages are damaged');
  const list = rows.join(',');
  for (const table of tablesOf(database)) {
    const quoted = `"${table.replaceAll('"', '""')}"`;
    const columns =
      database.exec(`PRAGMA table_info(${quoted})`)[0]?.values.map((column) => String(column[1])) ?? [];
    if (!columns.includes('hnum'))
      throw malformed(file, `its table ${table} does not say which package a row is of`);
    database.run(`DELETE FROM ${quoted} WHERE hnum NOT IN (${list})`);
  }
  // Deleted rows would stay in free pages.
  database.run('VACUUM');
}

function tablesOf(database: Database): string[] {
  const [found] = database.exec(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
  );
  return found?.values.map((row) => String(row[0])) ?? [];
}

function malformed(file: DatabaseFile, reason: string, cause?: unknown): FormatError {
  return new FormatError('rpmdb', 0, `cannot read the rpm database "${file.path}": ${reason}`, { cause });
}
