import type { ElfFile } from '../elf/elf-file.ts';
import { type ElfString, stringsOf } from '../elf/strings.ts';
import { importsOf } from '../elf/symbols.ts';
import { OslimError } from '../errors.ts';
import type { ElfStore } from '../ldso/elf-store.ts';
import type { FileInode } from '../rootfs/inode.ts';

/** ElfFacts answers what detectors ask about an ELF file, each question once for each file. */
export class ElfFacts {
  readonly #store: ElfStore;
  readonly #imports = new Map<FileInode, ReadonlySet<string>>();

  constructor(store: ElfStore) {
    this.#store = store;
  }

  /** Returns the parsed file; undefined for what is no ELF file or a broken one (the loader's own check reports that). */
  of(inode: FileInode): ElfFile | undefined {
    const found = this.#store.find(inode);
    return found instanceof Error ? undefined : found;
  }

  /** Says why a file that begins as an ELF file cannot be read as one; undefined for all others. */
  damage(inode: FileInode): string | undefined {
    const found = this.#store.find(inode);
    return found instanceof Error ? found.message : undefined;
  }

  /** Returns the names of the undefined dynamic symbols: what the file calls of others. */
  imports(inode: FileInode): ReadonlySet<string> {
    const known = this.#imports.get(inode);
    if (known !== undefined) return known;
    const names = new Set(this.#tolerant(() => this.#symbolNames(inode)) ?? []);
    this.#imports.set(inode, names);
    return names;
  }

  /** Returns the printable strings of the file's read-only data, in order; of at least `minLength` bytes, 4 unless told. */
  strings(inode: FileInode, minLength = 4): Iterable<ElfString> {
    const elf = this.of(inode);
    return elf === undefined ? [] : stringsOf(elf, { minLength });
  }

  #symbolNames(inode: FileInode): string[] {
    const elf = this.of(inode);
    return elf === undefined ? [] : importsOf(elf).map((symbol) => symbol.name);
  }

  /** A damaged symbol table costs the hints that it would have given, not the run. */
  #tolerant<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (error instanceof OslimError) return undefined;
      throw error;
    }
  }
}
