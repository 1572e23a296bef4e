import type { Package } from '../packages/package.ts';
import { keptPackages } from '../packages/trim.ts';
import type { RootPath } from '../rootfs/root-path.ts';
import type { Component, Inventory } from './component.ts';
import type { Distribution } from './distribution.ts';
import { formatPurl, type PurlParts } from './purl.ts';

const TYPES: Readonly<Record<Package['manager'], PurlParts['type']>> = {
  dpkg: 'deb',
  apk: 'apk',
  rpm: 'rpm',
};

/** Whose packages they are where os-release does not say. */
const NAMESPACES: Readonly<Record<Package['manager'], string | undefined>> = {
  dpkg: 'debian',
  apk: 'alpine',
  rpm: undefined,
};

/** Returns the distribution's packages of which more than documentation is kept: those of the trimmed database. */
export function systemPackages(inventory: Inventory, distribution: Distribution | undefined): Component[] {
  const { packages, kept, rootfs } = inventory;
  const files = new Map<Package, RootPath[]>();
  for (const pkg of keptPackages(packages, kept.keys(), rootfs)) files.set(pkg, []);
  for (const path of kept.keys()) for (const pkg of packages.listedBy(path)) files.get(pkg)?.push(path);
  return [...files].map(([pkg, own]) => ({
    name: pkg.name,
    version: pkg.version,
    purl: purlOf(pkg, distribution),
    files: own,
  }));
}

/**
 * An rpm's epoch is a qualifier, a Debian version's a part of it (purl-spec, types/rpm, types/deb). `upstream` is what
 * syft writes and grype reads for the source package, by whose name advisories are published.
 */
function purlOf(pkg: Package, distribution: Distribution | undefined): string {
  const [, epoch, version = pkg.version] = (pkg.manager === 'rpm' && /^(\d+):(.*)$/.exec(pkg.version)) || [];
  const sourceVersion = pkg.sourceVersion === undefined ? '' : `@${pkg.sourceVersion}`;
  const isOther = pkg.source !== pkg.name || sourceVersion !== '';
  return formatPurl({
    type: TYPES[pkg.manager],
    namespace: distribution?.id ?? NAMESPACES[pkg.manager],
    name: pkg.name,
    version,
    qualifiers: {
      arch: pkg.architecture,
      epoch,
      distro: distribution === undefined ? undefined : distroOf(distribution),
      upstream: isOther ? `${pkg.source}${sourceVersion}` : undefined,
    },
  });
}

function distroOf({ id, versionId }: Distribution): string {
  return versionId === undefined ? id : `${id}-${versionId}`;
}
