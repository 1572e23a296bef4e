import { createHash } from 'node:crypto';
import { FormatError, UnsupportedError } from '../errors.ts';

/**
 * Digest is `algorithm:encoded` (OCI image-spec v1.1, descriptor.md "Digests"); here always sha256 or sha512
 * with lower-case hex, which are the spec's registered algorithms.
 */
export type Digest = `${'sha256' | 'sha512'}:${string}`;

const HEX_LENGTH = { sha256: 64, sha512: 128 } as const;

/** Returns `text` as a Digest, or throws FormatError (not a digest) or UnsupportedError (an algorithm unknown here). */
export function parseDigest(text: string): Digest {
  const match = /^([a-z0-9]+(?:[.+_-][a-z0-9]+)*):([a-zA-Z0-9=_-]+)$/.exec(text);
  const algorithm = match?.[1];
  const encoded = match?.[2];
  if (algorithm === undefined || encoded === undefined) {
    throw new FormatError(
      'digest',
      0,
      `cannot read digest ${JSON.stringify(text.slice(0, 100))}: not algorithm:hex`,
    );
  }
  if (algorithm !== 'sha256' && algorithm !== 'sha512') {
    throw new UnsupportedError(
      `cannot verify digest "${text.slice(0, 100)}": algorithm ${algorithm} is not supported`,
    );
  }
  if (encoded.length !== HEX_LENGTH[algorithm] || !/^[0-9a-f]+$/.test(encoded)) {
    throw new FormatError(
      'digest',
      0,
      `cannot read digest "${text.slice(0, 150)}": not ${HEX_LENGTH[algorithm]} lower-case hex digits`,
    );
  }
  return `${algorithm}:${encoded}`;
}

/** Returns the sha256 digest of `bytes`. */
export function digestOf(bytes: Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Digester hashes a stream; `digest` ends it. */
export class Digester {
  readonly #algorithm: 'sha256' | 'sha512';
  readonly #hash;
  size = 0;

  constructor(algorithm: 'sha256' | 'sha512' = 'sha256') {
    this.#algorithm = algorithm;
    this.#hash = createHash(algorithm);
  }

  update(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    this.size += chunk.length;
  }

  digest(): Digest {
    return `${this.#algorithm}:${this.#hash.digest('hex')}`;
  }
}

export function algorithmOf(digest: Digest): 'sha256' | 'sha512' {
  return digest.startsWith('sha512:') ? 'sha512' : 'sha256';
}

/** Returns the part after the colon: the file name of a blob in an OCI layout. */
export function encodedOf(digest: Digest): string {
  return digest.slice(digest.indexOf(':') + 1);
}
