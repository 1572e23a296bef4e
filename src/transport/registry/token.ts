import { FormatError } from '../../errors.ts';
import { optionalString, parseJsonObject } from '../../oci/json.ts';
import type { Credential } from '../credentials/credential.ts';
import type { AddressClass } from './address-class.ts';
import type { Http, HttpRequest } from './http.ts';

/** Token is a bearer token and the moment (of `Date.now()`) until which it is used. */
export interface Token {
  readonly value: string;
  readonly usableUntil: number;
}

/**
 * What a token is asked for: the realm and service of the challenge, and scopes like `repository:a/b:pull`.
 */
export interface TokenRequest {
  readonly realm: URL;
  readonly service?: string | undefined;
  readonly scopes: readonly string[];
  readonly credential?: Credential | undefined;
  /** The class of the registry that named the realm. */
  readonly ledBy: AddressClass;
}

const CLIENT_ID = 'oslim';
/** "Token Authentication Specification": a token without expires_in lives for 60 seconds. */
const DEFAULT_LIFETIME_S = 60;
const MAX_LIFETIME_S = 3600;

/**
 * Asks a token server for a token (distribution's "Token Authentication Specification" and its OAuth2 form);
 * throws RegistryError (refused), FormatError (an answer without a token).
 */
export async function requestToken(http: Http, asked: TokenRequest): Promise<Token> {
  const { credential } = asked;
  if (credential?.kind === 'bearer')
    return { value: credential.token, usableUntil: Number.POSITIVE_INFINITY };
  const began = Date.now();
  const body =
    credential?.kind === 'identity'
      ? await exchangeIdentity(http, asked, credential)
      : await askByGet(http, asked);
  return parseToken(body, began);
}

/** Parses a token server's answer; `now` is when it was asked for. */
export function parseToken(body: Uint8Array, now: number): Token {
  const document = parseJsonObject(body, "the token server's answer");
  const value = optionalString(document, 'token') ?? optionalString(document, 'access_token');
  if (value === undefined || /[^\x21-\x7e]/.test(value)) {
    throw new FormatError('token', 0, "cannot read the token server's answer: no usable token in it");
  }
  const seconds = Number(document.expires_in ?? DEFAULT_LIFETIME_S);
  const lifetime = seconds > 0 ? Math.min(seconds, MAX_LIFETIME_S) : DEFAULT_LIFETIME_S;
  // Issued at `now` by our clock, whatever the server's says; a tenth is left for the request that uses it.
  return { value, usableUntil: now + lifetime * 900 };
}

async function askByGet(http: Http, asked: TokenRequest): Promise<Uint8Array> {
  const url = new URL(asked.realm);
  if (asked.service !== undefined) url.searchParams.set('service', asked.service);
  for (const scope of asked.scopes) url.searchParams.append('scope', scope);
  const { credential } = asked;
  if (credential?.kind === 'password') url.searchParams.set('account', credential.username);
  const authorization =
    credential?.kind === 'password' ? basicHeader(credential.username, credential.password) : undefined;
  return send(http, asked, {
    url,
    method: 'GET',
    headers: authorization === undefined ? {} : { authorization },
  });
}

/** The OAuth2 form (distribution's "oauth.md"): the identity token is a refresh token, sent in the body. */
async function exchangeIdentity(
  http: Http,
  asked: TokenRequest,
  credential: Extract<Credential, { kind: 'identity' }>,
): Promise<Uint8Array> {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: CLIENT_ID,
    service: asked.service ?? '',
    scope: asked.scopes.join(' '),
    refresh_token: credential.identityToken,
  });
  const bytes = new TextEncoder().encode(form.toString());
  return send(http, asked, {
    url: asked.realm,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: { size: bytes.length, open: () => once(bytes) },
  });
}

async function send(
  http: Http,
  asked: TokenRequest,
  request: Omit<HttpRequest, 'purpose' | 'ledBy'>,
): Promise<Uint8Array> {
  return http.retrying(async () => {
    const purpose = `get a token from "${asked.realm.host}"`;
    // Redirects are not followed: the request carries the password.
    const answer = await http.exchange({ ...request, purpose, ledBy: asked.ledBy });
    if (answer.status !== 200) throw await http.failureOf(answer);
    return http.readDocument(answer, http.limits, 'tokenBytes');
  });
}

export function basicHeader(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
