import type { Package } from '../packages/package.ts';
import type { PackageIndex } from '../packages/package-index.ts';
import { requestedPackages } from '../packages/requested.ts';
import { isOrdinary, packagesAboveBase } from './keep-packages.ts';
import type { Trace } from './trace.ts';

const known = new WeakMap<PackageIndex, ReadonlySet<Package>>();

/**
 * Returns the packages for running that the image's author asked for by name: what `apt-get install` in the Dockerfile
 * spelled, without what came along, and without what was there before.
 */
export function requestedByAuthor(trace: Trace): ReadonlySet<Package> {
  let found = known.get(trace.packages);
  if (found === undefined) {
    const requested = requestedPackages(trace.rootfs, trace.packages);
    found = new Set(
      packagesAboveBase(trace, (pkg) => isOrdinary(pkg) && !pkg.essential && requested.has(pkg)),
    );
    known.set(trace.packages, found);
  }
  return found;
}
