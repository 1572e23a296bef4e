import { ImageError } from '../errors.ts';
import type { ImageQuery } from '../image/image.ts';
import { selectPlatform } from '../image/select-platform.ts';
import { formatPlatform, normalizePlatform, type Platform } from '../oci/platform.ts';
import { fullName } from './full-name.ts';

/** Candidate is one image of a medium that holds several. */
export interface Candidate {
  /** Every way to ask for it: full references, and names as they are written in the medium. */
  readonly names: readonly string[];
  /** What it is when two candidates are compared: of the manifest, or of the config. */
  readonly digest: string;
  readonly platform: Platform;
  /** The index that it is in, where that is one of the medium's images by itself. */
  readonly index?: { readonly digest: string } | undefined;
}

/**
 * Returns the image that is asked for. Several that differ only in platform are chosen by platform; several with
 * different names need a reference (ImageError that lists them). `label` names the medium.
 */
export function chooseImage<T extends Candidate>(
  candidates: readonly T[],
  query: ImageQuery,
  label: string,
): T {
  const named = chooseNamed(candidates, query.reference, label);
  const chosen = selectPlatform(named, query.platform, label);
  refuseRivals(named, chosen, label);
  return chosen;
}

/** Returns every platform's image of the name that is asked for, each once; throws as `chooseImage` does. */
export function chooseAllImages<T extends Candidate>(
  candidates: readonly T[],
  reference: string | undefined,
  label: string,
): readonly T[] {
  const named = chooseNamed(candidates, reference, label);
  if (named.length === 0) throw new ImageError(`cannot read "${label}": no image is in it`);
  const images = [...new Map(named.map((candidate) => [candidate.digest, candidate])).values()];
  // One index may well hold two images of a platform (os.version, os.features); a list of images means others by them.
  if (distinct(images, ({ index }) => index?.digest ?? '') > 1 || images[0]?.index === undefined) {
    for (const image of images) refuseRivals(images, image, label);
  }
  return images;
}

/** Returns the images of the name that is asked for; without one, all of them must have the same name. */
function chooseNamed<T extends Candidate>(
  candidates: readonly T[],
  reference: string | undefined,
  label: string,
): readonly T[] {
  const named =
    reference === undefined ? candidates : candidates.filter((candidate) => answersTo(candidate, reference));
  if (named.length === 0 && reference !== undefined) {
    throw new ImageError(`cannot read "${label}": no image "${reference}" is in it`, {
      advice: candidates.length === 0 ? 'it holds no image' : `it has ${list(candidates)}`,
    });
  }
  if (
    reference === undefined &&
    // What an index calls its own images is no name of the medium's.
    distinct(named, ({ names, index }) => index?.digest ?? names[0] ?? '') > 1 &&
    distinct(named, ({ digest }) => digest) > 1
  ) {
    throw severalImages(named, label);
  }
  return named;
}

/** Two images of one name and one platform: nobody can say which is meant. */
function refuseRivals(named: readonly Candidate[], chosen: Candidate, label: string): void {
  const rivals = named.filter(({ platform }) => canonical(platform) === canonical(chosen.platform));
  if (distinct(rivals, ({ digest }) => digest) > 1) throw severalImages(rivals, label);
}

/** A reference is compared as written, in full, and, for an image ID, by its digits. */
function answersTo({ names, digest }: Candidate, reference: string): boolean {
  return (
    names.includes(reference) || names.includes(fullName(reference) ?? reference) || digest === reference
  );
}

function severalImages(candidates: readonly Candidate[], label: string): ImageError {
  return new ImageError(`cannot read "${label}": it holds ${candidates.length} images`, {
    advice: `say which with ":REF" behind its name: ${list(candidates)}`,
  });
}

/** At most this many are listed: an archive may hold thousands. */
const MAX_LISTED = 20;

function list(candidates: readonly Candidate[]): string {
  const all = candidates.map(
    ({ names, digest, platform }) =>
      `${names[0] ?? digest} (${formatPlatform(platform) || 'unknown platform'})`,
  );
  const rest = all.length - MAX_LISTED;
  return all.slice(0, MAX_LISTED).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function canonical(platform: Platform): string {
  return formatPlatform(normalizePlatform(platform));
}

function distinct<T>(items: readonly T[], key: (item: T) => string): number {
  return new Set(items.map(key)).size;
}
