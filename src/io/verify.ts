import { createHash } from 'node:crypto';
import { FormatError, IntegrityError } from '../errors.ts';

/** What a stream must turn out to be. */
export interface Expected {
  /** `algorithm:hex`, as in a descriptor; absent: not checked. */
  readonly digest?: string;
  /** In bytes; absent: not checked. */
  readonly size?: number;
}

/**
 * Passes `source` through and throws IntegrityError when it ends with another digest or size, or as soon as it is
 * longer than it may be. `subject` names it in the message. A consumer that stops early has verified nothing.
 */
export async function* verified(
  source: AsyncIterable<Uint8Array>,
  expected: Expected,
  subject: string,
): AsyncGenerator<Uint8Array> {
  const algorithm = expected.digest === undefined ? undefined : algorithmIn(expected.digest);
  const hash = algorithm === undefined ? undefined : createHash(algorithm);
  const max = expected.size ?? Number.POSITIVE_INFINITY;
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > max) throw new IntegrityError(subject, `${max} bytes`, `more than ${max} bytes`);
    hash?.update(chunk);
    yield chunk;
  }
  if (expected.size !== undefined && size !== expected.size) {
    throw new IntegrityError(subject, `${expected.size} bytes`, `${size} bytes`);
  }
  if (hash === undefined || expected.digest === undefined) return;
  const actual = `${algorithm}:${hash.digest('hex')}`;
  if (actual !== expected.digest) throw new IntegrityError(subject, expected.digest, actual);
}

function algorithmIn(digest: string): string {
  const algorithm = digest.slice(0, Math.max(0, digest.indexOf(':')));
  if (algorithm === 'sha256' || algorithm === 'sha512') return algorithm;
  throw new FormatError('digest', 0, `cannot verify digest ${JSON.stringify(digest)}: not sha256 or sha512`);
}
