import { packageVersion } from '../index.ts';

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
  // Scripts ask for it to see that the tool is there: nothing else is loaded for it.
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    process.stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  const { runProgram } = await import('./program.ts');
  return runProgram(argv);
}
