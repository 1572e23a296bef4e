import type { TarSpec } from '../tar-builder.ts';
import { type HostileCase, imageWith, type Refusal, type Result } from './hostile-case.ts';

/** A case of one image whose layers hold these entries. */
export function links(
  name: string,
  summary: string,
  layers: readonly (readonly TarSpec[])[],
  expect: Refusal | Result,
  advisory?: string,
): HostileCase {
  return {
    name: `links-${name}`,
    summary,
    ...(advisory === undefined ? {} : { advisory }),
    input: () => imageWith(layers),
    expect,
  };
}

export const file = (name: string, content = ''): TarSpec => ({ name, content });
export const dir = (name: string): TarSpec => ({ name: `${name}/`, type: 'directory' });
export const link = (name: string, target: string): TarSpec => ({ name, type: 'symlink', target });
export const hard = (name: string, target: string): TarSpec => ({ name, type: 'hardlink', target });
export const UNSAFE: Refusal = { error: 'UnsafePathError', says: /leaves the root/ };
export const unplaced = (says: RegExp): Refusal => ({ error: 'ImageError', says });
export const unhidden: Refusal = { error: 'UnsafePathError', says: /it does not name a file/ };
