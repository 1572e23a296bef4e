import { splitWords } from '../commands/split-words.ts';
import type { ConfiguredCommand } from './configured-command.ts';

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
