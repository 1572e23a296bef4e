import { CommanderError } from 'commander';
import { exitStatusOf, reportError } from './failure.ts';
import { buildProgram } from './program.ts';

/** Runs the command line `argv` (without node and script) and returns the exit status. */
export async function main(argv: readonly string[]): Promise<number> {
  let status = 0;
  const program = buildProgram((value) => {
    status = value;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return status;
  } catch (error) {
    // Commander has written what was wrong, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    reportError(error);
    return exitStatusOf(error);
  }
}
