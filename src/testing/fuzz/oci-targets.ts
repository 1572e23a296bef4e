import { parseImageConfig } from '../../oci/config.ts';
import { digestOf, parseDigest } from '../../oci/digest.ts';
import { parseManifestOrIndex } from '../../oci/manifest.ts';
import { defaultOutputName, formatReference, parseReference } from '../../oci/reference.ts';
import { parseKeepList } from '../../trace/keep-list.ts';
import { processSpecOf } from '../../trace/process-spec.ts';
import { parseManifestJson } from '../../transport/docker-archive/manifest-json.ts';
import { parseOutputLocation, parseSourceLocation } from '../../transport/location.ts';
import { parseChallenges } from '../../transport/registry/challenge.ts';
import { parseRetryAfter } from '../../transport/registry/retry.ts';
import { parseWarnings } from '../../transport/registry/warning-header.ts';
import { each, type FuzzTarget, utf8 } from './fuzz-target.ts';

const EMPTY = digestOf(Buffer.alloc(0));
const MANIFEST = JSON.stringify({
  schemaVersion: 2,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: EMPTY, size: 2 },
  layers: [{ mediaType: 'x', digest: EMPTY, size: 3, urls: ['http://x'], annotations: { a: 'b' } }],
});
const INDEX = JSON.stringify({
  schemaVersion: 2,
  manifests: [
    {
      digest: EMPTY,
      size: 1,
      platform: { os: 'linux', architecture: 'arm', variant: 'v7', 'os.features': ['x'] },
    },
  ],
});
const CONFIG = JSON.stringify({
  architecture: 'amd64',
  os: 'linux',
  created: '2024-01-01T00:00:00Z',
  config: {
    User: 'a:b',
    Env: ['PATH=/bin', 'A=b'],
    Entrypoint: ['/a'],
    Cmd: ['b'],
    Volumes: { '/v': {} },
    WorkingDir: '/w',
    Labels: { a: 'b' },
    Healthcheck: { Test: ['CMD-SHELL', 'x'] },
    Shell: ['/bin/sh'],
  },
  rootfs: { type: 'layers', diff_ids: [EMPTY] },
  history: [{ created_by: 'x', empty_layer: true }],
});

function readDocuments(bytes: Uint8Array): void {
  each(
    () => parseManifestOrIndex(bytes),
    () => processSpecOf(parseImageConfig(bytes).config),
    () => parseManifestJson(bytes),
  );
}

function readNames(bytes: Uint8Array): void {
  const text = utf8(bytes);
  each(
    () => formatReference(defaultOutputName(parseReference(text))),
    () => parseDigest(text),
    () => parseSourceLocation(`docker-archive:${text}`),
    () => parseOutputLocation(`oci:${text}`),
    () => parseKeepList(text),
  );
}

function readFields(bytes: Uint8Array): void {
  const text = utf8(bytes);
  each(
    () => parseChallenges(text.split('\n')),
    () => parseWarnings(text.split('\n')),
    () => parseRetryAfter(text, 0),
  );
}

export const manifestTarget: FuzzTarget = {
  name: 'manifest',
  covers:
    /\/src\/(?:oci\/(?:json|manifest|config|descriptor|digest|media-type)|transport\/docker-archive\/manifest-json|trace\/process-spec)/,
  seeds: () => [MANIFEST, INDEX, CONFIG, '[{"Config":"a.json","RepoTags":["a:b"],"Layers":["c/layer.tar"]}]'],
  words: [
    'null',
    'true',
    '[]',
    '{}',
    '""',
    '"manifests":',
    '"layers":',
    '"config":',
    '"mediaType":',
    '"size":',
    '"digest":',
    '"sha512:',
    '"__proto__":',
    '\\u0000',
    '1e400',
    '[[[[[[[[',
  ],
  run: readDocuments,
};

export const referenceTarget: FuzzTarget = {
  name: 'reference',
  covers: /\/src\/(?:oci\/(?:reference|digest)|transport\/location|trace\/keep-list)/,
  seeds: () => [
    'redis',
    'localhost:5000/a/b:c',
    `docker.io/library/a@${EMPTY}`,
    '[::1]:5/a',
    'docker://a',
    'oci:dir:ref',
    '/a/b\nopenat(AT_FDCWD, "/etc/x", O_RDONLY) = 3\n{"kept":[]}',
  ],
  words: [
    '/',
    ':',
    '@',
    'sha256:',
    '..',
    'docker.io/',
    '[::1]',
    '-',
    '__',
    'openat(',
    'execve("',
    '= 3',
    '= -1 ENOENT',
  ],
  run: readNames,
};

export const challengeTarget: FuzzTarget = {
  name: 'challenge',
  covers: /\/src\/transport\/registry\/(?:challenge|warning-header|retry)/,
  seeds: () => [
    'Bearer realm="https://a/token",service="b",scope="repository:c:pull,push"',
    'Basic realm=x, Bearer realm="\\"y\\""',
    '299 - "old" "Wed, 21 Oct 2015 07:28:00 GMT", 199 a:1 "b"',
    'Wed, 21 Oct 2015 07:28:00 GMT',
    '120',
  ],
  words: ['Bearer ', 'Basic ', 'realm=', '="', '"', ',', '\\', 'a68==', '299 - "', ' GMT'],
  run: readFields,
};
