import type { Package, PackageManager } from './package.ts';

/** What a package is for, as far as it decides whether a process that depends on it needs it at run time. */
export type PackageClass =
  | 'documentation'
  | 'development'
  | 'debug'
  | 'package-manager'
  | 'toolchain'
  | 'shell'
  | 'ordinary';

interface ClassRule {
  readonly class: Exclude<PackageClass, 'ordinary'>;
  /** Debian's archive sections (Debian Policy 2.4). */
  readonly sections?: readonly string[];
  /** Only for packages of these managers. */
  readonly managers?: readonly PackageManager[];
  /** Matched against the whole name. */
  readonly names?: RegExp;
  /** Where it is written. */
  readonly source: string;
}

/** Returns a pattern of whole names: words with `*` for any run of characters. */
function names(words: string): RegExp {
  const patterns = words.split(/\s+/).filter((word) => word !== '');
  return new RegExp(
    `^(?:${patterns.map((word) => word.replace(/[.+]/g, '\\$&').replaceAll('*', '.*')).join('|')})$`,
  );
}

/** The first rule that fits counts: libc6-dev-dbg is debug information. */
const RULES: readonly ClassRule[] = [
  {
    class: 'debug',
    sections: ['debug'],
    names: names('*-dbg *-dbgsym *-debuginfo *-debugsource *-debuginfo-common'),
    source: 'Debian Developer’s Reference 6.8.9; Fedora Packaging Guidelines, Debuginfo',
  },
  {
    class: 'documentation',
    sections: ['doc'],
    names: names('*-doc *-docs *-doc-* *-man *-manpages manpages manpages-*'),
    source: 'Debian Policy 12.3; APKBUILD(5) -doc; Fedora Packaging Guidelines, Documentation',
  },
  {
    class: 'documentation',
    names: names('*-bash-completion *-zsh-completion *-fish-completion bash-completion'),
    source: 'APKBUILD(5), subpackages',
  },
  {
    class: 'development',
    sections: ['libdevel'],
    names: names('*-dev *-devel *-devel-* *-headers *-dev-bin'),
    source: 'Debian Policy 8.4; APKBUILD(5) -dev; Fedora Packaging Guidelines, Devel Packages',
  },
  {
    class: 'development',
    // In Debian -static is a statically linked program: busybox-static, qemu-user-static.
    managers: ['apk', 'rpm'],
    names: names('*-static'),
    source: 'APKBUILD(5) -static; Fedora Packaging Guidelines, Packaging Static Libraries',
  },
  {
    class: 'package-manager',
    names: names(`
      dpkg dselect apt apt-utils apt-transport-* aptitude aptitude-common libapt-pkg* libapt-inst*
      *-archive-keyring unattended-upgrades python3-apt python-apt-common`),
    source: 'Debian: packages around dpkg(1) and apt(8)',
  },
  {
    class: 'package-manager',
    names: names('debconf debconf-* cdebconf ucf init-system-helpers adduser update-inetd install-info'),
    source: 'Debian Policy 3.9.1, 9.2, 9.3, 10.7.3: helpers of maintainer scripts',
  },
  {
    class: 'package-manager',
    names: names('apk-tools apk-tools-* libapk* alpine-keys wolfi-keys'),
    source: 'Alpine aports, main/apk-tools',
  },
  {
    class: 'package-manager',
    names: names(`
      rpm rpm-* librpm* dnf dnf-* dnf5 dnf5-* libdnf* yum yum-* microdnf tdnf zypper libzypp libsolv* librepo*
      python3-dnf* python3-rpm python3-hawkey python3-libdnf* createrepo_c*`),
    source: 'Fedora and openSUSE: packages around rpm(8), dnf(8), zypper(8)',
  },
  {
    class: 'toolchain',
    sections: ['devel'],
    names: names(`
      gcc gcc-[0-9]* gcc-c++ g++ g++-[0-9]* cpp cpp-[0-9]* gfortran* clang clang-[0-9]* llvm llvm-[0-9]* lld
      lld-[0-9]* rustc* cargo* golang golang-*-go go binutils binutils-* make gmake cmake cmake-* ninja
      ninja-build samurai meson build-essential build-base autoconf* automake* libtool libtool-bin pkg-config
      pkgconf pkgconf-* bison flex gdb gdb-* *-jdk *-jdk-headless`),
    source: 'Debian Policy 2.4, section devel; the same programs by name where a manager has no sections',
  },
  {
    class: 'shell',
    sections: ['shells'],
    names: names(`
      bash bash-[0-9]* dash zsh zsh-[0-9]* zsh-common fish fish-common ksh ksh93* mksh loksh tcsh csh yash
      posh busybox busybox-*`),
    source: 'Debian Policy 2.4, section shells; /etc/shells of Alpine and Fedora',
  },
];

/**
 * Shared libraries of a toolchain that programs load at run time, and the empty packages they depend on:
 * Debian keeps gcc-12-base in section libs, Alpine and Fedora name them libgcc and libstdc++.
 */
const RUNTIME_OF_TOOLCHAIN = names(
  'gcc-*-base libgcc* libstdc++* libgomp* libatomic* libllvm* libLLVM* llvm*-libs binutils-libs',
);

/** Data that a program reads, though Debian filed it with the documentation: gnuplot-data holds prologues of PostScript. */
const DATA = names('*-data');

/** Returns what `pkg` is for, by its section and name; `ordinary` when no rule knows it. */
export function classOf(pkg: Pick<Package, 'manager' | 'name' | 'section'>): PackageClass {
  const found = RULES.find((rule) => fits(rule, pkg));
  if (found?.class === 'toolchain' && RUNTIME_OF_TOOLCHAIN.test(pkg.name)) return 'ordinary';
  if (found?.class === 'documentation' && DATA.test(pkg.name)) return 'ordinary';
  return found?.class ?? 'ordinary';
}

function fits(rule: ClassRule, pkg: Pick<Package, 'manager' | 'name' | 'section'>): boolean {
  if (rule.managers?.includes(pkg.manager) === false) return false;
  return rule.sections?.includes(pkg.section ?? '') === true || rule.names?.test(pkg.name) === true;
}
