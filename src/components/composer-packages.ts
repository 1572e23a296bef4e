import { OslimError } from '../errors.ts';
import { isRecord, parseJson } from '../oci/json.ts';
import { isWithin, type RootPath, rootPath } from '../rootfs/root-path.ts';
import { type Component, groupKept, type Inventory, isDistributions, metadataText } from './component.ts';
import { formatPurl } from './purl.ts';

const VENDOR = /^.*\/vendor(?=\/)/;

/** Returns the Composer packages of which a file is kept, by vendor/composer/installed.json (Composer 1 and 2). */
export function composerPackages(inventory: Inventory): Component[] {
  const groups = groupKept(inventory, (path) => VENDOR.exec(path)?.[0]);
  return [...groups].flatMap(([vendor, kept]) => {
    const path = `${vendor}/composer/installed.json`;
    if (isDistributions(inventory, path)) return [];
    return installedIn(metadataText(inventory, path)).flatMap((item: unknown): Component[] => {
      if (!isRecord(item) || typeof item.name !== 'string' || typeof item.version !== 'string') return [];
      const directory = directoryOf(vendor, item);
      const files = kept.filter((file) => isWithin(file, directory));
      if (files.length === 0) return [];
      const [, group, name = item.name] = /^([^/]+)\/(.+)$/.exec(item.name) ?? [];
      const { version } = item;
      const purl = formatPurl({ type: 'composer', namespace: group, name, version });
      return [{ ...(group === undefined ? {} : { group }), name, version, purl, files }];
    });
  });
}

function installedIn(text: string | undefined): readonly unknown[] {
  if (text === undefined) return [];
  try {
    const document = parseJson(Buffer.from(text), 'installed.json');
    const list = isRecord(document) ? document.packages : document;
    return Array.isArray(list) ? list : [];
  } catch (error) {
    if (!(error instanceof OslimError)) throw error;
    return [];
  }
}

/** Composer 2 says where a package is, from its own directory; before it was vendor/NAME. */
function directoryOf(vendor: string, item: Readonly<Record<string, unknown>>): RootPath {
  const path = item['install-path'];
  return typeof path === 'string'
    ? rootPath(path, rootPath(`${vendor}/composer`))
    : rootPath(`${vendor}/${item.name}`);
}
