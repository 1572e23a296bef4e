import { FormatError } from '../../errors.ts';
import { isRecord, parseJsonObject } from '../../oci/json.ts';
import type { Credential } from './credential.ts';

/**
 * DockerConfig is what Docker's config.json and podman's auth.json (containers-auth.json(5)) say about
 * credentials.
 */
export interface DockerConfig {
  /** By host, by repository path (podman), or by a URL (old Docker). */
  readonly auths: ReadonlyMap<string, Credential>;
  /** Names behind `docker-credential-`, by host. */
  readonly credHelpers: ReadonlyMap<string, string>;
  /** The helper for every host that has none of its own. */
  readonly credsStore?: string | undefined;
  readonly currentContext?: string | undefined;
}

/** Parses a config.json; throws FormatError, whose message holds nothing of the file's contents. */
export function parseDockerConfig(bytes: Uint8Array, path: string): DockerConfig {
  const document = parseSecretly(bytes, path);
  const auths = new Map<string, Credential>();
  for (const [key, value] of entries(document.auths)) {
    const credential = isRecord(value) ? parseAuth(value, key, path) : undefined;
    if (credential !== undefined) auths.set(normalizeKey(key), credential);
  }
  const helpers = entries(document.credHelpers).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return {
    auths,
    credHelpers: new Map(helpers.map(([key, name]) => [normalizeKey(key), name])),
    credsStore: text(document.credsStore),
    currentContext: text(document.currentContext),
  };
}

/** The parser's own message would quote what stands around the fault: a password, say. */
function parseSecretly(bytes: Uint8Array, path: string): Readonly<Record<string, unknown>> {
  try {
    return parseJsonObject(bytes, path);
  } catch {
    throw new FormatError('config.json', 0, `cannot read "${path}": it is not a JSON object`);
  }
}

function parseAuth(
  record: Readonly<Record<string, unknown>>,
  key: string,
  path: string,
): Credential | undefined {
  const bearer = text(record.registrytoken);
  if (bearer !== undefined) return { kind: 'bearer', token: bearer };
  const encoded = text(record.auth);
  const [username, password] =
    encoded === undefined ? [text(record.username), text(record.password)] : decodeAuth(encoded, key, path);
  const identityToken = text(record.identitytoken);
  if (identityToken !== undefined) return { kind: 'identity', username: username ?? '', identityToken };
  if (username === undefined || password === undefined) return undefined;
  return { kind: 'password', username, password };
}

/** base64 of `user:password`; Docker has been seen to leave NUL bytes behind the password. */
function decodeAuth(encoded: string, key: string, path: string): [string, string] {
  const decoded = Buffer.from(encoded, 'base64').toString('utf8').replace(/\0+$/, '');
  const colon = decoded.indexOf(':');
  if (colon <= 0)
    throw new FormatError(
      'config.json',
      0,
      `cannot read "${path}": the auth of "${key}" is not base64 of user:password`,
    );
  return [decoded.slice(0, colon), decoded.slice(colon + 1)];
}

/** `https://host/v1/` becomes `host`; every name of Docker Hub becomes `docker.io`. */
export function normalizeKey(key: string): string {
  const bare = key
    .replace(/^https?:\/\//i, '')
    .replace(/\/+$/, '')
    .replace(/\/v[12]$/, '');
  const slash = bare.indexOf('/');
  const host = slash < 0 ? bare : bare.slice(0, slash);
  const hub = ['index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com'];
  return (hub.includes(host) ? 'docker.io' : host) + (slash < 0 ? '' : bare.slice(slash));
}

function entries(value: unknown): readonly [string, unknown][] {
  return isRecord(value) ? Object.entries(value) : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
