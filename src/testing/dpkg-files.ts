import type { MemoryFile } from './memory-rootfs.ts';

/** An installed package of a test: fields as dpkg's status file has them, each line ending in a newline, and its files. */
export interface DpkgPackage {
  readonly fields?: string;
  readonly files: readonly string[];
}

/** Returns the dpkg database of these packages; their files are for the test to add. */
export function dpkgDatabase(packages: Readonly<Record<string, DpkgPackage>>): Record<string, MemoryFile> {
  const status = Object.entries(packages).map(
    ([name, { fields = '' }]) =>
      `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n${fields}`,
  );
  const database: Record<string, MemoryFile> = { '/var/lib/dpkg/status': status.join('\n') };
  for (const [name, { files }] of Object.entries(packages))
    database[`/var/lib/dpkg/info/${name}.list`] = ['/.', ...files].join('\n');
  return database;
}
