import { MARKS } from '../emit/output-manifest.ts';
import { OslimError, RegistryError, UsageError } from '../errors.ts';
import { type Image, type ImageSet, type ImageSource, openAllImages } from '../image/image.ts';
import type { Digest } from '../oci/digest.ts';
import { parseReference, type Reference } from '../oci/reference.ts';
import type { ResolvedOptions } from '../options.ts';
import { optionsDigest } from '../result/options-digest.ts';
import type { UnchangedResult } from '../result/slim-result.ts';
import { overSize } from '../slim.ts';
import { pushReference, registryOptions } from '../source/registry-options.ts';
import { openArchive, openLayoutDirectory } from '../transport/archive-source.ts';
import { parseOutputLocation } from '../transport/location.ts';
import { packageVersion } from '../version.ts';

/** What a destination must hold so that there is nothing to do. */
export interface ExpectedResult {
  /** Digests of the source's images, in their order. */
  readonly sources: readonly Digest[];
  /** Is the result an index of them? `digest` is the source's own, where it has one. */
  readonly index?: { readonly digest: Digest | undefined };
  /** Full reference that the result bears. */
  readonly name: string;
}

/** HeldResult is the result of an earlier run, still there. */
interface HeldResult {
  /** In the user's words. */
  readonly places: readonly string[];
  /** Bytes of the files of each image, uncompressed. */
  readonly contentSizes: readonly number[];
  /** Names of the policies that do not hold in some image. */
  readonly findings: readonly string[];
}

/** A destination that can be asked what it holds. */
interface Place {
  readonly words: string;
  /** Under which name, where the medium holds several images. */
  readonly reference?: string;
  /** Is the name of the result written into the medium, so that it must be the same? */
  readonly bearsName: boolean;
  open(): Promise<ImageSource>;
}

/** Refuses destinations that cannot be asked later how their image came to be (UsageError). */
export function checkIfChanged(options: ResolvedOptions): void {
  if (options.sink !== undefined) throw cannotTell('a sink of your own', 'nobody knows how to ask it');
  if (options.detectors !== undefined)
    throw cannotTell('detectors of your own', 'nobody knows whether they are the same');
  if (options.load) throw cannotTell('the local engine', 'it keeps no manifest');
  if (options.format === 'docker') throw cannotTell('--format docker', 'its manifests have no annotations');
  const kind = options.output === undefined ? undefined : parseOutputLocation(options.output).kind;
  if (kind === 'stdout') throw cannotTell('standard output', 'it cannot be read');
  if (kind === 'docker-archive') throw cannotTell('a docker-archive', 'it has no manifest');
  if (kind === undefined && options.push === undefined)
    throw new UsageError('cannot use --if-changed without a destination', { advice: 'give -o or --push' });
}

function cannotTell(where: string, why: string): UsageError {
  return new UsageError(`cannot use --if-changed with ${where}: ${why}`, {
    advice: 'use --push REF, -o FILE, oci:DIR or oci-archive:FILE',
  });
}

/** Returns what there is to say when every destination already holds this result; undefined when one of them does not. */
export async function unchangedResult(
  expected: ExpectedResult,
  options: ResolvedOptions,
  source: UnchangedResult['source'],
): Promise<UnchangedResult | undefined> {
  const held = await findHeld(expected, options);
  if (held === undefined) return undefined;
  const size = overSize(Math.max(...held.contentSizes), options);
  const violations = options.failOn.filter((policy) => held.findings.includes(policy));
  return { source, name: expected.name, places: held.places, violations, ...size };
}

/** Returns what every destination holds of this result; undefined when one of them does not. */
async function findHeld(expected: ExpectedResult, options: ResolvedOptions): Promise<HeldResult | undefined> {
  const places = placesOf(expected.name, options);
  let images: readonly Image[] = [];
  for (const place of places) {
    const found = await imagesAt(place, expected, options);
    if (found === undefined) return undefined;
    images = found;
  }
  return {
    places: places.map(({ words }) => words),
    contentSizes: images.map((image) => Number(image.manifest?.annotations?.[MARKS.contentSize] ?? 0)),
    findings: images.flatMap((image) => image.manifest?.annotations?.[MARKS.findings]?.split(',') ?? []),
  };
}

