/**
 * Tries the registry client with a real registry: `node scripts/registry-e2e.js`, after `npm run build`. Needs Debian's
 * docker-registry, skopeo, openssl and htpasswd (apache2-utils); uses podman and docker where they are. Exit status 1 when
 * anything is not as it should be.
 */
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { makeCertificates } from './registry-e2e/certificates.js';
import { startRegistry } from './registry-e2e/registry-process.js';
import { startTokenServer } from './token-server.js';

/** @typedef {import('../src/image/image.ts').OutputImage} OutputImage */
/** @typedef {import('../src/image/image.ts').Blob} Blob */
/** @typedef {import('../src/transport/registry/registry-context.ts').RegistryOptions} RegistryOptions */

const dist = resolve(process.env.OSLIM_DIST ?? 'dist');
/** @param {string} path @returns {Promise<any>} */
const load = (path) => import(pathToFileURL(join(dist, path)).href);
const { RegistrySource } = await load('transport/registry/registry-source.js');
const { RegistrySink } = await load('transport/registry/registry-sink.js');
const { Credentials } = await load('transport/credentials/credentials.js');
const { parseReference } = await load('oci/reference.js');
const { encodeHeader, endOfArchive, paddingOf } = await load('tar/encode.js');

/**
 * Runs a program and returns what it printed. Not synchronously: the token server answers in this process.
 * @param {string} program
 * @param {readonly string[]} args
 */
async function run(program, args) {
  return (await promisify(execFile)(program, [...args], { encoding: 'buffer' })).stdout;
}

const USER = { username: 'user', password: 'correct horse' };
const IDENTITY = 'an-identity-token';
const work = mkdtempSync(join(tmpdir(), 'oslim-registry-e2e-'));
const certificates = makeCertificates(work);
let failures = 0;

/**
 * @param {string} what
 * @param {unknown} actual
 * @param {unknown} expected
 */
function check(what, actual, expected) {
  const isRight =
    expected instanceof RegExp
      ? expected.test(String(actual))
      : JSON.stringify(actual) === JSON.stringify(expected);
  if (!isRight) failures += 1;
  console.log(
    `  ${isRight ? 'ok  ' : 'FAIL'} ${what}${isRight ? '' : `: ${JSON.stringify(actual)} instead of ${expected}`}`,
  );
}

/** @param {Uint8Array} bytes */
const digestOf = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** @param {Uint8Array} bytes @param {string} mediaType @returns {Blob} */
function blobOf(bytes, mediaType) {
  return /** @type {Blob} */ ({
    descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length },
    async *open() {
      for (let at = 0; at < bytes.length; at += 65536) yield bytes.subarray(at, at + 65536);
    },
  });
}

/** @param {string} architecture @param {number} size @returns {OutputImage} */
function makeImage(architecture, size) {
  const content = Buffer.concat(
    Array.from({ length: Math.ceil(size / 64) }, (_, at) =>
      createHash('sha512').update(`${architecture} ${at}`).digest(),
    ),
  );
  const entry = {
    name: 'data',
    type: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    size: content.length,
    mtime: 0n,
    linkname: '',
    devMajor: 0,
    devMinor: 0,
    xattrs: new Map(),
  };
  const tar = Buffer.concat([encodeHeader(entry), content, paddingOf(content.length), endOfArchive()]);
  const layer = blobOf(gzipSync(tar, { level: 1 }), 'application/vnd.oci.image.layer.v1.tar+gzip');
  const diffIds = /** @type {OutputImage['diffIds']} */ ([digestOf(tar)]);
  const platform = { os: 'linux', architecture };
  const config = blobOf(
    Buffer.from(
      JSON.stringify({
        ...platform,
        config: { Cmd: ['/data'] },
        rootfs: { type: 'layers', diff_ids: diffIds },
      }),
    ),
    'application/vnd.oci.image.config.v1+json',
  );
  const manifestType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = blobOf(
    Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: manifestType,
        config: config.descriptor,
        layers: [layer.descriptor],
      }),
    ),
    manifestType,
  );
  return { manifest, config, layers: [layer], diffIds, platform };
}

const amd64 = makeImage('amd64', 3_000_000);
const arm64 = makeImage('arm64', 1_000_000);
const indexType = 'application/vnd.oci.image.index.v1+json';
const index = blobOf(
  Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: indexType,
      manifests: [amd64, arm64].map(({ manifest, platform }) => ({ ...manifest.descriptor, platform })),
    }),
  ),
  indexType,
);

