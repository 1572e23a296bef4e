import { type LogicalLine, readLogicalLines } from './logical-lines.ts';
import { choosesLanguage } from './message-catalogs.ts';
import { type StartedCommand, scanCommands } from './scan-commands.ts';
import { type LibraryUse, scanLibraries } from './scan-libraries.ts';

/**
 * Where a statement stands: `module` runs on import; `function` perhaps later; `main` is the body below
 * `if __name__ == "__main__"`, which an import does not run; `typing` is for type checkers only.
 */
export type Place = 'module' | 'function' | 'main' | 'typing';

/** An import, by statement or by a call with a name that can be read. */
export interface Import {
  /** Dotted; empty for `from . import x`. */
  readonly module: string;
  /** Of `from m import a, b`: attributes or submodules; `*` is not listed. */
  readonly names: readonly string[];
  /** Leading dots: 0 is absolute. */
  readonly level: number;
  readonly place: Place;
  /** `import_module(f"pkg.{name}")`: any submodule may be meant. */
  readonly isWhole: boolean;
}

/** PythonSource is what a source text says about the files that running it needs. */
export interface PythonSource {
  readonly imports: readonly Import[];
  /** Literals without white space, docstrings left out, each once: names of modules, paths, words. */
  readonly strings: readonly string[];
  readonly commands: readonly StartedCommand[];
  readonly library: LibraryUse;
  /** It imports by a name that cannot be read. */
  readonly importsUnknown: boolean;
  /** It starts a command whose words cannot be read. */
  readonly startsUnknown: boolean;
  /** It changes `sys.path`. */
  readonly changesPath: boolean;
  /** It loads message catalogs of a language that it chooses itself. */
  readonly choosesLanguage: boolean;
}

const IMPORT_CALL =
  /\b(?:import_module|__import__|import_string|import_object|import_item|load_object|resolve_name|find_spec)\s*\(\s*(?:"(\d+)"|([^\s)]))?/g;
const DISCOVERY =
  /\b(?:iter_modules|walk_packages|spec_from_file_location|load_source|run_path|run_module)\s*\(/;
const STRING_LENGTH = 256;

/** Reads one source text. Never throws: what cannot be read says nothing. */
export function scanSource(text: string): PythonSource {
  const { lines, literals } = readLogicalLines(text);
  const imports: Import[] = [];
  const docstrings = new Set<number>();
  const blocks = new Blocks();
  let importsUnknown = false;
  let changesPath = false;
  let isTranslator = false;
  for (const line of lines) {
    const place = blocks.enter(line);
    const docstring = /^"(\d+)"$/.exec(line.code);
    if (docstring !== null) docstrings.add(Number(docstring[1]));
    readStatements(line.code, place, imports);
    if (line.code.includes('sys.path')) changesPath = true;
    if (!line.code.includes('(')) continue;
    if (DISCOVERY.test(line.code)) importsUnknown = true;
    if (choosesLanguage(line.code)) isTranslator = true;
    for (const match of line.code.matchAll(IMPORT_CALL)) {
      const literal = match[1] === undefined ? undefined : literals[Number(match[1])];
      const called = literal && importCall(literal.text, literal.isFormat, place);
      if (called !== undefined) imports.push(called);
      else if (match[1] !== undefined || match[2] !== undefined) importsUnknown ||= place !== 'typing';
    }
  }
  const { commands, startsUnknown } = scanCommands(lines, literals, imports);
  const strings = new Set<string>();
  for (const [index, { text: value, isFormat }] of literals.entries()) {
    if (docstrings.has(index) || isFormat || value.length < 2 || value.length > STRING_LENGTH) continue;
    if (!/[\s\0]/.test(value)) strings.add(value);
  }
  const library = scanLibraries(lines, literals);
  return {
    imports,
    strings: [...strings],
    commands,
    library,
    importsUnknown,
    startsUnknown,
    changesPath,
    choosesLanguage: isTranslator,
  };
}

/** Follows indentation to know in what kind of block a line stands. */
class Blocks {
  readonly #open: { readonly indent: number; readonly place: Place }[] = [];

  enter({ indent, code }: LogicalLine): Place {
    while ((this.#open.at(-1)?.indent ?? -1) >= indent) this.#open.pop();
    const header = headerPlace(code);
    if (header !== undefined) this.#open.push({ indent, place: header });
    const places = this.#open.map((block) => block.place);
    return (['typing', 'main', 'function'] as const).find((place) => places.includes(place)) ?? 'module';
  }
}

function headerPlace(code: string): Place | undefined {
  if (/^(?:async\s+)?def\b/.test(code)) return 'function';
  if (/^if\s+(?:\(\s*)?(?:\w+\.)?TYPE_CHECKING\b/.test(code)) return 'typing';
  if (/^if\s+__name__\s*==|^if\s+"\d+"\s*==\s*__name__/.test(code)) return 'main';
  return /^(?:if|elif|else|try|except|finally|with|for|while|class|match|case|async)\b.*:/.test(code)
    ? 'module'
    : undefined;
}

function readStatements(code: string, place: Place, imports: Import[]): void {
  if (!code.includes('import')) return;
  for (const statement of code.split(';')) {
    const text = /(?:^|:\s*)((?:import|from)\b.*)$/.exec(statement.trim())?.[1];
    if (text !== undefined) readStatement(text, place, imports);
  }
}

function readStatement(text: string, place: Place, imports: Import[]): void {
  const from = /^from\s*(\.[\s.]*)?([\w.]*)\s*import\s*\(?(.*?)\)?\s*$/.exec(text);
  if (from !== null) {
    const level = (from[1] ?? '').replace(/[^.]/g, '').length;
    const names = namesOf(from[3] ?? '').filter((name) => name !== '*');
    if (level > 0 || from[2] !== '')
      imports.push({ module: from[2] ?? '', names, level, place, isWhole: false });
    return;
  }
  const plain = /^import\s+(.*)$/.exec(text);
  for (const module of namesOf(plain?.[1] ?? ''))
    imports.push({ module, names: [], level: 0, place, isWhole: false });
}

/** `a.b as c, d` → `a.b`, `d`. */
function namesOf(list: string): string[] {
  return list
    .split(',')
    .map((item) => /^\s*([\p{L}\p{N}_.*]+)/u.exec(item)?.[1] ?? '')
    .filter((name) => name !== '');
}

/** Returns the import that a call with this literal makes; undefined when the literal does not tell. */
function importCall(text: string, isFormat: boolean, place: Place): Import | undefined {
  const fixed = isFormat ? text.slice(0, Math.max(0, text.search(/\{/))) : text;
  const parts = /^(\.*)([\p{L}_][\p{L}\p{N}_.]*)?(?::[\w.]+)?$/u.exec(fixed);
  if (parts === null || (parts[1] === '' && parts[2] === undefined)) return undefined;
  const module = (parts[2] ?? '').replace(/\.[^.]*$/, (tail) => (isFormat ? '' : tail));
  const level = parts[1]?.length ?? 0;
  if (isFormat && module === '' && level === 0) return undefined;
  return { module, names: [], level, place, isWhole: isFormat };
}
