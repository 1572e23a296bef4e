import type { Blob, OutputImage, OutputIndex, OutputReferrer } from '../image/image.ts';
import type { Platform } from '../oci/platform.ts';

/** OutputTree is what is written as one: an image, or an index with its images. */
export interface OutputTree {
  /** The manifest or the index, by which everything else is found. */
  readonly root: Blob;
  /** Of the image; an index has none of its own. */
  readonly platform?: Platform;
  readonly images: readonly OutputImage[];
}

export function imageTree(image: OutputImage): OutputTree {
  return { root: image.manifest, platform: image.platform, images: [image] };
}

export function indexTree({ index, images }: OutputIndex): OutputTree {
  return { root: index, images };
}

/** Returns each blob once, in such an order that what a blob names comes before it: layers first, the root last. */
export function treeBlobs({ root, images }: OutputTree): readonly Blob[] {
  const blobs = [
    ...images.flatMap(({ layers, config }) => [...layers, config]),
    ...images.map(({ manifest }) => manifest),
    root,
  ];
  return [...new Map(blobs.map((blob) => [blob.descriptor.digest, blob])).values()];
}

/** Returns the documents about the images, for media that hold them. */
export function treeReferrers({ images }: OutputTree): readonly OutputReferrer[] {
  return images.flatMap(({ referrers }) => referrers ?? []);
}

/** Returns the media types of all layers. */
export function treeLayerTypes({ images }: OutputTree): readonly string[] {
  return images.flatMap(({ layers }) => layers.map(({ descriptor }) => descriptor.mediaType));
}
