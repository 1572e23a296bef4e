import { baseName } from '../../rootfs/root-path.ts';
import type { Invocation, Word } from '../detector.ts';
import { grammarOf, type InterpreterGrammar, type Language, type OptionMeaning } from './interpreters.ts';
import { appletOf } from './multi-call.ts';

/** An option as it was given; `value` is undefined when it has none or it is not known. */
export interface InterpreterOption {
  readonly name: string;
  readonly value: Word;
}

/** InterpreterCall is what an interpreter was asked to run. */
export interface InterpreterCall {
  readonly language: Language;
  /**
   * `file`: `value` is a path from the working directory (or what the language makes of it); `code`: a program text,
   * several joined by newlines; `module`, `class`, `jar`: as the option said; `none`: no program (`--version`).
   */
  readonly kind: 'file' | 'code' | 'module' | 'class' | 'jar' | 'stdin' | 'none';
  /** Undefined where reading cannot tell it, and for `stdin` and `none`. */
  readonly value: Word;
  /** All options before the program, in order. */
  readonly options: readonly InterpreterOption[];
  /** The program's own arguments; for `sh -c` the first is `$0`. */
  readonly args: readonly Word[];
}

/** Returns what the interpreter in `invocation` runs, or undefined when the program is no interpreter of the table. */
export function interpreterCall(
  invocation: Pick<Invocation, 'program' | 'invokedAs' | 'argv'>,
): InterpreterCall | undefined {
  const { argv, name } = appletOf(invocation);
  const grammar = grammarOf(name) ?? grammarOf(baseName(invocation.program));
  return grammar && new CallReader(grammar, argv.slice(1)).read();
}

type Program = Pick<InterpreterCall, 'kind' | 'value'>;

/** Reads one command line, word by word. */
class CallReader {
  readonly #grammar: InterpreterGrammar;
  readonly #words: readonly Word[];
  readonly #options: InterpreterOption[] = [];
  readonly #code: Word[] = [];
  #next = 0;
  #program: Program | undefined;
  #isCodeFirst = false;
  #isStdin = false;
  #isOver = false;

  constructor(grammar: InterpreterGrammar, words: readonly Word[]) {
    this.#grammar = grammar;
    this.#words = words;
  }

  read(): InterpreterCall {
    this.#readOptions();
    const { kind, value } = this.#choose();
    const { language } = this.#grammar;
    return { language, kind, value, options: this.#options, args: this.#words.slice(this.#next) };
  }

  #readOptions(): void {
    while (!this.#isOver && this.#next < this.#words.length) {
      const word = this.#words[this.#next];
      // An unknown word may be an option or an operand; taken as the operand it costs a warning, not a file.
      if (word === undefined || word === '-' || !/^[-+]/.test(word)) return;
      if (word.startsWith('+') && this.#grammar.language !== 'shell') return;
      this.#next++;
      if (word === '--') return;
      this.#readOption(word);
    }
  }

  #readOption(word: string): void {
    const meanings = this.#grammar.options;
    const whole = meanings[word];
    if (whole !== undefined) {
      this.#apply(word, whole, undefined);
      return;
    }
    const equals = word.indexOf('=');
    const long = equals > 0 ? meanings[word.slice(0, equals)] : undefined;
    if (long !== undefined) {
      this.#apply(word.slice(0, equals), long, word.slice(equals + 1));
    } else if (/^[-+][^-]/.test(word) && !(equals > 0 && !this.#grammar.clusters)) {
      this.#readCluster(word);
    } else {
      this.#options.push({
        name: equals > 0 ? word.slice(0, equals) : word,
        value: equals > 0 ? word.slice(equals + 1) : undefined,
      });
    }
  }

  /** `-xe`, `-Ilib`, `-uc`: letters up to the first that takes a value. */
  #readCluster(word: string): void {
    const sign = word[0] ?? '-';
    const last = this.#grammar.clusters ? word.length - 1 : 1;
    for (let at = 1; at <= last; at++) {
      const name = `${sign}${word[at] ?? ''}`;
      const meaning = this.#grammar.options[name];
      const rest = word.slice(at + 1);
      if (meaning === undefined || meaning === 'code-first' || meaning === 'stdin' || meaning === 'nothing') {
        if (meaning === undefined && !this.#grammar.clusters) {
          this.#options.push({ name: word, value: undefined });
          return;
        }
        this.#apply(name, meaning ?? 'nothing', undefined);
        continue;
      }
      // A shell's -o takes the next word even inside a cluster: `sh -eo pipefail -c CODE`.
      const isShell = this.#grammar.language === 'shell';
      this.#apply(name, meaning, rest === '' || isShell ? undefined : rest);
      if (!isShell) return;
    }
  }

  #apply(name: string, meaning: OptionMeaning, glued: Word): void {
    if (meaning === 'code-first') this.#isCodeFirst = true;
    if (meaning === 'stdin') this.#isStdin = true;
    if (meaning === 'code-first' || meaning === 'stdin' || meaning === 'nothing' || meaning === 'glued') {
      this.#options.push({ name, value: glued });
      return;
    }
    const value = glued ?? this.#words[this.#next++];
    this.#options.push({ name, value });
    if (meaning === 'code' || meaning === 'last-code') this.#code.push(value);
    if (meaning === 'file') this.#program ??= { kind: 'file', value };
    if (meaning === 'module' || meaning === 'jar') this.#program = { kind: meaning, value };
    this.#isOver = meaning === 'last-code' || meaning === 'module' || meaning === 'jar';
  }

  #choose(): Program {
    if (this.#isCodeFirst) return { kind: 'code', value: this.#words[this.#next++] };
    if (this.#program !== undefined) return this.#program;
    if (this.#code.length > 0) {
      return { kind: 'code', value: this.#code.includes(undefined) ? undefined : this.#code.join('\n') };
    }
    if (this.#isStdin) return { kind: 'stdin', value: undefined };
    return this.#chooseOperand();
  }

  #chooseOperand(): Program {
    const { operand, language } = this.#grammar;
    if (operand === 'nothing') return { kind: 'none', value: undefined };
    if (language === 'dotnet' && this.#words[this.#next] === 'exec') {
      this.#next++;
      this.#readOptions();
    }
    if (this.#next >= this.#words.length) {
      const asksOnly = this.#options.some(({ name }) => /^--?(?:version|help|[vVh])$/.test(name));
      return { kind: asksOnly || operand !== 'file' ? 'none' : 'stdin', value: undefined };
    }
    const value = this.#words[this.#next++];
    if (value === '-') return { kind: 'stdin', value: undefined };
    // java(1), "Source-file mode": an operand that ends in .java is compiled and run.
    if (operand === 'class' && value?.endsWith('.java')) return { kind: 'file', value };
    return { kind: operand, value };
  }
}
