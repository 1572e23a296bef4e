import type { Credential } from '../credentials/credential.ts';
import type { AddressClass } from './address-class.ts';
import type { Challenge } from './challenge.ts';
import { type Errand, protocolFailure } from './failure.ts';
import type { Http } from './http.ts';
import { basicHeader, requestToken, type Token } from './token.ts';

/** What the registry asks for: nothing yet, Basic, or Bearer with where tokens come from. */
type Demand =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic' }
  | {
      readonly kind: 'bearer';
      readonly realm: URL;
      readonly service?: string | undefined;
      readonly scopes: readonly string[];
    };

/**
 * Authorizer makes the Authorization fields for one repository of one registry, and keeps the tokens, one for
 * each set of scopes.
 */
export class Authorizer {
  readonly #http: Http;
  readonly #origin: URL;
  readonly #originClass: AddressClass;
  readonly #findCredential: () => Promise<Credential | undefined>;
  readonly #tokens = new Map<string, Promise<Token>>();
  #credential: Promise<Credential | undefined> | undefined;
  #demand: Demand = { kind: 'none' };

  constructor(
    http: Http,
    registry: { readonly origin: URL; readonly originClass: AddressClass },
    findCredential: () => Promise<Credential | undefined>,
  ) {
    this.#http = http;
    this.#origin = registry.origin;
    this.#originClass = registry.originClass;
    this.#findCredential = findCredential;
  }

  /**
   * Returns the Authorization field for a request that needs `scopes`, as far as it is known what the
   * registry asks for.
   */
  async header(scopes: readonly string[]): Promise<string | undefined> {
    const demand = this.#demand;
    if (demand.kind === 'none') return undefined;
    if (demand.kind === 'bearer') return `Bearer ${await this.#token(demand, scopes)}`;
    const credential = await this.#credentialOnce();
    return credential?.kind === 'password'
      ? basicHeader(credential.username, credential.password)
      : undefined;
  }

  /**
   * Takes in the challenges of a 401 to a request that carried `sent`. Returns whether it is worth asking
   * again; throws RegistryError (a realm that a client must not talk to).
   */
  async takeChallenges(
    challenges: readonly Challenge[],
    scopes: readonly string[],
    sent: string | undefined,
    errand: Errand,
  ): Promise<boolean> {
    const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
    if (bearer !== undefined) {
      this.#demand = this.#bearerDemand(bearer, errand);
      // Another request may have renewed the token meanwhile: then that one is tried first.
      if (sent !== undefined && sent === (await this.header(scopes)))
        this.#tokens.delete(keyOf(this.#demand.scopes, scopes));
      return true;
    }
    if (!challenges.some(({ scheme }) => scheme === 'basic')) return false;
    this.#demand = { kind: 'basic' };
    return sent === undefined && (await this.header(scopes)) !== undefined;
  }

  async #token(demand: Extract<Demand, { kind: 'bearer' }>, scopes: readonly string[]): Promise<string> {
    const key = keyOf(demand.scopes, scopes);
    const held = this.#tokens.get(key);
    if (held !== undefined) {
      const token = await held;
      if (token.usableUntil > Date.now()) return token.value;
      // Unless a request beside this one has put a new one in its place.
      if (this.#tokens.get(key) === held) this.#tokens.delete(key);
      else return this.#token(demand, scopes);
    }
    const asked = this.#credentialOnce().then((credential) =>
      requestToken(this.#http, {
        ...demand,
        scopes: key === '' ? [] : key.split(' '),
        credential,
        ledBy: this.#originClass,
      }),
    );
    this.#tokens.set(key, asked);
    asked.catch(() => this.#tokens.get(key) === asked && this.#tokens.delete(key));
    return (await asked).value;
  }

  #credentialOnce(): Promise<Credential | undefined> {
    this.#credential ??= this.#findCredential();
    return this.#credential;
  }

  #bearerDemand(challenge: Challenge, errand: Errand): Extract<Demand, { kind: 'bearer' }> {
    const realm = parseRealm(challenge.parameters.get('realm'), this.#origin);
    if (realm === undefined) throw protocolFailure(errand, 401, 'it names a token server that is not a URL');
    if (realm.protocol === 'http:' && this.#origin.protocol === 'https:') {
      throw protocolFailure(
        errand,
        401,
        `it names a token server without TLS (${realm.host}), which would show the password`,
      );
    }
    const scopes = (challenge.parameters.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
    return { kind: 'bearer', realm, service: challenge.parameters.get('service'), scopes };
  }
}

function parseRealm(text: string | undefined, base: URL): URL | undefined {
  if (text === undefined || !URL.canParse(text, base.href)) return undefined;
  const realm = new URL(text, base);
  realm.username = realm.password = '';
  return realm.protocol === 'https:' || realm.protocol === 'http:' ? realm : undefined;
}

/**
 * Joins scopes of one resource (`repository:a:pull` and `repository:a:pull,push`), so that equal needs have
 * equal keys.
 */
function keyOf(...scopes: readonly (readonly string[])[]): string {
  const actions = new Map<string, Set<string>>();
  for (const scope of scopes.flat()) {
    const colon = scope.lastIndexOf(':');
    const resource = scope.slice(0, Math.max(colon, 0));
    const held = actions.get(resource) ?? new Set();
    for (const action of scope.slice(colon + 1).split(',')) held.add(action);
    actions.set(resource, held);
  }
  return [...actions]
    .map(([resource, held]) => `${resource}:${[...held].sort().join(',')}`)
    .sort()
    .join(' ');
}
