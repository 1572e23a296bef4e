import type { LddFile, LddLibrary, LddReport } from '../jobs/resolve-libraries.ts';
import { printable } from './plain-text.ts';

/** Returns a report like ldd(1) prints it, with how each library was found and where a missing one was looked for. */
export function lddText(report: LddReport): string {
  const single = report.files.length === 1;
  return report.files.map((file) => fileText(file, single)).join('\n');
}

function fileText(file: LddFile, single: boolean): string {
  const lines = single ? [] : [`${printable(file.path)}:`];
  if (file.error !== undefined) lines.push(`\tcannot be loaded: ${printable(file.error)}`);
  if (file.interpreter === null && file.error === undefined) lines.push('\tnot a dynamic executable');
  for (const library of file.libraries) lines.push(`\t${libraryText(library)}`);
  for (const { soname, requiredBy, searched } of file.missing) {
    lines.push(`\t${printable(soname)} => not found (needed by ${printable(requiredBy)})`);
    for (const place of searched) lines.push(`\t\tlooked for ${printable(place)}`);
  }
  for (const { version, path, requiredBy } of file.missingVersions ?? []) {
    lines.push(
      `\t${printable(path)}: version ${printable(version)} not found (needed by ${printable(requiredBy)})`,
    );
  }
  for (const { symbol, requiredBy } of file.undefinedSymbols ?? []) {
    lines.push(`\tundefined symbol: ${printable(symbol)} (${printable(requiredBy)})`);
  }
  return lines.join('\n');
}

function libraryText(library: LddLibrary): string {
  const notes = [library.how, library.hwcaps, library.certainty === 'inferred' ? 'inferred' : undefined];
  return `${printable(library.soname)} => ${printable(library.path)} (${notes.filter((note) => note).join(', ')})`;
}

/** Returns a report as trees: under each object what it was the first to need. */
export function lddTree(report: LddReport): string {
  return report.files
    .map((file) => [printable(file.path), ...branches(file, file.path, '', new Set())].join('\n'))
    .join('\n');
}

function branches(file: LddFile, parent: string, indent: string, seen: Set<string>): string[] {
  const children = file.libraries.filter(
    (library) => library.requiredBy === parent && !seen.has(library.path),
  );
  for (const child of children) seen.add(child.path);
  const missing = file.missing.filter((library) => library.requiredBy === parent);
  const count = children.length + missing.length;
  return [...children.map((child) => ({ child })), ...missing.map((lost) => ({ lost }))].flatMap(
    (row, index) => {
      const isLast = index === count - 1;
      const head = `${indent}${isLast ? '└── ' : '├── '}`;
      if ('lost' in row) return [`${head}${printable(row.lost.soname)} => not found`];
      const deeper = branches(file, row.child.path, `${indent}${isLast ? '    ' : '│   '}`, seen);
      return [`${head}${libraryText(row.child)}`, ...deeper];
    },
  );
}
