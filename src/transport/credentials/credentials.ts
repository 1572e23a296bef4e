import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf, TransportError } from '../../errors.ts';
import type { Credential, CredentialSource } from './credential.ts';
import { askCredentialHelper } from './credential-helper.ts';
import { type DockerConfig, normalizeKey, parseDockerConfig } from './docker-config.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A login that the user gave for this run, and the one registry that it is for. */
export interface Login {
  readonly domain: string;
  readonly username: string;
  readonly password: string;
}

export interface CredentialsOptions {
  readonly env?: Environment;
  /** From `--username` and `--password-stdin`. */
  readonly login?: Login;
  /**
   * The registry that OSLIM_USERNAME and OSLIM_PASSWORD are for, when OSLIM_REGISTRY does not say: with a
   * source and a destination in two registries, one's password must not be shown to the other.
   */
  readonly loginDomain?: string;
  readonly helperTimeoutMs?: number;
}

/** The servers' names that `docker login` gives to helpers, by domain. */
const HELPER_SERVER: Readonly<Record<string, string>> = { 'docker.io': 'https://index.docker.io/v1/' };

/**
 * Credentials finds credentials where users have them: given for this run, in the environment, then in the
 * files of Docker and podman and the helper programs that these name.
 */
export class Credentials implements CredentialSource {
  readonly #env: Environment;
  readonly #logins: readonly Login[];
  readonly #helperTimeoutMs: number | undefined;
  #configs: readonly DockerConfig[] | undefined;

  constructor(options: CredentialsOptions = {}) {
    this.#env = options.env ?? process.env;
    this.#helperTimeoutMs = options.helperTimeoutMs;
    this.#logins = [options.login, environmentLogin(this.#env, options.loginDomain)].filter(
      (login) => login !== undefined,
    );
  }

  /**
   * Returns the credential for a repository; throws FormatError or TransportError for a file or a helper that
   * cannot be used.
   */
  async credentialFor(domain: string, repository: string): Promise<Credential | undefined> {
    const key = normalizeKey(domain);
    const login = this.#logins.find((one) => normalizeKey(one.domain) === key);
    if (login !== undefined) return { kind: 'password', username: login.username, password: login.password };
    this.#configs ??= credentialFiles(this.#env).flatMap(readConfig);
    for (const config of this.#configs) {
      const found = await this.#inConfig(config, key, repository);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /**
   * A host's own helper, then the entries of the file, the most specific first, then the helper for all
   * hosts.
   */
  async #inConfig(config: DockerConfig, domain: string, repository: string): Promise<Credential | undefined> {
    const helper = config.credHelpers.get(domain);
    if (helper !== undefined) return this.#ask(helper, domain);
    for (const key of keysFor(domain, repository)) {
      const found = config.auths.get(key);
      if (found !== undefined) return found;
    }
    return config.credsStore === undefined ? undefined : this.#ask(config.credsStore, domain);
  }

  #ask(helper: string, domain: string): Promise<Credential | undefined> {
    return askCredentialHelper(helper, HELPER_SERVER[domain] ?? domain, this.#env, this.#helperTimeoutMs);
  }
}

/** `host/a/b`, `host/a`, `host` (containers-auth.json(5)). */
function keysFor(domain: string, repository: string): readonly string[] {
  const parts = [domain, ...repository.split('/')];
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
}

/**
 * The files that may hold credentials, in the order they count: REGISTRY_AUTH_FILE stands alone, as for
 * podman.
 */
export function credentialFiles(env: Environment): readonly string[] {
  const named = env.REGISTRY_AUTH_FILE;
  if (named) return [named];
  const { DOCKER_CONFIG: docker, XDG_RUNTIME_DIR: runtime, HOME: home, XDG_CONFIG_HOME: xdg } = env;
  const config = xdg || (home ? join(home, '.config') : undefined);
  return [
    ...(docker ? [join(docker, 'config.json')] : []),
    ...(runtime ? [join(runtime, 'containers/auth.json')] : []),
    ...(config ? [join(config, 'containers/auth.json')] : []),
    ...(home && !docker ? [join(home, '.docker/config.json')] : []),
  ];
}

function readConfig(path: string): readonly DockerConfig[] {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw new TransportError('source', `cannot read "${path}": ${reasonOf(error)}`, { cause: error });
  }
  // `docker logout` and a fresh podman leave empty files.
  return bytes.length === 0 ? [] : [parseDockerConfig(bytes, path)];
}

function environmentLogin(env: Environment, loginDomain: string | undefined): Login | undefined {
  const { OSLIM_USERNAME: username, OSLIM_PASSWORD: password } = env;
  const domain = env.OSLIM_REGISTRY ?? loginDomain;
  return username && password && domain ? { domain, username, password } : undefined;
}
