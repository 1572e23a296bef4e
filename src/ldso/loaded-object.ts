import type { ElfFile } from '../elf/elf-file.ts';
import type { FileInode } from '../rootfs/inode.ts';
import type { RootPath } from '../rootfs/root-path.ts';

/** LoadedObject is what the loader keeps of an object that it mapped (glibc's `struct link_map`, musl's `struct dso`). */
export interface LoadedObject {
  /** `l_name`: the path by which it was opened. */
  readonly path: string;
  readonly realPath: RootPath;
  readonly inode: FileInode;
  readonly elf: ElfFile;
  /** Directory that `$ORIGIN` stands for. */
  readonly origin: string | undefined;
  /** `l_loader`, `needed_by`: whose request mapped it. Absent for the program, and for what dlopen opened. */
  readonly loader: LoadedObject | undefined;
  readonly isProgram: boolean;
  /** Other names it answers to: those it was asked for by. */
  readonly names: Set<string>;
}

/** Returns `$ORIGIN` of an object opened by `path`: its directory as spelled, links not followed (glibc elf/dl-object.c). */
export function originOf(path: string, cwd: string): string {
  const absolute = path.startsWith('/') ? path : `${cwd === '/' ? '' : cwd}/${path}`;
  return absolute.slice(0, absolute.lastIndexOf('/')) || '/';
}
