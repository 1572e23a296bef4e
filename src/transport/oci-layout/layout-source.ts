import { FormatError, ImageError, IntegrityError } from '../../errors.ts';
import type { Image, ImageQuery, ImageSet, ImageSource } from '../../image/image.ts';
import { isImageDescriptor } from '../../image/select-platform.ts';
import { storedLayer } from '../../image/stored-layer.ts';
import { checkLimit, DEFAULT_LIMITS, type Limits } from '../../io/limits.ts';
import type { RandomAccess } from '../../io/random-access.ts';
import { type ImageConfig, parseImageConfig } from '../../oci/config.ts';
import type { Descriptor } from '../../oci/descriptor.ts';
import { algorithmOf, type Digest, Digester } from '../../oci/digest.ts';
import { parseJsonObject } from '../../oci/json.ts';
import { type ImageIndex, type ImageManifest, isIndex, parseManifestOrIndex } from '../../oci/manifest.ts';
import { MediaType } from '../../oci/media-type.ts';
import type { Platform } from '../../oci/platform.ts';
import { type Candidate, chooseAllImages, chooseImage } from '../choose-image.ts';
import { fullName } from '../full-name.ts';
import { blobPath, IMAGE_NAME, REF_NAME } from '../layout-documents.ts';
import { type MediumFiles, readDocument } from '../medium-files.ts';

/** A manifest with another config is an artifact (a chart, a signature). The last one is what is read for no media type. */
const CONFIG_TYPES: ReadonlySet<string> = new Set([
  MediaType.ociConfig,
  MediaType.dockerConfig,
  'application/octet-stream',
]);

interface LayoutCandidate extends Candidate {
  readonly descriptor: Descriptor;
  readonly manifest: ImageManifest;
  readonly rawConfig: Uint8Array;
  readonly config: ImageConfig;
  /** Absent for an image that index.json itself lists. */
  readonly index: ImageSet['index'] | undefined;
}

/** Where in the tree of indexes candidates are looked for. */
interface Branch {
  readonly names: readonly string[];
  readonly depth: number;
  readonly index: ImageSet['index'] | undefined;
  /** Descriptors seen so far in the whole tree: indexes that list each other's lists multiply. */
  readonly visits: { count: number };
}

/** Is there an OCI image layout in these files? */
export function isOciLayout(files: MediumFiles): boolean {
  return files.open('oci-layout') !== undefined && files.open('index.json') !== undefined;
}

/** LayoutSource reads images of an OCI image layout: a directory or an archive of one. It owns `files`. */
export class LayoutSource implements ImageSource {
  readonly #files: MediumFiles;
  readonly #limits: Limits;
  /** By digest: a thousand descriptors may name one document. */
  readonly #documents = new Map<Digest, ImageManifest | ImageIndex>();
  readonly #configs = new Map<Digest, Pick<LayoutCandidate, 'rawConfig' | 'config'>>();

  constructor(files: MediumFiles, limits: Limits = DEFAULT_LIMITS) {
    this.#files = files;
    this.#limits = limits;
  }

  async open(query: ImageQuery): Promise<Image> {
    const { candidates } = this.#find(query.reference);
    return this.#image(chooseImage(candidates, query, this.#files.label));
  }

