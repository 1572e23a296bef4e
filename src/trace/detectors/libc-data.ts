import { baseName } from '../../rootfs/root-path.ts';
import { grammarOf } from '../commands/interpreters.ts';
import type { Detector, KeptFile } from '../detector.ts';
import type { ElfFacts } from '../elf-facts.ts';
import { expandPattern } from '../expand-pattern.ts';
import type { KeepReason } from '../keep-graph.ts';
import { IMPORT_DATA, LOCALE_ARCHIVE, LOCALE_DIRECTORY, selectedLocales } from '../knowledge/import-data.ts';
import { isLibcFile } from '../knowledge/libc-files.ts';
import type { Trace } from '../trace.ts';

const NAME = 'libc-data';

/** Keeps the tables that functions of the C library read: services, protocols, locales, terminals, shadow. */
export function libcDataDetector(facts: ElfFacts): Detector {
  return {
    name: NAME,
    detect(file, trace) {
      if (trace.options.level === 'minimal' || file.inode.type !== 'file' || isLibcFile(file.path)) return;
      if (facts.of(file.inode) === undefined) return;
      const imports = facts.imports(file.inode);
      for (const row of IMPORT_DATA) {
        const name = row.imports.find((candidate) => imports.has(candidate));
        if (name === undefined || (row.programsOnly && !isPlainProgram(file))) continue;
        for (const path of row.paths.flatMap((pattern) => expandPattern(trace.rootfs, pattern)))
          keepAll(trace, path, why(file, `calls ${name} (${row.source})`));
      }
      if (imports.has('setlocale') || imports.has('newlocale')) keepSelectedLocales(trace, file);
    },
  };
}

function isPlainProgram(file: KeptFile): boolean {
  return file.role === 'program' && grammarOf(baseName(file.path)) === undefined;
}

function why(file: KeptFile, detail: string): KeepReason {
  return { detector: NAME, from: file.path, detail, certainty: 'inferred' };
}

function keepAll(trace: Trace, path: string, reason: KeepReason): void {
  const found = trace.keep(path, reason);
  if (found?.inode.type === 'directory') trace.keepTree(found.path, reason);
}

/** The locales that Env selects: a directory of their own, or the archive that holds them all. */
function keepSelectedLocales(trace: Trace, file: KeptFile): void {
  for (const name of selectedLocales(trace.process.env)) {
    const reason = why(file, `calls setlocale, and Env selects ${name}`);
    const directory = localeDirectory(trace, name);
    if (directory !== undefined) keepAll(trace, directory, reason);
    else trace.keep(LOCALE_ARCHIVE, reason);
  }
}

/** `de_DE.UTF-8` lies in `de_DE.utf8`: the codeset's name is normalised (glibc locale/findlocale.c). */
function localeDirectory(trace: Trace, name: string): string | undefined {
  const [base = name, codeset] = name.split('.', 2);
  const normalized =
    codeset === undefined ? base : `${base}.${codeset.toLowerCase().replace(/[^a-z0-9@]/g, '')}`;
  return [name, normalized, base]
    .map((candidate) => `${LOCALE_DIRECTORY}/${candidate}`)
    .find((path) => trace.rootfs.resolve(path)?.inode.type === 'directory');
}
