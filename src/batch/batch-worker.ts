// A process of `oslim batch`: slims the images that it is told, one after the other, and says what came of each. One of its own, so
// that all processors work and an image that takes a process down takes no other image with it.
import type { SlimJobOptions } from '../jobs/slim-job.ts';
import { slimJob } from '../jobs/slim-job.ts';
import { failureLine, lineOf } from './line.ts';

const abort = new AbortController();
// The terminal's Ctrl-C reaches every process; the one that gave the work decides what it means.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => abort.abort(new Error('interrupted')));
// With nobody to tell there is nothing to do: what was begun is taken back.
process.on('disconnect', () => abort.abort(new Error('interrupted')));
process.on('message', (job: SlimJobOptions) => {
  void work(job);
});

async function work(job: SlimJobOptions): Promise<void> {
  const began = performance.now();
  const seconds = () => Math.round(performance.now() - began) / 1000;
  try {
    const outcome = await slimJob({ ...job, signal: abort.signal });
    process.send?.(lineOf(job.image, outcome, seconds()));
  } catch (error) {
    process.send?.(failureLine(job.image, error, seconds()));
  }
}
