import type { RootPath } from '../rootfs/root-path.ts';
import type { Package, PackageManager } from './package.ts';

/** PackageRecord is one installed package and what its database says that it brought. */
export interface PackageRecord {
  readonly package: Package;
  /** Reads the paths as listed: absolute, directories among them, diversions applied. */
  paths(): Iterable<string>;
}

/** What of the packages is kept in a slim image. */
export interface Kept {
  hasPackage(pkg: Package): boolean;
  /** Is the file that a database lists as `listed` (absolute) kept? */
  hasPath(listed: string): boolean;
}

/**
 * Files of a database for the slim image: new contents by real path, and what is kept as it is (links on the
 * way).
 */
export interface TrimmedFiles {
  readonly overrides: ReadonlyMap<RootPath, Uint8Array>;
  readonly keep: readonly RootPath[];
}

/** PackageDatabase is one manager's database as found in a rootfs. */
export interface PackageDatabase {
  readonly manager: PackageManager;
  readonly records: readonly PackageRecord[];
  /** Returns the database cut to what is kept; the same bytes for the same input. */
  trim(kept: Kept): Promise<TrimmedFiles>;
}
