import { UsageError } from '../../errors.ts';
import type { Descriptor } from '../../oci/descriptor.ts';
import { formatPlatform, hostPlatform, type Platform, platformMatches } from '../../oci/platform.ts';

export function isAttestation(descriptor: Descriptor): boolean {
  return (
    descriptor.annotations?.['vnd.docker.reference.type'] !== undefined ||
    descriptor.platform?.os === 'unknown'
  );
}

export function selectPlatform(
  images: readonly Descriptor[],
  wanted: Platform | undefined,
  name: string,
): Descriptor {
  const want = wanted ?? hostPlatform();
  const match = images.find(({ platform }) => platform !== undefined && platformMatches(want, platform));
  if (match !== undefined) return match;
  const [only] = images;
  if (wanted === undefined && images.length === 1 && only !== undefined) return only;
  const list = images
    .map(({ platform }) => (platform === undefined ? '?' : formatPlatform(platform)))
    .join(', ');
  throw new UsageError(`cannot open "${name}" for ${formatPlatform(want)}: it has ${list}`, {
    advice: 'choose with --platform',
  });
}
