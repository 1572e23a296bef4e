/**
 * Tries the registry client with a real registry: `node scripts/registry-e2e.js`, after `npm run build`. Needs Debian's
 * docker-registry, skopeo, openssl and htpasswd (apache2-utils); uses podman and docker where they are. Exit status 1 when
 * anything is not as it should be.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bothWays } from './registry-e2e/both-ways.js';
import { makeCertificates } from './registry-e2e/certificates.js';
import { check, failed, run } from './registry-e2e/checks.js';
import { Credentials, pull, RegistrySink } from './registry-e2e/client.js';
import { amd64, digestsOf } from './registry-e2e/made-images.js';
import { startRegistry } from './registry-e2e/registry-process.js';
import { startTokenServer } from './token-server.js';

/** @typedef {import('../src/transport/registry/registry-context.ts').RegistryOptions} RegistryOptions */

const USER = { username: 'user', password: 'correct horse' };
const IDENTITY = 'an-identity-token';
const work = mkdtempSync(join(tmpdir(), 'oslim-registry-e2e-'));
const certificates = makeCertificates(work);

/** @param {string} program @param {readonly string[]} args @param {string} what */
function tryProgram(program, args, what) {
  // docker without its daemon can do nothing.
  if (spawnSync(program, [program === 'docker' ? 'info' : '--version']).status !== 0)
    return console.log(`  --   ${what}: ${program} cannot be used here`);
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  check(what, status === 0 ? 'done' : stderr, 'done');
}

/** @param {string} name @param {string} host @param {object} entry */
function authFile(name, host, entry) {
  const path = join(work, `${name}.json`);
  writeFileSync(path, JSON.stringify({ auths: { [host]: entry } }));
  return path;
}

const basicEntry = { auth: Buffer.from(`${USER.username}:${USER.password}`).toString('base64') };
/** @param {string} file */
const withAuthFile = (file) => ({ credentials: new Credentials({ env: { REGISTRY_AUTH_FILE: file } }) });
/** @type {RegistryOptions} */
const bare = { env: {}, rules: [], certificateDirectories: [], network: { attempts: 2, backoffMs: 50 } };
const plain = ['--SIDE-tls-verify=false'];

/** @param {string} name */
function directoryOf(name) {
  const directory = join(work, name);
  mkdirSync(directory);
  return directory;
}

async function tryNone() {
  console.log('no login, plain HTTP');
  const registry = await startRegistry(directoryOf('none'), {});
  try {
    const name = await bothWays(work, registry.host, bare, plain);
    tryProgram(
      'podman',
      [
        '--root',
        join(work, 'podman'),
        '--storage-driver',
        'vfs',
        'pull',
        '-q',
        '--tls-verify=false',
        '--arch',
        'amd64',
        `docker://${name}:index`,
      ],
      'podman pulls our index',
    );
    tryProgram('docker', ['pull', '-q', `${name}:whole`], 'docker pulls our image');
    check(
      'a name that is not there ends in one line',
      await pull(`${name}:absent`, bare),
      /answered 404 \(MANIFEST_UNKNOWN: manifest unknown\)$/,
    );
  } finally {
    await registry.stop();
  }
}

async function tryHtpasswd() {
  console.log('htpasswd');
  const directory = directoryOf('htpasswd');
  const path = join(directory, 'htpasswd');
  writeFileSync(path, await run('htpasswd', ['-Bbn', USER.username, USER.password]));
  const registry = await startRegistry(directory, { auth: { htpasswd: { realm: 'basic', path } } });
  try {
    const file = authFile('basic', registry.host, basicEntry);
    const name = await bothWays(work, registry.host, { ...bare, ...withAuthFile(file) }, [
      ...plain,
      `--authfile=${file}`,
    ]);
    check(
      'without a login it ends in one line',
      await pull(`${name}:whole`, bare),
      /answered 401 \(UNAUTHORIZED: authentication required\)$/,
    );
    const wrong = authFile('wrong', registry.host, { auth: Buffer.from('user:wrong').toString('base64') });
    check(
      'a wrong password ends in one line',
      await pull(`${name}:whole`, { ...bare, ...withAuthFile(wrong) }),
      /answered 401/,
    );
  } finally {
    await registry.stop();
  }
}

