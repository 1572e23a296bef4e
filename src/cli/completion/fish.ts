import { type CommandSpec, everyCommand, type FlagSpec, lastWord } from '../command-tree.ts';

/** Returns a completion script for fish 3 and later, written anew from the command line itself. */
export function fishCompletion(tree: CommandSpec): string {
  const lines = [...everyCommand(tree)].flatMap((command) => commandLines(tree, command));
  return `# fish completion for ${tree.name}: source it, or put it into a directory of $fish_complete_path.
function __${tree.name}_at --description 'are these the command words that were typed?'
    set -l words (commandline -opc)
    set -l found
    for word in $words
        switch "$found $word"
            case ${[...everyCommand(tree)].map(({ name }) => quoted(` ${name}`)).join(' ')}
                set found "$found $word"
        end
    end
    test "$found" = " $argv"
end
${lines.join('\n')}
`;
}

function commandLines(tree: CommandSpec, command: CommandSpec): string[] {
  const begin = `complete -c ${tree.name} -n ${quoted(`__${tree.name}_at ${command.name}`)}`;
  const choices = command.operands.flatMap((operand) => operand.choices);
  return [
    ...(command.operands.length === 0 || choices.length > 0 ? [`${begin} -f`] : []),
    ...command.commands.map((inner) => `${begin} -a ${lastWord(inner)} -d ${quoted(inner.description)}`),
    ...choices.map((choice) => `${begin} -a ${choice}`),
    ...command.flags.map((flag) => `${begin}${spellings(flag)}${value(flag)} -d ${quoted(flag.description)}`),
  ];
}

function spellings({ names }: FlagSpec): string {
  return names
    .map((name) => (name.startsWith('--') ? ` -l ${name.slice(2)}` : ` -s ${name.slice(1)}`))
    .join('');
}

function value({ takes, choices, isFile }: FlagSpec): string {
  if (takes !== 'value') return '';
  if (choices.length > 0) return ` -x -a ${quoted(choices.join(' '))}`;
  return isFile ? ' -r -F' : ' -x';
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
