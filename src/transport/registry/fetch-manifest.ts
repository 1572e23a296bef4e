import { FormatError, IntegrityError, OslimError } from '../../errors.ts';
import type { Limits } from '../../io/limits.ts';
import type { Descriptor } from '../../oci/descriptor.ts';
import { algorithmOf, type Digest, Digester, parseDigest } from '../../oci/digest.ts';
import { type ImageIndex, type ImageManifest, isIndex, parseManifestOrIndex } from '../../oci/manifest.ts';
import { isIndexType, isManifestType, MediaType } from '../../oci/media-type.ts';
import type { HttpAnswer } from './http.ts';
import type { Repository } from './repository.ts';

/** A manifest or an index as the registry holds it. */
export interface FetchedManifest {
  readonly descriptor: Descriptor;
  readonly document: ImageManifest | ImageIndex;
  readonly bytes: Uint8Array;
}

const ACCEPT = [
  MediaType.ociIndex,
  MediaType.ociManifest,
  MediaType.dockerManifestList,
  MediaType.dockerManifest,
].join(', ');

/**
 * Fetches a manifest by tag or digest (distribution-spec v1.1, "Pulling manifests"); `subject` names it in
 * messages. Throws RegistryError, IntegrityError (not the digest that was asked for or announced),
 * FormatError, LimitError.
 */
export async function fetchManifest(
  repository: Repository,
  reference: { readonly tag: string } | { readonly digest: Digest },
  subject: string,
  limits: Limits,
): Promise<FetchedManifest> {
  const wanted = 'digest' in reference ? reference.digest : undefined;
  const { answer, bytes } = await repository.http.retrying(async () => {
    const answer = await repository.send({
      method: 'GET',
      target: `manifests/${'digest' in reference ? reference.digest : reference.tag}`,
      purpose: `read the manifest of "${subject}"`,
      accept: [200],
      headers: { accept: ACCEPT },
    });
    refuseCoding(answer);
    return {
      answer,
      bytes: await repository.http.readDocument(answer, limits, 'manifestBytes'),
    };
  });
  const digest = verifyDigest(answer, bytes, wanted, subject);
  const document = parseManifestOrIndex(bytes, limits);
  refuseContradiction(document, answer.header('content-type'), subject);
  return { descriptor: { mediaType: document.mediaType, digest, size: bytes.length }, document, bytes };
}

/**
 * The digest that was asked for decides; else the announced one, which must be that of the bytes (and may be
 * sha512).
 */
function verifyDigest(
  answer: HttpAnswer,
  bytes: Uint8Array,
  wanted: Digest | undefined,
  subject: string,
): Digest {
  const announced = announcedDigest(answer);
  const expected = wanted ?? announced;
  const actual = digestBy(expected === undefined ? 'sha256' : algorithmOf(expected), bytes);
  if (expected !== undefined && expected !== actual)
    throw new IntegrityError(`the manifest of "${subject}"`, expected, actual);
  return actual;
}

/** Docker-Content-Digest; a value that is no digest known here says nothing about the bytes. */
function announcedDigest(answer: HttpAnswer): Digest | undefined {
  const text = answer.header('docker-content-digest');
  if (text === undefined) return undefined;
  try {
    return parseDigest(text);
  } catch (error) {
    if (error instanceof OslimError) return undefined;
    throw error;
  }
}

function digestBy(algorithm: 'sha256' | 'sha512', bytes: Uint8Array): Digest {
  const digester = new Digester(algorithm);
  digester.update(bytes);
  return digester.digest();
}

/** We ask for `identity`; a coded body would be a way to hide its size. */
function refuseCoding(answer: HttpAnswer): void {
  const coding = answer.header('content-encoding') ?? 'identity';
  if (coding.toLowerCase() === 'identity') return;
  answer.discard();
  throw new FormatError(
    'manifest',
    0,
    `cannot ${answer.errand.purpose}: the registry sent it with Content-Encoding, unasked`,
  );
}

/**
 * CVE-2021-41190: one document that is an index to one client and a manifest to another, by its Content-Type.
 */
function refuseContradiction(
  document: ImageManifest | ImageIndex,
  contentType: string | undefined,
  subject: string,
): void {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (isIndex(document) ? !isManifestType(type) : !isIndexType(type)) return;
  throw new FormatError(
    'manifest',
    0,
    `cannot read the manifest of "${subject}": its members contradict its Content-Type`,
  );
}
