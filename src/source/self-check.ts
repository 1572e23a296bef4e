import { InternalError } from '../errors.ts';
import { Linker } from '../ldso/linker.ts';
import type { LinkerOptions } from '../ldso/linker-context.ts';
import type { RootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';

/**
 * Resolves every given ELF file again, in what the slim image will be and by the same linker code: whatever the
 * original's loader finds for it, the slim image's must find at the same place. Throws InternalError otherwise.
 */
export function checkClosure(
  slim: Rootfs,
  original: Linker,
  programs: Iterable<RootPath>,
  options: Omit<LinkerOptions, 'rootfs'>,
  excluded: (path: string) => boolean,
): void {
  const linker = new Linker({ ...options, rootfs: slim });
  for (const program of programs) {
    const before = original.resolveProgram(program);
    const after = linker.resolveProgram(program);
    const found = new Set(after.libraries.map(({ realPath }) => realPath));
    for (const { soname, realPath, hwcaps } of before.libraries) {
      if (hwcaps !== undefined || found.has(realPath) || excluded(realPath)) continue;
      throw new InternalError(
        `the slim image would not load ${soname} of "${program}" from ${realPath} as the original does`,
      );
    }
  }
}
