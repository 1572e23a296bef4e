import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { digestOf } from '../../oci/digest.ts';
import { parseReference } from '../../oci/reference.ts';
import { failure } from '../../testing/registry/registry-store.ts';
import { readAll, sampleImage } from '../../testing/registry/sample-image.ts';
import { TestRegistry } from '../../testing/registry/test-registry.ts';
import type { Credential } from '../credentials/credential.ts';
import { RegistrySink } from './registry-sink.ts';
import { RegistrySource } from './registry-source.ts';

const COMMON = { network: { attempts: 3, backoffMs: 1 }, env: {}, rules: [], certificateDirectories: [] };
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const image = sampleImage([1000, 2000]);

async function startRegistry(): Promise<TestRegistry> {
  const registry = await TestRegistry.start();
  open.push(registry);
  for (const blob of [image.config, ...image.layers])
    registry.store.putBlob('a/b', await readAll(blob.open()));
  registry.store.putManifest(
    'a/b',
    '1',
    image.manifest.descriptor.mediaType,
    await readAll(image.manifest.open()),
  );
  return registry;
}

async function pull(registry: TestRegistry, credential?: Credential): Promise<string[]> {
  const source = new RegistrySource(parseReference(`${registry.host}/a/b:1`), {
    ...COMMON,
    credentials: { credentialFor: async () => credential },
  });
  open.push(source);
  const digests: string[] = [];
  for (const layer of (await source.open({})).layers) digests.push(digestOf(await readAll(layer.open())));
  return digests;
}

const PASSWORD: Credential = { kind: 'password', username: 'user', password: 'secret' };

describe('authorization', () => {
  test('sends Basic credentials once they are asked for, and then unasked', async () => {
    const registry = await startRegistry();
    registry.guard = { kind: 'basic', username: 'user', password: 'secret' };
    expect(await pull(registry, PASSWORD)).toEqual(image.diffIds);
    const authorizations = registry
      .seenLike(/\/v2\/a/)
      .map(({ authorization }) => authorization?.split(' ')[0]);
    expect(authorizations).toEqual([undefined, 'Basic', 'Basic', 'Basic', 'Basic']);
  });

  test('fetches a token anonymously, and one for all requests', async () => {
    const registry = await startRegistry();
    registry.guard = { kind: 'bearer' };
    expect(await pull(registry)).toEqual(image.diffIds);
    expect(registry.tokenRequests.map((request) => request.toString())).toEqual([
      'service=test&scope=repository%3Aa%2Fb%3Apull',
    ]);
  });

  test('fetches a token with user and password', async () => {
    const registry = await startRegistry();
    registry.guard = { kind: 'bearer', username: 'user', password: 'secret' };
    expect(await pull(registry, PASSWORD)).toEqual(image.diffIds);
    expect(registry.seenLike(/v2/).some(({ authorization }) => authorization?.startsWith('Basic'))).toBe(
      false,
    );
    expect(registry.seenLike(/token/).some(({ line }) => line.includes('secret'))).toBe(false);
  });

  test('exchanges an identity token by POST', async () => {
    const registry = await startRegistry();
    registry.guard = { kind: 'bearer', identityToken: 'refresh-me' };
    expect(await pull(registry, { kind: 'identity', username: '', identityToken: 'refresh-me' })).toEqual(
      image.diffIds,
    );
    expect(registry.tokenRequests[0]?.get('grant_type')).toBe('refresh_token');
    expect(registry.seenLike(/refresh-me/)).toEqual([]);
  });

  test('renews a token that ends in the middle of a transfer', async () => {
    const registry = await startRegistry();
    registry.guard = { kind: 'bearer', uses: 1 };
    expect(await pull(registry)).toEqual(image.diffIds);
    expect(registry.tokenRequests).toHaveLength(4);
  });

  test('asks for push and for the repository that blobs are mounted from', async () => {
    const registry = await startRegistry();
    registry.guard = { kind: 'bearer' };
    const sink = new RegistrySink({ ...COMMON, mountFrom: 'a/b', network: { concurrency: 1 } });
    open.push(sink);
    await sink.write(image, `${registry.host}/c/d:t`);
    const scopes = registry.tokenRequests.map((request) => request.getAll('scope').join(' '));
    expect(scopes).toEqual(['repository:c/d:pull,push', 'repository:a/b:pull repository:c/d:pull,push']);
    expect(registry.seenLike(/PUT .*uploads/)).toEqual([]);
  });

  const refused: readonly { summary: string; prepare: (registry: TestRegistry) => void; error: RegExp }[] = [
    {
      summary: 'a wrong Basic password',
      prepare: (registry) => {
        registry.guard = { kind: 'basic', username: 'user', password: 'another' };
      },
      error: /answered 401 \(UNAUTHORIZED\)$/,
    },
    {
      summary: 'a wrong password at the token server',
      prepare: (registry) => {
        registry.guard = { kind: 'bearer', username: 'user', password: 'another' };
      },
      error:
        /^cannot get a token from "127.0.0.1:\d+": .* answered 401 \(UNAUTHORIZED: wrong user or password\)$/,
    },
    {
      summary: 'tokens that are never good enough',
      prepare: (registry) => {
        registry.guard = { kind: 'bearer', uses: 0, username: 'user', password: 'secret' };
      },
      error: /answered 401/,
    },
    {
      summary: 'a token server at a metadata address',
      prepare: (registry) => {
        registry.guard = { kind: 'bearer' };
        registry.realm = 'http://169.254.169.254/token';
      },
      error: /^cannot get a token from "169.254.169.254": .*a local-service address$/,
    },
    {
      summary: 'a token server that is no URL',
      prepare: (registry) => {
        registry.guard = { kind: 'bearer' };
        registry.realm = 'ftp://127.0.0.1/token';
      },
      error: /it names a token server that is not a URL$/,
    },
    {
      summary: 'a token server that redirects',
      prepare: (registry) => {
        registry.guard = { kind: 'bearer' };
        registry.fail({ on: /token/, answer: () => ({ status: 302, headers: { location: '/elsewhere' } }) });
      },
      error: /answered 302$/,
    },
    {
      summary: 'an answer without a token',
      prepare: (registry) => {
        registry.guard = { kind: 'bearer' };
        registry.fail({
          on: /token/,
          answer: () => ({ status: 200, body: Buffer.from('{"token":"a\\r\\nb"}') }),
        });
      },
      error: /no usable token in it$/,
    },
    {
      summary: 'a challenge of an unknown scheme',
      prepare: (registry) => {
        const headers = { 'www-authenticate': 'Negotiate' };
        registry.fail({ on: /manifests/, answer: () => ({ ...failure(401, 'DENIED'), headers }) });
      },
      error: /answered 401 \(DENIED\)$/,
    },
  ];

  test.each(refused)('ends with one line that holds no secret at $summary', async ({ prepare, error }) => {
    const registry = await startRegistry();
    prepare(registry);
    const thrown = await pull(registry, PASSWORD).then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(thrown?.message).toMatch(error);
    expect(inspect(thrown, { depth: 20, showHidden: true })).not.toMatch(/secret|c2VjcmV0|dXNlcjpzZWNyZXQ/);
  });
});
