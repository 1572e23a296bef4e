import type { Command } from 'commander';
import { buildProgram } from './program.ts';

const BEGIN = '<!-- flags: begin (written by `npm run docs`) -->';
const END = '<!-- flags: end -->';

/** Returns `readme` with its table of flags written anew from the command line itself. */
export function withFlagsTable(readme: string): string {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END);
  if (begin < 0 || end < begin) throw new Error('README.md has no place for the table of flags');
  return `${readme.slice(0, begin + BEGIN.length)}\n\n${tables()}\n\n${readme.slice(end)}`;
}

function tables(): string {
  const program = buildProgram(() => {});
  const commands = program.commands.filter(
    (command) => !['help', 'slim', 'completion'].includes(command.name()),
  );
  return [
    flagsTable('oslim IMAGE', program),
    ...commands.flatMap((command) => commandTables('oslim', command)),
  ].join('\n\n');
}

/** A command that is only a word before others (`oslim cache`) has no table of its own. */
function commandTables(before: string, command: Command): string[] {
  const name = `${before} ${command.name()}`;
  if (command.commands.length > 0) return command.commands.flatMap((inner) => commandTables(name, inner));
  const operands = command.registeredArguments.map(
    (argument) => argument.name().toUpperCase() + (argument.variadic ? '...' : ''),
  );
  return [flagsTable([name, ...operands].join(' '), command)];
}

function flagsTable(title: string, command: Command): string {
  const rows = command.options
    .filter((option) => !option.hidden)
    .map(({ flags, description, defaultValue, argChoices }) => {
      const choices = argChoices === undefined ? '' : `: ${argChoices.join(', ')}`;
      const preset = typeof defaultValue === 'string' ? ` (default: ${defaultValue})` : '';
      return `| \`${flags}\` | ${description}${choices}${preset} |`;
    });
  return [`### \`${title}\``, '', '| flag | meaning |', '| --- | --- |', ...rows].join('\n');
}
