import { type Digest, digestOf } from '../oci/digest.ts';
import type { ResolvedOptions } from '../options.ts';

/** Options that say where from, where to, and how; every other one has a part in what comes out. */
const IRRELEVANT: ReadonlySet<keyof ResolvedOptions> = new Set([
  'image',
  'source',
  'output',
  'push',
  'load',
  'sink',
  'tag',
  // The source's digest is that of one platform's image.
  'wantedPlatform',
  'insecure',
  'username',
  'password',
  'cache',
  'maxSize',
  'failOn',
  'limits',
  'reports',
  // Its files have no part in the result, its formats have: see below.
  'sboms',
  'lock',
  'frozenLock',
  'notices',
  'transfer',
  'signal',
  'onProgress',
]);

/**
 * Returns a digest of the options that decide what comes out of a source, or whether anything does (`strict`,
 * `allowMissing`): with the same source and version, the same digest is the same image.
 */
export function optionsDigest(options: ResolvedOptions): Digest {
  const names: ReadonlySet<string> = IRRELEVANT;
  const relevant = Object.entries(options).filter(([key, value]) => !names.has(key) && value !== undefined);
  const formats = new Set(options.sboms.map(({ format }) => format));
  if (formats.size > 0) relevant.push(['sboms', [...formats].sort()]);
  // Never compared with a later run's (unchanged.ts): functions have no digest.
  return digestOf(Buffer.from(JSON.stringify(relevant.sort(([a], [b]) => (a < b ? -1 : 1)))));
}
