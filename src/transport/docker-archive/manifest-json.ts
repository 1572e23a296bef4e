import { FormatError } from '../../errors.ts';
import type { Limits } from '../../io/limits.ts';
import { isRecord, optionalString, optionalStrings, parseJson } from '../../oci/json.ts';

/** One image of a docker-archive (moby's image spec v1.2, "Combined Image JSON + Filesystem Changeset Format"). */
export interface ManifestJsonEntry {
  /** Path of the config in the archive. */
  readonly config: string;
  readonly repoTags: readonly string[];
  /** Paths of the layers in the archive, the lowest first. */
  readonly layers: readonly string[];
}

/** Parses a docker-archive's manifest.json; throws FormatError, LimitError. */
export function parseManifestJson(bytes: Uint8Array, limits?: Limits): readonly ManifestJsonEntry[] {
  const entries = parseJson(bytes, 'manifest.json', limits);
  if (!Array.isArray(entries))
    throw new FormatError('manifest.json', 0, 'cannot read manifest.json: it is not a list');
  return entries.map((entry) => {
    const config = isRecord(entry) ? optionalString(entry, 'Config') : undefined;
    if (!isRecord(entry) || config === undefined) {
      throw new FormatError('manifest.json', 0, 'cannot read manifest.json: an entry has no Config');
    }
    return {
      config,
      repoTags: optionalStrings(entry, 'RepoTags') ?? [],
      layers: optionalStrings(entry, 'Layers') ?? [],
    };
  });
}