function placesOf(name: string, options: ResolvedOptions): readonly Place[] {
  const registry = (words: string, reference: Reference): Place => ({
    words,
    bearsName: false,
    open: () => openRegistry(reference, options),
  });
  const places: Place[] = [];
  const location = options.output === undefined ? undefined : parseOutputLocation(options.output);
  const words = options.output ?? '';
  switch (location?.kind) {
    case 'registry':
      places.push(registry(words, location.reference));
      break;
    case 'oci': {
      const reference = location.reference ?? parseReference(name).tag;
      const open = () => openLayoutDirectory(location.directory);
      const bearsName = location.reference === undefined;
      places.push({ words, bearsName, open, ...(reference === undefined ? {} : { reference }) });
      break;
    }
    case 'loadable':
      places.push({ words, bearsName: true, open: () => openArchive(location.file, 'oci-archive') });
      break;
    case 'oci-archive': {
      const { file, reference } = location;
      const open = () => openArchive(file, 'oci-archive');
      places.push({
        words,
        bearsName: reference === undefined,
        open,
        ...(reference === undefined ? {} : { reference }),
      });
      break;
    }
  }
  if (options.push !== undefined) places.push(registry(options.push, pushReference(options.push)));
  return places;
}

async function openRegistry(reference: Reference, options: ResolvedOptions): Promise<ImageSource> {
  const { RegistrySource } = await import('../transport/registry/registry-source.ts');
  return new RegistrySource(reference, await registryOptions(options));
}

/** Returns the images at a destination when they are those that are expected. */
async function imagesAt(
  place: Place,
  expected: ExpectedResult,
  options: ResolvedOptions,
): Promise<readonly Image[] | undefined> {
  let source: ImageSource | undefined;
  try {
    source = await place.open();
    const { reference } = place;
    const set = await openAllImages(source, reference === undefined ? {} : { reference });
    if (!isExpectedKind(set, expected)) return undefined;
    const images: Image[] = [];
    for (const [at, member] of set.members.entries()) {
      const image = await member.open();
      const isNamed = !place.bearsName || image.names.includes(expected.name);
      if (!isNamed || !isFrom(image, expected.sources[at], options)) return undefined;
      await readLayers(image);
      images.push(image);
    }
    return images;
  } catch (error) {
    if (!isAbsence(error)) throw error;
    return undefined;
  } finally {
    await source?.close();
  }
}

function isExpectedKind({ index, members }: ImageSet, { index: wanted, sources }: ExpectedResult): boolean {
  if ((index === undefined) !== (wanted === undefined) || members.length !== sources.length) return false;
  return index?.annotations?.[MARKS.sourceDigest] === wanted?.digest;
}

function isFrom({ manifest }: Image, source: Digest | undefined, options: ResolvedOptions): boolean {
  const marks = manifest?.annotations ?? {};
  return (
    marks[MARKS.sourceDigest] === source &&
    marks[MARKS.version] === packageVersion() &&
    marks[MARKS.options] === optionsDigest(options)
  );
}

/** A file may have been cut off or altered since: its layers are read and verified. A registry's are its own affair. */
async function readLayers({ layers }: Image): Promise<void> {
  for (const { access, open } of layers) {
    if (access === undefined) continue;
    for await (const _ of open()) {
      // `open` verifies what passes.
    }
  }
}

/**
 * Nothing there, or nothing that can be used: the run that writes it anew says what is wrong with the destination, if
 * anything is. Registries answer 401 or 403, too, for a repository that is not there yet.
 */
function isAbsence(error: unknown): boolean {
  if (error instanceof RegistryError) return [401, 403, 404].includes(error.failure.status);
  return error instanceof OslimError;
}
