import { baseName, type RootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';

/** What a program lets an intruder do: run any command line, or bring more programs. */
export type ToolKind = 'shell' | 'package-manager';

interface ToolRule {
  readonly kind: ToolKind;
  /** Matched against the whole base name of the command. */
  readonly names: RegExp;
  /** Where it is written that the command is one. */
  readonly source: string;
}

/** Returns a pattern of whole names, each with or without a version behind it (`pip3.11`, `bash-5.2`). */
function commands(words: string): RegExp {
  const patterns = words.trim().split(/\s+/).map(escaped);
  return new RegExp(`^(?:${patterns.join('|')})(?:-?\\d+(?:\\.\\d+)*)?$`);
}

function escaped(word: string): string {
  return word.replace(/[.+]/g, '\\$&');
}

const RULES: readonly ToolRule[] = [
  {
    kind: 'shell',
    names: commands(
      'sh ash bash rbash dash ksh rksh ksh93 mksh lksh pdksh oksh loksh posh yash zsh rzsh csh tcsh fish',
    ),
    source: '/etc/shells of Debian, Fedora and Alpine; shells(5)',
  },
  {
    kind: 'shell',
    names: commands('elvish nu nushell pwsh osh ysh xonsh'),
    source: 'their own manuals; valid login shells',
  },
  {
    kind: 'shell',
    names: commands('busybox busybox.static toybox sash'),
    source: 'busybox "Usage", toybox help: `busybox sh` is a shell; sash(1): its commands are built in',
  },
  {
    kind: 'package-manager',
    names: commands('dpkg apt apt-get apt-cache aptitude dselect synaptic snap'),
    source: 'dpkg(1), apt(8), aptitude(8)',
  },
  { kind: 'package-manager', names: commands('apk opkg ipkg'), source: 'apk(8), opkg(1)' },
  {
    kind: 'package-manager',
    names: commands('rpm yum dnf microdnf tdnf zypper urpmi'),
    source: 'rpm(8), yum(8), dnf(8), zypper(8)',
  },
  {
    kind: 'package-manager',
    names: commands('pacman emerge xbps-install eopkg nix nix-env guix brew conda mamba micromamba'),
    source: 'pacman(8), emerge(1), xbps-install(1), nix(1), guix(1), conda documentation',
  },
  {
    kind: 'package-manager',
    names: commands('npm npx yarn yarnpkg pnpm pnpx corepack bun bunx'),
    source: 'npm(1), yarn, pnpm and corepack documentation: they install JavaScript packages',
  },
  {
    kind: 'package-manager',
    names: commands('pip pipx easy_install poetry pipenv uv uvx pdm hatch'),
    source: 'pip(1), Python Packaging User Guide, "Tool recommendations"',
  },
  { kind: 'package-manager', names: commands('gem bundle bundler'), source: 'gem(1), bundle(1)' },
  {
    kind: 'package-manager',
    names: commands('composer composer.phar pear pecl'),
    source: 'composer and PEAR documentation',
  },
  { kind: 'package-manager', names: commands('cpan cpanm cpanminus cpm'), source: 'cpan(1), cpanm(1)' },
  { kind: 'package-manager', names: commands('cargo luarocks'), source: 'cargo-install(1), luarocks(1)' },
];

/** FoundTool is a command that is a shell or a package manager; `path` may be a link to it. */
export interface FoundTool {
  readonly kind: ToolKind;
  readonly path: RootPath;
}

/** Returns what a command called so is; a name says it, for a shell under another name is no shell to an intruder's script. */
export function toolKindOf(name: string): ToolKind | undefined {
  return RULES.find((rule) => rule.names.test(name))?.kind;
}

/**
 * Returns the shells and package managers among `paths`, in their order: commands by the table, which are, or as
 * links lead to, a regular file that somebody may execute.
 */
export function findTools(rootfs: Rootfs, paths: Iterable<RootPath>): readonly FoundTool[] {
  const found: FoundTool[] = [];
  for (const path of paths) {
    const kind = toolKindOf(baseName(path));
    if (kind === undefined) continue;
    const file = rootfs.file(path);
    if (file !== undefined && (file.inode.mode & 0o111) !== 0) found.push({ kind, path });
  }
  return found;
}
