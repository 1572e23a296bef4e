import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { InternalError, TransportError } from '../../errors.ts';
import { decodeError } from '../../io/thread-error.ts';
import {
  OUTCOME,
  REFILL,
  type RefillJob,
  type ScanJob,
  type ScanMessage,
  type StoredFile,
} from './scan-job.ts';
import { send } from './stored-stream.ts';

/** Node 20 cannot load TypeScript in a thread: when the sources are run, as tests do, everything is done in this one. */
export const HAS_THREADS = import.meta.url.endsWith('.js');

const WORKER = new URL('./scan-worker.js', import.meta.url);
/** A thread that has said nothing for so long is gone: it tells of every entry. */
const SILENCE_MS = 60_000;

type Done = ScanMessage & { readonly kind: 'done' };
/** A job as those who have it done know it: the bytes lie in a file, or come as a stream that is verified by who reads it. */
export type LayerJob = ScanJob<StoredFile | AsyncIterable<Uint8Array>>;

export interface ScanListener {
  headers(blocks: Uint8Array, offsets: Float64Array): void;
  read(bytes: number): void;
}

/** ScanThreads reads layers in threads of their own, each thread one at a time; `close` ends them. */
export class ScanThreads {
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();

  /** Reads a layer; what `listener` throws ends it too. Throws OslimError, and the reason of an abort. */
  async scan(job: LayerJob, signal: AbortSignal, listener: ScanListener): Promise<Done> {
    const { stored, ...rest } = job;
    if ('fd' in stored) return this.#scan({ ...rest, stored }, signal, listener);
    const { port1: here, port2: there } = new MessageChannel();
    // Whichever end fails ends the other; the first reason is what is thrown.
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    const halves = [
      this.#scan({ ...rest, stored: { port: there } }, either, listener),
      send(stored, here, either),
    ] as const;
    for (const half of halves) half.catch((error: unknown) => stop.abort(error));
    try {
      const [done] = await Promise.all(halves);
      return done;
    } finally {
      here.close();
    }
  }

  async #scan(job: ScanJob, signal: AbortSignal, listener: ScanListener): Promise<Done> {
    signal.throwIfAborted();
    const worker = this.#idle.pop() ?? this.#start();
    try {
      const done = await listen(worker, job, listener, signal);
      this.#idle.push(worker);
      return done;
    } catch (error) {
      this.#all.delete(worker);
      await worker.terminate();
      throw error;
    }
  }

  /** Reads a layer, whole, into its spool while this thread waits. Throws OslimError. */
  refill(job: ScanJob<StoredFile>): void {
    const state = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
    const { port1: here, port2: errors } = new MessageChannel();
    const worker = new Worker(WORKER, {
      workerData: { job, state, errors } satisfies RefillJob,
      transferList: [errors],
    });
    let progress = -1;
    while (Atomics.wait(state, REFILL.outcome, OUTCOME.underWay, SILENCE_MS) === 'timed-out') {
      const now = Atomics.load(state, REFILL.progress);
      if (now === progress) break;
      progress = now;
    }
    const isDone = Atomics.load(state, REFILL.outcome) === OUTCOME.done;
    const said = isDone ? undefined : receiveMessageOnPort(here);
    here.close();
    void worker.terminate();
    if (said !== undefined) throw decodeError(said.message);
    if (!isDone) throw new TransportError('source', `cannot read ${job.subject} a second time`);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
  }

  #start(): Worker {
    const worker = new Worker(WORKER);
    this.#all.add(worker);
    return worker;
  }
}

function listen(worker: Worker, job: ScanJob, listener: ScanListener, signal: AbortSignal): Promise<Done> {
  return new Promise((resolve, reject) => {
    const settle = (how: () => void): void => {
      // One by one: Worker has listeners of its own, which `removeAllListeners` would take too.
      worker.off('error', fail).off('exit', onExit).off('message', onMessage);
      signal.removeEventListener('abort', onAbort);
      how();
    };
    const fail = (error: unknown): void => settle(() => reject(error));
    const onAbort = (): void => fail(signal.reason);
    const onExit = (code: number): void =>
      fail(new InternalError(`a thread that reads layers ended with ${code}`));
    const onMessage = (message: ScanMessage): void => {
      try {
        if (message.kind === 'headers') listener.headers(message.blocks, message.offsets);
        else if (message.kind === 'read') listener.read(message.bytes);
        else if (message.kind === 'failed') fail(decodeError(message.error));
        else settle(() => resolve(message));
      } catch (error) {
        fail(error);
      }
    };
    signal.addEventListener('abort', onAbort);
    worker.on('error', fail).on('exit', onExit).on('message', onMessage);
    worker.postMessage(job, 'port' in job.stored ? [job.stored.port] : []);
  });
}
