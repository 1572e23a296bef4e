import { definedSymbols, importsOf } from '../elf/symbols.ts';
import { verdefOf, verneedOf } from '../elf/versions.ts';
import type { LoadEntry } from './glibc-load.ts';
import type { LoadedObject } from './loaded-object.ts';
import type { Loader } from './loader.ts';
import type { MissingVersion, UndefinedSymbol } from './resolution.ts';

/**
 * Returns the versions that objects of a process need and the libraries found for them do not define, as glibc checks
 * before it starts a program (elf/dl-version.c). musl has no such check.
 */
export function missingVersionsOf(
  program: LoadedObject,
  entries: readonly LoadEntry[],
  loader: Loader,
): readonly MissingVersion[] {
  if (loader.dialect === 'musl') return [];
  const objects = new Set([program, ...entries.map(({ object }) => object)]);
  const providers = new Map<string, LoadedObject>();
  for (const object of objects) {
    for (const name of [...object.names, object.elf.soname]) {
      if (name !== undefined && !providers.has(name)) providers.set(name, object);
    }
  }
  const missing: MissingVersion[] = [];
  for (const object of objects) {
    for (const { file, versions } of verneedOf(object.elf)) {
      const provider = providers.get(file);
      const defined = provider === undefined ? undefined : definedVersions(provider);
      // A library without any version definition serves every reference.
      if (provider === undefined || defined === undefined) continue;
      for (const { name, weak } of versions) {
        if (weak || defined.has(name)) continue;
        missing.push({ version: name, soname: file, path: provider.path, requiredBy: object.path });
      }
    }
  }
  return missing;
}

const versionSets = new WeakMap<LoadedObject['elf'], ReadonlySet<string> | null>();

function definedVersions({ elf }: LoadedObject): ReadonlySet<string> | undefined {
  const known = versionSets.get(elf);
  if (known !== undefined) return known ?? undefined;
  const definitions = verdefOf(elf);
  const names = definitions === undefined ? null : new Set(definitions.map(({ name }) => name));
  versionSets.set(elf, names);
  return names ?? undefined;
}

/**
 * Returns the symbols that objects of a process import and none of them defines: what `ldd -r` reports. Weak references
 * may stay undefined.
 */
export function undefinedSymbolsOf(objects: readonly LoadedObject[]): readonly UndefinedSymbol[] {
  const byName = new Map<string, Set<string | undefined>>();
  for (const { elf } of objects) {
    for (const { name, version } of definedSymbols(elf)) {
      const versions = byName.get(name) ?? new Set();
      versions.add(version);
      byName.set(name, versions);
    }
  }
  const isDefined = (name: string, version: string | undefined) => {
    const versions = byName.get(name);
    return (
      versions !== undefined && (version === undefined || versions.has(version) || versions.has(undefined))
    );
  };
  return objects.flatMap(({ elf, path }) =>
    importsOf(elf)
      .filter(({ weak, name, version }) => !weak && !isDefined(name, version))
      .map(({ name, version }) => ({
        symbol: name,
        ...(version === undefined ? {} : { version }),
        requiredBy: path,
      })),
  );
}
