import { isWithin, joinPath, parentPath, type RootPath, rootPath } from '../../../rootfs/root-path.ts';
import type { Rootfs } from '../../../rootfs/rootfs.ts';

/** PerlInstallation is one interpreter with the directories that are compiled into it. */
export interface PerlInstallation {
  readonly executable: RootPath;
  /** @INC as far as it exists, in the order in which perl looks. */
  readonly include: readonly RootPath[];
  /** Those that the binary spells through links, as it does: /usr/share/perl/5.36 → 5.36.0. */
  readonly linked: readonly string[];
  /** Those of them that hold the core's own modules (privlib, archlib, Debian's perl-base). */
  readonly core: readonly RootPath[];
  /** `5.36.0`; empty when Config.pm does not say it. */
  readonly version: string;
  /** `x86_64-linux-gnu-thread-multi`; empty likewise. */
  readonly architecture: string;
}

/**
 * Returns the installation whose @INC is spelled in `strings`, the literals of the interpreter and its libperl: absolute
 * paths, or `.../` from the directory of the executable (userelocatableinc in perl's INSTALL). Undefined when no core module is there.
 */
export function findInstallation(
  rootfs: Rootfs,
  executable: RootPath,
  strings: Iterable<string>,
): PerlInstallation | undefined {
  const include = new Map<RootPath, number>();
  const linked = new Set<string>();
  for (const text of strings) {
    const directory = includeDirectory(rootfs, executable, text);
    if (directory === undefined) continue;
    if (text.startsWith('/') && text !== directory) linked.add(text);
    if (!include.has(directory)) include.set(directory, rankOf(rootfs, directory));
  }
  const ordered = [...include].sort(([, a], [, b]) => a - b).map(([path]) => path);
  const core = ordered.filter((path) => isCore(rootfs, path));
  if (core.length === 0) return undefined;
  const config = core
    .map((path) => rootfs.text(joinPath(path, 'Config.pm')))
    .find((text) => text !== undefined);
  return {
    executable,
    include: ordered,
    linked: [...linked],
    core,
    version: /\bversion\s*=>\s*'([\d.]+)'/.exec(config ?? '')?.[1] ?? '',
    architecture: /\barchname\s*=>\s*'([\w.-]+)'/.exec(config ?? '')?.[1] ?? '',
  };
}

function includeDirectory(rootfs: Rootfs, executable: RootPath, text: string): RootPath | undefined {
  if (!/^(?:\/|\.\.\.\/)[\w./+-]+$/.test(text) || text.length < 6) return undefined;
  const path = text.startsWith('.../') ? rootPath(text.slice(4), parentPath(executable)) : text;
  const found = rootfs.resolve(path);
  if (found?.inode.type !== 'directory') return undefined;
  const isNamed = /perl/i.test(path) || isCore(rootfs, found.path);
  return isNamed && found.path.split('/').length > 2 ? found.path : undefined;
}

/** strict.pm is in privlib, Config.pm in archlib, and either in Debian's perl-base. */
function isCore(rootfs: Rootfs, path: RootPath): boolean {
  return ['strict.pm', 'Config.pm'].some((name) => rootfs.file(joinPath(path, name)) !== undefined);
}

/**
 * perl.c (S_init_perllib): site before vendor before core. Constants of a binary have lost that order, and its places tell it.
 * Debian looks into /etc/perl first and has perl-base, which holds both landmarks, before the rest of the core.
 */
function rankOf(rootfs: Rootfs, path: RootPath): number {
  if (isWithin(path, '/etc' as RootPath)) return 0;
  if (isCore(rootfs, path)) {
    const landmarks = ['strict.pm', 'Config.pm'].filter((name) => rootfs.file(joinPath(path, name)));
    return landmarks.length === 2 ? 3 : 4;
  }
  return /\/site(?:_perl)?(?:\/|$)/.test(path) || isWithin(path, '/usr/local' as RootPath) ? 1 : 2;
}

/** Returns `directory` and what perl adds below it for its version and architecture (lib(3perl); perlrun(1), PERL5LIB). */
export function withArchitecture(
  rootfs: Rootfs,
  directory: RootPath,
  { version, architecture }: Pick<PerlInstallation, 'version' | 'architecture'>,
): RootPath[] {
  const below = [`${version}/${architecture}`, version, architecture].filter((name) => /\w/.test(name));
  const candidates = [...below.map((name) => joinPath(directory, name)), directory];
  const found = candidates.flatMap((path) => {
    const real = rootfs.resolve(path);
    return real?.inode.type === 'directory' ? [real.path] : [];
  });
  return [...new Set(found)];
}
