import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { certificateDirectories, readHostTrust } from './trust.ts';

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'oslim-trust-test-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

async function write(host: string, ...names: readonly string[]): Promise<void> {
  await mkdir(join(directory, host), { recursive: true });
  for (const name of names) await writeFile(join(directory, host, name), name);
}

test('a host without a folder is trusted by the roots of Node', () => {
  expect(readHostTrust(['r.example'], [directory, '/nonexistent'], {})).toEqual({ rejectUnauthorized: true });
});

test('authorities are added to the roots, and client certificates come with their keys', async () => {
  await write('r.example:5000', 'a.crt', 'b.crt', 'client.cert', 'client.key', 'README');
  const trust = readHostTrust(['r.example:5000'], [directory], {});
  expect(trust.ca).toEqual([...rootCertificates, 'a.crt', 'b.crt']);
  expect(trust).toMatchObject({ cert: ['client.cert'], key: ['client.key'], rejectUnauthorized: true });
});

test('what NODE_EXTRA_CA_CERTS names stays trusted', async () => {
  await write('r.example', 'a.crt');
  await write('extra', 'extra.pem');
  const env = { NODE_EXTRA_CA_CERTS: join(directory, 'extra/extra.pem') };
  expect(readHostTrust(['r.example'], [directory], env).ca?.slice(-2)).toEqual(['extra.pem', 'a.crt']);
});

test('a client certificate without its key is an error that names both', async () => {
  await write('r.example', 'client.cert');
  expect(() => readHostTrust(['r.example'], [directory], {})).toThrow(
    /^cannot use ".*client.cert": there is no client.key beside it$/,
  );
});

test("the user's folder counts before the system's", () => {
  const system = ['/etc/containers/certs.d', '/etc/docker/certs.d'];
  expect(certificateDirectories({ HOME: '/h' })).toEqual(['/h/.config/containers/certs.d', ...system]);
  expect(certificateDirectories({ HOME: '/h', XDG_CONFIG_HOME: '/x' })).toEqual([
    '/x/containers/certs.d',
    ...system,
  ]);
  expect(certificateDirectories({})).toEqual(system);
});
