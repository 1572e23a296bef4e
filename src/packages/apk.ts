import { FormatError, OslimError } from '../errors.ts';
import type { RootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import type { Warnings } from '../warnings.ts';
import type { Kept, PackageDatabase, PackageRecord, TrimmedFiles } from './database.ts';
import { type DatabaseFile, readDatabaseFile, textOf } from './database-file.ts';
import type { Package } from './package.ts';

/** apk-tools up to 2; apk-tools 3 on a merged /usr. */
const INSTALLED = ['/lib/apk/db/installed', '/usr/lib/apk/db/installed'];

interface ApkRecord extends PackageRecord {
  /** The block's lines as written. */
  readonly lines: readonly string[];
}

interface InstalledFile extends DatabaseFile {
  readonly records: readonly ApkRecord[];
}

/**
 * Returns the apk database of the rootfs (apk-tools, src/database.c; field letters of "Apk spec"), undefined
 * when it has none.
 */
export function openApk(rootfs: Rootfs, warnings: Warnings): PackageDatabase | undefined {
  const files = new Map<RootPath, InstalledFile>();
  for (const path of INSTALLED) {
    const file = readDatabaseFile(rootfs, path);
    // The second name may be a link to the first.
    if (file !== undefined && !files.has(file.path))
      files.set(file.path, { ...file, records: readRecords(file, warnings) });
  }
  const database = new ApkDatabase([...files.values()]);
  return database.records.length === 0 ? undefined : database;
}

class ApkDatabase implements PackageDatabase {
  readonly manager = 'apk';
  readonly records: readonly ApkRecord[];
  readonly #files: readonly InstalledFile[];

  constructor(files: readonly InstalledFile[]) {
    this.#files = files;
    this.records = files.flatMap((file) => file.records);
  }

  async trim(kept: Kept): Promise<TrimmedFiles> {
    const overrides = new Map<RootPath, Uint8Array>();
    const keep = new Set<RootPath>();
    for (const file of this.#files) {
      const records = file.records.filter((record) => kept.hasPackage(record.package));
      if (records.length === 0) continue;
      const text = records.map((record) => `${cutLines(record.lines, kept).join('\n')}\n\n`).join('');
      overrides.set(file.path, Buffer.from(text));
      for (const hop of file.hops) keep.add(hop);
    }
    return { overrides, keep: [...keep] };
  }
}

function readRecords(file: DatabaseFile, warnings: Warnings): ApkRecord[] {
  const records: ApkRecord[] = [];
  for (const block of textOf(file).split(/\n{2,}/)) {
    const lines = block.split('\n').filter((line) => line !== '');
    if (lines.length === 0) continue;
    try {
      records.push({ package: parseApkPackage(lines), lines, paths: () => pathsOf(lines) });
    } catch (error) {
      if (!(error instanceof OslimError)) throw error;
      warnings.add('PACKAGE_DATABASE', error.message, file.path);
    }
  }
  return records;
}

/**
 * Parses the package fields of a block of apk's `installed`: lines of `X:value`; FormatError without name or
 * version.
 */
export function parseApkPackage(lines: readonly string[]): Package {
  const fields = new Map<string, string>();
  for (const line of lines) {
    // The list of files follows the package's own fields, and repeats letters.
    if (line.startsWith('F:')) break;
    if (line[1] === ':') fields.set(line.charAt(0), line.slice(2));
  }
  const name = fields.get('P');
  const version = fields.get('V');
  if (name === undefined || name === '' || version === undefined) {
    throw new FormatError(
      'apk',
      0,
      `cannot read an apk package "${name ?? ''}": it has no name or no version`,
    );
  }
  const size = fields.get('I');
  const description = fields.get('T');
  return {
    manager: 'apk',
    name,
    version,
    architecture: fields.get('A') ?? '',
    source: fields.get('o') ?? name,
    depends: namesOf(fields.get('D')).map((depend) => [depend]),
    preDepends: [],
    recommends: [],
    suggests: [],
    provides: namesOf(fields.get('p')),
    essential: false,
    conffiles: [],
    ...(description === undefined ? {} : { description }),
    ...(size !== undefined && /^\d{1,15}$/.test(size) ? { installedSize: Number(size) } : {}),
  };
}

/** Parses `so:libc.musl-x86_64.so.1=1 cmd:ls !conflict busybox>=1.2` to names; conflicts are left out. */
function namesOf(field: string | undefined): string[] {
  if (field === undefined) return [];
  return field
    .split(' ')
    .flatMap((word) => (word === '' || word.startsWith('!') ? [] : word.replace(/[<>=~@].*$/, '')));
}

function* pathsOf(lines: readonly string[]): Generator<string> {
  let directory = '';
  for (const line of lines) {
    if (line.startsWith('F:')) {
      directory = directoryOf(line);
      yield directory === '' ? '/' : directory;
    } else if (line.startsWith('R:')) yield `${directory}/${line.slice(2)}`;
  }
}

function directoryOf(line: string): string {
  return line === 'F:' ? '' : `/${line.slice(2)}`;
}

/**
 * Returns the lines of a block without files that are not kept: `R:` with its `a:` and `Z:`, and `F:` with
 * its `M:` where neither the directory nor a file in it is kept.
 */
function cutLines(lines: readonly string[], kept: Kept): string[] {
  const result: string[] = [];
  let directory: string | undefined;
  /** Lines of the directory that wait for a kept file in it. */
  let waiting: string[] = [];
  let isFileKept = false;
  for (const line of lines) {
    const letter = line.slice(0, 2);
    if (letter === 'F:') {
      directory = directoryOf(line);
      waiting = [line];
      isFileKept = false;
      if (kept.hasPath(directory === '' ? '/' : directory)) result.push(...waiting.splice(0));
    } else if (directory === undefined) result.push(line);
    else if (letter === 'R:') {
      isFileKept = kept.hasPath(`${directory}/${line.slice(2)}`);
      if (isFileKept) result.push(...waiting.splice(0), line);
    } else if (letter === 'M:') (waiting.length > 0 ? waiting : result).push(line);
    else if (isFileKept) result.push(line);
  }
  return result;
}
