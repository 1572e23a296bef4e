import type { RootPath } from '../../../rootfs/root-path.ts';

/** Platform is what an interpreter calls the machine that it was built for. */
export interface Platform {
  /** `process.arch`; undefined where the interpreter's file does not tell. */
  readonly arch: string | undefined;
  readonly libc: 'glibc' | 'musl' | undefined;
}

/** ELF machine numbers (gABI, e_machine) and Node.js' names for them (`process.arch`). */
const ARCHITECTURES: Readonly<Record<number, string>> = {
  3: 'ia32',
  8: 'mips',
  21: 'ppc64',
  22: 's390x',
  40: 'arm',
  62: 'x64',
  183: 'arm64',
  243: 'riscv64',
  258: 'loong64',
};

/** Words of file names → `process.arch`: as prebuildify, napi-rs and node-pre-gyp write them. */
const ARCHITECTURE_WORDS: Readonly<Record<string, string>> = {
  x64: 'x64',
  x86_64: 'x64',
  amd64: 'x64',
  ia32: 'ia32',
  x86: 'ia32',
  arm64: 'arm64',
  aarch64: 'arm64',
  armv8: 'arm64',
  arm: 'arm',
  armv6: 'arm',
  armv7: 'arm',
  armv7l: 'arm',
  arm_gnueabihf: 'arm',
  ppc64: 'ppc64',
  ppc64le: 'ppc64',
  powerpc64le: 'ppc64',
  s390x: 's390x',
  riscv64: 'riscv64',
  loong64: 'loong64',
  mips: 'mips',
  mipsel: 'mips',
};

/** Returns the platform of an interpreter with this e_machine and PT_INTERP. */
export function platformOf(machine: number | undefined, interp: string | undefined): Platform {
  const arch = machine === undefined ? undefined : ARCHITECTURES[machine];
  if (interp === undefined) return { arch, libc: undefined };
  return { arch, libc: interp.includes('ld-musl') ? 'musl' : 'glibc' };
}

/** May a compiled file of this name run here? A name that says nothing of a platform fits. */
export function fitsPlatform(path: RootPath, { arch, libc }: Platform): boolean {
  if (!/\.(?:node|so(?:\.[\w.]+)?)$/.test(path)) return true;
  const words = path.toLowerCase().split(/[/.@-]+/);
  const named = words.map((word) => ARCHITECTURE_WORDS[word]).filter((word) => word !== undefined);
  if (arch !== undefined && named.length > 0 && !named.includes(arch)) return false;
  const isMusl = words.some((word) => /^(?:linux)?musl(?:eabi(?:hf)?)?$/.test(word));
  const isGlibc = words.some((word) => /^(?:glibc|gnu|gnueabihf)$/.test(word));
  return libc === 'musl' ? !isGlibc : libc === undefined || !isMusl;
}
