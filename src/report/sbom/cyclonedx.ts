import { formatPurl } from '../../components/purl.ts';
import { encodedOf } from '../../oci/digest.ts';
import { parseReference } from '../../oci/reference.ts';
import { jsonText } from '../plain-text.ts';
import type { SbomInput } from './sbom-input.ts';

/**
 * Returns the bill of materials as CycloneDX 1.6 (ECMA-424) JSON: the image, its distribution, and every component with
 * the files that are kept of it as evidence. The same image gives the same bytes.
 */
export function cycloneDx(input: SbomInput): string {
  const { distribution, components, manifestDigest, timestamp, version } = input;
  const root = imageComponent(input);
  const os =
    distribution === undefined
      ? []
      : [
          {
            type: 'operating-system',
            'bom-ref': `os:${distribution.id}`,
            name: distribution.id,
            ...(distribution.versionId === undefined ? {} : { version: distribution.versionId }),
            ...(distribution.prettyName === undefined ? {} : { description: distribution.prettyName }),
          },
        ];
  const libraries = components.map(({ name, group, version: own, purl, files }) => ({
    type: 'library',
    'bom-ref': purl,
    ...(group === undefined ? {} : { group }),
    name,
    version: own,
    purl,
    evidence: { occurrences: files.map((location) => ({ location })) },
  }));
  const all = [...os, ...libraries];
  const document = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(encodedOf(manifestDigest))}`,
    version: 1,
    metadata: {
      ...(timestamp === undefined ? {} : { timestamp }),
      tools: { components: [{ type: 'application', name: 'oslim', version }] },
      component: root,
    },
    components: all,
    dependencies: [{ ref: root['bom-ref'], dependsOn: all.map((component) => component['bom-ref']) }],
  };
  return `${jsonText(document)}\n`;
}

function imageComponent({ name, manifestDigest, architecture }: SbomInput) {
  return {
    type: 'container',
    'bom-ref': `image:${manifestDigest}`,
    name,
    version: manifestDigest,
    purl: imagePurl(name, manifestDigest, architecture),
  };
}

/** purl-spec, types/oci: the last part of the repository is the name, the whole a qualifier. */
export function imagePurl(name: string, digest: string, architecture: string): string {
  const { domain, repository, tag } = parseReference(name);
  return formatPurl({
    type: 'oci',
    name: repository.slice(repository.lastIndexOf('/') + 1),
    version: digest,
    qualifiers: { arch: architecture, repository_url: `${domain}/${repository}`, tag },
  });
}

/** A UUID of the form that is for other namings (RFC 9562, version 8) from the digest's first 16 bytes. */
function uuidOf(hex: string): string {
  const digits = `${hex.slice(0, 12)}8${hex.slice(13, 16)}8${hex.slice(17, 32)}`;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
