import { splitWords } from '../../commands/split-words.ts';
import type { Word } from '../../detector.ts';
import { callArguments } from './call-arguments.ts';
import type { Literal, LogicalLine } from './logical-lines.ts';
import type { Import } from './scan-source.ts';

/** A program that a source starts. */
export interface StartedCommand {
  /** For `isShell` one word, the shell's program text; for `isSelf` without the interpreter's own word. */
  readonly argv: readonly Word[];
  /** Run by /bin/sh -c. */
  readonly isShell: boolean;
  /** `[sys.executable, …]`. */
  readonly isSelf: boolean;
  /** Given to a function that is only called like one that starts programs. */
  readonly isGuessed?: true;
}

type Form = 'any' | 'shell' | 'line' | 'words' | 'path-and-list' | 'path-and-words' | 'after-mode';

/** Functions that start programs: what their arguments are. Python library reference, subprocess, os, asyncio, shutil. */
const STARTERS: Readonly<Record<string, Form>> = {
  run: 'any',
  call: 'any',
  check_call: 'any',
  check_output: 'any',
  Popen: 'any',
  getoutput: 'shell',
  getstatusoutput: 'shell',
  system: 'shell',
  popen: 'shell',
  create_subprocess_shell: 'shell',
  create_subprocess_exec: 'words',
  which: 'words',
  find_executable: 'words',
  spawn: 'words',
  execv: 'path-and-list',
  execve: 'path-and-list',
  execvp: 'path-and-list',
  execvpe: 'path-and-list',
  posix_spawn: 'path-and-list',
  posix_spawnp: 'path-and-list',
  execl: 'path-and-words',
  execle: 'path-and-words',
  execlp: 'path-and-words',
  execlpe: 'path-and-words',
  spawnv: 'after-mode',
  spawnvp: 'after-mode',
  spawnl: 'after-mode',
  spawnlp: 'after-mode',
  // GLib, "Spawning Processes": split as a shell does, but run by none. spawn_async takes argv as its first argument.
  spawn_command_line_sync: 'line',
  spawn_command_line_async: 'line',
  spawn_async: 'any',
  spawn_sync: 'any',
};

const MODULES =
  /^(?:subprocess|os|shutil|asyncio(?:\.subprocess)?|pexpect|commands|distutils\.spawn|anyio|trio|gi\.repository)$/;
const QUALIFIER = /(?:^|\.)(?:_?subprocess|sp|os|shutil|asyncio|pexpect|commands|anyio|trio|GLib)\.$/;
const CALL = new RegExp(`((?:\\w+\\.)*)\\b(${Object.keys(STARTERS).join('|')})\\s*\\(`, 'g');

/**
 * A list of words for a function with such a name: tornado.process.Subprocess(["sort", "-r"]), sh_run(["git", "log"]). Bounded, as
 * one name may be a megabyte.
 */
