import type { RootPath } from '../rootfs/root-path.ts';

export type PackageManager = 'dpkg' | 'apk' | 'rpm';

/** Package is one installed package as its manager's database describes it. */
export interface Package {
  readonly manager: PackageManager;
  readonly name: string;
  /** In the manager's own form: `[epoch:]upstream[-revision]`. */
  readonly version: string;
  /** The manager's word (`amd64`, `all`, `x86_64`, `noarch`); empty where the database has none. */
  readonly architecture: string;
  /**
   * Name of the source package: dpkg `Source` or the name itself, apk `o:`, rpm SOURCERPM without version.
   */
  readonly source: string;
  /** Where it differs from `version`. */
  readonly sourceVersion?: string;
  /**
   * Every inner list is one requirement: any of its names satisfies it. Versions and architectures are
   * dropped.
   */
  readonly depends: readonly (readonly string[])[];
  readonly preDepends: readonly (readonly string[])[];
  readonly recommends: readonly (readonly string[])[];
  readonly suggests: readonly (readonly string[])[];
  readonly provides: readonly string[];
  /** dpkg's `Essential: yes`: others use it without saying so (Debian Policy 3.8). */
  readonly essential: boolean;
  /** Debian's archive section without its area (`libs`), rpm's Group. */
  readonly section?: string;
  readonly priority?: string;
  /** Configuration files as listed, absolute. */
  readonly conffiles: readonly string[];
  /** One line. */
  readonly description?: string;
  /** In bytes. */
  readonly installedSize?: number;
}

/**
 * PackageContents is what of a package is there in the rootfs, by real paths (no link on the way), sorted.
 */
export interface PackageContents {
  /** Everything but directories: files, links, devices. */
  readonly files: readonly RootPath[];
  readonly directories: readonly RootPath[];
}
