import { once } from 'node:events';
import { parentPort, type Worker, workerData } from 'node:worker_threads';
import { sourceWorker } from '../source-worker.ts';
import { TestRegistry } from './test-registry.ts';

const IS_REGISTRY = 'registry-thread';

/** Blobs of the repository `app`, and an image's manifest by its tag. */
interface RegistryContents {
  readonly blobs: readonly Uint8Array[];
  readonly manifest: { readonly tag: string; readonly mediaType: string; readonly bytes: Uint8Array };
}

/** RegistryThread is a TestRegistry for tests whose own thread stands still while it waits for an answer. */
export class RegistryThread {
  readonly host: string;
  readonly #worker: Worker;

  private constructor(worker: Worker, host: string) {
    this.#worker = worker;
    this.host = host;
  }

  static async start(): Promise<RegistryThread> {
    const file = new URL('./registry-thread.ts', import.meta.url);
    const worker = sourceWorker(file, { workerData: IS_REGISTRY });
    const [host] = (await once(worker, 'message')) as [string];
    return new RegistryThread(worker, host);
  }

  async put(contents: RegistryContents): Promise<void> {
    await this.#ask(contents);
  }

  /** Returns the ranges of blobs that were asked for since contents were last put. */
  async ranges(): Promise<readonly string[]> {
    return (await this.#ask('ranges')) as readonly string[];
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  async #ask(question: RegistryContents | 'ranges'): Promise<unknown> {
    const answer = once(this.#worker, 'message');
    this.#worker.postMessage(question);
    return (await answer)[0];
  }
}

async function serve(): Promise<void> {
  const registry = await TestRegistry.start();
  parentPort?.on('message', (question: RegistryContents | 'ranges') => {
    if (question === 'ranges')
      return parentPort?.postMessage(registry.seenLike(/\/blobs\//).flatMap(({ range }) => range ?? []));
    const { tag, mediaType, bytes } = question.manifest;
    for (const blob of question.blobs) registry.store.putBlob('app', blob);
    registry.store.putManifest('app', tag, mediaType, bytes);
    registry.seen.length = 0;
    return parentPort?.postMessage('done');
  });
  parentPort?.postMessage(registry.host);
}

// Whoever runs the tests may do so in threads, too.
if (workerData === IS_REGISTRY) void serve();
