import { FormatError } from '../../errors.ts';
import type { Descriptor } from '../../oci/descriptor.ts';
import { type Digest, parseDigest } from '../../oci/digest.ts';

/** TocLocation is what a manifest says of a layer's table of contents: the digest it is verified by, and where it lies. */
export type TocLocation =
  | {
      readonly kind: 'zstd:chunked';
      /** Of the table as stored. */
      readonly digest: Digest;
      readonly offset: number;
      readonly length: number;
      readonly inflatedLength: number;
    }
  | {
      readonly kind: 'eStargz';
      /** Of the table's JSON; its place is in the last bytes of the blob. */
      readonly digest: Digest;
    };

/** The second is what older versions of podman, buildah and skopeo wrote (skopeo 1.9 does), and what stargz-snapshotter writes. */
const CHUNKED_PREFIXES = ['io.github.containers.zstd-chunked.', 'io.containers.zstd-chunked.'];
/** stargz-snapshotter, docs/estargz.md "Content Verification in eStargz". */
const STARGZ_DIGEST = 'containerd.io/snapshot/stargz/toc.digest';

/** Before a table lies the header of the skippable frame that it is in (RFC 8878 section 3.1.2). */
export const SKIPPABLE_HEADER_BYTES = 8;

/** Returns where the table of a layer lies; undefined when its manifest vouches for none. Throws FormatError. */
export function tocLocation({
  annotations = {},
  size,
}: Pick<Descriptor, 'annotations' | 'size'>): TocLocation | undefined {
  for (const prefix of CHUNKED_PREFIXES) {
    const digest = annotations[`${prefix}manifest-checksum`];
    const position = annotations[`${prefix}manifest-position`];
    if (digest === undefined || position === undefined) continue;
    return { kind: 'zstd:chunked', digest: parseDigest(digest), ...chunkedPosition(position, size) };
  }
  const digest = annotations[STARGZ_DIGEST];
  return digest === undefined ? undefined : { kind: 'eStargz', digest: parseDigest(digest) };
}

/** `OFFSET:LENGTH:INFLATED LENGTH:TYPE`, in bytes; type 1 is the only one (containers/storage, pkg/chunked). */
function chunkedPosition(
  text: string,
  size: number,
): { readonly offset: number; readonly length: number; readonly inflatedLength: number } {
  const match = /^(\d{1,15}):(\d{1,15}):(\d{1,15}):1$/.exec(text);
  const [offset = -1, length = 0, inflatedLength = 0] = (match ?? []).slice(1).map(Number);
  if (offset < SKIPPABLE_HEADER_BYTES || length < 1 || offset + length > size) {
    const reason = `${JSON.stringify(text.slice(0, 100))} is no place in ${size} bytes`;
    throw new FormatError('table of contents', 0, `cannot find the table of contents of a layer: ${reason}`);
  }
  return { offset, length, inflatedLength };
}
