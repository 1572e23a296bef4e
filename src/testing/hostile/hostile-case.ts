import { digestOf } from '../../oci/digest.ts';
import { MediaType } from '../../oci/media-type.ts';
import { buildElf } from '../elf-builder.ts';
import { addBlob, archiveOf, type Files, json, withIndex } from '../image-media.ts';
import { type TarSpec, tarOf } from '../tar-builder.ts';

/** HostileCase is one attack: what is sent, and what has to come of it. */
export interface HostileCase {
  /** Group and attack, unique: `tar-size-on-extension-header`. */
  readonly name: string;
  /** The attack, in a sentence. */
  readonly summary: string;
  /** Whose published hole it was. */
  readonly advisory?: string;
  readonly input: () => HostileInput;
  /** Words of the command line; IMAGE and OUT stand for the input and the destination. Absent: slim it, keeping everything. */
  readonly command?: readonly string[];
  readonly expect: Refusal | Result;
}

/** An archive, or the files of an OCI layout with symbolic links (path to target) beside them. */
export type HostileInput =
  | { readonly archive: Uint8Array }
  | { readonly layout: Files; readonly links?: Readonly<Record<string, string>> };

type ErrorName =
  | 'FormatError'
  | 'ImageError'
  | 'IntegrityError'
  | 'LimitError'
  | 'TransportError'
  | 'UnsafePathError'
  | 'UnsupportedError'
  | 'UsageError';

/** It must end in this class of error (one of them, where decoders differ), whose message matches. */
export interface Refusal {
  readonly error: ErrorName | readonly ErrorName[];
  readonly says: RegExp;
}

/** It must end well, and so. */
export interface Result {
  /** What is in the slim image besides `/app`, as `describeTree` says it: all of it, or where it is very much some. */
  readonly tree?: readonly string[];
  readonly has?: readonly string[];
  readonly lacks?: readonly string[];
  /** What stdout or stderr must hold. */
  readonly prints?: RegExp;
  /** What a file beside the destination must not hold, by its name. */
  readonly filesLack?: Readonly<Record<string, RegExp>>;
  /** 0 unless said otherwise. */
  readonly status?: number;
}

export const KEEP_EVERYTHING = ['IMAGE', '-o', 'OUT/slim.tar', '--json', '--include', '/**'] as const;
export const SLIM = ['IMAGE', '-o', 'OUT/slim.tar', '--json'] as const;

/** A program that needs nothing: static, without an interpreter. */
export const APP: TarSpec = { name: 'app', mode: 0o755, content: buildElf({ dynamic: false, type: 2 }) };

export interface AttackedImage {
  /** Members of the config's `config`, over an Entrypoint of `/app`. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Members of the config document. */
  readonly document?: Readonly<Record<string, unknown>>;
  /** Members of the manifest. */
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** How the last layer is stored, and the media type that is said of it. */
  readonly store?: (tar: Uint8Array) => Uint8Array;
  readonly mediaType?: string;
  /** In place of the layer with the static program. */
  readonly base?: readonly TarSpec[];
}

/** Returns the files of a layout with an image of `/app` and these layers above it, as entries or as bytes that are called a tar. */
export function layoutWith(
  layers: readonly (readonly TarSpec[] | Uint8Array)[],
  {
    config,
    document,
    manifest,
    store = (tar) => tar,
    mediaType = MediaType.ociLayer,
    base = [APP],
  }: AttackedImage = {},
): Files {
  const files: Files = new Map();
  const tars = [tarOf(base), ...layers.map((layer) => (layer instanceof Uint8Array ? layer : tarOf(layer)))];
  const last = tars.length - 1;
  const descriptors = tars.map((tar, at) =>
    at === last ? addBlob(files, mediaType, store(tar)) : addBlob(files, MediaType.ociLayer, tar),
  );
  const raw = json({
    architecture: 'amd64',
    os: 'linux',
    config: { Entrypoint: ['/app'], ...config },
    rootfs: { type: 'layers', diff_ids: tars.map(digestOf) },
    history: tars.map(() => ({ created_by: 'COPY . /' })),
    ...document,
  });
  const described = addBlob(
    files,
    MediaType.ociManifest,
    json({
      schemaVersion: 2,
      mediaType: MediaType.ociManifest,
      config: addBlob(files, MediaType.ociConfig, raw),
      layers: descriptors,
      ...manifest,
    }),
  );
  return withIndex(files, [described]);
}

/** Returns an archive of `layoutWith`. */
export function imageWith(
  layers: readonly (readonly TarSpec[] | Uint8Array)[],
  options: AttackedImage = {},
): HostileInput {
  return { archive: archiveOf(layoutWith(layers, options)) };
}
