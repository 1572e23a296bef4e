import { Readable } from 'node:stream';
import { Agent, request } from 'undici';
import { ImageError, OslimError, reasonOf, TransportError } from '../../errors.ts';
import { isRecord } from '../../oci/json.ts';
import { printable } from '../registry/printable.ts';
import type { EngineAddress } from './engine-address.ts';

/** Docker before 25 writes the whole archive to its own disk before the first byte of an answer. */
const ANSWER_TIMEOUT_MS = 15 * 60_000;
const CONNECT_TIMEOUT_MS = 5000;
const MAX_ANSWER_BYTES = 1 << 20;

/** EngineClient speaks the Docker Engine API, which podman serves too. `close` ends its connections. */
export class EngineClient {
  readonly label: string;
  readonly #origin: string;
  readonly #agent: Agent;
  #prefix: Promise<string> | undefined;

  constructor(address: EngineAddress) {
    const timeouts = { headersTimeout: ANSWER_TIMEOUT_MS, bodyTimeout: ANSWER_TIMEOUT_MS };
    if (address.kind === 'unix') {
      this.label = address.socketPath;
      this.#origin = 'http://engine';
      this.#agent = new Agent({
        ...timeouts,
        connect: { socketPath: address.socketPath, timeout: CONNECT_TIMEOUT_MS },
      });
    } else {
      this.label = address.origin;
      this.#origin = address.origin;
      this.#agent = new Agent({ ...timeouts, connect: { ...address.tls, timeout: CONNECT_TIMEOUT_MS } });
    }
  }

  /** Has the engine an image of that name or ID? Throws TransportError. */
  async has(name: string, signal?: AbortSignal): Promise<boolean> {
    const answer = await this.#send('GET', `/images/${encodeName(name)}/json`, { signal });
    await discard(answer.body);
    return answer.statusCode === 200;
  }

  /** Yields the archive of an image (`ImageGet`); throws ImageError (no such image), TransportError. */
  async *exportImage(name: string): AsyncGenerator<Uint8Array> {
    const answer = await this.#send('GET', `/images/${encodeName(name)}/get`);
    if (answer.statusCode !== 200) throw await this.#failure('source', `cannot read "${name}"`, answer);
    try {
      yield* answer.body;
    } catch (error) {
      throw this.#unreachable('source', error);
    }
  }

  /**
   * Hands an archive to the engine (`ImageLoad`); throws TransportError, also for a failure told in the
   * middle of the answer.
   */
  async loadImage(archive: AsyncIterable<Uint8Array>): Promise<void> {
    const headers = { 'content-type': 'application/x-tar' };
    const answer = await this.#send('POST', '/images/load?quiet=1', {
      body: archive,
      headers,
      side: 'destination',
    });
    if (answer.statusCode !== 200) throw await this.#failure('destination', 'cannot load the image', answer);
    const told = errorIn(await readText(answer.body));
    if (told !== undefined)
      throw new TransportError('destination', `cannot load the image: ${this.label}: ${told}`);
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #send(
    method: 'GET' | 'POST',
    path: string,
    options: {
      readonly body?: AsyncIterable<Uint8Array>;
      readonly headers?: Readonly<Record<string, string>>;
      readonly signal?: AbortSignal | undefined;
      readonly side?: 'source' | 'destination';
    } = {},
  ) {
    this.#prefix ??= this.#negotiate(options.signal);
    try {
      return await request(`${this.#origin}${await this.#prefix}${path}`, {
        method,
        dispatcher: this.#agent,
        ...(options.signal ? { signal: options.signal } : {}),
        ...(options.headers ? { headers: { ...options.headers } } : {}),
        ...(options.body ? { body: Readable.from(options.body, { objectMode: false }) } : {}),
      });
    } catch (error) {
      throw this.#unreachable(options.side ?? 'source', error);
    }
  }

  /** Docker 20.10 knows no API above 1.41 and Docker 29 none below 1.44: the engine says which it speaks. */
  async #negotiate(signal: AbortSignal | undefined): Promise<string> {
    const answer = await request(`${this.#origin}/_ping`, {
      dispatcher: this.#agent,
      ...(signal ? { signal } : {}),
    });
    await discard(answer.body);
    const version = answer.headers['api-version'];
    return typeof version === 'string' && /^\d+\.\d+$/.test(version) ? `/v${version}` : '';
  }

  async #failure(
    side: 'source' | 'destination',
    action: string,
    answer: { readonly statusCode: number; readonly body: AsyncIterable<Uint8Array> },
  ): Promise<Error> {
    const reason = errorIn(await readText(answer.body)) ?? `it answered ${answer.statusCode}`;
    if (answer.statusCode === 404 && side === 'source')
      return new ImageError(`${action}: ${this.label}: ${reason}`);
    return new TransportError(side, `${action}: ${this.label}: ${reason}`);
  }

  #unreachable(side: 'source' | 'destination', error: unknown): Error {
    // The archive that is sent may itself fail to be read or written.
    if (error instanceof OslimError) return error;
    return new TransportError(
      side,
      `cannot talk to the engine at "${this.label}": ${printable(reasonOf(error))}`,
      {
        cause: error,
        advice: 'is it running, and may you use its socket? See DOCKER_HOST',
      },
    );
  }
}

/** Names hold slashes, colons and an at sign, which the API wants as they are. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replaceAll('%2F', '/').replaceAll('%3A', ':').replaceAll('%40', '@');
}

/** Returns the error in an answer: `{"message": …}`, or in a stream of objects one `{"error": …}`. */
function errorIn(text: string): string | undefined {
  for (const line of text.split('\n')) {
    let document: unknown;
    try {
      document = JSON.parse(line);
    } catch {
      continue; // Progress that is not JSON (podman) is no error.
    }
    const message = isRecord(document) ? (document.message ?? document.error ?? document.cause) : undefined;
    if (typeof message === 'string' && message !== '') return printable(message);
  }
  return undefined;
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function discard(body: AsyncIterable<Uint8Array>): Promise<void> {
  await readText(body);
}
