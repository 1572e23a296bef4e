import { OslimError, printable, reasonOf, UsageError } from '../index.ts';

/** Exit statuses: 1 for what could not be done, 2 for what was not meant so. */
export function exitStatusOf(error: unknown): number {
  return error instanceof UsageError ? 2 : 1;
}

/** Writes an error to stderr as one line, and what to do next as a second one. */
export function reportError(error: unknown): void {
  process.stderr.write(`oslim: ${printable(reasonOf(error))}\n`);
  if (error instanceof OslimError && error.advice !== undefined)
    process.stderr.write(`  ${printable(error.advice)}\n`);
  if (process.env.OSLIM_DEBUG && error instanceof Error)
    process.stderr.write(`${(error.stack ?? '').split('\n').map(printable).join('\n')}\n`);
}