/** @param {string} name @param {RegistryOptions} options */
async function pull(name, options) {
  const source = new RegistrySource(parseReference(name), options);
  try {
    const digests = [];
    for (const member of (await source.openAll()).members) {
      const image = await member.open();
      const layers = [];
      for (const layer of image.layers) {
        const hash = createHash('sha256');
        for await (const chunk of layer.open()) hash.update(chunk);
        layers.push(`sha256:${hash.digest('hex')}`);
      }
      digests.push([image.descriptor.digest, image.configDigest, ...layers]);
    }
    return digests;
  } catch (error) {
    return `${error}`;
  } finally {
    await source.close();
  }
}

/** @param {OutputImage} image */
const digestsOf = ({ manifest, config, layers }) =>
  [manifest, config, ...layers].map(({ descriptor }) => descriptor.digest);

/**
 * Pushes, has skopeo look at it, has skopeo push, and pulls.
 * @param {string} host
 * @param {RegistryOptions} options
 * @param {readonly string[]} skopeoArgs for either side, with SIDE in place of src or dest
 */
async function bothWays(host, options, skopeoArgs) {
  /** @param {'src' | 'dest'} side */
  const side = (side) => skopeoArgs.map((argument) => argument.replace('SIDE', side));
  const name = `${host}/team/app`;
  const sink = new RegistrySink(options);
  await sink.write(amd64, `${name}:whole`);
  await sink.writeIndex({ index, images: [amd64, arm64] }, `${name}:index`);
  await sink.close();
  const chunked = new RegistrySink({ ...options, chunkSize: 700_000 });
  await chunked.write(arm64, `${host}/team/chunked:1`);
  await chunked.close();
  const mounted = new RegistrySink({ ...options, mountFrom: 'team/app' });
  await mounted.write(amd64, `${host}/team/mounted:1`);
  await mounted.close();

  const inspect = skopeoArgs.map((argument) => argument.replace('SIDE-', ''));
  for (const [tag, blob] of /** @type {const} */ ([
    [`${name}:whole`, amd64.manifest],
    [`${host}/team/chunked:1`, arm64.manifest],
    [`${host}/team/mounted:1`, amd64.manifest],
    [`${name}:index`, index],
  ])) {
    const raw = await run('skopeo', ['inspect', '--raw', ...inspect, `docker://${tag}`]);
    check(`skopeo reads ${tag.replace(host, 'HOST')} with our digest`, digestOf(raw), blob.descriptor.digest);
  }
  const folder = join(work, `skopeo-${host.replace(':', '-')}`);
  await run('skopeo', ['copy', '-q', '--all', ...side('src'), `docker://${name}:index`, `oci:${folder}:all`]);
  const layout = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8'));
  check(
    'skopeo copies the index with every blob verified',
    layout.manifests[0].digest,
    index.descriptor.digest,
  );
  await run('skopeo', [
    'copy',
    '-q',
    '--format',
    'v2s2',
    ...side('dest'),
    '--override-arch',
    'amd64',
    `oci:${folder}:all`,
    `docker://${name}:docker`,
  ]);
  const docker = JSON.parse(
    (await run('skopeo', ['inspect', '--raw', ...inspect, `docker://${name}:docker`])).toString(),
  );
  const [pulled] = /** @type {string[][]} */ (await pull(`${name}:docker`, options));
  check('we pull the Docker schema 2 image that skopeo pushed', pulled?.slice(1), [
    docker.config.digest,
    ...docker.layers.map((/** @type {any} */ one) => one.digest),
  ]);
  check('we pull our image by its tag', await pull(`${name}:whole`, options), [digestsOf(amd64)]);
  check(
    'we pull our image by its digest',
    await pull(`${name}@${arm64.manifest.descriptor.digest}`, options),
    [digestsOf(arm64)],
  );
  check('we pull every image of our index', await pull(`${name}:index`, options), [
    digestsOf(amd64),
    digestsOf(arm64),
  ]);
  return name;
}

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
    const name = await bothWays(registry.host, bare, plain);
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
    const name = await bothWays(registry.host, { ...bare, ...withAuthFile(file) }, [
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
    const name = await bothWays(registry.host, { ...bare, certificateDirectories: [right.directory] }, [
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
    const name = await bothWays(registry.host, { ...bare, ...withAuthFile(file) }, [
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
console.log(failures === 0 ? 'all as it should be' : `${failures} not as they should be`);
process.exitCode = failures === 0 ? 0 : 1;
