import { closeSync } from 'node:fs';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { reasonOf, TransportError } from '../../../errors.ts';
import { readFully } from '../../../io/random-access.ts';
import { openUnnamed } from '../../../io/spool.ts';
import { decodeError } from '../../../io/thread-error.ts';
import {
  type FrameOutcome,
  type FrameRequest,
  STATE,
  type ThreadData,
  type ThreadSetup,
} from './frame-request.ts';

export interface FrameThreadOptions {
  readonly setup: ThreadSetup;
  /** Told how many bytes of answers' bodies came. */
  readonly onReceived?: (bytes: number) => void;
  readonly onFailure?: (error: Error) => void;
  readonly signal?: AbortSignal | undefined;
  /** Absent: the thread of the built package. */
  readonly startWorker?: (data: ThreadData) => Worker;
}

/** A thread that is alive counts every second; one that has not for so long is gone. */
const SILENCE_MS = 60_000;
const LOOK_MS = 5_000;

/**
 * FrameThread fetches frames in a thread of its own into a temporary file, for a main thread that cannot wait in any
 * other way than by standing still. `close` ends both.
 */
export class FrameThread {
  readonly #fd = openUnnamed();
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #state = new Int32Array(new SharedArrayBuffer(STATE.length * Int32Array.BYTES_PER_ELEMENT));
  readonly #options: FrameThreadOptions;
  readonly #pending = new Map<number, (outcome: FrameOutcome | Error) => void>();
  #requests = 0;
  #ended: Error | undefined;
  #fileSize = 0;

  constructor(options: FrameThreadOptions) {
    this.#options = options;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const data = { setup: options.setup, fd: this.#fd, port: port2, state: this.#state };
    this.#worker = (options.startWorker ?? startWorker)(data);
    this.#worker.on('message', ({ id, outcome }: { readonly id: number; readonly outcome: FrameOutcome }) =>
      this.#settle(id, outcome),
    );
    this.#worker.on('error', (error) => this.#end(gone(error)));
    this.#worker.on('exit', () => this.#end(gone()));
  }

  /** Returns where in the file `size` bytes may be put. */
  allocate(size: number): number {
    const at = this.#fileSize;
    this.#fileSize += size;
    return at;
  }

  /** Reads what was put into the file. */
  read(offset: number, length: number): Uint8Array {
    return readFully(this.#fd, offset, length, 'temporary file');
  }

  /** Fetches while this thread stands still. Throws what FrameFetcher throws. */
  fetchNow(request: FrameRequest): void {
    this.#options.signal?.throwIfAborted();
    Atomics.store(this.#state, STATE.done, 0);
    this.#port.postMessage(request);
    this.#standStill();
    const got: { readonly message: FrameOutcome } | undefined = receiveMessageOnPort(this.#port);
    if (got === undefined) throw gone();
    this.#take(got.message);
  }

  /** Fetches while this thread goes on. Throws what FrameFetcher throws, and the reason of an abort. */
  async fetch(request: FrameRequest): Promise<void> {
    const { signal } = this.#options;
    signal?.throwIfAborted();
    if (this.#ended !== undefined) throw this.#ended;
    const id = this.#requests++;
    const outcome = await new Promise<FrameOutcome>((resolve, reject) => {
      const onAbort = (): void => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort);
      this.#pending.set(id, (outcome) => {
        signal?.removeEventListener('abort', onAbort);
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      });
      this.#worker.postMessage({ id, request });
    });
    this.#take(outcome);
  }

  async close(): Promise<void> {
    this.#worker.removeAllListeners();
    // It writes to the file by its number, which may soon be another file's.
    await this.#worker.terminate();
    this.#port.close();
    closeSync(this.#fd);
  }

  #standStill(): void {
    let silentMs = 0;
    let heartbeat = -1;
    while (Atomics.wait(this.#state, STATE.done, 0, LOOK_MS) === 'timed-out') {
      const now = Atomics.load(this.#state, STATE.heartbeat);
      silentMs = now === heartbeat ? silentMs + LOOK_MS : 0;
      heartbeat = now;
      if (silentMs >= SILENCE_MS) throw gone();
    }
  }

  #take({ received, failure }: FrameOutcome): void {
    this.#options.onReceived?.(received);
    if (failure === undefined) return;
    const error = decodeError(failure);
    this.#options.onFailure?.(error);
    throw error;
  }

  #settle(id: number, outcome: FrameOutcome | Error): void {
    this.#pending.get(id)?.(outcome);
    this.#pending.delete(id);
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const id of [...this.#pending.keys()]) this.#settle(id, error);
  }
}

function startWorker(data: ThreadData): Worker {
  return new Worker(new URL('./frame-worker.js', import.meta.url), {
    workerData: data,
    transferList: [data.port],
  });
}

function gone(cause?: unknown): TransportError {
  const reason = cause === undefined ? '' : `: ${reasonOf(cause)}`;
  return new TransportError(
    'source',
    `cannot fetch parts of a layer: the thread that does it has ended${reason}`,
    { cause },
  );
}
