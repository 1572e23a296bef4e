import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { reasonOf, TransportError } from '../../errors.ts';

/**
 * HostTrust is how a TLS connection to one host is made: extra authorities, client certificates, verified or
 * not.
 */
export interface HostTrust {
  /** PEM texts; absent: Node's own roots. */
  readonly ca?: readonly string[];
  readonly cert?: readonly string[];
  readonly key?: readonly string[];
  readonly rejectUnauthorized: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Returns the `certs.d` directories of Docker and of containers-image (containers-certs.d(5)), the user's
 * first.
 */
export function certificateDirectories(env: Environment): readonly string[] {
  const config = env.XDG_CONFIG_HOME ?? (env.HOME === undefined ? undefined : join(env.HOME, '.config'));
  const own = config === undefined ? [] : [join(config, 'containers/certs.d')];
  return [...own, '/etc/containers/certs.d', '/etc/docker/certs.d'];
}

/**
 * Reads the certificates for a host, by any of its names (`name`, `name:port`), from the first directory that
 * has a folder of that name: `*.crt` are authorities, `NAME.cert` with `NAME.key` a client certificate.
 * Throws TransportError (a certificate without its key).
 */
export function readHostTrust(
  hosts: readonly string[],
  directories: readonly string[],
  env: Environment,
): HostTrust {
  for (const folder of directories.flatMap((directory) => hosts.map((host) => join(directory, host)))) {
    const names = listFolder(folder);
    if (names.length === 0) continue;
    return { ...trustOf(folder, names, env), rejectUnauthorized: true };
  }
  return { rejectUnauthorized: true };
}

function trustOf(
  folder: string,
  names: readonly string[],
  env: Environment,
): Omit<HostTrust, 'rejectUnauthorized'> {
  const ca = names.filter((name) => name.endsWith('.crt')).map((name) => readText(join(folder, name)));
  const clients = names.filter((name) => name.endsWith('.cert'));
  for (const name of clients) {
    if (names.includes(`${name.slice(0, -5)}.key`)) continue;
    throw new TransportError(
      'source',
      `cannot use "${join(folder, name)}": there is no ${name.slice(0, -5)}.key beside it`,
    );
  }
  return {
    // `ca` replaces Node's roots and what NODE_EXTRA_CA_CERTS added to them; Docker adds to them.
    ...(ca.length === 0 ? {} : { ca: [...rootCertificates, ...extraAuthorities(env), ...ca] }),
    ...(clients.length === 0
      ? {}
      : {
          cert: clients.map((name) => readText(join(folder, name))),
          key: clients.map((name) => readText(join(folder, `${name.slice(0, -5)}.key`))),
        }),
  };
}

function extraAuthorities(env: Environment): readonly string[] {
  const path = env.NODE_EXTRA_CA_CERTS;
  return path === undefined || path === '' ? [] : [readText(path)];
}

function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (isAbsent(error)) return [];
    throw new TransportError('source', `cannot read "${folder}": ${reasonOf(error)}`, { cause: error });
  }
}

function isAbsent(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new TransportError('source', `cannot read "${path}": ${reasonOf(error)}`, { cause: error });
  }
}
