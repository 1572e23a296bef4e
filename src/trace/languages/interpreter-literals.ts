import type { FileInode } from '../../rootfs/inode.ts';
import type { RootPath } from '../../rootfs/root-path.ts';
import type { ElfFacts } from '../elf-facts.ts';
import type { Trace } from '../trace.ts';

/** Yields the literals of an interpreter and of the libraries with this prefix (`libperl`) that it loads: its built-in paths. */
export function* interpreterLiterals(
  trace: Trace,
  facts: ElfFacts,
  program: RootPath,
  prefix: string,
): Iterable<string> {
  const file = trace.rootfs.file(program);
  if (file === undefined || facts.of(file.inode) === undefined) return;
  yield* literalTexts(facts, file.inode);
  for (const { realPath, soname } of trace.linker.resolveProgram(program).libraries) {
    const library = soname.startsWith(prefix) ? trace.rootfs.file(realPath) : undefined;
    if (library !== undefined) yield* literalTexts(facts, library.inode);
  }
}

/** Yields the texts of one ELF file's read-only data. */
export function* literalTexts(facts: ElfFacts, inode: FileInode): Iterable<string> {
  for (const { text } of facts.strings(inode)) yield text;
}
