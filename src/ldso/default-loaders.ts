import {
  EM_386,
  EM_AARCH64,
  EM_ARM,
  EM_LOONGARCH,
  EM_MIPS,
  EM_PPC64,
  EM_RISCV,
  EM_S390,
  EM_X86_64,
} from '../elf/constants.ts';
import type { ElfFile } from '../elf/elf-file.ts';

interface DefaultLoaders {
  readonly matches: (elf: ElfFile) => boolean;
  readonly glibc: readonly string[];
  /** LDSO_ARCH of musl. */
  readonly musl: string;
}

const is = (machine: number, elfClass: 32 | 64, data: 'lsb' | 'msb') => (elf: ElfFile) =>
  elf.machine === machine && elf.class === elfClass && elf.data === data;

/**
 * The loader of each architecture, for libraries: they name none. glibc: sysdeps/…/shlib-versions and the psABIs;
 * musl: `arch/…/reloc.h`, LDSO_ARCH.
 */
const LOADERS: readonly DefaultLoaders[] = [
  { matches: is(EM_X86_64, 64, 'lsb'), glibc: ['/lib64/ld-linux-x86-64.so.2'], musl: 'x86_64' },
  { matches: is(EM_X86_64, 32, 'lsb'), glibc: ['/libx32/ld-linux-x32.so.2'], musl: 'x32' },
  { matches: is(EM_386, 32, 'lsb'), glibc: ['/lib/ld-linux.so.2'], musl: 'i386' },
  { matches: is(EM_AARCH64, 64, 'lsb'), glibc: ['/lib/ld-linux-aarch64.so.1'], musl: 'aarch64' },
  {
    matches: is(EM_ARM, 32, 'lsb'),
    glibc: ['/lib/ld-linux-armhf.so.3', '/lib/ld-linux.so.3'],
    musl: 'armhf',
  },
  {
    matches: is(EM_RISCV, 64, 'lsb'),
    glibc: ['/lib/ld-linux-riscv64-lp64d.so.1', '/lib/ld-linux-riscv64-lp64.so.1'],
    musl: 'riscv64',
  },
  { matches: is(EM_PPC64, 64, 'lsb'), glibc: ['/lib64/ld64.so.2'], musl: 'powerpc64le' },
  { matches: is(EM_PPC64, 64, 'msb'), glibc: ['/lib64/ld64.so.1'], musl: 'powerpc64' },
  { matches: is(EM_S390, 64, 'msb'), glibc: ['/lib/ld64.so.1', '/lib64/ld64.so.1'], musl: 's390x' },
  {
    matches: is(EM_MIPS, 64, 'lsb'),
    glibc: ['/lib64/ld.so.1', '/lib64/ld-linux-mipsn8.so.1'],
    musl: 'mips64el',
  },
  { matches: is(EM_MIPS, 32, 'lsb'), glibc: ['/lib/ld.so.1', '/lib/ld-linux-mipsn8.so.1'], musl: 'mipsel' },
  {
    matches: is(EM_LOONGARCH, 64, 'lsb'),
    glibc: ['/lib64/ld-linux-loongarch-lp64d.so.1', '/lib64/ld-linux-loongarch64.so.1'],
    musl: 'loongarch64',
  },
];

/** Returns the paths where the loader of a library's architecture may be, the likeliest first. */
export function defaultLoaderPaths(elf: ElfFile): readonly string[] {
  const loaders = LOADERS.find(({ matches }) => matches(elf));
  if (loaders === undefined) return [];
  const musl = [`/lib/ld-musl-${loaders.musl}.so.1`];
  if (loaders.musl === 'armhf') musl.push('/lib/ld-musl-arm.so.1');
  // A library says which libc it was linked to: `libc.so` or `libc.musl-ARCH.so.1`, against `libc.so.6`.
  const wantsMusl = elf.needed.some((name) => name === 'libc.so' || name.startsWith('libc.musl-'));
  return wantsMusl ? [...musl, ...loaders.glibc] : [...loaders.glibc, ...musl];
}
