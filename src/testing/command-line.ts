import { vi } from 'vitest';
import { main } from '../cli/main.ts';

/** Runs the command line as a user does and returns what the terminal would show. */
export async function runCommandLine(...argv: string[]) {
  const stdout: string[] = [];
  const stderr: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => stdout.push(String(chunk)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => stderr.push(String(chunk)) > 0);
  const status = await main(argv);
  vi.restoreAllMocks();
  return { status, stdout: stdout.join(''), stderr: stderr.join('') };
}
