import { EM_386, EM_AARCH64, EM_ARM, EM_PPC64, EM_S390, EM_X86_64 } from '../elf/constants.ts';
import { UsageError } from '../errors.ts';
import type { Loader } from './loader.ts';

/** Cpu is a processor as a loader sees it: which subdirectories of a library directory it prefers. */
export interface Cpu {
  /** `baseline`, or a level by its glibc-hwcaps name. */
  readonly name: string;
  /** Active glibc-hwcaps subdirectories, best first. */
  readonly hwcaps: readonly string[];
  /** Legacy subdirectories (glibc before 2.37), outermost first: tls, platform, hwcap names; every combination counts. */
  readonly legacy: readonly string[];
  /** What legacy cache entries may ask for. */
  readonly hwcapBits: bigint;
  /** `$PLATFORM`: AT_PLATFORM, or what the loader makes of it; absent where the kernel gives none. */
  readonly platform?: string;
}

/** A level adds to those before it. */
interface Level {
  readonly name: string;
  /** `$PLATFORM` from this level on. */
  readonly platform?: string;
  /** Bit and name of HWCAP_IMPORTANT capabilities it adds. */
  readonly capabilities: readonly (readonly [bit: number, name: string])[];
}

interface Architecture {
  readonly machine: number;
  readonly baseline: Level;
  readonly levels: readonly Level[];
  /** First bit of platforms in a cache entry, and their names in order. */
  readonly platforms: readonly [firstBit: number, names: readonly string[]];
}

const TLS_BIT = 63;

/**
 * Sources: glibc 2.31 sysdeps/…/dl-procinfo.{c,h} and x86/dl-hwcap.h (legacy names, HWCAP_IMPORTANT, platforms),
 * glibc 2.42 sysdeps/…/dl-hwcaps-subdirs.c (levels).
 */
const ARCHITECTURES: readonly Architecture[] = [
  {
    machine: EM_X86_64,
    baseline: { name: 'baseline', platform: 'x86_64', capabilities: [[1, 'x86_64']] },
    levels: [
      { name: 'x86-64-v2', capabilities: [] },
      { name: 'x86-64-v3', platform: 'haswell', capabilities: [] },
      { name: 'x86-64-v4', capabilities: [[2, 'avx512_1']] },
    ],
    platforms: [48, ['i586', 'i686', 'haswell', 'xeon_phi']],
  },
  {
    machine: EM_386,
    baseline: { name: 'baseline', platform: 'i686', capabilities: [] },
    levels: [{ name: 'sse2', capabilities: [[0, 'sse2']] }],
    platforms: [48, ['i586', 'i686']],
  },
  {
    machine: EM_AARCH64,
    baseline: { name: 'baseline', platform: 'aarch64', capabilities: [] },
    levels: [{ name: 'atomics', capabilities: [[8, 'atomics']] }],
    platforms: [64, []],
  },
  {
    machine: EM_ARM,
    baseline: { name: 'baseline', platform: 'v7l', capabilities: [[6, 'vfp']] },
    levels: [{ name: 'neon', capabilities: [[12, 'neon']] }],
    platforms: [64, []],
  },
  {
    machine: EM_PPC64,
    baseline: {
      name: 'baseline',
      platform: 'power8',
      capabilities: [
        [10, 'dfp'],
        [28, 'altivec'],
      ],
    },
    levels: [
      { name: 'power9', platform: 'power9', capabilities: [] },
      { name: 'power10', platform: 'power10', capabilities: [] },
    ],
    platforms: [
      32,
      [
        'power4',
        'ppc970',
        'power5',
        'power5+',
        'power6',
        'ppc-cell-be',
        'power6x',
        'power7',
        'ppca2',
        'ppc405',
        'ppc440',
        'ppc464',
        'ppc476',
        'power8',
        'power9',
        'power10',
      ],
    ],
  },
  {
    machine: EM_S390,
    baseline: {
      name: 'baseline',
      platform: 'z10',
      capabilities: [
        [1, 'zarch'],
        [4, 'ldisp'],
        [5, 'eimm'],
        [6, 'dfp'],
      ],
    },
    levels: [
      { name: 'z13', platform: 'z13', capabilities: [[11, 'vx']] },
      { name: 'z14', platform: 'z14', capabilities: [[13, 'vxe']] },
      { name: 'z15', platform: 'z15', capabilities: [[15, 'vxe2']] },
      { name: 'z16', platform: 'z16', capabilities: [] },
      { name: 'z17', platform: 'z17', capabilities: [] },
    ],
    platforms: [32, ['g5', 'z900', 'z990', 'z9-109', 'z10', 'z196', 'zEC12', 'z13', 'z14', 'z15', 'z16']],
  },
];

/** Returns every processor that this loader tells apart, the baseline first. */
export function cpusOf(loader: Loader): readonly [Cpu, ...Cpu[]] {
  const architecture = architectureOf(loader);
  if (architecture === undefined) return [cpuAt(loader, undefined, 0)];
  const [first, ...rest] = [0, ...architecture.levels.map((_, index) => index + 1)];
  return [
    cpuAt(loader, architecture, first ?? 0),
    ...rest.map((count) => cpuAt(loader, architecture, count)),
  ];
}

/** Returns the processor with a level's name; throws UsageError for one that no architecture has. */
export function cpuNamed(loader: Loader, name: string): Cpu {
  const known = ARCHITECTURES.flatMap(({ levels }) => levels.map((level) => level.name));
  if (name !== 'baseline' && !known.includes(name)) {
    throw new UsageError(`cannot answer as processor "${name}": no such level`, {
      advice: `one of baseline, ${known.join(', ')}`,
    });
  }
  // A program of another architecture in the image (32-bit beside 64-bit) is answered for its baseline.
  const cpus = cpusOf(loader);
  return cpus.find((cpu) => cpu.name === name) ?? cpus[0];
}

function architectureOf(loader: Loader): Architecture | undefined {
  return ARCHITECTURES.find(({ machine }) => machine === loader.machine);
}

function cpuAt(loader: Loader, architecture: Architecture | undefined, levelCount: number): Cpu {
  const levels =
    architecture === undefined ? [] : [architecture.baseline, ...architecture.levels.slice(0, levelCount)];
  const active = new Set(levels.map((level) => level.name));
  const platform = levels.findLast((level) => level.platform !== undefined)?.platform;
  const capabilities = levels.flatMap((level) => level.capabilities);
  const highestFirst = [...capabilities].sort(([a], [b]) => b - a).map(([, name]) => name);
  const bits = [...capabilities.map(([bit]) => bit), TLS_BIT, ...platformBits(architecture, platform)];
  return {
    name: levels.at(-1)?.name ?? 'baseline',
    hwcaps: loader.hwcapsSubdirs.filter((name) => active.has(name)),
    legacy: loader.legacyHwcaps
      ? ['tls', ...(platform === undefined ? [] : [platform]), ...highestFirst]
      : [],
    // 2.37 dropped them: there every entry with such bits is skipped (elf/dl-cache.c, search_cache).
    hwcapBits: (loader.legacyHwcaps ? bits : []).reduce((mask, bit) => mask | (1n << BigInt(bit)), 0n),
    ...(platform === undefined ? {} : { platform }),
  };
}

function platformBits(
  architecture: Architecture | undefined,
  platform: string | undefined,
): readonly number[] {
  if (architecture === undefined || platform === undefined) return [];
  const [first, names] = architecture.platforms;
  const index = names.indexOf(platform);
  return index < 0 ? [] : [first + index];
}
