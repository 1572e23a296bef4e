/** A command that a configuration names. */
export interface ConfiguredCommand {
  /** As the program splits it; for `/bin/sh -c` where a shell reads it. */
  readonly argv: readonly string[];
  readonly cwd?: string | undefined;
  /** Added to the environment. */
  readonly env?: ReadonlyMap<string, string> | undefined;
}

/** What a configuration file says: commands, and files that it includes (globs, relative to its own directory). */
export interface ServiceFile {
  readonly commands: readonly ConfiguredCommand[];
  readonly includes: readonly string[];
}

/** What a parser may need besides the text. */
export interface FormatContext {
  readonly env: ReadonlyMap<string, string>;
  /** Returns the text of another file of the image. */
  readonly text: (path: string) => string | undefined;
}

export type ServiceFormat = (text: string, context: FormatContext) => ServiceFile;

/** Returns the command by which `/bin/sh` runs a line. */
export function shellLine(line: string, more: Omit<ConfiguredCommand, 'argv'> = {}): ConfiguredCommand {
  return { argv: ['/bin/sh', '-c', line], ...more };
}

/** Returns the lines of a text with `\`-newline joined, comments and empty lines left out. */
export function configLines(text: string, comment = /^\s*[#;]/): string[] {
  return text
    .replaceAll(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !comment.test(line));
}
