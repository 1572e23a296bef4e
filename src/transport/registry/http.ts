import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { LimitError, OslimError, RegistryError } from '../../errors.ts';
import type { AddressClass } from './address-class.ts';
import type { Connections } from './connections.ts';
import { answerFailure, type Errand, networkFailure } from './failure.ts';
import type { AnswerLimits, RegistryLimits } from './limits.ts';
import { withoutCredentials } from './printable.ts';
import { parseRetryAfter } from './retry.ts';
import { parseWarnings } from './warning-header.ts';

/** One HTTP exchange. `body` is opened anew for every attempt; its `size` becomes Content-Length. */
export interface HttpRequest extends Errand {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: { readonly size: number; open(): AsyncIterable<Uint8Array> };
  /** The class of the server that led here, when the URL came from a server (see Connections). */
  readonly ledBy?: AddressClass | undefined;
  readonly headersTimeoutMs?: number;
}

/** An answer whose body is still to be read; either read `body` or call `discard`. */
export interface HttpAnswer {
  readonly errand: Errand;
  readonly status: number;
  /** Returns a field's value; several of one name are joined by a comma. */
  header(name: string): string | undefined;
  /** Returns each value of a field that may come several times. */
  headers(name: string): readonly string[];
  /** The body, which throws RegistryError when it breaks or stalls. */
  readonly body: AsyncIterable<Uint8Array>;
  discard(): void;
}

/** Stalled ends a body that brings too little. */
class Stalled extends Error {
  readonly code = 'OSLIM_STALLED';
}

/** Late ends a request that got no answer. */
class Late extends Error {
  readonly code = 'UND_ERR_HEADERS_TIMEOUT';
}

/** Http makes single exchanges: no redirects, no retries, no credentials of its own. */
export class Http {
  readonly limits: RegistryLimits & AnswerLimits;
  readonly #connections: Connections;
  readonly #signal: AbortSignal | undefined;
  readonly #onWarning: (text: string) => void;
  readonly #onReceived: (bytes: number) => void;

  /** `onWarning` is told what a registry wants its user to know, `onReceived` of each piece of a body. */
  constructor(
    connections: Connections,
    limits: RegistryLimits & AnswerLimits,
    signal?: AbortSignal,
    onWarning: (text: string) => void = () => {},
    onReceived: (bytes: number) => void = () => {},
  ) {
    this.#connections = connections;
    this.limits = limits;
    this.#signal = signal;
    this.#onWarning = onWarning;
    this.#onReceived = onReceived;
  }

  /**
   * Sends one request and returns its answer, whatever its status; throws RegistryError (no answer), the
   * signal's reason.
   */
  async exchange(asked: HttpRequest): Promise<HttpAnswer> {
    const deadline = this.#answerDeadline(asked);
    try {
      const { statusCode, headers, body } = await request(asked.url, {
        method: asked.method as 'GET',
        dispatcher: this.#connections.for(asked.url, asked.ledBy),
        signal: deadline.signal,
        // A coding would come between the bytes and their digest, and is a way to send bombs.
        headers: {
          'user-agent': 'oslim',
          'accept-encoding': 'identity',
          ...asked.headers,
          ...lengthOf(asked),
        },
        ...(asked.body === undefined
          ? {}
          : { body: Readable.from(asked.body.open(), { objectMode: false }) }),
        ...(asked.headersTimeoutMs === undefined ? {} : { headersTimeout: asked.headersTimeoutMs }),
      });
      deadline.met();
      // undici destroys a body that is discarded with an error that nobody waits for.
      body.on('error', () => undefined);
      const errand = { ...asked, authorization: asked.headers?.authorization };
      const answer = answerOf(errand, statusCode, headers, body, this.limits, this.#onReceived);
      for (const text of parseWarnings(answer.headers('warning')))
        this.#onWarning(`${asked.url.host}: ${withoutCredentials(text, asked.headers?.authorization)}`);
      return answer;
    } catch (error) {
      this.#signal?.throwIfAborted();
      // What the body is read from has failed, and not the connection.
      if (error instanceof OslimError) throw error;
      throw networkFailure(asked, error);
    } finally {
      deadline.met();
    }
  }

  /**
   * Ends a request whose answer never begins: interim answers (RFC 9110, section 15.2) without an end would start undici's
   * own timer again and again. Not of an upload, which takes as long as it takes.
   */
  #answerDeadline({ body, headersTimeoutMs }: HttpRequest): { readonly signal: AbortSignal; met(): void } {
    const late = new AbortController();
    const ms = this.limits.connectTimeoutMs + (headersTimeoutMs ?? this.limits.headersTimeoutMs);
    const timer =
      body === undefined ? setTimeout(() => late.abort(new Late('no answer in time')), ms) : undefined;
    return {
      signal: this.#signal === undefined ? late.signal : AbortSignal.any([this.#signal, late.signal]),
      met: () => clearTimeout(timer),
    };
  }

