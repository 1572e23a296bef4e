import { Command, CommanderError } from 'commander';
import { packageVersion } from '../index.ts';
import { asBatchCommand } from './commands/batch.ts';
import { asCacheCommand } from './commands/cache.ts';
import { asCompletionCommand } from './commands/completion.ts';
import { asDiffCommand } from './commands/diff.ts';
import { asInspectCommand } from './commands/inspect.ts';
import { asLddCommand } from './commands/ldd.ts';
import { asSlimCommand } from './commands/slim.ts';
import { asVerifyCommand } from './commands/verify.ts';
import { asWhyCommand } from './commands/why.ts';
import { exitStatusOf, reportError } from './failure.ts';

/** Returns the whole command line; `done` takes the exit status of the command that ran. */
export function buildProgram(done: (status: number) => void): Command {
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
  program.helpCommand('help [command]', 'show the help of a command');
  asLddCommand(program.command('ldd'), done);
  asInspectCommand(program.command('inspect'), done);
  asDiffCommand(program.command('diff'), done);
  asWhyCommand(program.command('why'), done);
  asVerifyCommand(program.command('verify'), done);
  asBatchCommand(program.command('batch'), done);
  const cache = asCacheCommand(program.command('cache'), done);
  asCompletionCommand(program.command('completion'), program, done);
  for (const command of [...program.commands, ...cache.commands]) command.exitOverride();
  return program;
}

/** Runs the command that `argv` (without node and script) spells, and returns its exit status. */
export async function runProgram(argv: readonly string[]): Promise<number> {
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
