import type { ResolvedPath } from '../../rootfs/resolve.ts';
import type { RootPath } from '../../rootfs/root-path.ts';
import type { Rootfs } from '../../rootfs/rootfs.ts';

/** More matches than this of one glob are not a list of scripts or settings. */
const MAX_MATCHES = 1000;
const MAX_STARS = 4;

/** Returns a shell pattern with every character of `text` taken as itself. */
export function quotePattern(text: string): string {
  return text.replaceAll(/[\\*?[\]()|!@+]/g, '\\$&');
}

/** Returns `pattern` without the backslashes of quotePattern. */
export function unquotePattern(pattern: string): string {
  return pattern.replaceAll(/\\(.)/gs, '$1');
}

/**
 * Returns the regular expression of a shell pattern (POSIX XCU 2.14; extended patterns of bash as far as `@(a|b)`),
 * anchored at both ends.
 */
export function patternRegExp(pattern: string): RegExp {
  // Matching takes time in powers of the stars; a pattern of many is an attack, not a list of files.
  if (pattern.split('*').length - 1 > MAX_STARS) return /(?!)/;
  return new RegExp(`^${patternSource(pattern, false)}$`, 's');
}

/** Returns the source of the regular expression of a shell pattern, not anchored; `lazy` lets `*` match little. */
export function patternSource(pattern: string, lazy: boolean): string {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at] ?? '';
    const close = char === '[' ? closeOfBracket(pattern, at) : -1;
    const group = /[@?*+!]/.test(char) && pattern[at + 1] === '(' ? pattern.indexOf(')', at) : -1;
    if (char === '\\') source += literal(pattern[++at] ?? '\\');
    else if (group > 0) {
      source += groupSource(char, pattern.slice(at + 2, group), lazy);
      at = group;
    } else if (char === '*') source += lazy ? '.*?' : '.*';
    else if (char === '?') source += '.';
    else if (close > 0) {
      source += bracketSource(pattern.slice(at + 1, close));
      at = close;
    } else source += literal(char);
  }
  return source;
}

function groupSource(operator: string, body: string, lazy: boolean): string {
  const inner = body
    .split('|')
    .map((part) => patternSource(part, lazy))
    .join('|');
  if (operator === '!') return `(?!(?:${inner})$).*`;
  return `(?:${inner})${operator === '@' ? '' : operator}`;
}

function literal(char: string): string {
  return char.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

function closeOfBracket(pattern: string, open: number): number {
  const first = /[!^]/.test(pattern[open + 1] ?? '') ? open + 2 : open + 1;
  for (let at = first; at < pattern.length; at++) {
    if (pattern.startsWith('[:', at)) at = pattern.indexOf(':]', at + 2) + 1 || pattern.length;
    else if (pattern[at] === ']' && at > first) return at;
  }
  return -1;
}

const CLASSES: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  blank: ' \\t',
  xdigit: '0-9A-Fa-f',
};

function bracketSource(body: string): string {
  const negated = /^[!^]/.test(body);
  const set = (negated ? body.slice(1) : body)
    .replaceAll(/[\\\]^[]/g, (char) => (char === '[' ? '[' : `\\${char}`))
    .replaceAll(/\[:(\w+):\\\]/g, (_, name: string) => CLASSES[name] ?? '')
    .replaceAll('[', '\\[')
    // A range that is none (`z-a`) must not become a SyntaxError.
    .replaceAll(/(.)-(.)/g, (range, low: string, high: string) => (low <= high ? range : `${low}\\-${high}`));
  return set === '' ? '(?!)' : `[${negated ? '^' : ''}${set}]`;
}

/** Returns the paths that a shell pattern matches from `cwd`, sorted as the C locale does, spelled as the pattern begins. */
export function expandGlob(rootfs: Rootfs, pattern: string, cwd: RootPath): string[] {
  const isAbsolute = pattern.startsWith('/');
  let found: { readonly text: string; readonly at: ResolvedPath }[] = [];
  const start = rootfs.resolve(isAbsolute ? '/' : cwd);
  if (start === undefined) return [];
  found.push({ text: isAbsolute ? '/' : '', at: start });
  for (const component of pattern.split('/').filter((part) => part !== '')) {
    const next: typeof found = [];
    for (const { text, at } of found) {
      for (const name of namesFor(rootfs, at, component)) {
        const path =
          rootfs.resolve(`${at.path}/${name}`) ?? rootfs.resolve(`${at.path}/${name}`, { followLast: false });
        if (path !== undefined && next.length < MAX_MATCHES) next.push({ text: `${text}${name}/`, at: path });
      }
    }
    found = next;
  }
  return found.map(({ text }) => text.slice(0, -1)).filter((text) => text !== '');
}

function namesFor(rootfs: Rootfs, at: ResolvedPath, component: string): readonly string[] {
  if (!/[*?[(]/.test(component.replaceAll(/\\./gs, ''))) return [unquotePattern(component)];
  if (at.inode.type !== 'directory') return [];
  const matches = patternRegExp(component);
  return rootfs
    .list(at.path)
    .filter((name) => (component.startsWith('.') || !name.startsWith('.')) && matches.test(name));
}