  /** Reads a body that may have as many bytes as the limit `name` of `limits` says; throws LimitError. */
  async readDocument<Name extends string>(
    answer: HttpAnswer,
    limits: Readonly<Record<Name, number>>,
    name: Name,
  ): Promise<Uint8Array> {
    const max = limits[name];
    const announced = Number(answer.header('content-length') ?? 0);
    if (announced > max) {
      answer.discard();
      throw tooLarge(answer, max, name);
    }
    const chunks: Uint8Array[] = [];
    let size = 0;
    const deadline = Date.now() + this.limits.documentTimeoutMs;
    for await (const chunk of answer.body) {
      size += chunk.length;
      if (size > max) throw tooLarge(answer, max, name);
      if (Date.now() > deadline)
        throw networkFailure(answer.errand, new Stalled('the document took too long'));
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, size);
  }

  /** Reads an answer that is a failure into its error. */
  async failureOf(answer: HttpAnswer): Promise<RegistryError> {
    const retryAfterMs = parseRetryAfter(answer.header('retry-after'), Date.now());
    let body: Uint8Array = new Uint8Array();
    try {
      body = await this.readDocument(answer, this.limits, 'errorBytes');
    } catch {
      // The status says what happened; a body that breaks or never ends adds nothing.
    }
    return answerFailure(answer.errand, answer.status, body, retryAfterMs);
  }

  /** Runs `attempt` until it succeeds, fails for good, or has failed `attempts` times. */
  async retrying<T>(attempt: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await attempt();
      } catch (error) {
        await this.pauseAfter(error, tries);
      }
    }
  }

  /** Waits before attempt number `tries + 1`, or throws `error` again when there is to be none. */
  async pauseAfter(error: unknown, tries: number): Promise<void> {
    this.#signal?.throwIfAborted();
    if (!(error instanceof RegistryError) || !error.failure.retryable || tries >= this.limits.attempts)
      throw error;
    const asked = error.failure.retryAfterMs;
    if (asked !== undefined && asked > this.limits.maxRetryAfterMs) throw error;
    const backoff = Math.min(this.limits.backoffMs * 2 ** (tries - 1), this.limits.maxBackoffMs);
    // Full jitter keeps many clients from coming back in step; never sooner than the server asked.
    await sleep(
      asked ?? backoff * (0.5 + Math.random() / 2),
      undefined,
      this.#signal === undefined ? {} : { signal: this.#signal },
    );
  }
}

function lengthOf(asked: HttpRequest): Readonly<Record<string, string>> {
  if (asked.body !== undefined) return { 'content-length': String(asked.body.size) };
  return asked.method === 'POST' || asked.method === 'PUT' ? { 'content-length': '0' } : {};
}

function tooLarge(answer: HttpAnswer, max: number, limit: string): LimitError {
  return new LimitError(
    limit,
    max,
    `cannot ${answer.errand.purpose}: the answer is more than the limit ${limit} = ${max}`,
    { advice: `if you trust it, raise the limit: --limit ${limit}=VALUE (limits.${limit} of the library)` },
  );
}

function answerOf(
  errand: Errand,
  status: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: Readable,
  limits: RegistryLimits,
  onReceived: (bytes: number) => void,
): HttpAnswer {
  const all = (name: string) => [headers[name] ?? []].flat();
  return {
    errand: {
      purpose: errand.purpose,
      method: errand.method,
      url: errand.url,
      authorization: errand.authorization,
    },
    status,
    header: (name) => (headers[name] === undefined ? undefined : all(name).join(', ')),
    headers: all,
    body: paced(body, errand, limits, onReceived),
    discard: () => void body.destroy(),
  };
}

/**
 * Yields a body as long as it keeps coming. Only time spent waiting for the server counts, so a slow reader
 * is no stall, and a slow drip is one.
 */
async function* paced(
  body: Readable,
  errand: Errand,
  limits: RegistryLimits,
  onReceived: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  let waitedMs = 0;
  let received = 0;
  try {
    for (;;) {
      const started = performance.now();
      const left = Math.max(1, limits.stallTimeoutMs - waitedMs);
      const timer = setTimeout(() => body.destroy(new Stalled('the transfer stalled')), left);
      const step = await chunks.next().finally(() => clearTimeout(timer));
      if (step.done === true) return;
      const chunk: Uint8Array = step.value;
      waitedMs += performance.now() - started;
      received += chunk.length;
      onReceived(chunk.length);
      if (received >= limits.stallBytes) waitedMs = received = 0;
      yield chunk;
    }
  } catch (error) {
    throw networkFailure(errand, error);
  } finally {
    body.destroy();
  }
}
