/** What a package URL is made of; parts that are empty are left out. */
export interface PurlParts {
  readonly type:
    | 'deb'
    | 'apk'
    | 'rpm'
    | 'npm'
    | 'pypi'
    | 'gem'
    | 'maven'
    | 'golang'
    | 'cargo'
    | 'composer'
    | 'oci';
  /** Segments with slashes between them. */
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly version?: string | undefined;
  readonly qualifiers?: Readonly<Record<string, string | undefined>>;
}

/** Types whose names mean the same in lower case (purl-spec, PURL-TYPES: "not case sensitive ... lowercased"). */
const LOWER_CASE: ReadonlySet<PurlParts['type']> = new Set([
  'deb',
  'apk',
  'npm',
  'pypi',
  'golang',
  'composer',
  'oci',
]);

/** Returns a package URL in its canonical form (ECMA-427, "How to build a purl string from its components"). */
export function formatPurl({ type, namespace = '', name, version, qualifiers = {} }: PurlParts): string {
  const fold = (text: string) => (LOWER_CASE.has(type) ? text.toLowerCase() : text);
  const segments = [...namespace.split('/'), type === 'pypi' ? name.replaceAll('_', '-') : name]
    .filter((segment) => segment !== '')
    .map((segment) => encoded(fold(segment)));
  const query = Object.entries(qualifiers)
    .filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${encoded(value)}`);
  return [
    `pkg:${type}/${segments.join('/')}`,
    version === undefined || version === '' ? '' : `@${encoded(version)}`,
    query.length === 0 ? '' : `?${query.join('&')}`,
  ].join('');
}

/** Everything but unreserved characters and the colon is percent-encoded (ECMA-427, "Character encoding"). */
function encoded(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%3A', ':');
}
