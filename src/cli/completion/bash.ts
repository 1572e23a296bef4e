import { type CommandSpec, everyCommand, type FlagSpec, lastWord } from '../command-tree.ts';

/** Returns a completion script for bash 4 and later, written anew from the command line itself. */
export function bashCompletion(tree: CommandSpec): string {
  const commands = [...everyCommand(tree)];
  const steps = commands.filter(({ name }) => name !== tree.name).map(({ name }) => `'${name}'`);
  return `# bash completion for ${tree.name}: source it, or put it where bash-completion looks.
_${tree.name}() {
    local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command=${tree.name} i
    # bash breaks --flag=value into three words.
    if [[ $cur == = ]]; then cur=
    elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}; fi
    for ((i = 1; i < COMP_CWORD; i++)); do
        case "$command \${COMP_WORDS[i]}" in
            ${steps.join('|')}) command="$command \${COMP_WORDS[i]}" ;;
        esac
    done
    COMPREPLY=()
    case "$command $prev" in
${commands.flatMap(valueCases).join('\n')}
    esac
    local words files=
    case "$command" in
${commands.map(wordsCase).join('\n')}
    esac
    [[ $cur == -* ]] && files=
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur"; [[ -z $files ]] || compgen -f -- "$cur")
}
complete -o filenames -F _${tree.name} ${tree.name}
`;
}

function valueCases({ name, flags }: CommandSpec): string[] {
  return flags
    .filter(({ takes }) => takes === 'value')
    .map((flag) => {
      const patterns = flag.names.map((spelling) => `'${name} ${spelling}'`).join('|');
      return `        ${patterns}) ${answer(flag)}return ;;`;
    });
}

function answer({ choices, isFile }: FlagSpec): string {
  if (choices.length > 0) return `mapfile -t COMPREPLY < <(compgen -W '${choices.join(' ')}' -- "$cur"); `;
  return isFile ? 'mapfile -t COMPREPLY < <(compgen -f -- "$cur"); ' : '';
}

function wordsCase(command: CommandSpec): string {
  const flags = command.flags.flatMap(({ names }) => names);
  const choices = command.operands.flatMap((operand) => operand.choices);
  const words = [...command.commands.map(lastWord), ...choices, ...flags, '--help'].join(' ');
  const takesFiles = command.operands.length > 0 && choices.length === 0;
  return `        '${command.name}') words='${words}'${takesFiles ? ' files=1' : ''} ;;`;
}
