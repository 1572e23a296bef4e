import { type CommandSpec, everyCommand, type FlagSpec, lastWord } from '../command-tree.ts';

/** Returns a completion script for zsh 5, written anew from the command line itself. */
export function zshCompletion(tree: CommandSpec): string {
  const commands = [...everyCommand(tree)];
  const steps = commands.filter(({ name }) => name !== tree.name).map(({ name }) => quoted(name));
  const describers = commands.filter((command) => command.commands.length > 0).map(describerFunction);
  return `#compdef ${tree.name}
# zsh completion for ${tree.name}: source it after compinit, or put it as _${tree.name} into a directory of $fpath.
${describers.join('')}_${tree.name}() {
  local command=${tree.name} i depth=0
  for ((i = 2; i < CURRENT; i++)); do
    case "$command $words[i]" in
      (${steps.join('|')}) command="$command $words[i]"; depth=$((i - 1)) ;;
    esac
  done
  # _arguments counts operands from the last command word on.
  words=("\${(@)words[depth+1,-1]}")
  CURRENT=$((CURRENT - depth))
  case "$command" in
${commands.map(commandCase).join('\n')}
  esac
}
if [[ $funcstack[1] == _${tree.name} ]]; then _${tree.name} "$@"; else compdef _${tree.name} ${tree.name}; fi
`;
}

function commandCase(command: CommandSpec): string {
  const specs = [
    ...command.flags.flatMap(flagSpecs),
    quoted('--help[show the help of this command]'),
    ...operands(command),
  ];
  return `    (${quoted(command.name)})\n      _arguments -s ${specs.join(' \\\n        ')} ;;`;
}

function flagSpecs({ names, takes, choices, isFile, placeholder, description }: FlagSpec): string[] {
  const action = choices.length > 0 ? `(${choices.join(' ')})` : isFile ? '_files' : ' ';
  const value = takes === 'value' ? `:${placeholder}:${action}` : '';
  // The star lets repeatable flags come again.
  return names.map((name) => quoted(`*${name}[${description.replace(/[[\]:]/g, '\\$&')}]${value}`));
}

function operands(command: CommandSpec): string[] {
  const choices = command.operands.flatMap((operand) => operand.choices);
  if (choices.length > 0) return [quoted(`1:what:(${choices.join(' ')})`)];
  const first = command.commands.length > 0 ? [quoted(`1:command:${describer(command)}`)] : [];
  return command.operands.length > 0 ? [...first, quoted('*:file:_files')] : first;
}

/** The function that offers the words that may follow a command, and files where those may. */
function describer({ name }: CommandSpec): string {
  return `_${name.replaceAll(' ', '_')}_commands`;
}

function describerFunction(command: CommandSpec): string {
  const words = command.commands.map((inner) =>
    quoted(`${lastWord(inner)}:${inner.description.replaceAll(':', '\\:')}`),
  );
  const files = command.operands.length > 0 ? '\n  _files' : '';
  return `${describer(command)}() {
  local -a commands=(${words.join(' ')})
  _describe command commands${files}
}
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
