import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Credentials } from './credentials.ts';

let home = '';

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'oslim-credentials-test-'));
});

afterEach(async () => {
  await rm(home, { recursive: true });
});

async function write(path: string, content: string): Promise<string> {
  const full = join(home, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, content);
  return full;
}

function auth(username: string, password: string): { auth: string } {
  return { auth: Buffer.from(`${username}:${password}`).toString('base64') };
}

async function writeHelper(name: string, script: string): Promise<void> {
  await chmod(await write(`bin/docker-credential-${name}`, `#!/bin/sh\n${script}\n`), 0o755);
}

function find(domain: string, repository = 'a/b', env: Readonly<Record<string, string>> = {}) {
  const path = `${join(home, 'bin')}:${process.env.PATH}`;
  return new Credentials({ env: { HOME: home, PATH: path, ...env }, helperTimeoutMs: 2000 }).credentialFor(
    domain,
    repository,
  );
}

const password = (username: string, secret: string) => ({ kind: 'password', username, password: secret });

describe('Credentials in files', () => {
  const rows: readonly {
    summary: string;
    auths: object;
    domain: string;
    repository?: string;
    expected: object | undefined;
  }[] = [
    {
      summary: 'a host',
      auths: { 'r.example': auth('u', 'p:with:colons') },
      domain: 'r.example',
      expected: password('u', 'p:with:colons'),
    },
    {
      summary: 'a host written as a URL',
      auths: { 'https://r.example/v2/': auth('u', 'p') },
      domain: 'r.example',
      expected: password('u', 'p'),
    },
    {
      summary: "Docker Hub's key",
      auths: { 'https://index.docker.io/v1/': auth('u', 'p') },
      domain: 'docker.io',
      expected: password('u', 'p'),
    },
    {
      summary: 'another host',
      auths: { 'r.example': auth('u', 'p') },
      domain: 'r.example:5000',
      expected: undefined,
    },
    {
      summary: 'a longer name that begins the same',
      auths: { 'r.example': auth('u', 'p') },
      domain: 'r.example.evil',
      expected: undefined,
    },
    {
      summary: 'the longest path that fits',
      auths: { 'r.example': auth('u', '1'), 'r.example/a': auth('u', '2'), 'r.example/a/bc': auth('u', '3') },
      domain: 'r.example',
      expected: password('u', '2'),
    },
    {
      summary: 'an identity token',
      auths: { 'r.example': { ...auth('u', ''), identitytoken: 'refresh' } },
      domain: 'r.example',
      expected: { kind: 'identity', username: 'u', identityToken: 'refresh' },
    },
    {
      summary: 'a registry token',
      auths: { 'r.example': { registrytoken: 't' } },
      domain: 'r.example',
      expected: { kind: 'bearer', token: 't' },
    },
    {
      summary: 'user and password in plain',
      auths: { 'r.example': { username: 'u', password: 'p' } },
      domain: 'r.example',
      expected: password('u', 'p'),
    },
    { summary: 'an empty entry', auths: { 'r.example': {} }, domain: 'r.example', expected: undefined },
  ];

  test.each(rows)('finds $summary', async ({ auths, domain, repository, expected }) => {
    await write('.docker/config.json', JSON.stringify({ auths }));
    expect(await find(domain, repository)).toEqual(expected);
  });

  test('looks into the files of podman before those of Docker', async () => {
    await write(
      '.docker/config.json',
      JSON.stringify({ auths: { r: auth('docker', 'p'), only: auth('docker', 'p') } }),
    );
    await write('.config/containers/auth.json', JSON.stringify({ auths: { r: auth('podman', 'p') } }));
    await write('run/containers/auth.json', JSON.stringify({ auths: { r: auth('runtime', 'p') } }));
    expect(await find('r')).toEqual(password('podman', 'p'));
    expect(await find('r', 'a', { XDG_RUNTIME_DIR: join(home, 'run') })).toEqual(password('runtime', 'p'));
    expect(await find('only')).toEqual(password('docker', 'p'));
  });

  test('looks only into REGISTRY_AUTH_FILE when it is set, and into DOCKER_CONFIG instead of the home directory', async () => {
    await write('.docker/config.json', JSON.stringify({ auths: { r: auth('home', 'p') } }));
    await write('d/config.json', JSON.stringify({ auths: { r: auth('config', 'p') } }));
    const file = await write('f.json', JSON.stringify({ auths: { r: auth('file', 'p') } }));
    expect(await find('r', 'a', { REGISTRY_AUTH_FILE: file })).toEqual(password('file', 'p'));
    expect(await find('r', 'a', { DOCKER_CONFIG: join(home, 'd') })).toEqual(password('config', 'p'));
  });

  test.each([
    { summary: 'is not JSON', content: '{"auths": {"r": {"auth": "hunter2' },
    {
      summary: 'has an auth that is no pair',
      content: JSON.stringify({ auths: { r: { auth: Buffer.from('hunter2').toString('base64') } } }),
    },
  ])('refuses a file that $summary, and does not quote it', async ({ content }) => {
    await write('.docker/config.json', content);
    const thrown = await find('r').catch((error: Error) => error);
    expect(String(thrown)).toMatch(/^FormatError: cannot read ".*config\.json": /);
    expect(String(thrown)).not.toMatch(/hunter2|aHVudGVyMg/);
  });
});

