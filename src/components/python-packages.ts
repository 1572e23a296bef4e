import { baseName, type RootPath, rootPath } from '../rootfs/root-path.ts';
import { type Component, groupKept, type Inventory, isDistributions, metadataText } from './component.ts';
import { formatPurl } from './purl.ts';

/** A directory of distributions, as `site` and Debian's python3 have them. */
const SITE = /^.*\/(?:site|dist)-packages(?=\/)/;

/**
 * Returns the Python distributions of which a file is kept: by `*.dist-info` (PyPA, "Recording installed projects") and
 * the older `*.egg-info`, wherever modules are kept; a distribution's are its packages.
 */
export function pythonPackages(inventory: Inventory): Component[] {
  const sites = groupKept(inventory, (path) => SITE.exec(path)?.[0]);
  return [...sites].flatMap(([site, kept]) =>
    inventory.rootfs.list(site).flatMap((entry) => {
      const isInfo = /\.(?:dist|egg)-info$/.test(entry);
      const found = isInfo ? describe(inventory, `${site}/${entry}`) : undefined;
      if (found === undefined) return [];
      const own = filesOf(inventory, rootPath(site), entry);
      const files = own === undefined ? kept.filter((path) => isNamed(path, site, found.tops)) : own;
      const { name, version } = found;
      return files.length === 0
        ? []
        : [{ name, version, purl: formatPurl({ type: 'pypi', name, version }), files }];
    }),
  );
}

interface Described {
  readonly name: string;
  readonly version: string;
  /** Names of its packages and modules where nothing records its files. */
  readonly tops: readonly string[];
}

function describe(inventory: Inventory, info: string): Described | undefined {
  const path = [`${info}/METADATA`, `${info}/PKG-INFO`, info].find(
    (at) => inventory.rootfs.file(at) !== undefined,
  );
  if (path === undefined || isDistributions(inventory, path)) return undefined;
  // Header fields end at the first empty line (PyPA, "Core metadata specifications").
  const [header = ''] = (metadataText(inventory, path) ?? '').split(/\r?\n\r?\n/, 1);
  const name = /^Name:[ \t]*(\S+)/im.exec(header)?.[1];
  const version = /^Version:[ \t]*(\S+)/im.exec(header)?.[1];
  if (name === undefined || version === undefined) return undefined;
  const listed = metadataText(inventory, `${info}/top_level.txt`)?.split(/\s+/) ?? [];
  return { name, version, tops: [...listed, name.replace(/[-.]/g, '_'), name].filter((top) => top !== '') };
}

/** Returns the kept ones of the files that a distribution records; undefined where it records none. */
function filesOf(inventory: Inventory, site: RootPath, entry: string): readonly RootPath[] | undefined {
  const record = metadataText(inventory, `${site}/${entry}/RECORD`);
  const installed = metadataText(inventory, `${site}/${entry}/installed-files.txt`);
  const paths =
    record === undefined
      ? installed?.split('\n').map((line) => rootPath(line.trim(), rootPath(`${site}/${entry}`)))
      : record.split('\n').map((line) => rootPath(recordedPath(line), site));
  if (paths === undefined) return undefined;
  return [...new Set(paths)].filter((path) => inventory.kept.has(path)).sort();
}

/** The first of three values, quoted where a comma is in it (PyPA, "The RECORD file"). */
function recordedPath(line: string): string {
  const quoted = /^"((?:[^"]|"")*)"/.exec(line)?.[1];
  return (quoted?.replaceAll('""', '"') ?? line.split(',', 1)[0] ?? '').trim();
}

/** Is `path` in one of the packages, or one of the modules (`NAME.py`, `NAME.cpython-311-….so`), called so? */
function isNamed(path: RootPath, site: string, tops: readonly string[]): boolean {
  const below = path.slice(site.length + 1);
  const first = below.split('/', 1)[0] ?? '';
  const isModule = first === below && baseName(path).includes('.');
  return tops.includes(isModule ? (first.split('.', 1)[0] ?? '') : first);
}
