import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { describe, expect, it } from 'vitest';
import type { SlimOptions } from '../options.ts';
import { slim } from '../slim.ts';
import { archiveOf } from '../testing/image-media.ts';
import { APPLICATION_LAYER, BASE_LAYER, programImageFiles } from '../testing/program-image.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';

const STATUS = `Package: libc6
Status: install ok installed
Architecture: amd64
Source: glibc
Version: 2.36-9+deb12u14

Package: apt
Status: install ok installed
Architecture: amd64
Version: 2.6.1
`;
const LAYERS = [
  [
    ...BASE_LAYER,
    { name: 'etc/os-release', content: 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12"\n' },
    { name: 'var/lib/dpkg/status', content: STATUS },
    {
      name: 'var/lib/dpkg/info/libc6.list',
      content:
        '/usr/lib/x86_64-linux-gnu/libc.so.6\n/usr/lib/x86_64-linux-gnu/ld-2.36.so\n/usr/lib64/ld-linux-x86-64.so.2\n',
    },
    { name: 'var/lib/dpkg/info/apt.list', content: '/usr/bin/apt\n' },
  ],
  [
    ...APPLICATION_LAYER,
    { name: 'opt/app/node_modules/@x/y/package.json', content: '{"name":"@x/y","version":"1.0.0"}' },
    { name: 'opt/app/node_modules/@x/y/index.js', content: 'module.exports = "</script>"' },
  ],
];
const LIBC = 'pkg:deb/debian/libc6@2.36-9%2Bdeb12u14?arch=amd64&distro=debian-12&upstream=glibc';

async function slimmed(options: Partial<SlimOptions>) {
  const directory = temporaryDirectory();
  const image = join(directory, 'image.tar');
  writeFileSync(image, archiveOf(programImageFiles({ layers: LAYERS })));
  const at = (name: string) => join(directory, name);
  const result = await slim({
    image,
    ...options,
    ...(options.output === undefined ? {} : { output: options.output.replace('DIR', directory) }),
    sboms: (options.sboms ?? []).map(({ format, file }) => ({ format, ...(file ? { file: at(file) } : {}) })),
  });
  const read = (name: string) => readFileSync(at(name), 'utf8');
  return { result, directory, read };
}

describe('--sbom cyclonedx', () => {
  it('is valid by the official schema, and has the kept packages with their files', async () => {
    const { read } = await slimmed({
      sboms: [{ format: 'cyclonedx', file: 'bom.json' }],
      sourceDateEpoch: 1_700_000_000,
    });
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
    expect(await validator.validate(read('bom.json'))).toBeNull();
    expect(await validator.validate(read('bom.json').replace('"library"', '"book"'))).not.toBeNull();
    const bom = JSON.parse(read('bom.json'));
    expect(bom.metadata).toMatchObject({
      timestamp: '2023-11-14T22:13:20Z',
      component: {
        type: 'container',
        name: 'docker.io/example/server:1.0-slim',
        purl: expect.stringMatching(/^pkg:oci\/server@sha256:/),
      },
    });
    const purls = bom.components.map(({ purl, name }: { purl?: string; name: string }) => purl ?? name);
    expect(purls).toEqual(['debian', LIBC, 'pkg:npm/%40x/y@1.0.0']);
    expect(bom.components[1].evidence.occurrences).toContainEqual({
      location: '/usr/lib/x86_64-linux-gnu/libc.so.6',
    });
    expect(bom.dependencies[0].dependsOn).toContain(LIBC);
  });

  it('is the same bytes every time, without a time or a serial number of chance', async () => {
    const [one, two] = [
      await slimmed({ sboms: [{ format: 'cyclonedx', file: 'bom.json' }] }),
      await slimmed({ sboms: [{ format: 'cyclonedx', file: 'bom.json' }] }),
    ];
    expect(one.read('bom.json')).toBe(two.read('bom.json'));
    expect(one.read('bom.json')).not.toContain('timestamp');
  });
});

describe('--sbom spdx', () => {
  it('has packages, files with checksums, and what contains what', async () => {
    const { read } = await slimmed({ sboms: [{ format: 'spdx', file: 'bom.json' }] });
    const { packages, files, relationships, ...document } = JSON.parse(read('bom.json'));
    expect(document).toMatchObject({
      spdxVersion: 'SPDX-2.3',
      dataLicense: 'CC0-1.0',
      SPDXID: 'SPDXRef-DOCUMENT',
      creationInfo: { created: '1970-01-01T00:00:00Z', creators: [expect.stringMatching(/^Tool: oslim-\d/)] },
    });
    const libc = packages.find(({ name }: { name: string }) => name === 'libc6');
    expect(libc).toMatchObject({
      versionInfo: '2.36-9+deb12u14',
      filesAnalyzed: true,
      packageVerificationCode: { packageVerificationCodeValue: expect.stringMatching(/^[0-9a-f]{40}$/) },
      externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: LIBC }],
    });
    const ids = new Set([...packages, ...files].map(({ SPDXID }: { SPDXID: string }) => SPDXID));
    expect(ids.size).toBe(packages.length + files.length);
    for (const { spdxElementId, relatedSpdxElement } of relationships)
      for (const id of [spdxElementId, relatedSpdxElement])
        expect(id === 'SPDXRef-DOCUMENT' || ids.has(id)).toBe(true);
    const ofLibc = relationships.filter(
      ({ spdxElementId }: { spdxElementId: string }) => spdxElementId === libc.SPDXID,
    );
    // The link is no file with a checksum.
    expect(ofLibc).toHaveLength(2);
    expect(files[0].checksums.map(({ algorithm }: { algorithm: string }) => algorithm)).toEqual([
      'SHA1',
      'SHA256',
    ]);
  });
});

