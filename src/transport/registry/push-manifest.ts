import { IntegrityError } from '../../errors.ts';
import type { Blob } from '../../image/image.ts';
import type { HttpAnswer } from './http.ts';
import type { Repository } from './repository.ts';

/**
 * Puts a manifest (distribution-spec v1.1, "Pushing manifests") under a tag or its digest; returns the subject under
 * which the registry lists it, undefined where it has no referrers API.
 */
export async function pushManifest(
  repository: Repository,
  manifest: Blob,
  target: string,
): Promise<string | undefined> {
  const { descriptor } = manifest;
  const answer = await repository.request({
    method: 'PUT',
    target: `manifests/${target}`,
    purpose: `push manifest "${target}"`,
    accept: [200, 201],
    headers: { 'content-type': descriptor.mediaType },
    body: { size: descriptor.size, open: () => manifest.open() },
  });
  answer.discard();
  checkStored(answer, manifest);
  return answer.header('oci-subject');
}

function checkStored(answer: HttpAnswer, { descriptor }: Blob): void {
  const stored = answer.header('docker-content-digest');
  // A registry may answer in another algorithm than ours: that says nothing.
  const isComparable = stored?.split(':')[0] === descriptor.digest.split(':')[0];
  if (stored !== undefined && isComparable && stored !== descriptor.digest) {
    throw new IntegrityError(
      'the manifest that the registry stored',
      descriptor.digest,
      stored.slice(0, 150),
    );
  }
}
