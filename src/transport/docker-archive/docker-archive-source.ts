import { ImageError, IntegrityError, UnsupportedError } from '../../errors.ts';
import type { Image, ImageQuery, ImageSource, Layer } from '../../image/image.ts';
import { storedLayer } from '../../image/stored-layer.ts';
import { checkLimit, DEFAULT_LIMITS, type Limits } from '../../io/limits.ts';
import type { RandomAccess } from '../../io/random-access.ts';
import { type ImageConfig, parseImageConfig } from '../../oci/config.ts';
import { type Digest, digestOf } from '../../oci/digest.ts';
import { MediaType } from '../../oci/media-type.ts';
import { type Candidate, chooseImage } from '../choose-image.ts';
import { fullName } from '../full-name.ts';
import { type MediumFiles, readDocument } from '../medium-files.ts';
import { type ManifestJsonEntry, parseManifestJson } from './manifest-json.ts';

interface ArchiveCandidate extends Candidate {
  readonly entry: ManifestJsonEntry;
  readonly rawConfig: Uint8Array;
  readonly config: ImageConfig;
  readonly configDigest: Digest;
}

/** Is there a docker-archive in these files? */
export function isDockerArchive(files: MediumFiles): boolean {
  return files.open('manifest.json') !== undefined;
}

/** DockerArchiveSource reads images of what `docker save`, podman and skopeo write. It owns `files`. */
export class DockerArchiveSource implements ImageSource {
  readonly #files: MediumFiles;
  readonly #limits: Limits;

  constructor(files: MediumFiles, limits: Limits = DEFAULT_LIMITS) {
    this.#files = files;
    this.#limits = limits;
  }

  async open(query: ImageQuery): Promise<Image> {
    const candidates = this.#readManifest().map((entry, at) => this.#candidate(entry, at));
    return this.#image(chooseImage(candidates, query, this.#files.label));
  }

  async close(): Promise<void> {
    this.#files.close();
  }

  #readManifest(): readonly ManifestJsonEntry[] {
    const bytes = readDocument(this.#files, 'manifest.json', this.#limits, 'manifestBytes');
    if (bytes !== undefined) {
      const entries = parseManifestJson(bytes, this.#limits);
      checkLimit(this.#limits, 'manifests', entries.length, `manifest.json of "${this.#files.label}"`);
      return entries;
    }
    const { label } = this.#files;
    if (this.#files.open('repositories') !== undefined) {
      throw new UnsupportedError(`cannot read "${label}": Docker before 1.10 wrote it (no manifest.json)`, {
        advice: 'load and save it with a newer Docker',
      });
    }
    throw new ImageError(`cannot read "${label}": it is an archive, but not of an image`, {
      advice: `a tar of a filesystem can be unpacked and read as rootfs:DIR`,
    });
  }

  #candidate(entry: ManifestJsonEntry, at: number): ArchiveCandidate {
    const rawConfig = readDocument(this.#files, entry.config, this.#limits, 'configBytes');
    if (rawConfig === undefined) throw this.#missing('config', entry.config);
    const configDigest = digestOf(rawConfig);
    const promised = digestInName(entry.config);
    if (promised !== undefined && promised !== configDigest) {
      throw new IntegrityError(`config of "${this.#files.label}"`, promised, configDigest);
    }
    const config = parseImageConfig(rawConfig, this.#limits);
    const { os, architecture, variant } = config;
    const platform = { os, architecture, ...(variant === undefined ? {} : { variant }) };
    const full = entry.repoTags.map((tag) => fullName(tag)).filter((name) => name !== undefined);
    // "@0": the form that containers-transports(5) has for images without a name.
    const names = [...new Set([...full, ...entry.repoTags, `@${at}`])];
    return { names, digest: configDigest, platform, entry, rawConfig, config, configDigest };
  }

  #image({ entry, rawConfig, config, configDigest, names }: ArchiveCandidate): Image {
    const { label } = this.#files;
    checkLimit(this.#limits, 'layers', entry.layers.length, `"${label}"`);
    if (config.diffIds.length !== entry.layers.length) {
      throw new ImageError(
        `cannot read "${label}": its config has ${config.diffIds.length} diff_ids, its manifest.json ${entry.layers.length} layers`,
      );
    }
    const layers = entry.layers.map((path, at) => {
      const access = this.#files.open(path);
      const diffId = config.diffIds[at];
      if (access === undefined || diffId === undefined) throw this.#missing('layer', path);
      return storedLayer(layerDescriptor(path, access), diffId, access, `layer ${path} of "${label}"`);
    });
    return {
      config,
      rawConfig,
      configDigest,
      layers,
      names: names.filter((name) => name === fullName(name)),
    };
  }

  #missing(what: string, path: string): ImageError {
    return new ImageError(`cannot read "${this.#files.label}": ${what} ${path} is missing`);
  }
}

/** A layer is addressed by content only below blobs/; elsewhere its name is an ID of old or the diffID. */
function layerDescriptor(path: string, access: RandomAccess): Layer['descriptor'] {
  const digest = /^(?:\.\/)?blobs\//.test(path) ? digestInName(path) : undefined;
  return {
    mediaType: layerMediaType(access),
    size: access.size,
    ...(digest === undefined ? {} : { digest }),
  };
}

/** By magic bytes: a docker-archive does not say. */
function layerMediaType(access: RandomAccess): string {
  const magic = Buffer.from(access.read(0, Math.min(4, access.size))).toString('hex');
  if (magic.startsWith('1f8b')) return MediaType.dockerLayerGzip;
  return magic === '28b52ffd' ? MediaType.ociLayerZstd : MediaType.dockerLayer;
}

/** `<hex>.json` (docker before 25, podman) and `blobs/sha256/<hex>` (since) promise a digest. */
function digestInName(path: string): Digest | undefined {
  const hex = /^(?:\.\/)?(?:blobs\/sha256\/)?([0-9a-f]{64})(?:\.json)?$/.exec(path)?.[1];
  return hex === undefined ? undefined : `sha256:${hex}`;
}
