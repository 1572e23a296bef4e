import type { Credential } from '../credentials/credential.ts';
import type { AddressClass } from './address-class.ts';
import { Authorizer } from './authorizer.ts';
import { parseChallenges } from './challenge.ts';
import { type Errand, protocolFailure } from './failure.ts';
import type { Http, HttpAnswer, HttpRequest } from './http.ts';

/** Where a repository is reached, and as whom. */
export interface RepositoryAddress {
  /** `https://host[:port]/`, or http where that is allowed. */
  readonly origin: URL;
  readonly originClass: AddressClass;
  /** The path on that server: `library/redis`. */
  readonly path: string;
  /** What is done there: the actions of its token scope. */
  readonly actions: 'pull' | 'pull,push';
  readonly findCredential: () => Promise<Credential | undefined>;
}

export interface RepositoryRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT';
  /** Below the repository (`manifests/latest`), or a URL that the registry gave. */
  readonly target: string | URL;
  /** The middle of `cannot <purpose>: …`. */
  readonly purpose: string;
  /** The statuses that are a success. */
  readonly accept: readonly number[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: HttpRequest['body'];
  /** Scopes besides the repository's own, for a cross-repository mount. */
  readonly scopes?: readonly string[];
}

/**
 * How often one request may be refused with 401 and sent again: to learn the challenge, and to renew a token
 * that just ended.
 */
const MAX_CHALLENGES = 2;

/**
 * Repository sends the requests of the OCI distribution-spec v1.1 for one repository: authorised, redirected,
 * retried.
 */
export class Repository {
  readonly http: Http;
  readonly address: RepositoryAddress;
  readonly #authorizer: Authorizer;

  constructor(http: Http, address: RepositoryAddress) {
    this.http = http;
    this.address = address;
    this.#authorizer = new Authorizer(http, address, address.findCredential);
  }

  /** Sends a request, again after failures that may pass; throws RegistryError. */
  request(asked: RepositoryRequest): Promise<HttpAnswer> {
    return this.http.retrying(() => this.send(asked));
  }

  /** Sends a request once, apart from challenges and redirects; throws RegistryError. */
  async send(asked: RepositoryRequest): Promise<HttpAnswer> {
    const home = this.address.origin.origin;
    let url = typeof asked.target === 'string' ? this.#urlOf(asked.target) : asked.target;
    let isHome = url.origin === home;
    for (let hops = 0, challenges = 0; ; ) {
      const { answer, sent } = await this.#exchange(asked, url, isHome);
      if (answer.status === 401 && isHome && challenges < MAX_CHALLENGES) {
        challenges += 1;
        const offered = parseChallenges(answer.headers('www-authenticate'));
        if (await this.#authorizer.takeChallenges(offered, this.#scopes(asked), sent, answer.errand)) {
          answer.discard();
          continue;
        }
      }
      if (isRedirect(answer.status) && (asked.method === 'GET' || asked.method === 'HEAD')) {
        answer.discard();
        hops += 1;
        if (hops > this.http.limits.redirects)
          throw protocolFailure(answer.errand, answer.status, 'it redirects too often');
        url = this.resolveLocation(answer, url);
        // Once away there is no way home: what a foreign server names never gets the credentials.
        isHome = isHome && url.origin === home;
        continue;
      }
      if (!asked.accept.includes(answer.status)) throw await this.http.failureOf(answer);
      return answer;
    }
  }

  /**
   * Returns the URL of a Location field (RFC 9110, section 10.2.2), relative to `base`; throws RegistryError
   * for none, for other protocols, and for a way out of TLS.
   */
  resolveLocation(answer: HttpAnswer, base: URL): URL {
    const location = answer.header('location');
    if (location === undefined || !URL.canParse(location, base.href)) {
      throw protocolFailure(answer.errand, answer.status, 'its answer has no usable Location');
    }
    const url = new URL(location, base);
    url.username = url.password = url.hash = '';
    // A registry behind a TLS proxy that does not know it names itself by http.
    if (base.protocol === 'https:' && url.protocol === 'http:' && url.host === base.host)
      url.protocol = 'https:';
    if (url.protocol !== 'https:' && (url.protocol !== 'http:' || base.protocol === 'https:')) {
      throw protocolFailure(
        answer.errand,
        answer.status,
        `it leads from ${base.protocol} to ${url.protocol}//${url.host}`,
      );
    }
    return url;
  }

  async #exchange(
    asked: RepositoryRequest,
    url: URL,
    isHome: boolean,
  ): Promise<{ answer: HttpAnswer; sent: string | undefined }> {
    const errand: Errand = { purpose: asked.purpose, method: asked.method, url };
    const sent = isHome ? await this.#authorizer.header(this.#scopes(asked)) : undefined;
    const answer = await this.http.exchange({
      ...errand,
      headers: { ...asked.headers, ...(sent === undefined ? {} : { authorization: sent }) },
      ...(asked.body === undefined ? {} : { body: asked.body }),
      ...(asked.method === 'PUT' || asked.method === 'PATCH'
        ? { headersTimeoutMs: this.http.limits.commitTimeoutMs }
        : {}),
      ledBy: isHome ? undefined : this.address.originClass,
    });
    return { answer, sent };
  }

  #urlOf(target: string): URL {
    return new URL(`/v2/${this.address.path}/${target}`, this.address.origin);
  }

  #scopes(asked: RepositoryRequest): readonly string[] {
    return [`repository:${this.address.path}:${this.address.actions}`, ...(asked.scopes ?? [])];
  }
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}
