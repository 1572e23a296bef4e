import type { Argument, Command, Option } from 'commander';

/** FlagSpec is one option as it is typed. */
export interface FlagSpec {
  /** `-o`, `--output`: all spellings, short ones first. */
  readonly names: readonly string[];
  readonly takes: 'nothing' | 'value' | 'maybe';
  /** What stands for the value: `dest`; empty for none. */
  readonly placeholder: string;
  readonly choices: readonly string[];
  readonly isFile: boolean;
  readonly description: string;
  readonly preset: string | undefined;
  readonly group: string;
}

export interface OperandSpec {
  readonly name: string;
  readonly description: string;
  readonly choices: readonly string[];
  readonly isRequired: boolean;
  readonly isVariadic: boolean;
}

/** CommandSpec is one command with everything that can follow it: what pages and completions are made from. */
export interface CommandSpec {
  /** `oslim`, `oslim cache ls`. */
  readonly name: string;
  readonly description: string;
  readonly flags: readonly FlagSpec[];
  readonly operands: readonly OperandSpec[];
  readonly commands: readonly CommandSpec[];
}

/** Values that are names of files of the host, or begin with one. */
const FILES: ReadonlySet<string> = new Set(['file', 'dest', 'report']);

/** Reads the tree of a commander command; the help command and hidden options are left out. */
export function commandTree(command: Command, name = command.name()): CommandSpec {
  return {
    name,
    description: command.description(),
    flags: command.options.filter(({ hidden }) => !hidden).map(flagSpec),
    operands: command.registeredArguments.map(operandSpec),
    commands: command.commands
      .filter((inner) => inner.name() !== 'help')
      .map((inner) => commandTree(inner, `${name} ${inner.name()}`)),
  };
}

/** Yields a command and everything below it, each before what is in it. */
export function* everyCommand(command: CommandSpec): Generator<CommandSpec> {
  yield command;
  for (const inner of command.commands) yield* everyCommand(inner);
}

/** The last word of a command's name: what is typed for it. */
export function lastWord({ name }: CommandSpec): string {
  return name.slice(name.lastIndexOf(' ') + 1);
}

function flagSpec(option: Option): FlagSpec {
  const placeholder = /[<[]([^>\]]*)[>\]]/.exec(option.flags)?.[1] ?? '';
  return {
    names: [option.short, option.long].filter((one) => one != null),
    takes: option.required ? 'value' : option.optional ? 'maybe' : 'nothing',
    placeholder,
    choices: option.argChoices ?? [],
    isFile: FILES.has(placeholder),
    description: option.description,
    preset: typeof option.defaultValue === 'string' ? option.defaultValue : undefined,
    group: option.helpGroupHeading ?? '',
  };
}

function operandSpec(argument: Argument): OperandSpec {
  return {
    name: argument.name(),
    description: argument.description,
    choices: argument.argChoices ?? [],
    isRequired: argument.required,
    isVariadic: argument.variadic,
  };
}