async function tryTls() {
  console.log('TLS with its own CA, and client certificates');
  const tls = {
    certificate: certificates.path('server.crt'),
    key: certificates.path('server.key'),
    clientcas: [certificates.path('ca.crt')],
  };
  const registry = await startRegistry(directoryOf('tls'), { tls });
  /** @param {string} name @param {string} ca @param {boolean} hasClient */
  const certsD = (name, ca, hasClient) => {
    const folder = join(work, name, registry.host);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'ca.crt'), certificates.text(ca));
    if (hasClient) writeFileSync(join(folder, 'client.cert'), certificates.text('client.crt'));
    if (hasClient) writeFileSync(join(folder, 'client.key'), certificates.text('client.key'));
    return { directory: join(work, name), folder };
  };
  try {
    const right = certsD('certs.d', 'ca.crt', true);
    const name = await bothWays(work, registry.host, { ...bare, certificateDirectories: [right.directory] }, [
      `--SIDE-cert-dir=${right.folder}`,
    ]);
    const other = certsD('other.d', 'other-ca.crt', true);
    check(
      'another CA is refused',
      await pull(`${name}:whole`, { ...bare, certificateDirectories: [other.directory] }),
      /certificate/,
    );
    const noClient = certsD('no-client.d', 'ca.crt', false);
    check(
      'no client certificate is refused by the registry',
      await pull(`${name}:whole`, { ...bare, certificateDirectories: [noClient.directory] }),
      /cannot read the manifest/,
    );
  } finally {
    await registry.stop();
  }
}

async function tryTokens() {
  console.log('bearer tokens');
  await run('openssl', [
    'req',
    '-new',
    '-x509',
    '-key',
    certificates.path('ca.key'),
    '-days',
    '2',
    '-subj',
    '/CN=token',
    '-out',
    certificates.path('token.crt'),
  ]);
  const named = { issuer: 'issuer', service: 'registry' };
  const privateKey = certificates.text('ca.key');
  const tokens = await startTokenServer({
    ...named,
    ...USER,
    privateKey,
    identityToken: IDENTITY,
    lifetimeS: 60,
  });
  const auth = { token: { ...named, realm: tokens.realm, rootcertbundle: certificates.path('token.crt') } };
  const registry = await startRegistry(directoryOf('token'), { auth });
  try {
    const file = authFile('token', registry.host, basicEntry);
    const name = await bothWays(work, registry.host, { ...bare, ...withAuthFile(file) }, [
      ...plain,
      `--authfile=${file}`,
    ]);
    const identity = authFile('identity', registry.host, { identitytoken: IDENTITY });
    check(
      'an identity token is exchanged by POST',
      await pull(`${name}:whole`, { ...bare, ...withAuthFile(identity) }),
      [digestsOf(amd64)],
    );
    check('the exchange was a POST', tokens.requests.at(-1), 'POST repository:team/app:pull');
    check(
      'an anonymous token does not open a private repository',
      await pull(`${name}:whole`, bare),
      /answered 401/,
    );
    const sink = new RegistrySink({ ...bare, ...withAuthFile(file) });
    await sink.write(amd64, `${registry.host}/public/app:1`);
    await sink.close();
    check('an anonymous token opens a public one', await pull(`${registry.host}/public/app:1`, bare), [
      digestsOf(amd64),
    ]);
  } finally {
    await registry.stop();
    tokens.close();
  }
}

try {
  await tryNone();
  await tryHtpasswd();
  await tryTls();
  await tryTokens();
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(failed() === 0 ? 'all as it should be' : `${failed()} not as they should be`);
process.exitCode = failed() === 0 ? 0 : 1;
