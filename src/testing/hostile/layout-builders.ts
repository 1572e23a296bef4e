import { MediaType } from '../../oci/media-type.ts';
import { addBlob, type Files, json, withIndex } from '../image-media.ts';
import { layoutWith } from './hostile-case.ts';

export interface Described {
  readonly mediaType?: string;
  readonly digest?: unknown;
  readonly size?: unknown;
  readonly [member: string]: unknown;
}

/** A good layout whose index lists what `change` makes of its one descriptor. */
export function relisted(change: (good: Described) => readonly unknown[] | unknown): Files {
  const files = layoutWith([]);
  const [good] = JSON.parse(Buffer.from(files.get('index.json') ?? []).toString('utf8')).manifests;
  return withIndex(files, [change(good)].flat());
}

/** A layout whose index names this document as its one manifest. */
export function listing(document: unknown, files: Files = layoutWith([])): Files {
  const bytes = document instanceof Uint8Array ? document : json(document);
  return withIndex(files, [addBlob(files, MediaType.ociManifest, bytes)]);
}

/** A layout whose manifest has what `change` makes of the good one's members. */
export function remade(
  change: (good: Readonly<Record<string, Described>>) => Readonly<Record<string, unknown>>,
): Files {
  const files = layoutWith([]);
  const [{ digest }] = JSON.parse(Buffer.from(files.get('index.json') ?? []).toString('utf8')).manifests;
  const good = JSON.parse(Buffer.from(files.get(`blobs/sha256/${digest.slice(7)}`) ?? []).toString('utf8'));
  return listing({ ...good, ...change(good) }, files);
}

/** Indexes of which each lists the next one `width` times. */
export function multiplied(width: number, depth: number): Files {
  const files = layoutWith([]);
  let list = JSON.parse(Buffer.from(files.get('index.json') ?? []).toString('utf8')).manifests;
  for (let at = 0; at < depth; at++) {
    const index = json({ schemaVersion: 2, mediaType: MediaType.ociIndex, manifests: list });
    const one = addBlob(files, MediaType.ociIndex, index);
    list = Array.from({ length: width }, () => one);
  }
  return withIndex(files, list);
}
