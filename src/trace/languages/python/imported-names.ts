import { SIX_MOVES } from '../../knowledge/python.ts';
import type { ModuleFinder, PythonModule } from './module-finder.ts';
import type { Import } from './scan-source.ts';

/** Returns the package that a module's relative imports start from: itself for a package, else its parent. */
export function packageOf(module: PythonModule): string {
  if (module.directories.length > 0) return module.name;
  return module.name.slice(0, Math.max(0, module.name.lastIndexOf('.')));
}

/** Returns the modules that an import loads, parents first: `a.b` loads a and a.b, `from a import b` also a.b if it is one. */
export function importedNames(
  { module, names, level }: Import,
  importer: { readonly packageName: string },
  finder: ModuleFinder,
): readonly string[] {
  const base = level === 0 ? module : relativeName(module, level, importer.packageName);
  if (base === undefined) return [];
  const moved = /(?:^|\.)six\.moves(?:\.(\w+))?/.exec(base);
  const movedNames =
    moved === null ? [] : [moved[1] ?? '', ...names].flatMap((name) => SIX_MOVES[name] ?? []);
  const loaded = base === '' ? [] : [...prefixes(base), ...movedNames.flatMap(prefixes)];
  const parent = base === '' ? undefined : finder.find(base);
  if (base !== '' && (parent === undefined || parent.directories.length === 0)) return loaded;
  const submodules = names.map((name) => (base === '' ? name : `${base}.${name}`));
  return [...loaded, ...submodules.filter((name) => finder.find(name) !== undefined)];
}

/** Python reference, 5.7; a file that was run as a script has no package, its siblings are top-level modules. */
function relativeName(module: string, level: number, packageName: string): string | undefined {
  const parts = packageName === '' ? [] : packageName.split('.');
  if (level - 1 > parts.length) return undefined;
  const base = parts.slice(0, parts.length - (level - 1));
  return [...base, ...(module === '' ? [] : [module])].join('.');
}

function prefixes(name: string): string[] {
  return name.split('.').map((_, index, parts) => parts.slice(0, index + 1).join('.'));
}
