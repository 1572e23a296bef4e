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
} from '../../elf/constants.ts';

interface ArchitectureRule {
  /** GOARCH, as an image's config names it. */
  readonly architecture: string;
  /** e_machine of what its processors execute: their own, and the 32-bit one that they share a kernel with. */
  readonly machines: readonly number[];
  readonly data: 'lsb' | 'msb';
}

/** Go's GOARCH values (OCI image-spec v1.1, config.md "architecture") and Linux's ELF_ARCH and COMPAT_ELF_ARCH (arch/…/elf.h). */
const RULES: readonly ArchitectureRule[] = [
  { architecture: 'amd64', machines: [EM_X86_64, EM_386], data: 'lsb' },
  { architecture: '386', machines: [EM_386], data: 'lsb' },
  { architecture: 'arm64', machines: [EM_AARCH64, EM_ARM], data: 'lsb' },
  { architecture: 'arm', machines: [EM_ARM], data: 'lsb' },
  { architecture: 'riscv64', machines: [EM_RISCV], data: 'lsb' },
  { architecture: 'ppc64le', machines: [EM_PPC64], data: 'lsb' },
  { architecture: 'ppc64', machines: [EM_PPC64], data: 'msb' },
  { architecture: 's390x', machines: [EM_S390], data: 'msb' },
  { architecture: 'mips64le', machines: [EM_MIPS], data: 'lsb' },
  { architecture: 'mipsle', machines: [EM_MIPS], data: 'lsb' },
  { architecture: 'mips64', machines: [EM_MIPS], data: 'msb' },
  { architecture: 'mips', machines: [EM_MIPS], data: 'msb' },
  { architecture: 'loong64', machines: [EM_LOONGARCH], data: 'lsb' },
];

/** Can a kernel of `architecture` start a file of this machine and byte order? True for an architecture that no rule knows. */
export function canExecute(
  architecture: string,
  file: { readonly machine: number; readonly data: 'lsb' | 'msb' },
): boolean {
  const rule = RULES.find((candidate) => candidate.architecture === architecture);
  return rule === undefined || (rule.machines.includes(file.machine) && rule.data === file.data);
}
