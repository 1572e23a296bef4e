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

/** Priorities of a basic system (Debian Policy 2.5). */
const BASIC_PRIORITIES = new Set(['required', 'important']);

/**
 * Returns the packages for running that the image's author installed by name. Where layers do not tell (a squashed image),
 * those asked for by name that are neither of a basic system nor come with one.
 */
export function authorsPackages(trace: Trace): readonly Package[] {
  if (trace.layers.some(({ kind }) => kind !== 'base')) return [...requestedByAuthor(trace)];
  const basic = trace.packages.dependencyClosure(
    trace.packages.list().filter((pkg) => pkg.essential || BASIC_PRIORITIES.has(pkg.priority ?? '')),
  );
  const requested = requestedPackages(trace.rootfs, trace.packages);
  return trace.packages.list().filter((pkg) => isOrdinary(pkg) && requested.has(pkg) && !basic.has(pkg));
}
