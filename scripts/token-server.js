import { createHash, createPrivateKey, createPublicKey, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:http';

/**
 * A token server as distribution's documentation describes it ("Token Authentication Specification", "Token Authentication
 * Implementation", "OAuth2 Token Authentication"), for tries with a real registry on loopback.
 * @typedef {object} TokenServerOptions
 * @property {string} privateKey PEM of an EC P-256 key, whose certificate is in the registry's rootcertbundle
 * @property {string} issuer
 * @property {string} service
 * @property {string} username
 * @property {string} password
 * @property {string} identityToken what may stand for the password, by POST
 * @property {number} lifetimeS
 */

/**
 * Starts the server on a free port of 127.0.0.1. Anonymous users may pull below `public/`; the user may do anything.
 * @param {TokenServerOptions} options
 * @returns {Promise<{ realm: string, requests: string[], close(): void }>}
 */
export async function startTokenServer(options) {
  /** @type {string[]} */
  const requests = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://token.test');
    const form = new URLSearchParams(await readText(request));
    const asked = request.method === 'POST' ? form : url.searchParams;
    requests.push(`${request.method} ${asked.getAll('scope').join(' ')}`);
    const isUser =
      request.method === 'POST'
        ? asked.get('refresh_token') === options.identityToken
        : isBasicUser(request, options);
    if (!isUser && (request.method === 'POST' || request.headers.authorization !== undefined)) {
      response
        .writeHead(401)
        .end(JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'wrong user or password' }] }));
      return;
    }
    const scopes = asked.getAll('scope').flatMap((scope) => scope.split(' '));
    const token = issueToken(options, isUser, scopes);
    const body = {
      token,
      access_token: token,
      expires_in: options.lifetimeS,
      issued_at: new Date().toISOString(),
    };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { realm: `http://127.0.0.1:${port}/token`, requests, close: () => server.close() };
}

/**
 * @param {TokenServerOptions} options
 * @param {boolean} isUser
 * @param {readonly string[]} scopes
 */
function issueToken(options, isUser, scopes) {
  const now = Math.floor(Date.now() / 1000);
  const access = scopes.flatMap((scope) => {
    const [, type, name, actions = ''] = /^([^:]+):(.+):([^:]*)$/.exec(scope) ?? [];
    const isPublic = name?.startsWith('public/') === true;
    const granted = actions.split(',').filter((action) => isUser || (isPublic && action === 'pull'));
    return type === undefined ? [] : [{ type, name, actions: granted }];
  });
  const claims = {
    iss: options.issuer,
    sub: isUser ? options.username : '',
    aud: options.service,
    exp: now + options.lifetimeS,
    nbf: now - 5,
    iat: now,
    jti: randomUUID(),
    access,
  };
  const header = { typ: 'JWT', alg: 'ES256', kid: keyId(options.privateKey) };
  const signed = [header, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const signature = sign('sha256', Buffer.from(signed), {
    key: options.privateKey,
    dsaEncoding: 'ieee-p1363',
  });
  return `${signed}.${signature.toString('base64url')}`;
}

/**
 * The key ID of libtrust: the first 240 bits of the sha256 of the public key's DER, in base32, by groups of four.
 * @param {string} privateKey
 */
function keyId(privateKey) {
  const der = createPublicKey(createPrivateKey(privateKey)).export({ type: 'spki', format: 'der' });
  const bits = [...createHash('sha256').update(der).digest().subarray(0, 30)]
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('');
  const letters = (bits.match(/.{5}/g) ?? [])
    .map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(five, 2)])
    .join('');
  return (letters.match(/.{4}/g) ?? []).join(':');
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {TokenServerOptions} options
 */
function isBasicUser(request, { username, password }) {
  return (
    request.headers.authorization === `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  );
}

/** @param {import('node:http').IncomingMessage} request */
async function readText(request) {
  /** @type {Buffer[]} */
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
