import type { RandomAccess } from '../io/random-access.ts';
import type { ImageConfig } from '../oci/config.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { Digest } from '../oci/digest.ts';
import type { ImageManifest } from '../oci/manifest.ts';
import type { Platform } from '../oci/platform.ts';
import type { IndexedTar } from '../tar/indexed-tar.ts';

/** Layer is one changeset of an image, as its medium stores it. */
export interface Layer {
  /** Of the blob as stored (compressed or not). An archive that does not say its digest has `digest` undefined. */
  readonly descriptor: Omit<Descriptor, 'digest'> & { readonly digest?: Digest };
  /** Digest of the uncompressed tar (config.md "rootfs.diff_ids"). */
  readonly diffId: Digest;
  /** The stored blob where it lies in a seekable file. */
  readonly access?: RandomAccess;
  /**
   * Opens the blob as stored. It is verified against `descriptor` (digest and size) while it is read: the last
   * step of the iteration throws IntegrityError when it does not hold.
   */
  open(): AsyncIterable<Uint8Array>;
  /**
   * Where it gives something, the layer is read by that and not by `open`: whether digest and diffID were checked is for
   * whoever put it there to say. Who calls it closes what it returns.
   */
  openTable?(): Promise<IndexedTar | undefined>;
}

/** Image is one platform's image: manifest, config, layers from the lowest to the top. Immutable. */
export interface Image {
  /** The manifest's descriptor; where the medium has no manifest (docker-archive), absent. */
  readonly descriptor?: Descriptor;
  readonly manifest?: ImageManifest;
  readonly config: ImageConfig;
  /** The config's bytes as stored: their sha256 is the image ID. */
  readonly rawConfig: Uint8Array;
  readonly configDigest: Digest;
  readonly layers: readonly Layer[];
  /** The names it bears in its medium: full references (`docker.io/library/redis:7`), most telling first. */
  readonly names: readonly string[];
}

/** What of a medium is asked for. */
export interface ImageQuery {
  /** The reference inside the medium (`:REF` behind an archive's name), where it holds more than one image. */
  readonly reference?: string;
  /** Absent: the host's platform, else the only one. */
  readonly platform?: Platform;
}

/** ImageSetMember is one image of a set, before anything of it but its place in the index is read. */
export interface ImageSetMember {
  /** As the index has it, with its platform and annotations; absent where the medium has no manifests. */
  readonly descriptor?: Descriptor;
  open(): Promise<Image>;
}

/** ImageSet is every platform's image behind one name, in the order of the index; attestations are none. */
export interface ImageSet {
  /** Absent where the name means an image itself, or the medium lists the images without an index of their own. */
  readonly index?: { readonly digest: Digest; readonly annotations?: Readonly<Record<string, string>> };
  readonly members: readonly ImageSetMember[];
  /** Platforms that the index names and the medium does not hold. */
  readonly absent: readonly Platform[];
}

/** ImageSource is a medium that images are read from. `close` ends its files and connections. */
export interface ImageSource {
  open(query: ImageQuery): Promise<Image>;
  /** A medium that can hold more than one platform's image of a name has this. */
  openAll?(query: ImageQuery): Promise<ImageSet>;
  close(): Promise<void>;
}

/** A blob that is ready to be written: bytes of known digest and size that can be read more than once. */
export interface Blob {
  readonly descriptor: Descriptor;
  open(): AsyncIterable<Uint8Array>;
}

/** OutputImage is a finished image: its manifest bytes, config bytes and one layer. */
export interface OutputImage {
  readonly manifest: Blob;
  readonly config: Blob;
  readonly layers: readonly Blob[];
  readonly diffIds: readonly Digest[];
  readonly platform: Platform;
  /** Documents about it, for media that hold more than the image itself; an archive has no place for them. */
  readonly referrers?: readonly OutputReferrer[];
}

/** OutputReferrer is a finished artifact whose manifest names an image as its subject (image-spec v1.1, manifest.md). */
export interface OutputReferrer {
  readonly subject: Digest;
  /** Its descriptor has `artifactType` and `annotations`, as a list of referrers shows them. */
  readonly manifest: Blob;
  readonly blobs: readonly Blob[];
}

/** OutputIndex is a finished index and the images that it lists, in its order. */
export interface OutputIndex {
  readonly index: Blob;
  readonly images: readonly OutputImage[];
}

/** ImageSink is a medium that an image is written to; nothing is visible there before `write` returns. */
export interface ImageSink {
  /** `name` is a full reference with a tag; undefined: the image gets no name. */
  write(image: OutputImage, name: string | undefined): Promise<void>;
}

/** IndexSink is a medium that can also be given every platform's image at once; the index becomes visible last. */
export interface IndexSink extends ImageSink {
  writeIndex(output: OutputIndex, name: string | undefined): Promise<void>;
}

/** Returns every platform's image of a medium; one that cannot hold several has the one. */
export async function openAllImages(source: ImageSource, query: ImageQuery): Promise<ImageSet> {
  if (source.openAll !== undefined) return await source.openAll(query);
  return { members: [{ open: () => source.open(query) }], absent: [] };
}
