import { CommanderError } from 'commander';
import { exitStatusOf, reportError } from './failure.ts';
import { buildProgram } from './program.ts';

/**
 * Who reads the words on stdout or stderr may go before they are all said (`oslim … | head -1`); that is no failure:
 * what was to be written is written by then.
 */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.listeners('error').includes(ignoreBrokenPipe)) continue;
    stream.on('error', ignoreBrokenPipe);
  }
}

function ignoreBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** Runs the command line `argv` (without node and script) and returns the exit status. */
export async function main(argv: readonly string[]): Promise<number> {
  outliveReaders();
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
