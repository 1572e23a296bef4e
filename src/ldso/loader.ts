import {
  EM_AARCH64,
  EM_ARM,
  EM_LOONGARCH,
  EM_MIPS,
  EM_PPC64,
  EM_RISCV,
  EM_S390,
  EM_X86_64,
} from '../elf/constants.ts';
import { type ElfFile, parseElf } from '../elf/elf-file.ts';
import { latin1 } from '../elf/elf-reader.ts';
import { OslimError } from '../errors.ts';
import { checkLimit } from '../io/limits.ts';
import { sliceAccess } from '../io/random-access.ts';
import type { FileInode } from '../rootfs/inode.ts';
import type { ResolvedPath } from '../rootfs/resolve.ts';
import type { RootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';

/** Loader is a dynamic loader of an image and what is compiled into it. */
export interface Loader {
  readonly dialect: 'glibc' | 'musl' | 'unknown';
  /** By which a program names it (PT_INTERP). */
  readonly path: string;
  readonly realPath: RootPath;
  readonly hops: readonly RootPath[];
  readonly inode: FileInode;
  readonly elf: ElfFile;
  readonly machine: number;
  /** Of glibc, `[2, 36]`; absent where the loader does not say (glibc before 2.33 under an unversioned name, musl). */
  readonly version?: readonly [major: number, minor: number];
  /** Default directories in order; glibc's end in a slash. */
  readonly systemDirs: readonly string[];
  /** What `$LIB` stands for. */
  readonly lib: string;
  /** glibc's cache, or musl's path file. */
  readonly configPath: string;
  /** glibc-hwcaps subdirectories that it knows, best first. */
  readonly hwcapsSubdirs: readonly string[];
  /** glibc before 2.37: tls, platform and hwcap subdirectories. */
  readonly legacyHwcaps: boolean;
  /**
   * Debian's patch (submitted-ldso-machine-mismatch): a file of another machine is passed over even where its byte order
   * or OS ABI would end the load of an unpatched glibc.
   */
  readonly passesOverMachinesFirst: boolean;
  readonly cacheFlags: { readonly default: number; readonly accepted: readonly number[] };
}

/**
 * Says which loader is behind `interpPath`, by its content: its dialect, its default directories and the other values
 * that a distribution compiles in. Undefined when there is no ELF file.
 */
export function identifyLoader(rootfs: Rootfs, interpPath: string, cwd?: RootPath): Loader | undefined {
  const found = rootfs.file(interpPath, cwd);
  if (found === undefined) return undefined;
  let elf: ElfFile;
  try {
    elf = parseElf(sliceAccess(found.inode.content, found.inode.offset, found.inode.size), rootfs.limits);
  } catch (error) {
    // A loader that is no ELF file is no loader; the kernel would refuse the program (ELIBBAD).
    if (error instanceof OslimError) return undefined;
    throw error;
  }
  checkLimit(rootfs.limits, 'loaderBytes', found.inode.size, `the loader "${interpPath}"`);
  const text = latin1(rootfs.read(found.inode));
  const common = {
    path: interpPath,
    realPath: found.path,
    hops: found.hops,
    inode: found.inode,
    elf,
    machine: elf.machine,
    cacheFlags: cacheFlagsOf(elf),
  };
  if (text.includes('musl libc (')) return { ...common, ...muslValues(text, elf) };
  const isGlibc = text.includes('ld.so.cache') && text.includes('LIBRARY_PATH');
  return { ...common, ...glibcValues(text, found), dialect: isGlibc ? 'glibc' : 'unknown' };
}

function muslValues(text: string, elf: ElfFile) {
  // Format strings of ldso/dynlink.c: "%.*s/etc/ld-musl-ARCH.path" and "/lib:/usr/local/lib:/usr/lib".
  const configPath = /\/etc\/ld-musl-[^\0/]*\.path/.exec(text)?.[0] ?? '/etc/ld-musl.path';
  // "lib" tells them from `/usr/local/bin:/bin:/usr/bin`, execvp's default PATH, which stands before them.
  const defaults =
    /\0(\/[^\0:%\n ]*lib[^\0:%\n ]*(?::\/[^\0:%\n ]*lib[^\0:%\n ]*)+)\0/.exec(text)?.[1] ??
    '/lib:/usr/local/lib:/usr/lib';
  return {
    dialect: 'musl' as const,
    machine: elf.machine,
    systemDirs: defaults.split(':'),
    lib: 'lib',
    configPath,
    hwcapsSubdirs: [],
    legacyHwcaps: false,
    passesOverMachinesFirst: false,
  };
}

function glibcValues(text: string, found: ResolvedPath) {
  const systemDirs = systemDirsIn(text) ?? ['/lib64/', '/usr/lib64/', '/lib/', '/usr/lib/'];
  const version = glibcVersion(text, found.path);
  const lib = libTokenIn(text, systemDirs[0] ?? '/lib/');
  // By the name of its option: compilers copy the prefix "glibc-hwcaps/" inline, so no string of a real loader has it.
  const hasHwcaps = text.includes('glibc-hwcaps');
  return {
    ...(version === undefined ? {} : { version }),
    systemDirs,
    lib,
    configPath: /(?:^|\0)(\/[^\0 ]*\/ld\.so\.cache)\0/.exec(text)?.[1] ?? '/etc/ld.so.cache',
    // `_dl_hwcaps_subdirs` is one string: best first, colons between.
    hwcapsSubdirs: hasHwcaps
      ? (/(?:^|\0)((?:(?:x86-64-v|power|z)\d+:?)+)\0/.exec(text)?.[1]?.split(':') ?? [])
      : [],
    // glibc-hwcaps came with 2.33, which also began to print a version; so without a version it is an older one.
    // Only Debian and what is made from it build a directory into $LIB; before 2.33 no other string tells.
    passesOverMachinesFirst: lib.includes('/') || /\((?:Debian|Ubuntu) E?GLIBC/.test(text),
    legacyHwcaps: version === undefined ? !hasHwcaps : version[1] < 37,
  };
}

/** `stable release version 2.36.` is in every loader since 2.33; before, the file was installed as ld-2.31.so. */
function glibcVersion(text: string, realPath: string): readonly [number, number] | undefined {
  const match =
    /release version (\d+)\.(\d+)/.exec(text) ?? /\/ld-(\d+)\.(\d+)(?:\.\d+)?\.so$/.exec(realPath);
  return match === null ? undefined : [Number(match[1]), Number(match[2])];
}

/** `system_dirs` of elf/dl-load.c: directories with a trailing slash, each ended by NUL, one behind the other. */
function systemDirsIn(text: string): readonly string[] | undefined {
  let best: readonly string[] = [];
  for (const match of text.matchAll(/(?<=^|\0)(?:\/[\x21-\x7e]*\/\0)+/g)) {
    const dirs = match[0].split('\0').slice(0, -1);
    if (dirs.some((dir) => dir.includes('lib')) && dirs.length > best.length) best = dirs;
  }
  return best.length === 0 ? undefined : best;
}

/**
 * `DL_DST_LIB` is the last part of the build's library directory (elf/Makefile); Debian patches in the whole of it,
 * `lib/x86_64-linux-gnu`, which then stands in the loader as a string of its own.
 */
function libTokenIn(text: string, firstDir: string): string {
  const whole = firstDir.replace(/^\/+|\/+$/g, '');
  if (text.includes(`\0${whole}\0`)) return whole;
  return whole.slice(whole.lastIndexOf('/') + 1);
}

const FLAG_ELF_LIBC6 = 3;

/** `_DL_CACHE_DEFAULT_ID` and `_dl_cache_check_flags` (glibc sysdeps/…/dl-cache.h, values of generic/ldconfig.h). */
function cacheFlagsOf(elf: ElfFile): Loader['cacheFlags'] {
  const exactly = (required: number) => ({
    default: required | FLAG_ELF_LIBC6,
    accepted: [required | FLAG_ELF_LIBC6],
  });
  switch (elf.machine) {
    case EM_X86_64:
      return exactly(elf.class === 64 ? 0x300 : 0x800);
    case EM_AARCH64:
      return exactly(0xa00);
    case EM_PPC64:
      return exactly(0x500);
    case EM_S390:
      return elf.class === 64 ? exactly(0x400) : GENERIC_FLAGS;
    case EM_RISCV:
      // EF_RISCV_FLOAT_ABI_DOUBLE
      return exactly((elf.flags & 0x6) === 0x4 ? 0x1000 : 0xf00);
    case EM_MIPS:
      return mipsFlags(elf);
    case EM_ARM:
      // EF_ARM_ABI_FLOAT_HARD: a hard-float loader takes its own entries and unmarked ones.
      return {
        default: FLAG_ELF_LIBC6,
        accepted: [(elf.flags & 0x400) === 0 ? 0xb03 : 0x903, FLAG_ELF_LIBC6],
      };
    case EM_LOONGARCH:
      // EF_LOONGARCH_ABI_DOUBLE_FLOAT
      return exactly((elf.flags & 0x7) === 0x3 ? 0x1200 : 0x1100);
    default:
      return GENERIC_FLAGS;
  }
}

const GENERIC_FLAGS: Loader['cacheFlags'] = { default: FLAG_ELF_LIBC6, accepted: [1, FLAG_ELF_LIBC6] };

function mipsFlags(elf: ElfFile): Loader['cacheFlags'] {
  // EF_MIPS_NAN2008 and EF_MIPS_ABI2 (n32).
  const nan2008 = (elf.flags & 0x400) !== 0;
  const required =
    elf.class === 64
      ? nan2008
        ? 0xe00
        : 0x700
      : (elf.flags & 0x20) !== 0
        ? nan2008
          ? 0xd00
          : 0x600
        : nan2008
          ? 0xc00
          : 0;
  if (required === 0) return GENERIC_FLAGS;
  return { default: required | FLAG_ELF_LIBC6, accepted: [required | FLAG_ELF_LIBC6] };
}
