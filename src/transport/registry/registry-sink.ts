import { IntegrityError } from '../../errors.ts';
import type { Blob, IndexSink, OutputImage, OutputIndex } from '../../image/image.ts';
import { parseReference, withDefaultTag } from '../../oci/reference.ts';
import type { HttpAnswer } from './http.ts';
import { RegistryContext, type RegistryOptions } from './registry-context.ts';
import type { Repository } from './repository.ts';
import { pushBlob, type UploadOptions } from './upload.ts';

export interface RegistrySinkOptions extends RegistryOptions, UploadOptions {}

/**
 * RegistrySink pushes images to a registry; `close` ends its connections. Blobs go first, then manifests, the
 * tag last.
 */
export class RegistrySink implements IndexSink {
  readonly #context: RegistryContext;
  readonly #options: RegistrySinkOptions;

  constructor(options: RegistrySinkOptions = {}) {
    this.#options = options;
    this.#context = new RegistryContext(options);
  }

  /** Pushes one image as `name`; throws UsageError, RegistryError, IntegrityError. */
  async write(image: OutputImage, name: string): Promise<void> {
    const { repository, target } = await this.#open(name, image.manifest);
    await this.#pushBlobs(repository, [image]);
    await pushManifest(repository, image.manifest, target);
  }

  /** Pushes the images of an index by their digests, and then the index as `name`; throws as `write`. */
  async writeIndex({ index, images }: OutputIndex, name: string): Promise<void> {
    const { repository, target } = await this.#open(name, index);
    await this.#pushBlobs(repository, images);
    for (const { manifest } of images) await pushManifest(repository, manifest, manifest.descriptor.digest);
    await pushManifest(repository, index, target);
  }

  async close(): Promise<void> {
    await this.#context.close();
  }

  async #open(name: string, root: Blob): Promise<{ repository: Repository; target: string }> {
    const reference = withDefaultTag(parseReference(name));
    const { digest } = root.descriptor;
    if (reference.digest !== undefined && reference.digest !== digest)
      throw new IntegrityError(`"${name}"`, reference.digest, digest);
    return { repository: await this.#context.pushRepository(reference), target: reference.tag ?? digest };
  }

  /** Pushes every blob once, some side by side; ends with the first failure after the others have stopped. */
  async #pushBlobs(repository: Repository, images: readonly OutputImage[]): Promise<void> {
    const blobs = new Map(
      images
        .flatMap(({ config, layers }) => [...layers, config])
        .map((blob) => [blob.descriptor.digest, blob]),
    );
    const waiting = [...blobs.values()];
    let hasFailed = false;
    const worker = async () => {
      for (let blob = waiting.shift(); blob !== undefined && !hasFailed; blob = waiting.shift()) {
        await pushBlob(repository, blob, this.#options).catch((error: unknown) => {
          hasFailed = true;
          throw error;
        });
      }
    };
    const count = Math.min(this.#context.http.limits.concurrency, waiting.length);
    const results = await Promise.allSettled(Array.from({ length: count }, worker));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }
}

/** Puts a manifest (distribution-spec v1.1, "Pushing manifests") under a tag or its digest. */
async function pushManifest(repository: Repository, manifest: Blob, target: string): Promise<void> {
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
