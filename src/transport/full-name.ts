import { UsageError } from '../errors.ts';
import { formatReference, parseReference, withDefaultTag } from '../oci/reference.ts';

/** Returns a name of a medium as a full reference with a tag; undefined when it is no reference at all. */
export function fullName(name: string): string | undefined {
  try {
    return formatReference(withDefaultTag(parseReference(name)));
  } catch (error) {
    // A layout's ref.name may be any text; it is still compared as it is written.
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}
