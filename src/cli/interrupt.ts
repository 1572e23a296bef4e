import { reportError } from './failure.ts';

/** What may stand still for long (a pipe, a registry) is not waited for longer than this. */
const GRACE_MS = 1000;

/**
 * Runs `work` with a signal that SIGINT and SIGTERM abort, so that what was begun is taken back. A second signal, or
 * work that does not end by itself, ends the process: its unfinished files go with it.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let deadline: NodeJS.Timeout | undefined;
  const abort = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(1);
    const reason = new Error(`interrupted by ${name}`);
    controller.abort(reason);
    deadline = setTimeout(() => {
      reportError(reason);
      process.exit(1);
    }, GRACE_MS);
  };
  process.on('SIGINT', abort);
  process.on('SIGTERM', abort);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(deadline);
    process.off('SIGINT', abort);
    process.off('SIGTERM', abort);
  }
}
