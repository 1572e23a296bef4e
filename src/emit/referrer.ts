import type { Blob, OutputReferrer } from '../image/image.ts';
import { memoryAccess, streamOf } from '../io/random-access.ts';
import { SUBJECT_ANNOTATION } from '../oci/annotations.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { digestOf } from '../oci/digest.ts';
import { MediaType } from '../oci/media-type.ts';

/** What is said of an image in a manifest of its own. */
export interface ReferrerInput {
  /** Of the image's manifest. */
  readonly subject: Descriptor;
  /** Media type of the document, which is the type of the artifact. */
  readonly mediaType: string;
  readonly document: Uint8Array;
}

/** Returns a document about an image as an artifact that refers to it (OCI image-spec v1.1, manifest.md "subject"). */
export function referrer({ subject, mediaType, document }: ReferrerInput): OutputReferrer {
  const config = bytesBlob(MediaType.ociEmpty, Buffer.from('{}'));
  const layer = bytesBlob(mediaType, document);
  const annotations = { [SUBJECT_ANNOTATION]: subject.digest };
  const manifest = {
    schemaVersion: 2,
    mediaType: MediaType.ociManifest,
    artifactType: mediaType,
    config: config.descriptor,
    layers: [layer.descriptor],
    subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
    annotations,
  };
  const blob = bytesBlob(MediaType.ociManifest, Buffer.from(JSON.stringify(manifest)));
  return {
    subject: subject.digest,
    manifest: { ...blob, descriptor: { ...blob.descriptor, artifactType: mediaType, annotations } },
    blobs: [config, layer],
  };
}

function bytesBlob(mediaType: string, bytes: Uint8Array): Blob {
  return {
    descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length },
    open: () => streamOf(memoryAccess(bytes)),
  };
}