describe('where a bill of materials goes', () => {
  it('is beside an archive, which holds one manifest', async () => {
    const { directory, result } = await slimmed({
      output: 'DIR/slim.tar',
      sboms: [{ format: 'cyclonedx' }, { format: 'spdx' }],
    });
    expect(readdirSync(directory).sort()).toEqual([
      'image.tar',
      'slim.tar',
      'slim.tar.cdx.json',
      'slim.tar.spdx.json',
    ]);
    expect(result.sideFiles).toHaveLength(2);
  });

  it('is in a layout, as a document that refers to the image; an older one of the same name goes', async () => {
    const { read, directory } = await slimmed({ output: 'oci:DIR/layout', sboms: [{ format: 'spdx' }] });
    const index = () => JSON.parse(read('layout/index.json')).manifests;
    expect(index()).toMatchObject([
      { annotations: { 'org.opencontainers.image.ref.name': '1.0-slim' } },
      { artifactType: 'application/spdx+json', annotations: { 'dev.oslim.subject': index()[0].digest } },
    ]);
    const manifest = JSON.parse(read(`layout/blobs/sha256/${index()[1].digest.slice(7)}`));
    expect(manifest.subject.digest).toBe(index()[0].digest);
    const image = join(directory, 'image.tar');
    const again = await slim({
      image,
      output: `oci:${join(directory, 'layout')}`,
      sboms: [{ format: 'spdx' }],
      certificates: false,
    });
    expect(index()).toHaveLength(2);
    expect(index()[1].annotations['dev.oslim.subject']).toBe(again.manifestDigest);
    const reopened = await slim({ image: `oci:${join(directory, 'layout')}` });
    expect(reopened.source.digest).toBe(again.manifestDigest);
  });

  it.each([
    { summary: 'nowhere', options: { sboms: [{ format: 'spdx' as const }] }, says: /it has no place/ },
    {
      summary: 'standard output',
      options: { output: '-', sboms: [{ format: 'spdx' as const }] },
      says: /it has no place/,
    },
    {
      summary: 'one file twice',
      options: {
        sboms: [
          { format: 'spdx' as const, file: 'a' },
          { format: 'cyclonedx' as const, file: 'a' },
        ],
      },
      says: /cannot write ".*a" twice/,
    },
  ])('is not $summary', async ({ options, says }) => {
    await expect(slimmed(options)).rejects.toThrow(says);
  });
});
