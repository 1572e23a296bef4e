import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { SlimJobOptions } from '../jobs/slim-job.ts';
import { type BatchLine, failureLine } from './line.ts';

/** What a process of the batch is: something that takes jobs and answers each with a line. */
export interface BatchWorker {
  /** Rejects when the process ends instead. */
  run(job: SlimJobOptions): Promise<BatchLine>;
  stop(): Promise<void>;
}

export interface BatchOptions {
  readonly jobs: readonly SlimJobOptions[];
  /** Images that are slimmed at the same time, each in a process of its own. */
  readonly concurrency: number;
  /** Told of each image when it is done, in the order in which they end. */
  readonly onLine: (line: BatchLine) => void;
  readonly signal?: AbortSignal | undefined;
  readonly startWorker?: () => BatchWorker;
}

/** BatchTotals is what came of all images. */
export interface BatchTotals {
  readonly images: number;
  readonly done: number;
  readonly unchanged: number;
  readonly policy: number;
  readonly failed: number;
  /** Bytes of files before and after, of what was slimmed in this run. */
  readonly before: number;
  readonly after: number;
  readonly saved: number;
  readonly seconds: number;
}

/**
 * Slims many images with a bounded number of processes; one that fails does not stop the rest. Throws the signal's reason when
 * it is aborted: what was told by then is done.
 */
export async function batch(options: BatchOptions): Promise<BatchTotals> {
  const began = performance.now();
  const lines: BatchLine[] = [];
  const waiting = [...options.jobs];
  const lanes = Array.from({ length: Math.min(options.concurrency, waiting.length) }, () => lane());
  await Promise.all(lanes);
  options.signal?.throwIfAborted();
  return totalsOf(lines, Math.round(performance.now() - began) / 1000);

  async function lane(): Promise<void> {
    const start = options.startWorker ?? startProcess;
    let worker: BatchWorker | undefined;
    const stop = () => void worker?.stop();
    options.signal?.addEventListener('abort', stop);
    try {
      for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
        if (options.signal?.aborted) return;
        worker ??= start();
        const line = await runOn(worker, job);
        if (options.signal?.aborted) return;
        if (line.worker === 'gone') worker = undefined;
        lines.push(line.line);
        options.onLine(line.line);
      }
    } finally {
      options.signal?.removeEventListener('abort', stop);
      await worker?.stop();
    }
  }
}

async function runOn(
  worker: BatchWorker,
  job: SlimJobOptions,
): Promise<{ readonly line: BatchLine; readonly worker: 'there' | 'gone' }> {
  const began = performance.now();
  try {
    return { line: await worker.run(job), worker: 'there' };
  } catch (error) {
    return {
      line: failureLine(job.image, error, Math.round(performance.now() - began) / 1000),
      worker: 'gone',
    };
  }
}

function totalsOf(lines: readonly BatchLine[], seconds: number): BatchTotals {
  const count = (status: BatchLine['status']) => lines.filter((line) => line.status === status).length;
  const sum = (of: (line: BatchLine) => number | undefined) =>
    lines.reduce((total, line) => total + (of(line) ?? 0), 0);
  const [before, after] = [sum((line) => line.before), sum((line) => line.after)];
  return {
    images: lines.length,
    done: count('done'),
    unchanged: count('unchanged'),
    policy: count('policy'),
    failed: count('failed'),
    before,
    after,
    saved: before - after,
    seconds,
  };
}

/** Starts a process of its own (batch-worker.ts). */
function startProcess(): BatchWorker {
  const child: ChildProcess = fork(new URL('./batch-worker.js', import.meta.url), {
    serialization: 'advanced',
  });
  const gone = once(child, 'exit');
  return {
    async run(job) {
      const answer = once(child, 'message');
      child.send(job);
      const [value] = await Promise.race([
        answer,
        gone.then(([code, signal]) => {
          throw new Error(`its process ended (${signal ?? `status ${code}`}): too little memory, perhaps`);
        }),
      ]);
      return value as BatchLine;
    },
    async stop() {
      child.kill('SIGTERM');
      child.disconnect();
      await gone;
    },
  };
}
