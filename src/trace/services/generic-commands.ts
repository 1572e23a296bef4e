import { parse } from 'unbash';
import { splitWords } from '../commands/split-words.ts';
import { type ConfiguredCommand, shellLine } from './configured-command.ts';

/** Keys whose value is a command line, as configuration of many programs spells them; the value begins with a path. */
const COMMAND_KEY =
  /^\s*["'<]?(?:[\w.-]*[ _.-])?(?:exec|execute|command|cmd|program|script|helper|handler|executable|binary|bin[_-]?path|path[_-]to[_-]bin|hook|run|spawn|attach-daemon2?|smart-attach-daemon)\w*["']?\s*(?:[=:>]|=>|\s)\s*["']?(\/[^"'<>\n;#]+)/gim;

/**
 * Returns the command lines of a configuration of no known format: the values of keys called command, exec, program and
 * the like. Whether the first word is an executable of the image is for the caller to see.
 */
export function genericCommands(text: string): readonly ConfiguredCommand[] {
  return [...text.matchAll(COMMAND_KEY)].map(([, line = '']) => ({
    argv: splitWords(line.trim().replace(/[,\])]+$/, '')),
  }));
}

/** Commands joined as only a shell joins them, with white space around; a pattern's `a|b` has none. */
const JOINED = /\s(?:\|\|?|&&|;)\s+(?=[a-z])/;

const WITH_OPTION = /^[\w./+-]+\s+(?:--?[A-Za-z]|\d|\$|\/)/;

/** Ends a statement in formats of their own (nginx, BIND), whose words are not commands: `set $root /srv;`. */
const STATEMENT = /;\s*$/;

/**
 * Returns the command lines with options, the shell's pipelines and lists that stand in a configuration (`UserParameter=key[*],echo "$1" | tr a-z A-Z`), as far
 * as every part of them begins with a command for which `isCommand` holds, one of them with a program and no builtin alone.
 */
export function configuredLines(
  text: string,
  isCommand: (name: string) => boolean,
  isProgram = isCommand,
): readonly ConfiguredCommand[] {
  return text.split('\n').flatMap((line) => {
    const [first = '', ...others] = line.split(JOINED);
    if (/^\s*[#;]/.test(line) || (others.length === 0 && STATEMENT.test(line))) return [];
    // What comes before the first command is the key, in whatever the format puts around values. A command alone shows itself
    // by an option, a number, a path or a parameter.
    const start = first
      .split(/[=,:({"'`[\]]\s*|^\s*/)
      .find((part) => isCommand(nameOf(part)) && (others.length > 0 || WITH_OPTION.test(part)));
    if (start === undefined || !others.every((part) => isCommand(nameOf(part)))) return [];
    if (![start, ...others].some((part) => isProgram(nameOf(part)))) return [];
    const command = line.slice(line.indexOf(start));
    return (parse(command).errors ?? []).length > 0 ? [] : [shellLine(command)];
  });
}

function nameOf(part: string): string {
  return /^[\w./+-]+/.exec(part.trim())?.[0] ?? '';
}
