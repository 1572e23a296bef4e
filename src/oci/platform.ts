import { UsageError } from '../errors.ts';

/** Platform of an image (OCI image-spec v1.1, image-index.md "platform"); values are Go's GOOS, GOARCH and variant. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly 'os.version'?: string;
  readonly 'os.features'?: readonly string[];
}

/** The names that users type for an architecture, as containerd's platforms package normalises them. */
const ARCHITECTURE_ALIASES: Readonly<Record<string, readonly [architecture: string, variant?: string]>> = {
  x86_64: ['amd64'],
  'x86-64': ['amd64'],
  x64: ['amd64'],
  i386: ['386'],
  i686: ['386'],
  ia32: ['386'],
  aarch64: ['arm64'],
  armhf: ['arm', 'v7'],
  armel: ['arm', 'v6'],
  ppc64el: ['ppc64le'],
  mips64el: ['mips64le'],
  loongarch64: ['loong64'],
};

/** Parses `os/architecture[/variant]`, `architecture[/variant]` or `os`; throws UsageError. */
export function parsePlatform(text: string): Platform {
  const parts = text.toLowerCase().split('/');
  if (parts.length > 3 || parts.some((part) => !/^[a-z0-9_.-]+$/.test(part))) {
    throw new UsageError(`cannot read platform "${text}": not os/architecture[/variant]`, {
      advice: 'for example --platform linux/arm64',
    });
  }
  const [os, architecture, variant] = parts.length === 1 ? ['linux', parts[0]] : parts;
  return normalizePlatform({
    os: os ?? 'linux',
    architecture: architecture ?? '',
    ...(variant === undefined ? {} : { variant }),
  });
}

/** Returns the platform with architecture aliases resolved and the variants that mean "none" dropped. */
export function normalizePlatform(platform: Platform): Platform {
  const [architecture, impliedVariant] = ARCHITECTURE_ALIASES[platform.architecture] ?? [
    platform.architecture,
  ];
  const { variant: given, ...rest } = platform;
  let variant = given ?? impliedVariant;
  if (architecture === 'arm64' && (variant === 'v8' || variant === '8')) variant = undefined;
  if (architecture === 'amd64' && variant === 'v1') variant = undefined;
  if (architecture === 'arm' && variant === undefined) variant = 'v7';
  return { ...rest, architecture, ...(variant === undefined ? {} : { variant }) };
}

/** Is an image of platform `have` what a user who asked for `want` means? A variant counts only when asked for. */
export function platformMatches(want: Platform, have: Platform): boolean {
  const a = normalizePlatform(want);
  const b = normalizePlatform(have);
  if (a.os !== b.os || a.architecture !== b.architecture) return false;
  return want.variant === undefined || a.variant === b.variant;
}

export function formatPlatform(platform: Platform): string {
  return [platform.os, platform.architecture, platform.variant]
    .filter((part) => part !== undefined && part !== '')
    .join('/');
}

/** The platform that is meant when nobody says: linux on this host's architecture (on macOS and Windows too). */
export function hostPlatform(arch: string = process.arch): Platform {
  return normalizePlatform({ os: 'linux', architecture: arch });
}
