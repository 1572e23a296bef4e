import { UsageError } from '../../errors.ts';
import { DEFAULT_LIMITS, type Limits } from '../../io/limits.ts';
import { formatReference, type Reference } from '../../oci/reference.ts';
import type { CredentialSource } from '../credentials/credential.ts';
import { classifyHost, isLoopbackName } from './address-class.ts';
import { Connections } from './connections.ts';
import { Http } from './http.ts';
import { DEFAULT_REGISTRY_LIMITS, type RegistryLimits } from './limits.ts';
import {
  pullNames,
  pushName,
  type RegistryRule,
  type RewrittenName,
  readRegistriesConf,
} from './registries-conf.ts';
import { Repository } from './repository.ts';
import { certificateDirectories, type HostTrust, readHostTrust } from './trust.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What may be said about how registries are talked to; everything has a default. */
export interface RegistryOptions {
  /**
   * The registry of the reference may be without TLS or with a certificate that nobody vouches for
   * (`--insecure`).
   */
  readonly insecure?: boolean;
  /** Absent: anonymous. */
  readonly credentials?: CredentialSource;
  readonly env?: Environment;
  /** Absent: the certs.d folders of Docker and containers-image. */
  readonly certificateDirectories?: readonly string[];
  /** Absent: read from registries.conf. */
  readonly rules?: readonly RegistryRule[];
  readonly network?: Partial<RegistryLimits>;
  readonly limits?: Limits;
  /** Ends transfers and pauses; they then throw its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Is told what a registry wants its user to know (Warning fields), behind the registry's name; perhaps again and again. */
  readonly onWarning?: (text: string) => void;
  /** Is told how many bytes of an answer's body came. */
  readonly onReceived?: (bytes: number) => void;
}

/** Docker Hub's name in references and the host that serves its API. */
const DOCKER_HUB = { domain: 'docker.io', host: 'registry-1.docker.io' } as const;
const PING_TIMEOUT_MS = 10_000;

/**
 * RegistryContext opens repositories, with the connections, rules and certificates that they share. `close`
 * ends the connections.
 */
export class RegistryContext {
  readonly limits: Limits;
  readonly http: Http;
  readonly #options: RegistryOptions;
  readonly #env: Environment;
  readonly #connections: Connections;
  readonly #insecureHostnames = new Set<string>();
  readonly #directories: readonly string[];
  #rules: readonly RegistryRule[] | undefined;

  constructor(options: RegistryOptions = {}) {
    this.#options = options;
    this.#env = options.env ?? process.env;
    this.#rules = options.rules;
    this.#directories = options.certificateDirectories ?? certificateDirectories(this.#env);
    this.limits = options.limits ?? DEFAULT_LIMITS;
    const network = { ...this.limits, ...DEFAULT_REGISTRY_LIMITS, ...options.network };
    this.#connections = new Connections(network, (host) => this.#trustOf(host), this.#env);
    this.http = new Http(this.#connections, network, options.signal, options.onWarning, options.onReceived);
  }

  /**
   * Returns the places to pull `reference` from, mirrors first; each is opened when it is its turn. Throws
   * UsageError (blocked).
   */
  pullRepositories(reference: Reference): readonly { readonly name: string; open(): Promise<Repository> }[] {
    const by = reference.digest === undefined ? 'tag' : 'digest';
    const name = nameOf(reference);
    return pullNames(this.#ruleList(), name, by).map((place) => ({
      name: place.name,
      open: () => this.#open(place, place.name === name, 'pull'),
    }));
  }

  /**
   * Opens the repository that `reference` is pushed to; throws UsageError (blocked), RegistryError (no
   * answer).
   */
  async pushRepository(reference: Reference): Promise<Repository> {
    const name = nameOf(reference);
    const place = pushName(this.#ruleList(), name);
    return this.#open(place, place.name === name, 'pull,push');
  }

  close(): Promise<void> {
    return this.#connections.close();
  }

  #ruleList(): readonly RegistryRule[] {
    this.#rules ??= readRegistriesConf(this.#env);
    return this.#rules;
  }

  /** `isOwn`: it is the registry that the user named, and not a mirror, so that `insecure` was said of it. */
  async #open(place: RewrittenName, isOwn: boolean, actions: 'pull' | 'pull,push'): Promise<Repository> {
    const slash = place.name.indexOf('/');
    const domain = place.name.slice(0, slash);
    const path = place.name.slice(slash + 1);
    const host = domain === DOCKER_HUB.domain ? DOCKER_HUB.host : domain;
    if (slash <= 0 || path === '' || !URL.canParse(`https://${host}/`)) {
      throw new UsageError(`cannot use "${place.name}": not host/repository`, {
        advice: 'see registries.conf',
      });
    }
    const { hostname } = new URL(`https://${host}/`);
    const isInsecure = place.insecure || (isOwn && this.#options.insecure === true);
    if (isInsecure) this.#insecureHostnames.add(hostname);
    const origin = await this.#findOrigin(host, isInsecure);
    return new Repository(this.http, {
      origin,
      originClass: await classifyHost(hostname),
      path,
      actions,
      findCredential: async () => this.#options.credentials?.credentialFor(domain, path),
    });
  }

  /**
   * As Docker does: https, and where a registry may be insecure (loopback hosts are) http when that does not
   * answer.
   */
  async #findOrigin(host: string, isInsecure: boolean): Promise<URL> {
    const secure = new URL(`https://${host}/`);
    const mayBePlain =
      isInsecure || (isLoopbackName(secure.hostname) && this.#trustFiles(secure.host).ca === undefined);
    if (!mayBePlain) return secure;
    const plain = new URL(`http://${host}/`);
    try {
      await this.#ping(secure);
      return secure;
    } catch {
      // Whatever the reason, http has the last word, and its error is the one to show.
      await this.#ping(plain);
      return plain;
    }
  }

  /** distribution-spec v1.1 end-1; any answer at all will do. */
  async #ping(origin: URL): Promise<void> {
    const url = new URL('/v2/', origin);
    const purpose = `reach registry "${origin.host}"`;
    const answer = await this.http.exchange({
      method: 'GET',
      url,
      purpose,
      headersTimeoutMs: Math.min(PING_TIMEOUT_MS, this.http.limits.headersTimeoutMs),
    });
    answer.discard();
  }

  #trustOf(host: string): HostTrust {
    const files = this.#trustFiles(host);
    const { hostname } = new URL(`https://${host}/`);
    const isUnverified =
      this.#insecureHostnames.has(hostname) || (isLoopbackName(hostname) && files.ca === undefined);
    return isUnverified ? { ...files, rejectUnauthorized: false } : files;
  }

  #trustFiles(host: string): HostTrust {
    const names = /:\d+$/.test(host) ? [host] : [host, `${host}:443`];
    return readHostTrust(names, this.#directories, this.#env);
  }
}

function nameOf({ domain, repository }: Reference): string {
  return formatReference({ domain, repository });
}
