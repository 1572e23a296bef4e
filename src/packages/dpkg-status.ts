import type { Package } from './package.ts';
import type { Paragraph } from './paragraph.ts';

/**
 * States of dpkg-query(1) in which a package's files are unpacked; `half-installed`, `config-files` and
 * `not-installed` are not among them.
 */
const UNPACKED_STATES = new Set([
  'installed',
  'unpacked',
  'half-configured',
  'triggers-awaited',
  'triggers-pending',
]);

/**
 * Returns the package that a paragraph of dpkg's status describes, undefined when its files are not
 * installed.
 */
export function packageOfStatus({ fields }: Paragraph): Package | undefined {
  const name = fields.get('package');
  const version = fields.get('version');
  if (name === undefined || name === '' || version === undefined) return undefined;
  // Distroless writes status.d without Status: what is there is installed.
  const state = fields.get('status')?.split(/\s+/)[2];
  if (state !== undefined && !UNPACKED_STATES.has(state)) return undefined;
  const [, source = name, sourceVersion] =
    /^([^\s(]+)\s*(?:\(([^)]*)\))?/.exec(fields.get('source') ?? '') ?? [];
  const size = fields.get('installed-size');
  return {
    manager: 'dpkg',
    name,
    version,
    architecture: fields.get('architecture') ?? '',
    source,
    ...(sourceVersion === undefined ? {} : { sourceVersion }),
    depends: parseRelations(fields.get('depends')),
    preDepends: parseRelations(fields.get('pre-depends')),
    recommends: parseRelations(fields.get('recommends')),
    suggests: parseRelations(fields.get('suggests')),
    provides: parseRelations(fields.get('provides')).flat(),
    essential: fields.get('essential') === 'yes',
    // The area comes before a slash: contrib/net (Debian Policy 2.4).
    ...optional('section', fields.get('section')?.replace(/^.*\//, '')),
    ...optional('priority', fields.get('priority')),
    conffiles: parseConffiles(fields.get('conffiles')),
    ...optional('description', fields.get('description')?.split('\n')[0]),
    // In KiB (Debian Policy 5.6.20).
    ...(size !== undefined && /^\d{1,12}$/.test(size) ? { installedSize: Number(size) * 1024 } : {}),
  };
}

function optional<Key extends string>(key: Key, value: string | undefined): { [K in Key]?: string } {
  return value === undefined || value === '' ? {} : ({ [key]: value } as { [K in Key]?: string });
}

/**
 * Parses a relationship field (Debian Policy 7.1) to its names: `a (>= 1) | b:any, c [amd64]` is [[a, b],
 * [c]].
 */
export function parseRelations(field: string | undefined): string[][] {
  if (field === undefined) return [];
  return field
    .split(',')
    .map((clause) => clause.split('|').flatMap((term) => /^\s*([^\s:([<]+)/.exec(term)?.[1] ?? []))
    .filter((names) => names.length > 0);
}

/** Parses the Conffiles field: ` PATH MD5 [obsolete] [remove-on-upgrade]` on each line. */
function parseConffiles(field: string | undefined): string[] {
  if (field === undefined) return [];
  return field.split('\n').flatMap((line) => conffileOfLine(line) ?? []);
}

/** Returns the path in one line of a Conffiles field; paths may hold blanks, the words behind them cannot. */
export function conffileOfLine(line: string): string | undefined {
  // Word by word from the end: a pattern over the whole line would take time with the square of a run of blanks.
  let rest = line.trim();
  for (;;) {
    const blank = Math.max(rest.lastIndexOf(' '), rest.lastIndexOf('\t'));
    const word = rest.slice(blank + 1);
    if (blank < 0) return undefined;
    rest = rest.slice(0, blank).trimEnd();
    if (word === 'obsolete' || word === 'remove-on-upgrade') continue;
    const isSum = word === 'newconffile' || /^[0-9a-f]{32}$/.test(word);
    return isSum && rest.startsWith('/') ? rest : undefined;
  }
}
