import type { Word } from '../../detector.ts';

/** How a module is asked for: it decides which of a package's exports is meant. */
export type ImportStyle = 'require' | 'import';

export interface JsImport {
  readonly specifier: string;
  readonly style: ImportStyle;
}

/** A program that a source starts. */
export interface JsCommand {
  /** For `shell` one word, the shell's program text; for `module` the script's path first. */
  readonly argv: readonly Word[];
  readonly kind: 'shell' | 'program' | 'module';
}

/** JsSource is what a JavaScript or TypeScript file says about what it needs. */
export interface JsSource {
  readonly imports: readonly JsImport[];
  /** Specifiers of which only parts are known: UNKNOWN stands for the others. */
  readonly patterns: readonly JsImport[];
  /** Does it ask for a module of which nothing is known? */
  readonly importsUnknown: boolean;
  /** Paths that begin with HERE or CWD; they may have UNKNOWN parts. */
  readonly paths: readonly string[];
  /** Every string literal that may name something: no spaces, not empty, at most 200 characters. */
  readonly strings: readonly string[];
  readonly commands: readonly JsCommand[];
  /** Does it start a program that cannot be read? */
  readonly startsUnknown: boolean;
}

/** Returns whether a literal may be the name of a file, a module or a command. */
export function mayName(text: string): boolean {
  return text.length > 1 && text.length <= 200 && /^[\w@./~-][\w@./:+~#-]*$/.test(text);
}
