import { type RandomAccess, streamOf } from '../io/random-access.ts';
import { verified } from '../io/verify.ts';
import type { Digest } from '../oci/digest.ts';
import type { Layer } from './image.ts';

/** Returns the Layer whose stored bytes lie in a seekable file; `subject` names it in messages. */
export function storedLayer(
  descriptor: Layer['descriptor'],
  diffId: Digest,
  access: RandomAccess,
  subject: string,
): Layer {
  return { descriptor, diffId, access, open: () => verified(streamOf(access), descriptor, subject) };
}
