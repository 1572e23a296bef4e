import { archiveOf, type Files } from '../image-media.ts';
import type { HostileCase, Refusal, Result } from './hostile-case.ts';

export const refused = (says: RegExp, error: Refusal['error'] = 'FormatError'): Refusal => ({ error, says });
/** The good layout's image, as if nothing were wrong. */
export const WHOLE: Result = { tree: [] };

/** A case of an archive of this layout. */
export function layout(
  name: string,
  summary: string,
  files: () => Files,
  expect: Refusal | Result,
  advisory?: string,
): HostileCase {
  return {
    name: `layout-${name}`,
    summary,
    ...(advisory === undefined ? {} : { advisory }),
    input: () => ({ archive: archiveOf(files()) }),
    expect,
  };
}
