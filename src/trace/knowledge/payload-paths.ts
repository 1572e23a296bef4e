/**
 * Parts of a package's payload that serve the distribution around a program and not the program: they are read
 * by an init system, a login shell, a desktop or a package manager, none of which a slim image has. Prefixes end in /.
 */
export const INTEGRATION_PREFIXES: readonly { readonly prefix: string; readonly source: string }[] = [
  { prefix: '/etc/init.d/', source: 'Debian Policy 9.3 (System run levels and init.d scripts)' },
  { prefix: '/etc/rc', source: 'Debian Policy 9.3' },
  { prefix: '/etc/insserv', source: 'insserv(8)' },
  { prefix: '/lib/systemd/system', source: 'systemd.unit(5)' },
  { prefix: '/usr/lib/systemd/system', source: 'systemd.unit(5)' },
  { prefix: '/usr/lib/systemd/user', source: 'systemd.unit(5)' },
  { prefix: '/etc/systemd/system', source: 'systemd.unit(5)' },
  { prefix: '/usr/lib/tmpfiles.d/', source: 'tmpfiles.d(5)' },
  { prefix: '/usr/lib/sysusers.d/', source: 'sysusers.d(5)' },
  { prefix: '/lib/udev/', source: 'udev(7)' },
  { prefix: '/usr/lib/udev/', source: 'udev(7)' },
  { prefix: '/etc/bash_completion.d/', source: 'bash-completion' },
  { prefix: '/usr/share/bash-completion/', source: 'bash-completion' },
  { prefix: '/usr/share/zsh/', source: 'zshcompsys(1)' },
  { prefix: '/usr/share/fish/', source: 'fish completions' },
  { prefix: '/etc/apparmor.d/', source: 'apparmor.d(5): loaded by the host' },
  { prefix: '/etc/ufw/', source: 'ufw(8) application profiles' },
  { prefix: '/etc/logrotate.d/', source: 'logrotate(8)' },
  { prefix: '/etc/cron.', source: 'cron(8): read by a cron daemon, for which there is a rule of its own' },
  { prefix: '/etc/apt/', source: 'apt(8)' },
  { prefix: '/etc/dpkg/', source: 'dpkg(1)' },
  { prefix: '/etc/kernel/', source: 'kernel hooks' },
  { prefix: '/etc/initramfs-tools/', source: 'initramfs-tools(7)' },
  { prefix: '/usr/share/initramfs-tools/', source: 'initramfs-tools(7)' },
  { prefix: '/usr/share/apport/', source: 'apport' },
  { prefix: '/usr/share/lintian/', source: 'lintian' },
  { prefix: '/usr/share/reportbug/', source: 'reportbug' },
  { prefix: '/usr/share/bug/', source: 'reportbug' },
  { prefix: '/usr/share/menu/', source: 'menu' },
  { prefix: '/usr/share/metainfo/', source: 'AppStream' },
  { prefix: '/usr/share/appdata/', source: 'AppStream' },
  { prefix: '/usr/share/doc-base/', source: 'doc-base' },
  { prefix: '/usr/share/pixmaps/', source: 'desktop menus' },
  { prefix: '/usr/share/applications/', source: 'desktop menus' },
  { prefix: '/usr/share/gdb/', source: 'gdb auto-load scripts' },
  { prefix: '/usr/share/gcc/', source: 'gdb pretty printers of libstdc++' },
  { prefix: '/var/lib/dpkg/', source: 'dpkg: kept by its own rule' },
  { prefix: '/var/cache/debconf/', source: 'debconf' },
  { prefix: '/var/lib/apt/', source: 'apt' },
  { prefix: '/var/cache/apt/', source: 'apt' },
];

/** Directories of commands; hier(7) and the default PATH. */
export const COMMAND_DIRECTORIES: ReadonlySet<string> = new Set([
  '/bin',
  '/sbin',
  '/usr/bin',
  '/usr/sbin',
  '/usr/local/bin',
  '/usr/local/sbin',
  '/usr/games',
  '/usr/local/games',
]);

export function isIntegrationPath(path: string): boolean {
  return INTEGRATION_PREFIXES.some(({ prefix }) => path.startsWith(prefix));
}

/** Those of them that only package managers, kernels and people who report bugs read. */
const MAINTENANCE =
  /^\/(?:etc\/(?:apt|dpkg|kernel|initramfs-tools|ufw|apparmor\.d)|var\/(?:lib\/(?:dpkg|apt)|cache\/(?:apt|debconf))|(?:usr\/)?lib\/udev|usr\/share\/(?:initramfs-tools|apport|lintian|reportbug|bug|doc-base|gdb))\//;

/** Is it of no use even to a system with a desktop, a scheduler and services? */
export function isMaintenancePath(path: string): boolean {
  return MAINTENANCE.test(path);
}

/** Is `path` directly in a directory that PATH names by default? */
export function isCommandPath(path: string): boolean {
  return COMMAND_DIRECTORIES.has(path.slice(0, path.lastIndexOf('/')));
}

/** What building software leaves beside it, and what package managers keep for their next run. */
const LEFTOVER_DIRECTORIES = new Set([
  '.git',
  '.hg',
  '.svn',
  '.cache',
  '.npm',
  '.yarn',
  '.gradle',
  '.m2',
  '.cargo',
  '.rustup',
  '.idea',
  '.vscode',
  '.github',
  'CMakeFiles',
  '.pytest_cache',
  '.mypy_cache',
  '.tox',
  '.nyc_output',
]);

/** Sources of compilers, which no compiled program reads back. */
const SOURCE_FILE =
  /\.(?:c|cc|cpp|cxx|h|hh|hpp|hxx|go|rs|s|asm|f|f90|java|kt|scala|cs|hs|ml|mli|swift|zig|d\.ts)$/;
const BUILD_FILE =
  /^(?:Makefile|makefile|GNUmakefile|CMakeLists\.txt|Dockerfile.*|\.dockerignore|\.editorconfig|go\.mod|go\.sum|Cargo\.toml|Cargo\.lock|configure\.ac|meson\.build|README.*|CHANGELOG.*|CONTRIBUTING.*)$/i;

/** What compilers write for linkers and for make, and what version control reads. */
const BUILD_LEFTOVER =
  /\.(?:o|obj|a|d|rlib|rmeta|cmi|cmx|gcda|gcno)$|^\.(?:gitignore|gitattributes|gitmodules|hgignore)$/;

export function isLeftoverDirectory(name: string): boolean {
  return LEFTOVER_DIRECTORIES.has(name);
}

/** Is a file of this name source code of a compiled language, or something that only a build reads? */
export function isSourceFile(name: string): boolean {
  return SOURCE_FILE.test(name) || BUILD_FILE.test(name) || isBuildLeftover(name);
}

/** Is it what a build left for its next run, and nobody wrote? */
export function isBuildLeftover(name: string): boolean {
  return BUILD_LEFTOVER.test(name);
}

/** Is it a directory that dynamic loaders search by default (FHS 3.0, /lib<qual>; Debian's multiarch; ld.so(8))? */
export function isLibraryDirectory(path: string): boolean {
  return /^(?:\/usr(?:\/local)?)?\/lib(?:x?32|64)?(?:\/[^/]+-linux-[^/]+)?$/.test(path);
}
