import { findComponents } from '../components/find-components.ts';
import type { EmittedImage } from '../emit/emit.ts';
import { referrer } from '../emit/referrer.ts';
import { cycloneDx } from '../report/sbom/cyclonedx.ts';
import type { SbomInput } from '../report/sbom/sbom-input.ts';
import { spdx } from '../report/sbom/spdx.ts';
import type { FileInode } from '../rootfs/inode.ts';
import type { RootPath } from '../rootfs/root-path.ts';
import type { SlimmedImage } from '../slim.ts';
import { packageVersion } from '../version.ts';

/** The forms of a bill of materials. */
export type SbomFormat = 'cyclonedx' | 'spdx';

/** SbomRequest asks for a bill of materials; with a file it is also written there. */
export interface SbomRequest {
  readonly format: SbomFormat;
  readonly file?: string;
}

interface SbomWriter {
  readonly mediaType: string;
  /** Of a file beside an archive. */
  readonly extension: string;
  write(input: SbomInput): string;
}

export const SBOM_WRITERS: Readonly<Record<SbomFormat, SbomWriter>> = {
  cyclonedx: { mediaType: 'application/vnd.cyclonedx+json', extension: '.cdx.json', write: cycloneDx },
  spdx: { mediaType: 'application/spdx+json', extension: '.spdx.json', write: spdx },
};

/** The same bill of materials by its formats. */
export type SbomDocuments = ReadonlyMap<SbomFormat, string>;

/** Returns the image with its bills of materials as documents that refer to it. */
export function withSboms(image: EmittedImage, documents: SbomDocuments): EmittedImage {
  const subject = image.manifest.descriptor;
  const referrers = [...documents].map(([format, text]) =>
    referrer({ subject, mediaType: SBOM_WRITERS[format].mediaType, document: Buffer.from(text) }),
  );
  return referrers.length === 0 ? image : { ...image, referrers };
}

/** Returns the bill of materials of a slim image that is called `name`, by each of the formats, each once. */
export function sbomDocuments(
  { image, summary, detail }: SlimmedImage,
  name: string,
  formats: Iterable<SbomFormat>,
  sourceDateEpoch: number | undefined,
): SbomDocuments {
  const wanted = new Set(formats);
  if (wanted.size === 0) return new Map();
  const kept = image.entries.filter(({ inode }) => inode.type !== 'directory');
  const files = new Map<RootPath, FileInode>();
  for (const { path, inode } of kept) if (inode.type === 'file') files.set(path, inode);
  const input = {
    ...findComponents({ ...detail, kept: new Map(kept.map(({ path, inode }) => [path, inode])) }),
    name,
    manifestDigest: summary.manifestDigest,
    imageId: summary.imageId,
    architecture: summary.source.platform.architecture,
    version: packageVersion(),
    files,
    ...(sourceDateEpoch === undefined
      ? {}
      : { timestamp: new Date(sourceDateEpoch * 1000).toISOString().replace('.000Z', 'Z') }),
  };
  return new Map([...wanted].map((format) => [format, SBOM_WRITERS[format].write(input)]));
}
