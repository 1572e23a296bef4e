import type { Rootfs } from '../rootfs/rootfs.ts';
import type { Package } from './package.ts';
import type { PackageIndex } from './package-index.ts';
import { splitParagraphs } from './paragraph.ts';

/** Where apt writes which packages came as somebody's dependency (apt-mark(8)). */
const APT_STATES = '/var/lib/apt/extended_states';
/** What apk was asked for, a requirement a word (apk-world(5)). */
const APK_WORLD = '/etc/apk/world';

/**
 * Returns the packages that somebody asked for by name, as apt and apk write it down; where nothing is written (rpm, a
 * removed state), those that no other package of the image asks for.
 */
export function requestedPackages(rootfs: Rootfs, packages: PackageIndex): ReadonlySet<Package> {
  const automatic = automaticOfApt(rootfs.text(APT_STATES));
  const world = namesOfWorld(rootfs.text(APK_WORLD));
  const needed = new Set<Package>();
  for (const pkg of packages.list())
    for (const other of packages.dependencies(pkg, { recommends: true })) needed.add(other);
  const isRequested = (pkg: Package): boolean => {
    // apt writes the native architecture for packages of every architecture.
    if (pkg.manager === 'dpkg' && automatic !== undefined)
      return !(pkg.architecture === 'all' ? automatic.names : automatic.qualified).has(keyOf(pkg));
    if (pkg.manager === 'apk' && world !== undefined) return world.has(pkg.name);
    return !needed.has(pkg);
  };
  return new Set(packages.list().filter(isRequested));
}

function keyOf({ name, architecture }: Package): string {
  return architecture === 'all' ? name : `${name}:${architecture}`;
}

/** Names with and without their architecture: a foreign package may be automatic while the native one is not. */
interface Automatic {
  readonly names: ReadonlySet<string>;
  readonly qualified: ReadonlySet<string>;
}

function automaticOfApt(text: string | undefined): Automatic | undefined {
  if (text === undefined) return undefined;
  const names = new Set<string>();
  const qualified = new Set<string>();
  for (const paragraph of splitParagraphs(text)) {
    const name = /^Package:[ \t]*(\S+)/im.exec(paragraph)?.[1];
    if (name === undefined || !/^Auto-Installed:[ \t]*1/im.test(paragraph)) continue;
    names.add(name);
    qualified.add(`${name}:${/^Architecture:[ \t]*(\S+)/im.exec(paragraph)?.[1] ?? ''}`);
  }
  return { names, qualified };
}

function namesOfWorld(text: string | undefined): ReadonlySet<string> | undefined {
  if (text === undefined) return undefined;
  const words = text.split(/\s+/).filter((word) => word !== '' && !word.startsWith('!'));
  return new Set(words.map((word) => word.replace(/[@<>=~].*$/, '')));
}
