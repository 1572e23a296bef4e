import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FormatError, TransportError } from '../../errors.ts';
import { attempt } from '../../io/atomic-file.ts';
import { DEFAULT_LIMITS } from '../../io/limits.ts';
import { SUBJECT_ANNOTATION } from '../../oci/annotations.ts';
import type { Descriptor } from '../../oci/descriptor.ts';
import { isRecord, type JsonObject, parseJsonObject } from '../../oci/json.ts';
import { encodeIndex, REF_NAME } from '../layout-documents.ts';

/** LayoutIndex is the index.json of a layout that images are added to. */
export interface LayoutIndex {
  readonly bytes: Buffer;
  readonly document: JsonObject;
}

/** Returns the index.json that is there; undefined for a directory without one that is empty, or a layout that is being made. */
export function readIndex(directory: string): LayoutIndex | undefined {
  return attempt(directory, () => {
    const stat = statSync(directory, { throwIfNoEntry: false });
    if (stat === undefined || (stat.isDirectory() && isUnfinished(directory))) return undefined;
    const path = join(directory, 'index.json');
    if (!stat.isDirectory() || !existsSync(join(directory, 'oci-layout')) || !existsSync(path)) {
      throw new TransportError(
        'destination',
        `cannot write "${directory}": something else than an OCI image layout is there`,
      );
    }
    if (statSync(path).size > DEFAULT_LIMITS.manifestBytes) {
      throw new TransportError('destination', `cannot write "${directory}": its index.json is too large`);
    }
    const bytes = readFileSync(path);
    const document = parseJsonObject(bytes, `index.json of "${directory}"`);
    if (Array.isArray(document.manifests)) return { bytes, document };
    throw new FormatError('index.json', 0, `cannot write "${directory}": its index.json is not an index`);
  });
}

/** Is there nothing, or what another run has begun (or begun and not ended, when it was killed)? */
function isUnfinished(directory: string): boolean {
  return readdirSync(directory).every((name) => /^(?:blobs|oci-layout|\.oslim-.*)$/.test(name));
}

/**
 * Returns an index.json with these descriptors more: each takes the place of one of its name; others, and other members,
 * stay, but for documents of ours about an image that is not listed any more.
 */
export function addToIndex(index: JsonObject, descriptors: readonly Descriptor[]): Uint8Array {
  const before: readonly unknown[] = Array.isArray(index.manifests) ? index.manifests : [];
  const manifests = descriptors.reduce(
    (list, descriptor) => [...without(list, descriptor), descriptor],
    before,
  );
  const digests = new Set(manifests.map((listed) => (isRecord(listed) ? listed.digest : undefined)));
  const gone = before.flatMap((listed) =>
    isRecord(listed) && !digests.has(listed.digest) ? [listed.digest] : [],
  );
  const { manifests: _, ...members } = index;
  return encodeIndex(
    manifests.filter((listed) => !gone.includes(annotationOf(listed, SUBJECT_ANNOTATION))),
    members,
  );
}

function without(list: readonly unknown[], descriptor: Descriptor): readonly unknown[] {
  const refName = descriptor.annotations?.[REF_NAME];
  return list.filter((other) => {
    if (!isRecord(other)) return true;
    const otherName = annotationOf(other, REF_NAME);
    // Without a name, the same manifest need not be there twice.
    return refName === undefined
      ? otherName !== undefined || other.digest !== descriptor.digest
      : otherName !== refName;
  });
}

/** `undefined` where there is no such annotation. */
function annotationOf(listed: unknown, key: string): unknown {
  return isRecord(listed) && isRecord(listed.annotations) ? listed.annotations[key] : undefined;
}
