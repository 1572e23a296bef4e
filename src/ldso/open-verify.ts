import {
  DF_1_PIE,
  ELFOSABI_GNU,
  ELFOSABI_SYSV,
  EM_ARM,
  EM_MIPS,
  EM_PPC64,
  EM_RISCV,
  ET_DYN,
  ET_EXEC,
  PT_LOAD,
} from '../elf/constants.ts';
import type { ElfFile } from '../elf/elf-file.ts';
import { isElf } from '../elf/header.ts';
import { FormatError } from '../errors.ts';
import type { FileInode } from '../rootfs/inode.ts';
import type { ResolvedPath } from '../rootfs/resolve.ts';
import { readRange } from '../rootfs/rootfs.ts';
import type { ElfStore } from './elf-store.ts';
import type { Loader } from './loader.ts';

/** What a loader makes of a candidate file: takes it, goes on searching, or ends the load. */
export type Verdict =
  | { readonly kind: 'fits'; readonly inode: FileInode; readonly elf: ElfFile }
  | { readonly kind: 'skipped' }
  | { readonly kind: 'fatal'; readonly reason: string };

const SKIPPED: Verdict = { kind: 'skipped' };

/**
 * Judges a candidate as glibc's `open_verify` does (elf/dl-load.c): another class or machine is passed over, while a
 * file that is short, not ELF, or of another byte order ends the load. Reasons are glibc's own words.
 */
export function verifyForGlibc(found: ResolvedPath, loader: Loader, store: ElfStore): Verdict {
  if (found.inode.type !== 'file') return fatal('cannot read file data');
  const reason = refuseHeader(readRange(found.inode, 0, 64), loader);
  if (reason === 'skip') return SKIPPED;
  if (reason !== undefined) return fatal(reason);
  const elf = store.find(found.inode);
  if (elf === undefined) return fatal('invalid ELF header');
  if (elf instanceof FormatError) return fatal(elf.message);
  return { kind: 'fits', inode: found.inode, elf };
}

/** Returns why glibc refuses the first 64 bytes of a file, `skip` where it goes on, undefined where it takes them. */
function refuseHeader(head: Uint8Array, loader: Loader): string | undefined {
  const is64 = loader.elf.class === 64;
  const little = loader.elf.data === 'lsb';
  if (head.length < (is64 ? 64 : 52)) return 'file too short';
  if (!isElf(head)) return 'invalid ELF header';
  if (head[4] !== (is64 ? 2 : 1)) return 'skip';
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const isSame = isSameMachine(view.getUint16(18, little), view.getUint32(is64 ? 48 : 36, little), loader);
  const reason = refuseIdent(head, loader);
  if (reason !== undefined) return loader.passesOverMachinesFirst && !isSame ? 'skip' : reason;
  if (view.getUint32(20, little) !== 1) return 'ELF file version does not match current one';
  if (!isSame) return 'skip';
  const type = view.getUint16(16, little);
  if (type !== ET_DYN && type !== ET_EXEC) return 'only ET_DYN and ET_EXEC can be loaded';
  if (view.getUint16(is64 ? 54 : 42, little) !== (is64 ? 56 : 32))
    return "ELF file's phentsize not the expected size";
  return undefined;
}

function refuseIdent(head: Uint8Array, loader: Loader): string | undefined {
  const little = loader.elf.data === 'lsb';
  if (head[5] !== (little ? 1 : 2)) return `ELF file data encoding not ${little ? 'little' : 'big'}-endian`;
  if (head[6] !== 1) return 'ELF file version ident does not match current one';
  if (!isKnownOsabi(head[7], loader)) return 'ELF file OS ABI invalid';
  if (!isKnownAbiVersion(head[7] ?? 0, head[8] ?? 0, loader)) return 'ELF file ABI version invalid';
  if (head.subarray(9, 16).some((byte) => byte !== 0)) return 'nonzero padding in e_ident';
  return undefined;
}

/** VALID_ELF_OSABI: sysdeps/gnu/ldsodefs.h; ARM's own (sysdeps/unix/sysv/linux/arm/ldsodefs.h) also takes its EABI's. */
function isKnownOsabi(osabi: number | undefined, loader: Loader): boolean {
  return osabi === ELFOSABI_SYSV || osabi === ELFOSABI_GNU || (osabi === 64 && loader.machine === EM_ARM);
}

/** VALID_ELF_ABIVERSION: versions below LIBC_ABI_MAX (libc-abis) under ELFOSABI_GNU; MIPS uses them under SYSV too. */
function isKnownAbiVersion(osabi: number, version: number, loader: Loader): boolean {
  if (version === 0 || (osabi === ELFOSABI_GNU && version < 4)) return true;
  return loader.machine === EM_MIPS && osabi === ELFOSABI_SYSV && version < 6;
}

/** `elf_machine_matches_host` (sysdeps/…/dl-machine.h): beside the machine, flags that tell ABIs of one machine apart. */
function isSameMachine(machine: number, flags: number, loader: Loader): boolean {
  if (machine !== loader.machine) return false;
  const own = loader.elf.flags;
  switch (machine) {
    case EM_PPC64:
      return (flags & 3) === 0 || (flags & 3) === (own & 3);
    case EM_RISCV:
      // EF_RISCV_FLOAT_ABI
      return (flags & 6) === (own & 6);
    case EM_MIPS:
      // EF_MIPS_ABI2 and EF_MIPS_NAN2008
      return (flags & 0x420) === (own & 0x420);
    default:
      return true;
  }
}

/**
 * Returns why glibc ends the load over a library that it has opened (`_dl_map_object_from_fd`), undefined where it maps
 * it. `asProgram` is the explicit `ld.so PROGRAM`, which takes executables too.
 */
export function refuseToMap(elf: ElfFile, asProgram = false): string | undefined {
  if (!elf.phdrs.some((phdr) => phdr.type === PT_LOAD)) return 'object file has no loadable segments';
  if (elf.type !== ET_DYN && !asProgram) return 'cannot dynamically load executable';
  if (!elf.isDynamic && elf.type === ET_DYN) return 'object file has no dynamic section';
  if (!asProgram && (elf.flags1 & DF_1_PIE) !== 0)
    return 'cannot dynamically load position-independent executable';
  return undefined;
}

function fatal(reason: string): Verdict {
  return { kind: 'fatal', reason };
}
