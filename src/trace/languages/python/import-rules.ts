import type { Package } from '../../../packages/package.ts';
import type { RootPath } from '../../../rootfs/root-path.ts';
import {
  DEVELOPER_DISTRIBUTIONS,
  DEVELOPER_MODULES,
  INTERACTIVE_MODULES,
  INTERPRETER_SOURCES,
  MODULE_PACKAGES,
} from '../../knowledge/python.ts';
import { normalName } from './distribution-metadata.ts';
import type { Distribution } from './distributions.ts';
import type { Import } from './scan-source.ts';
import type { PathEntry } from './search-path.ts';

/** Importer is the code in which an import stands. */
export interface Importer {
  /** Undefined for code of a command line. */
  readonly file: RootPath | undefined;
  /** Dotted; empty where it was found by walking. */
  readonly name: string;
  /** What relative imports are relative to. */
  readonly packageName: string;
  readonly kind: 'application' | 'distribution' | 'standard';
  /** Run as a program, so that the body below `if __name__ == "__main__"` counts. */
  readonly isMain: boolean;
  /** False for a module that is only there because its distribution is kept whole. */
  readonly isReached: boolean;
  readonly distribution?: Distribution;
}

interface Target {
  readonly top: string;
  readonly kind: PathEntry['kind'];
  readonly distribution: Distribution | undefined;
}

/**
 * Does running `importer` as a program's part make this import? Developer tools count when an application imports them,
 * or a reached third-party module at its top; the standard library's own use of them is for other uses than ours.
 */
export function isWanted({ place }: Import, importer: Importer, target: Target): boolean {
  if (place === 'typing') return false;
  if (place === 'main' && !importer.isMain && importer.kind !== 'application') return false;
  if (importer.kind === 'application') return true;
  const isTool =
    (target.kind === 'standard' && DEVELOPER_MODULES.has(target.top)) ||
    (target.distribution !== undefined && isDeveloperDistribution(target.distribution));
  if (!isTool) return true;
  const own = importer.name.split('.')[0] ?? '';
  if (importer.isMain || own === target.top) return true;
  if (place !== 'module') return false;
  if (importer.kind === 'standard') return DEVELOPER_MODULES.has(own);
  return importer.isReached || (target.kind === 'standard' && !INTERACTIVE_MODULES.has(target.top));
}

export function isDeveloperDistribution({ name }: Distribution): boolean {
  const plain = normalName(name).replace(/^python3?-/, '');
  return DEVELOPER_DISTRIBUTIONS.has(plain) || plain === 'pkg-resources';
}

/** Is it a package of third-party modules, and none of the interpreter or of its standard library? */
export function isModulePackage({ name, source }: Package): boolean {
  return MODULE_PACKAGES.some(({ pattern }) => pattern.test(name)) && !isInterpreterPackage({ source });
}

export function isInterpreterPackage({ source }: Pick<Package, 'source'>): boolean {
  return INTERPRETER_SOURCES.some(({ pattern }) => pattern.test(source));
}
