import type { Package, PackageManager } from '../../packages/package.ts';

/** Packages that others use without a dependency, where the manager has no word for it. */
const ESSENTIAL: readonly {
  readonly manager: PackageManager;
  readonly names: ReadonlySet<string>;
  readonly source: string;
}[] = [
  {
    manager: 'rpm',
    names: new Set(
      `coreutils coreutils-common coreutils-single diffutils filesystem findutils gawk grep gzip ncurses ncurses-base sed
       setup shadow-utils tar util-linux util-linux-core which`.split(/\s+/),
    ),
    source: 'Fedora comps, group buildsys-build: what every package may use without BuildRequires',
  },
  {
    manager: 'apk',
    names: new Set(['alpine-baselayout', 'alpine-baselayout-data', 'busybox', 'busybox-binsh']),
    source: 'Alpine aports, main/alpine-base: what apk adds to every root',
  },
];

/** Is it there for every other package without a dependency: `Essential: yes` (Debian Policy 3.8), or a row of the table? */
export function isEssential({ essential, manager, name }: Package): boolean {
  return essential || ESSENTIAL.some((row) => row.manager === manager && row.names.has(name));
}

/** Service managers and device managers, on which packages depend to be started by them: a container has its own process. */
const INIT_SYSTEM =
  /^(?:init|systemd|systemd-(?:sysv|timesyncd|resolved|udev)|libsystemd-shared|udev|eudev|sysvinit-core|sysv-rc|insserv|initscripts|openrc|runit-init|lsb-base|chkconfig|initscripts-service)$/;

/** Is it of the distribution's way to start services (Debian Policy 9.3; alpine-base and initscripts of Fedora alike)? */
export function isInitSystem({ name }: Package): boolean {
  return INIT_SYSTEM.test(name);
}