const STARTER_LIKE =
  /(?:process|popen|exec|spawn|command|cmd|shell|run|call)\w{0,24}\s{0,4}\(\s{0,4}(?=\[\s{0,4}")/gi;

/** Finds the commands that a source starts; `startsUnknown` when it starts one that cannot be read. */
export function scanCommands(
  lines: readonly LogicalLine[],
  literals: readonly Literal[],
  imports: readonly Import[],
): { readonly commands: readonly StartedCommand[]; readonly startsUnknown: boolean } {
  const modules = imports.filter(({ module, level }) => level === 0 && MODULES.test(module));
  const guessed = guessedCommands(lines, literals);
  if (modules.length === 0) return { commands: guessed, startsUnknown: false };
  const bare = new Set(modules.flatMap(({ names }) => names));
  const commands: StartedCommand[] = [];
  let startsUnknown = false;
  for (const { code } of lines) {
    if (!code.includes('(') || /^(?:async\s+)?def\b/.test(code)) continue;
    for (const match of code.matchAll(CALL)) {
      const [whole, qualifier = '', name = ''] = match;
      if (qualifier === '' ? !bare.has(name) : !QUALIFIER.test(qualifier)) continue;
      const given = callArguments(code, (match.index ?? 0) + whole.length);
      const command = new ArgumentReader(literals).read(STARTERS[name] ?? 'any', given);
      if (command === undefined) startsUnknown = true;
      else commands.push(command);
    }
  }
  const known = new Set(commands.map(({ argv }) => argv.join('\0')));
  return {
    commands: [...commands, ...guessed.filter(({ argv }) => !known.has(argv.join('\0')))],
    startsUnknown,
  };
}

function guessedCommands(
  lines: readonly LogicalLine[],
  literals: readonly Literal[],
): readonly StartedCommand[] {
  const reader = new ArgumentReader(literals);
  return lines.flatMap(({ code }) =>
    [...code.matchAll(STARTER_LIKE)].flatMap((match) => {
      const given = callArguments(code, (match.index ?? 0) + match[0].length);
      const command = reader.read('any', given);
      return command === undefined ? [] : [{ ...command, isGuessed: true as const }];
    }),
  );
}

class ArgumentReader {
  readonly #literals: readonly Literal[];

  constructor(literals: readonly Literal[]) {
    this.#literals = literals;
  }

  read(form: Form, given: readonly string[]): StartedCommand | undefined {
    const [first = '', second = '', ...more] = given.filter((argument) => !/^\w+\s*=[^=]/.test(argument));
    const isShell = form === 'shell' || given.some((argument) => /^shell\s*=\s*True$/.test(argument));
    if (form === 'path-and-list') return this.#command([this.#word(first), ...this.#rest(second)], false);
    if (form === 'path-and-words')
      return this.#command([this.#word(first), ...more.map((w) => this.#word(w))], false);
    if (form === 'after-mode') return this.#command([this.#word(second)], false);
    if (form === 'words')
      return this.#command(
        [first, second, ...more].filter((w) => w !== '').map((w) => this.#word(w)),
        false,
      );
    if (form === 'line') return this.#command(splitWords(this.#text(first) ?? ''), false);
    if (isShell && !/^[[(]/.test(first)) {
      const text = this.#text(first);
      return text === undefined ? undefined : { argv: [text], isShell: true, isSelf: false };
    }
    return this.#sequence(first, isShell);
  }

  /** `["a", x]`, `("a",)`, `"a"`, `"a b".split()`, `["a"] + rest`, `[sys.executable, …]`. */
  #sequence(text: string, isShell: boolean): StartedCommand | undefined {
    if (/^[[(]/.test(text)) {
      const items = callArguments(text, 1);
      if (items[0] === 'sys.executable')
        return { argv: items.slice(1).map((item) => this.#word(item)), isShell: false, isSelf: true };
      return this.#command(
        items.map((item) => this.#word(item)),
        isShell,
      );
    }
    const split = /^(?:shlex\.split\(\s*)?("\d+")\s*(?:\.split\(|\))/.exec(text);
    if (split !== null) return this.#command((this.#text(split[1] ?? '') ?? '').split(/\s+/), false);
    return this.#command([this.#word(text)], isShell);
  }

  #command(argv: readonly Word[], isShell: boolean): StartedCommand | undefined {
    const [name] = argv;
    return name === undefined || name === '' ? undefined : { argv, isShell, isSelf: false };
  }

  #rest(list: string): Word[] {
    if (!/^[[(]/.test(list)) return [];
    return callArguments(list, 1)
      .slice(1)
      .map((item) => this.#word(item));
  }

  #word(argument: string): Word {
    const literal = /^"(\d+)"$/.exec(argument);
    const found = literal === null ? undefined : this.#literals[Number(literal[1])];
    return found === undefined || found.isFormat ? undefined : found.text;
  }

  /** A program text for a shell: what is filled in at run time becomes a variable that nothing sets. */
  #text(argument: string): string | undefined {
    const literal = /^"(\d+)"/.exec(argument);
    const found = literal === null ? undefined : this.#literals[Number(literal[1])];
    if (found === undefined) return undefined;
    const isFilled = found.isFormat || /^"\d+"\s*(?:%|\.format)/.test(argument);
    const text = isFilled ? found.text.replace(/\{[^{}]*\}|%(?:\(\w+\))?[sdr]/g, '"$_"') : found.text;
    return /^"\d+"\s*\+/.test(argument) ? `${text}"$_"` : text;
  }
}