  /** Returns every platform's image of the name that is asked for; throws as `open` does. */
  async openAll({ reference }: ImageQuery): Promise<ImageSet> {
    const { candidates, absent } = this.#find(reference);
    const images = chooseAllImages(candidates, reference, this.#files.label);
    const [first] = images;
    const isOneIndex = images.every(({ index }) => index?.digest === first?.index?.digest);
    return {
      ...(isOneIndex && first?.index !== undefined ? { index: first.index } : {}),
      members: images.map((image) => ({
        descriptor: { ...image.descriptor, platform: image.descriptor.platform ?? image.platform },
        open: async () => this.#image(image),
      })),
      absent,
    };
  }

  #find(reference: string | undefined) {
    const absent: Platform[] = [];
    const index = narrowed(this.#readIndex(), reference);
    const top = { names: [], depth: 0, index: undefined, visits: { count: 0 } };
    const candidates = [...this.#candidates(index, top, absent)];
    return { candidates, absent };
  }

  async close(): Promise<void> {
    this.#files.close();
  }

  #readIndex(): ImageIndex {
    const { label } = this.#files;
    const layout = readDocument(this.#files, 'oci-layout', this.#limits, 'manifestBytes');
    const index = readDocument(this.#files, 'index.json', this.#limits, 'manifestBytes');
    if (layout === undefined || index === undefined) {
      throw new ImageError(
        `cannot read "${label}": it is not an OCI image layout (no oci-layout and index.json)`,
      );
    }
    const version = parseJsonObject(layout, `oci-layout of "${label}"`, this.#limits).imageLayoutVersion;
    if (typeof version !== 'string' || !version.startsWith('1.')) {
      throw new FormatError(
        'oci-layout',
        0,
        `cannot read "${label}": its imageLayoutVersion is ${JSON.stringify(version)}, not 1.x`,
      );
    }
    const document = parseManifestOrIndex(index, this.#limits);
    if (!isIndex(document))
      throw new FormatError('index.json', 0, `cannot read "${label}": index.json is not an index`);
    return document;
  }

  *#candidates(list: ImageIndex, branch: Branch, absent: Platform[]): Generator<LayoutCandidate> {
    const { depth, visits } = branch;
    const subject = `the indexes of "${this.#files.label}"`;
    checkLimit(this.#limits, 'indexDepth', depth, subject);
    for (const descriptor of list.manifests) {
      if (!isImageDescriptor(descriptor)) continue;
      checkLimit(this.#limits, 'manifests', ++visits.count, subject);
      const names = [...namesOf(descriptor), ...branch.names];
      // A layout may name the other platforms of an index without holding them (skopeo copy, docker pull).
      if (depth > 0 && this.#open(descriptor.digest) === undefined) {
        if (descriptor.platform !== undefined) absent.push(descriptor.platform);
        continue;
      }
      const document = this.#document(descriptor);
      const { annotations } = document;
      const index = branch.index ?? { digest: descriptor.digest, ...(annotations ? { annotations } : {}) };
      if (isIndex(document))
        yield* this.#candidates(document, { names, depth: depth + 1, index, visits }, absent);
      else if (CONFIG_TYPES.has(document.config.mediaType))
        yield this.#candidate(descriptor, document, { ...branch, names });
    }
  }

  #candidate(descriptor: Descriptor, manifest: ImageManifest, { names, index }: Branch): LayoutCandidate {
    const { rawConfig, config } = this.#config(manifest.config);
    const { os, architecture, variant } = config;
    const platform = { os, architecture, ...(variant === undefined ? {} : { variant }) };
    const { digest } = descriptor;
    return { names, digest, platform, descriptor, manifest, rawConfig, config, index };
  }

  #image({ descriptor, manifest, rawConfig, config, names }: LayoutCandidate): Image {
    const { label } = this.#files;
    checkLimit(this.#limits, 'layers', manifest.layers.length, `"${label}"`);
    if (config.diffIds.length !== manifest.layers.length) {
      throw new ImageError(
        `cannot read "${label}": its config has ${config.diffIds.length} diff_ids, its manifest ${manifest.layers.length} layers`,
      );
    }
    const layers = manifest.layers.map((layer, at) => {
      const diffId = config.diffIds[at];
      const access = this.#open(layer.digest);
      if (access === undefined || diffId === undefined) throw this.#missing(layer.digest);
      return storedLayer(layer, diffId, access, `layer ${layer.digest} of "${label}"`);
    });
    const full = names.filter((name) => name === fullName(name));
    return {
      descriptor,
      manifest,
      config,
      rawConfig,
      configDigest: manifest.config.digest,
      layers,
      names: full,
    };
  }

  #document(descriptor: Descriptor): ImageManifest | ImageIndex {
    const known = this.#documents.get(descriptor.digest);
    const document = known ?? parseManifestOrIndex(this.#readBlob(descriptor, 'manifestBytes'), this.#limits);
    this.#documents.set(descriptor.digest, document);
    return document;
  }

  #config(descriptor: Descriptor): Pick<LayoutCandidate, 'rawConfig' | 'config'> {
    const known = this.#configs.get(descriptor.digest);
    if (known !== undefined) return known;
    const rawConfig = this.#readBlob(descriptor, 'configBytes');
    const read = { rawConfig, config: parseImageConfig(rawConfig, this.#limits) };
    this.#configs.set(descriptor.digest, read);
    return read;
  }

  #readBlob(descriptor: Descriptor, limit: 'manifestBytes' | 'configBytes'): Uint8Array {
    const { label } = this.#files;
    const bytes = readDocument(this.#files, blobPath(descriptor.digest), this.#limits, limit);
    if (bytes === undefined) throw this.#missing(descriptor.digest);
    if (bytes.length !== descriptor.size) {
      throw new IntegrityError(
        `${descriptor.digest} of "${label}"`,
        `${descriptor.size} bytes`,
        `${bytes.length} bytes`,
      );
    }
    const digester = new Digester(algorithmOf(descriptor.digest));
    digester.update(bytes);
    const actual = digester.digest();
    if (actual !== descriptor.digest)
      throw new IntegrityError(`a blob of "${label}"`, descriptor.digest, actual);
    return bytes;
  }

  #open(digest: Digest): RandomAccess | undefined {
    return this.#files.open(blobPath(digest));
  }

  #missing(digest: Digest): ImageError {
    return new ImageError(`cannot read "${this.#files.label}": blob ${digest} is missing`);
  }
}

/** Returns the index with only the images of that name, where there are any: no other image need be whole, or be read. */
function narrowed(index: ImageIndex, reference: string | undefined): ImageIndex {
  if (reference === undefined) return index;
  const full = fullName(reference);
  const manifests = index.manifests.filter((descriptor) =>
    namesOf(descriptor).some((name) => name === reference || name === full),
  );
  return manifests.length === 0 ? index : { ...index, manifests };
}

/** Full references first. A bare tag as ref.name ("latest") says nothing about the repository and stays as it is. */
function namesOf({ annotations }: Descriptor): string[] {
  const imageName = annotations?.[IMAGE_NAME];
  const refName = annotations?.[REF_NAME];
  const written = [imageName, refName].filter((name) => name !== undefined);
  const full = written.filter((name) => /[:/]/.test(name)).map((name) => fullName(name));
  return [...new Set([...full.filter((name) => name !== undefined), ...written])];
}
