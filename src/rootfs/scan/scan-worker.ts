import { parentPort, workerData } from 'node:worker_threads';
import { encodeError } from '../../io/thread-error.ts';
import { runRefill, runScan } from './run-scan.ts';
import { OUTCOME, REFILL, type RefillJob, type ScanJob, type ScanMessage } from './scan-job.ts';

function post(message: ScanMessage, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

async function refill({ job, state, errors }: RefillJob): Promise<void> {
  let outcome: number = OUTCOME.failed;
  try {
    await runRefill(job, () => Atomics.add(state, REFILL.progress, 1));
    outcome = OUTCOME.done;
  } catch (error) {
    errors.postMessage(encodeError(error));
  }
  Atomics.store(state, REFILL.outcome, outcome);
  Atomics.notify(state, REFILL.outcome);
}

const given = workerData as RefillJob | undefined;
if (given) void refill(given);

parentPort?.on('message', (job: ScanJob) => {
  runScan(job, post).catch((error: unknown) => post({ kind: 'failed', error: encodeError(error) }));
});
