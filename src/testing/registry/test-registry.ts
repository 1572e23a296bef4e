import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type Fault, type Reply, send } from './fault.ts';
import { failure, RegistryStore } from './registry-store.ts';

/** Who may use the registry. */
export type Guard =
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  /** Tokens come from `/token` of the same server; each is good for `uses` requests. */
  | {
      readonly kind: 'bearer';
      readonly username?: string;
      readonly password?: string;
      readonly identityToken?: string;
      readonly uses?: number;
    };

/** What the registry saw of a request. */
export interface SeenRequest {
  readonly line: string;
  readonly authorization: string | undefined;
  readonly range: string | undefined;
  readonly contentRange: string | undefined;
  readonly bodyBytes: number;
}

interface Token {
  uses: number;
  readonly scopes: readonly string[];
}

/**
 * TestRegistry is a registry over real HTTP on loopback, whose faults are written down beforehand. `close`
 * it.
 */
export class TestRegistry {
  readonly store = new RegistryStore();
  readonly seen: SeenRequest[] = [];
  readonly faults: { fault: Fault; left: number }[] = [];
  readonly tokenRequests: URLSearchParams[] = [];
  guard: Guard | undefined;
  /** Where the challenge says that tokens are, when it is not here. */
  realm: string | undefined;
  readonly #server: Server;
  readonly #tokens = new Map<string, Token>();

  private constructor(tls?: { readonly key: string; readonly cert: string; readonly ca?: string }) {
    const listener = (request: IncomingMessage, response: ServerResponse) => {
      this.#serve(request, response).catch(() => response.destroy());
    };
    this.#server =
      tls === undefined
        ? createServer(listener)
        : createTlsServer({ ...tls, requestCert: tls.ca !== undefined }, listener);
    // A client that speaks TLS to the plain server, to see what it is, is no fault.
    this.#server.on('clientError', (_, socket) => socket.destroy());
  }

  static async start(tls?: {
    readonly key: string;
    readonly cert: string;
    readonly ca?: string;
  }): Promise<TestRegistry> {
    const registry = new TestRegistry(tls);
    registry.#server.listen(0, '127.0.0.1');
    await once(registry.#server, 'listening');
    return registry;
  }

  /** `127.0.0.1:PORT` */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  fail(fault: Fault): void {
    this.faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  /** The requests whose line (`METHOD /path?query`) matches. */
  seenLike(pattern: RegExp): readonly SeenRequest[] {
    return this.seen.filter(({ line }) => pattern.test(line));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const line = `${request.method} ${request.url}`;
    const fault = this.#faultFor(line);
    if (fault?.isDeaf) return;
    const body = await readBody(request, fault?.cutBodyAt);
    const { authorization, range, 'content-range': contentRange } = request.headers;
    this.seen.push({ line, authorization, range, contentRange, bodyBytes: body.length });
    const url = new URL(request.url ?? '/', 'http://registry.test');
    if (fault?.answer !== undefined) return send(fault.answer(request), response);
    const reply =
      url.pathname === '/token'
        ? this.#issueToken(request, url, body)
        : (this.#refusal(request, url) ??
          this.store.handle({ method: request.method ?? '', url, headers: request.headers, body }));
    if (fault?.cutBodyAt !== undefined) response.socket?.resetAndDestroy();
    else (fault?.deliver ?? send)(reply, response);
  }

  #faultFor(line: string): Fault | undefined {
    const entry = this.faults.find(({ fault, left }) => left > 0 && fault.on.test(line));
    if (entry !== undefined) entry.left -= 1;
    return entry?.fault;
  }

  #refusal(request: IncomingMessage, url: URL): Reply | undefined {
    const { guard } = this;
    const { authorization } = request.headers;
    if (guard === undefined) return undefined;
    if (guard.kind === 'basic') {
      if (authorization === basic(guard.username, guard.password)) return undefined;
      return { ...failure(401, 'UNAUTHORIZED'), headers: { 'www-authenticate': 'Basic realm="test"' } };
    }
    const token = this.#tokens.get(authorization?.replace(/^Bearer /, '') ?? '');
    const repository = /^\/v2\/(.+)\/(?:manifests|blobs)\//.exec(url.pathname)?.[1];
    const action = request.method === 'GET' || request.method === 'HEAD' ? 'pull' : 'push';
    const needed = repository === undefined ? undefined : `repository:${repository}:${action}`;
    if (token !== undefined && token.uses > 0 && (needed === undefined || covers(token.scopes, needed))) {
      token.uses -= 1;
      return undefined;
    }
    const realm = this.realm ?? `http://${this.host}/token`;
    const challenge = `Bearer realm="${realm}",service="test"${needed === undefined ? '' : `,scope="${needed}"`}`;
    return { ...failure(401, 'UNAUTHORIZED'), headers: { 'www-authenticate': challenge } };
  }

  #issueToken(request: IncomingMessage, url: URL, body: Uint8Array): Reply {
    const form = new URLSearchParams(Buffer.from(body).toString());
    const asked = request.method === 'POST' ? form : url.searchParams;
    this.tokenRequests.push(asked);
    const { guard } = this;
    if (guard?.kind !== 'bearer') return failure(404, 'UNKNOWN');
    const isWrong =
      request.method === 'POST'
        ? asked.get('refresh_token') !== guard.identityToken
        : guard.username !== undefined &&
          request.headers.authorization !== basic(guard.username, guard.password ?? '');
    if (isWrong) return failure(401, 'UNAUTHORIZED', 'wrong user or password');
    const token = `token-${this.#tokens.size}`;
    const scopes = asked.getAll('scope').flatMap((scope) => scope.split(' '));
    this.#tokens.set(token, { uses: guard.uses ?? Number.POSITIVE_INFINITY, scopes });
    return { status: 200, body: Buffer.from(JSON.stringify({ token, expires_in: 300 })) };
  }
}

function covers(scopes: readonly string[], needed: string): boolean {
  const [type, name, action = ''] = needed.split(':');
  return scopes.some((scope) => {
    const [heldType, heldName, actions = ''] = scope.split(':');
    return heldType === type && heldName === name && actions.split(',').includes(action);
  });
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

async function readBody(request: IncomingMessage, cutAt = Number.POSITIVE_INFINITY): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= cutAt) break;
  }
  return Buffer.concat(chunks).subarray(0, cutAt);
}
