import { createHash } from 'node:crypto';
import type { Component } from '../../components/component.ts';
import type { FileInode } from '../../rootfs/inode.ts';
import type { RootPath } from '../../rootfs/root-path.ts';
import { jsonText } from '../plain-text.ts';
import { imagePurl } from './cyclonedx.ts';
import type { SbomInput } from './sbom-input.ts';

/** SPDX wants a time: where nobody said one, this is none. */
const NO_TIME = '1970-01-01T00:00:00Z';
/** Contents are digested in pieces of this many bytes. */
const CHUNK = 1 << 20;

interface SpdxFile {
  readonly id: string;
  readonly path: RootPath;
  readonly sha1: string;
  readonly sha256: string;
}

/**
 * Returns the bill of materials as SPDX 2.3 JSON: the image, its distribution, every component, and the files that are
 * kept of each with their checksums. The same image gives the same bytes.
 */
export function spdx(input: SbomInput): string {
  const { components, distribution, manifestDigest, name, timestamp, version } = input;
  const files = filesOf(input);
  const ids = components.map((_, at) => `SPDXRef-Package-${at + 1}`);
  const root = 'SPDXRef-Image';
  const os =
    distribution === undefined
      ? []
      : [
          packageOf(
            'SPDXRef-OperatingSystem',
            distribution.id,
            distribution.versionId,
            'OPERATING_SYSTEM',
            [],
          ),
        ];
  const image = packageOf(root, name, manifestDigest, 'CONTAINER', [
    imagePurl(name, manifestDigest, input.architecture),
  ]);
  const document = {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name,
    documentNamespace: `urn:oslim:sbom:${manifestDigest}`,
    creationInfo: { created: timestamp ?? NO_TIME, creators: [`Tool: oslim-${version}`] },
    packages: [
      image,
      ...os,
      ...components.map((component, at) => ({
        ...packageOf(ids[at] ?? '', fullName(component), component.version, 'LIBRARY', [component.purl]),
        ...analysisOf(component, files),
      })),
    ],
    files: [...files.values()].map(({ id, path, sha1, sha256 }) => ({
      SPDXID: id,
      fileName: `.${path}`,
      checksums: [
        { algorithm: 'SHA1', checksumValue: sha1 },
        { algorithm: 'SHA256', checksumValue: sha256 },
      ],
      licenseConcluded: 'NOASSERTION',
      copyrightText: 'NOASSERTION',
    })),
    relationships: [
      related('SPDXRef-DOCUMENT', 'DESCRIBES', root),
      ...os.map(({ SPDXID }) => related(root, 'CONTAINS', SPDXID)),
      ...ids.map((id) => related(root, 'CONTAINS', id)),
      ...components.flatMap((component, at) =>
        ownFiles(component, files).map(({ id }) => related(ids[at] ?? '', 'CONTAINS', id)),
      ),
    ],
  };
  return `${jsonText(document)}\n`;
}

function fullName({ group, name }: Component): string {
  return group === undefined ? name : `${group}/${name}`;
}

function packageOf(
  id: string,
  name: string,
  version: string | undefined,
  purpose: string,
  purls: readonly string[],
) {
  return {
    SPDXID: id,
    name,
    ...(version === undefined ? {} : { versionInfo: version }),
    primaryPackagePurpose: purpose,
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    licenseConcluded: 'NOASSERTION',
    licenseDeclared: 'NOASSERTION',
    copyrightText: 'NOASSERTION',
    ...(purls.length === 0
      ? {}
      : {
          externalRefs: purls.map((referenceLocator) => ({
            referenceCategory: 'PACKAGE-MANAGER',
            referenceType: 'purl',
            referenceLocator,
          })),
        }),
  };
}

/** A package whose files are listed has a verification code: the SHA1 of its files' sorted SHA1s (SPDX 2.3, 7.9). */
function analysisOf(component: Component, files: ReadonlyMap<RootPath, SpdxFile>) {
  const own = ownFiles(component, files);
  if (own.length === 0) return {};
  const sums = own.map(({ sha1 }) => sha1).sort();
  const code = createHash('sha1').update(sums.join('')).digest('hex');
  return {
    filesAnalyzed: true,
    packageVerificationCode: { packageVerificationCodeValue: code },
    licenseInfoFromFiles: ['NOASSERTION'],
  };
}

function ownFiles(component: Component, files: ReadonlyMap<RootPath, SpdxFile>): readonly SpdxFile[] {
  return component.files.flatMap((path) => files.get(path) ?? []);
}

/** Returns the regular files of all components, each once. */
function filesOf({ components, files }: SbomInput): ReadonlyMap<RootPath, SpdxFile> {
  const paths = new Set(components.flatMap((component) => component.files));
  const sorted = [...paths].sort().flatMap((path) => {
    const inode = files.get(path);
    return inode === undefined ? [] : [{ path, inode }];
  });
  return new Map(
    sorted.map(({ path, inode }, at) => [
      path,
      { id: `SPDXRef-File-${at + 1}`, path, ...checksumsOf(inode) },
    ]),
  );
}

function checksumsOf({ content, offset, size }: FileInode): {
  readonly sha1: string;
  readonly sha256: string;
} {
  const [sha1, sha256] = [createHash('sha1'), createHash('sha256')];
  for (let at = 0; at < size; at += CHUNK) {
    const chunk = content.read(offset + at, Math.min(CHUNK, size - at));
    sha1.update(chunk);
    sha256.update(chunk);
  }
  return { sha1: sha1.digest('hex'), sha256: sha256.digest('hex') };
}

function related(from: string, relationshipType: string, to: string) {
  return { spdxElementId: from, relationshipType, relatedSpdxElement: to };
}