describe('Credentials given for a run', () => {
  test('are for their registry alone', async () => {
    const login = { domain: 'r.example', username: 'u', password: 'p' };
    const credentials = new Credentials({ login, env: { HOME: home } });
    expect(await credentials.credentialFor('r.example', 'a')).toEqual(password('u', 'p'));
    expect(await credentials.credentialFor('other.example', 'a')).toBeUndefined();
  });

  test('come from the environment for the registry that it names, else for the one of this run', async () => {
    const env = { HOME: home, OSLIM_USERNAME: 'u', OSLIM_PASSWORD: 'p' };
    const named = new Credentials({
      env: { ...env, OSLIM_REGISTRY: 'r.example' },
      loginDomain: 'other.example',
    });
    expect(await named.credentialFor('r.example', 'a')).toEqual(password('u', 'p'));
    expect(await named.credentialFor('other.example', 'a')).toBeUndefined();
    expect(await new Credentials({ env, loginDomain: 'r.example' }).credentialFor('r.example', 'a')).toEqual(
      password('u', 'p'),
    );
    expect(await new Credentials({ env }).credentialFor('r.example', 'a')).toBeUndefined();
  });
});

describe('credential helpers', () => {
  const echo =
    'read server; printf \'{"ServerURL":"%s","Username":"%s","Secret":"hunter2"}\' "$server" "$server"';

  test("are asked on stdin, a host's own before its entry, and the store after", async () => {
    await writeHelper('own', echo);
    await writeHelper('store', echo);
    const config = {
      credHelpers: { 'r.example': 'own' },
      credsStore: 'store',
      auths: { 'r.example': auth('file', 'p') },
    };
    await write('.docker/config.json', JSON.stringify(config));
    expect(await find('r.example')).toEqual(password('r.example', 'hunter2'));
    expect(await find('docker.io')).toEqual(password('https://index.docker.io/v1/', 'hunter2'));
  });

  test('may hand out an identity token', async () => {
    await writeHelper('t', 'printf \'{"Username":"<token>","Secret":"refresh"}\'');
    await write('.docker/config.json', JSON.stringify({ credsStore: 't' }));
    expect(await find('r.example')).toEqual({
      kind: 'identity',
      username: '<token>',
      identityToken: 'refresh',
    });
  });

  test('that have nothing leave it anonymous', async () => {
    await writeHelper('none', 'echo "credentials not found in native keychain"; exit 1');
    await write('.docker/config.json', JSON.stringify({ credsStore: 'none' }));
    expect(await find('r.example')).toBeUndefined();
  });

  const failing: readonly { summary: string; name: string; script?: string; error: RegExp }[] = [
    {
      summary: 'is not installed',
      name: 'absent',
      error: /^cannot get credentials from "docker-credential-absent": spawn .*ENOENT/,
    },
    { summary: 'fails', name: 'fails', script: 'echo hunter2; exit 3', error: /it ended with status 3$/ },
    { summary: 'prints no JSON', name: 'text', script: 'echo hunter2', error: /its answer is not JSON$/ },
    {
      summary: 'prints other JSON',
      name: 'other',
      script: 'echo \'["hunter2"]\'',
      error: /its answer has no Username and Secret$/,
    },
    { summary: 'hangs', name: 'hangs', script: 'exec sleep 60', error: /it did not answer within 2 s$/ },
    {
      summary: 'prints without end',
      name: 'endless',
      script: 'exec cat /dev/zero',
      error: /it printed more than 1048576 bytes$/,
    },
    { summary: 'has a path for a name', name: '../../evil', error: /its name is not that of a helper$/ },
    { summary: 'has shell syntax for a name', name: 'a;id', error: /its name is not that of a helper$/ },
  ];

  test.each(failing)(
    'end in one line without the secret when one $summary',
    async ({ name, script, error }) => {
      if (script !== undefined) await writeHelper(name, script);
      await write('.docker/config.json', JSON.stringify({ credsStore: name }));
      const thrown = await find('r.example').catch((reason: Error) => reason);
      expect((thrown as Error).message).toMatch(error);
      expect((thrown as Error).message).not.toMatch(/hunter2|\n/);
    },
  );
});
