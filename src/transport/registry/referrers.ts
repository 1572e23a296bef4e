import { FormatError, RegistryError } from '../../errors.ts';
import type { Blob, OutputReferrer } from '../../image/image.ts';
import type { Limits } from '../../io/limits.ts';
import { memoryAccess, streamOf } from '../../io/random-access.ts';
import { type Digest, digestOf } from '../../oci/digest.ts';
import { isRecord, type JsonObject, parseJsonObject } from '../../oci/json.ts';
import { isIndex } from '../../oci/manifest.ts';
import { MediaType } from '../../oci/media-type.ts';
import { fetchManifest } from './fetch-manifest.ts';
import { pushManifest } from './push-manifest.ts';
import type { Repository } from './repository.ts';

/**
 * Adds a referrer to the index under the subject's referrers tag, for a registry without a referrers API
 * (distribution-spec v1.1, "Referrers Tag Schema"). What others have listed there stays.
 */
export async function listReferrer(
  repository: Repository,
  { subject, manifest }: OutputReferrer,
  limits: Limits,
): Promise<void> {
  const tag = referrersTag(subject);
  const before = await readReferrers(repository, tag, limits);
  const others = (Array.isArray(before.manifests) ? before.manifests : []).filter(
    (listed: unknown) => !isRecord(listed) || listed.digest !== manifest.descriptor.digest,
  );
  const index = {
    ...before,
    schemaVersion: 2,
    mediaType: MediaType.ociIndex,
    manifests: [...others, manifest.descriptor],
  };
  await pushManifest(repository, blobOf(Buffer.from(JSON.stringify(index))), tag);
}

/** `sha256-HEX`: at most 32 characters of the algorithm, 64 of the encoded part. */
function referrersTag(subject: Digest): string {
  const [algorithm = '', encoded = ''] = subject.split(':');
  return `${algorithm.slice(0, 32)}-${encoded.slice(0, 64)}`;
}

async function readReferrers(repository: Repository, tag: string, limits: Limits): Promise<JsonObject> {
  try {
    const { bytes, document } = await fetchManifest(repository, { tag }, tag, limits);
    if (isIndex(document)) return parseJsonObject(bytes, tag);
    throw new FormatError('manifest', 0, `cannot list a document under "${tag}": no index is there`);
  } catch (error) {
    if (error instanceof RegistryError && error.failure.status === 404) return {};
    throw error;
  }
}

function blobOf(bytes: Uint8Array): Blob {
  return {
    descriptor: { mediaType: MediaType.ociIndex, digest: digestOf(bytes), size: bytes.length },
    open: () => streamOf(memoryAccess(bytes)),
  };
}
