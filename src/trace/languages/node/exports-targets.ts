import { isObject } from './manifest.ts';

/**
 * Returns the files (`./lib/x.js`) that a package's `exports` or `imports` field gives for a subpath (`.`, `./x`,
 * `#x`), likeliest first; for `imports` also names of packages. Conditions are tried in the order of the field (Node.js,
 * "Resolution Algorithm", PACKAGE_IMPORTS_EXPORTS_RESOLVE). `module-sync` is a condition of newer interpreters only:
 * both answers are returned.
 */
export function exportsTargets(field: unknown, subpath: string, conditions: ReadonlySet<string>): string[] {
  const map = isSubpathMap(field) ? field : { '.': field };
  const found = matchOf(map, subpath);
  if (found === undefined) return [];
  const newer = new Set([...conditions, 'module-sync']);
  const targets = [...targetsOf(found.target, conditions), ...targetsOf(found.target, newer)];
  return [...new Set(targets.map((target) => target.replaceAll('*', found.star)))];
}

function isSubpathMap(field: unknown): field is Readonly<Record<string, unknown>> {
  return isObject(field) && Object.keys(field).some((key) => key.startsWith('.') || key.startsWith('#'));
}

/** The key that is the subpath itself, or else the pattern (`./x/*`, `./x/`) with the longest beginning. */
function matchOf(
  map: Readonly<Record<string, unknown>>,
  subpath: string,
): { readonly target: unknown; readonly star: string } | undefined {
  if (Object.hasOwn(map, subpath) && !subpath.includes('*')) return { target: map[subpath], star: '' };
  const keys = Object.keys(map).sort((a, b) => b.split('*', 1).join().length - a.split('*', 1).join().length);
  for (const key of keys) {
    const [start = '', end] = key.split('*');
    const isPattern = end !== undefined && subpath.endsWith(end) && subpath.length >= key.length;
    if (subpath.startsWith(start) && isPattern)
      return { target: map[key], star: subpath.slice(start.length, subpath.length - end.length) };
    // Folders ("./lib/": "./lib/") until Node.js 17.
    if (key.endsWith('/') && subpath.startsWith(key))
      return { target: appended(map[key], subpath.slice(key.length)), star: '*' };
  }
  return undefined;
}

function appended(target: unknown, rest: string): unknown {
  return typeof target === 'string' ? target + rest : undefined;
}

function targetsOf(target: unknown, conditions: ReadonlySet<string>): string[] {
  if (typeof target === 'string') return [target];
  if (Array.isArray(target)) return target.flatMap((item) => targetsOf(item, conditions));
  if (!isObject(target)) return [];
  for (const [condition, value] of Object.entries(target)) {
    if (condition !== 'default' && !conditions.has(condition)) continue;
    const found = targetsOf(value, conditions);
    if (found.length > 0 || value === null) return found;
  }
  return [];
}
