import { Worker } from 'node:worker_threads';

export function answer(): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const worker = new Worker("require('node:worker_threads').parentPort.postMessage({ lazy: 6 * 7 })", { eval: true });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
