import { describe, expect, test } from 'vitest';
import { ImageError, UsageError } from '../errors.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import { MediaType } from '../oci/media-type.ts';
import { hostPlatform, parsePlatform } from '../oci/platform.ts';
import { isImageDescriptor, selectPlatform } from './select-platform.ts';

const HOST = hostPlatform();
const OTHERS = ['linux/s390x', 'linux/riscv64', 'windows/amd64'];

function candidates(...platforms: string[]) {
  return platforms.map((text, index) => ({ index, platform: parsePlatform(text) }));
}

describe('selectPlatform', () => {
  test.each([
    {
      summary: "the host's by default",
      have: [...OTHERS, `linux/${HOST.architecture}`],
      want: undefined,
      index: 3,
    },
    { summary: 'the only one by default', have: ['linux/s390x'], want: undefined, index: 0 },
    { summary: 'the one asked for', have: OTHERS, want: 'riscv64', index: 1 },
    { summary: 'arm is v7', have: ['linux/arm/v5', 'linux/arm/v6', 'linux/arm/v7'], want: 'arm', index: 2 },
    {
      summary: 'the variant asked for',
      have: ['linux/arm/v7', 'linux/arm/v6'],
      want: 'linux/arm/v6',
      index: 1,
    },
    {
      summary: 'arm64 with and without v8 alike',
      have: ['linux/arm/v7', 'linux/arm64/v8'],
      want: 'aarch64',
      index: 1,
    },
  ])('takes $summary', ({ have, want, index }) => {
    expect(
      selectPlatform(candidates(...have), want === undefined ? undefined : parsePlatform(want), 'x').index,
    ).toBe(index);
  });

  test('says what there is when the platform that is asked for is not', () => {
    const act = () => selectPlatform(candidates('linux/s390x'), parsePlatform('mips'), 'app');
    expect(act).toThrow(ImageError);
    expect(act).toThrow(expect.objectContaining({ advice: 'it has linux/s390x' }));
  });

  test('wants a choice when none of several is for this host', () => {
    const act = () => selectPlatform(candidates(...OTHERS), undefined, 'app');
    expect(act).toThrow(UsageError);
    expect(act).toThrow(
      expect.objectContaining({ advice: expect.stringContaining('linux/s390x, linux/riscv64') }),
    );
  });

  test('an empty list is an ImageError', () => {
    expect(() => selectPlatform([], undefined, 'app')).toThrow(ImageError);
  });
});

describe('isImageDescriptor', () => {
  const manifest: Descriptor = {
    mediaType: MediaType.ociManifest,
    digest: `sha256:${'0'.repeat(64)}`,
    size: 1,
  };
  test.each([
    { summary: 'a manifest', descriptor: manifest, is: true },
    { summary: 'an index', descriptor: { ...manifest, mediaType: MediaType.ociIndex }, is: true },
    {
      summary: 'a Docker manifest list',
      descriptor: { ...manifest, mediaType: MediaType.dockerManifestList },
      is: true,
    },
    {
      summary: 'an attestation by its platform',
      descriptor: { ...manifest, platform: { os: 'unknown', architecture: 'unknown' } },
      is: false,
    },
    {
      summary: 'an attestation by its annotation',
      descriptor: { ...manifest, annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } },
      is: false,
    },
    { summary: 'an artifact', descriptor: { ...manifest, artifactType: 'application/spdx+json' }, is: false },
    { summary: 'something else', descriptor: { ...manifest, mediaType: 'text/plain' }, is: false },
  ])('$summary: $is', ({ descriptor, is }) => {
    expect(isImageDescriptor(descriptor)).toBe(is);
  });
});
