import { Command, CommanderError } from 'commander';
import { packageVersion } from '../index.ts';
import { asLddCommand } from './commands/ldd.ts';
import { asSlimCommand } from './commands/slim.ts';
import { exitStatusOf, reportError } from './failure.ts';

/** Runs the command line `argv` (without node and script) and returns the exit status of DESIGN 2. */
export async function main(argv: readonly string[]): Promise<number> {
  let status = 0;
  const done = (value: number): void => {
    status = value;
  };
  const program = new Command('oslim')
    .description('Slim a container image without running it: keep what its process needs, and say why.')
    .version(packageVersion(), '-V, --version')
    .enablePositionalOptions()
    .showHelpAfterError('(oslim --help lists the options)')
    .exitOverride();
  asSlimCommand(program, done);
  asSlimCommand(
    program.command('slim').description('slim an image (the main job, also without this word)'),
    done,
  );
  asLddCommand(program.command('ldd'), done);
  for (const command of program.commands) command.exitOverride();
  try {
    await program.parseAsync(argv, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    reportError(error);
    return exitStatusOf(error);
  }
}
