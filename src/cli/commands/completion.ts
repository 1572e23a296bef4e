import { Argument, type Command } from 'commander';
import { type CommandSpec, commandTree } from '../command-tree.ts';
import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { zshCompletion } from '../completion/zsh.ts';

type Shell = 'bash' | 'zsh' | 'fish';

const SCRIPTS: Readonly<Record<Shell, (tree: CommandSpec) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** Gives `command` the job of `oslim completion`: a script for a shell from the whole command line, `program`. */
export function asCompletionCommand(
  command: Command,
  program: Command,
  done: (status: number) => void,
): Command {
  return command
    .description('print a completion script for a shell: source <(oslim completion bash)')
    .addArgument(new Argument('<shell>', 'the shell that is to source it').choices(Object.keys(SCRIPTS)))
    .action((shell: Shell) => {
      process.stdout.write(SCRIPTS[shell](commandTree(program)));
      done(0);
    });
}
