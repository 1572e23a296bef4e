import { IntegrityError } from '../../errors.ts';
import type { Blob, IndexSink, OutputImage, OutputIndex } from '../../image/image.ts';
import { parseReference, withDefaultTag } from '../../oci/reference.ts';
import { pushManifest } from './push-manifest.ts';
import { listReferrer } from './referrers.ts';
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
    await this.#pushReferrers(repository, [image]);
    await pushManifest(repository, image.manifest, target);
  }

  /** Pushes the images of an index by their digests, and then the index as `name`; throws as `write`. */
  async writeIndex({ index, images }: OutputIndex, name: string): Promise<void> {
    const { repository, target } = await this.#open(name, index);
    await this.#pushBlobs(repository, images);
    for (const { manifest } of images) await pushManifest(repository, manifest, manifest.descriptor.digest);
    await this.#pushReferrers(repository, images);
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

  /** Pushes the documents about images; before the tag, so that whoever sees the one finds the others. */
  async #pushReferrers(repository: Repository, images: readonly OutputImage[]): Promise<void> {
    for (const referrer of images.flatMap(({ referrers }) => referrers ?? [])) {
      for (const blob of referrer.blobs) await pushBlob(repository, blob, this.#options);
      const { digest } = referrer.manifest.descriptor;
      const subject = await pushManifest(repository, referrer.manifest, digest);
      if (subject !== referrer.subject) await listReferrer(repository, referrer, this.#context.limits);
    }
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
