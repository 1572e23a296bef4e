import { OslimError } from '../errors.ts';
import { parseJsonObject } from '../oci/json.ts';
import { type Component, groupKept, type Inventory, isDistributions, metadataText } from './component.ts';
import { formatPurl } from './purl.ts';

/** The innermost package directory: `…/node_modules/NAME/` or `…/node_modules/@SCOPE/NAME/` (npm-folders). */
const PACKAGE_DIRECTORY = /^.*\/node_modules\/(?:@[^/]+\/)?[^/@.][^/]*(?=\/)/;

/** Returns the npm packages of which a file is kept, by the source's package.json; a distribution's are its packages. */
export function nodePackages(inventory: Inventory): Component[] {
  const groups = groupKept(inventory, (path) => PACKAGE_DIRECTORY.exec(path)?.[0]);
  return [...groups].flatMap(([directory, files]) => {
    const manifest = `${directory}/package.json`;
    const found = isDistributions(inventory, manifest) ? undefined : manifestOf(inventory, manifest);
    if (found === undefined) return [];
    const [, scope, name = found.name] = /^(@[^/]+)\/(.+)$/.exec(found.name) ?? [];
    const purl = formatPurl({ type: 'npm', namespace: scope, name, version: found.version });
    return [{ ...(scope === undefined ? {} : { group: scope }), name, version: found.version, purl, files }];
  });
}

function manifestOf(
  inventory: Inventory,
  path: string,
): { readonly name: string; readonly version: string } | undefined {
  const text = metadataText(inventory, path);
  if (text === undefined) return undefined;
  try {
    const { name, version } = parseJsonObject(Buffer.from(text), path);
    return typeof name === 'string' && name !== '' && typeof version === 'string'
      ? { name, version }
      : undefined;
  } catch (error) {
    if (!(error instanceof OslimError)) throw error;
    return undefined;
  }
}
