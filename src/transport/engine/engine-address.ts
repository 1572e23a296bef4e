import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf, TransportError, UnsupportedError, UsageError } from '../../errors.ts';
import { isRecord, optionalString, parseJsonObject } from '../../oci/json.ts';
import { parseDockerConfig } from '../credentials/docker-config.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where an engine's API is: a socket, or a host with or without TLS. */
export type EngineAddress =
  | { readonly kind: 'unix'; readonly socketPath: string }
  | { readonly kind: 'tcp'; readonly origin: string; readonly tls?: EngineTls };

interface EngineTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized: boolean;
}

/**
 * Returns the engine that Docker's own client would use: DOCKER_HOST, else the context (DOCKER_CONTEXT,
 * currentContext of config.json), else the first socket that exists of Docker's and podman's; undefined when
 * there is none. Throws UsageError or UnsupportedError for a host that cannot be used, TransportError for
 * files that cannot be read.
 */
export function findEngine(env: Environment): EngineAddress | undefined {
  const { DOCKER_HOST: host, CONTAINER_HOST: podmanHost } = env;
  if (host) return parseEngineHost(host, tlsFromEnvironment(env));
  const context = env.DOCKER_CONTEXT || readConfig(env)?.currentContext;
  if (context !== undefined && context !== 'default') return readContext(context, env);
  if (podmanHost) return parseEngineHost(podmanHost, undefined);
  const socketPath = socketPaths(env).find((path) => existsSync(path));
  return socketPath === undefined ? undefined : { kind: 'unix', socketPath };
}

/** Parses `unix:///path` or `tcp://host:port`; throws UsageError, UnsupportedError. */
export function parseEngineHost(host: string, tls: EngineTls | undefined): EngineAddress {
  const [scheme, rest = ''] = host.includes('://') ? host.split('://', 2) : ['tcp', host];
  if (scheme === 'unix') return { kind: 'unix', socketPath: rest };
  if (scheme === 'ssh' || scheme === 'npipe' || scheme === 'fd') {
    throw new UnsupportedError(
      `cannot use engine "${scheme}://…": this kind of connection is not supported`,
      {
        advice: 'give the image as a file: docker save NAME -o FILE',
      },
    );
  }
  const isSecure = tls !== undefined || scheme === 'https';
  const url = `${isSecure ? 'https' : 'http'}://${rest}`;
  if (!['tcp', 'http', 'https'].includes(scheme ?? '') || !URL.canParse(url)) {
    throw new UsageError(`cannot use engine "${host}": not unix:///path or tcp://host:port`, {
      advice: 'see DOCKER_HOST',
    });
  }
  const parsed = new URL(url);
  if (parsed.port === '' && scheme === 'tcp') parsed.port = isSecure ? '2376' : '2375';
  return {
    kind: 'tcp',
    origin: parsed.origin,
    ...(isSecure ? { tls: tls ?? { rejectUnauthorized: true } } : {}),
  };
}

function socketPaths(env: Environment): readonly string[] {
  const { HOME: home, XDG_RUNTIME_DIR: runtime } = env;
  return [
    '/var/run/docker.sock',
    ...(runtime ? [join(runtime, 'docker.sock')] : []),
    ...(home ? [join(home, '.docker/run/docker.sock')] : []),
    ...(runtime ? [join(runtime, 'podman/podman.sock')] : []),
    '/run/podman/podman.sock',
  ];
}

/**
 * DOCKER_TLS_VERIFY (with verification) or DOCKER_TLS (without), and the certificates in DOCKER_CERT_PATH.
 */
function tlsFromEnvironment(env: Environment): EngineTls | undefined {
  const isVerified = Boolean(env.DOCKER_TLS_VERIFY);
  if (!isVerified && !env.DOCKER_TLS) return undefined;
  return readCertificates(env.DOCKER_CERT_PATH || dockerDirectory(env), isVerified);
}

/**
 * A context lies below `contexts/meta` in a folder named by the sha256 of its name (docker/cli,
 * cli/context/store).
 */
function readContext(name: string, env: Environment): EngineAddress {
  const id = createHash('sha256').update(name).digest('hex');
  const folder = join(dockerDirectory(env) ?? '', 'contexts');
  const path = join(folder, 'meta', id, 'meta.json');
  const endpoints = parseJsonObject(readBytes(path), path).Endpoints;
  const endpoint = isRecord(endpoints) ? endpoints.docker : undefined;
  const host = isRecord(endpoint) ? optionalString(endpoint, 'Host') : undefined;
  if (!isRecord(endpoint) || host === undefined)
    throw new UsageError(`cannot use context "${name}": it names no engine`);
  const certificates = join(folder, 'tls', id, 'docker');
  const isVerified = endpoint.SkipTLSVerify !== true;
  return parseEngineHost(
    host,
    existsSync(certificates) ? readCertificates(certificates, isVerified) : undefined,
  );
}

function readCertificates(folder: string | undefined, isVerified: boolean): EngineTls {
  const read = (name: string) => {
    const path = join(folder ?? '', name);
    return folder !== undefined && existsSync(path) ? readBytes(path).toString('utf8') : undefined;
  };
  const [ca, cert, key] = [read('ca.pem'), read('cert.pem'), read('key.pem')];
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    rejectUnauthorized: isVerified,
  };
}

function dockerDirectory(env: Environment): string | undefined {
  return env.DOCKER_CONFIG || (env.HOME ? join(env.HOME, '.docker') : undefined);
}

function readConfig(env: Environment) {
  const path = join(dockerDirectory(env) ?? '', 'config.json');
  return existsSync(path) ? parseDockerConfig(readBytes(path), path) : undefined;
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new TransportError('source', `cannot read "${path}": ${reasonOf(error)}`, { cause: error });
  }
}
