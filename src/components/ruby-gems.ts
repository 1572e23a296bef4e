import { type Component, groupKept, type Inventory, isDistributions, metadataText } from './component.ts';
import { formatPurl } from './purl.ts';

/** `BASE/gems/NAME-VERSION[-PLATFORM]/…` (gem(1), "gem contents"). */
const GEM_DIRECTORY = /^(.*)\/gems\/([^/]+)(?=\/)/;

/** Returns the gems of which a file is kept, by their specifications; a distribution's are its packages. */
export function rubyGems(inventory: Inventory): Component[] {
  const groups = groupKept(inventory, (path) => GEM_DIRECTORY.exec(path)?.[0]);
  return [...groups].flatMap(([directory, files]) => {
    const [, base = '', full = ''] = GEM_DIRECTORY.exec(`${directory}/`) ?? [];
    const path = ['specifications', 'specifications/default']
      .map((folder) => `${base}/${folder}/${full}.gemspec`)
      .find((at) => inventory.rootfs.file(at) !== undefined);
    if (path === undefined || isDistributions(inventory, path)) return [];
    const text = metadataText(inventory, path) ?? '';
    const [name, version, platform] = ['name', 'version', 'platform'].map((field) => fieldOf(text, field));
    if (name === undefined || version === undefined) return [];
    const purl = formatPurl({ type: 'gem', name, version, qualifiers: { platform } });
    return [{ name, version, purl, files }];
  });
}

/** RubyGems writes specifications by itself, a literal in each line: `s.version = "1.2.3".freeze`. */
function fieldOf(gemspec: string, field: string): string | undefined {
  const literal = new RegExp(
    `^\\s*s\\.${field}\\s*=\\s*(?:Gem::Version\\.new\\(?\\s*)?["']([^"']+)["']`,
    'm',
  );
  return literal.exec(gemspec)?.[1];
}
