import { ImageError, UsageError } from '../errors.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { isIndexType, isManifestType } from '../oci/media-type.ts';
import {
  formatPlatform,
  hostPlatform,
  normalizePlatform,
  type Platform,
  platformMatches,
} from '../oci/platform.ts';

/** BuildKit's mark of an attestation in an index (BuildKit docs, "Attestation storage"). */
const REFERENCE_TYPE = 'vnd.docker.reference.type';

/**
 * Is this descriptor of an index an image (or an index of images)? Attestations, whose platform is `unknown/unknown`,
 * and artifacts (signatures, SBOMs) are in the same list and are not.
 */
export function isImageDescriptor(descriptor: Descriptor): boolean {
  const { mediaType, platform, annotations, artifactType } = descriptor;
  if (!isIndexType(mediaType) && !isManifestType(mediaType)) return false;
  if (artifactType !== undefined || annotations?.[REFERENCE_TYPE] !== undefined) return false;
  return !(platform?.os === 'unknown' && platform.architecture === 'unknown');
}

/**
 * Returns the candidate for the platform `want`. Without it: the one for this host (always linux), else the only one,
 * else UsageError with the list. A platform that is asked for and not there is an ImageError. Where several fit (amd64
 * with and without a variant), the one that is exactly meant goes before the first of the list. `subject` names the whole.
 */
export function selectPlatform<T extends { readonly platform: Platform }>(
  candidates: readonly T[],
  want: Platform | undefined,
  subject: string,
): T {
  const [first] = candidates;
  if (first === undefined) throw new ImageError(`cannot read "${subject}": no image is in it`);
  const fitting = bestMatch(candidates, want ?? hostPlatform());
  if (fitting !== undefined) return fitting;
  const list = listPlatforms(candidates);
  if (want !== undefined) {
    throw new ImageError(`cannot read "${subject}": no image for ${formatPlatform(want)}`, {
      advice: `it has ${list}`,
    });
  }
  if (candidates.length === 1) return first;
  throw new UsageError(
    `cannot choose an image of "${subject}": none is for ${formatPlatform(hostPlatform())}`,
    {
      advice: `say which with --platform: ${list}`,
    },
  );
}

function bestMatch<T extends { readonly platform: Platform }>(
  candidates: readonly T[],
  want: Platform,
): T | undefined {
  const matches = candidates.filter(({ platform }) => platformMatches(want, platform));
  const exact = formatPlatform(normalizePlatform(want));
  return matches.find(({ platform }) => formatPlatform(normalizePlatform(platform)) === exact) ?? matches[0];
}

function listPlatforms(candidates: readonly { readonly platform: Platform }[]): string {
  const names = candidates.map(({ platform }) => formatPlatform(platform) || 'an unknown platform');
  return [...new Set(names)].join(', ');
}
