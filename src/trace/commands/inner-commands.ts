import { type RootPath, rootPath } from '../../rootfs/root-path.ts';
import type { Invocation, Word } from '../detector.ts';
import { appletOf } from './multi-call.ts';
import { splitWords } from './split-words.ts';
import { type Wrapper, wrapperOf } from './wrappers.ts';

/** A command that another one starts from its own arguments. */
export interface InnerCommand {
  /** The first word is undefined where reading cannot tell what is started. */
  readonly argv: readonly Word[];
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: RootPath;
}

type Surroundings = Pick<Invocation, 'env' | 'cwd'>;

/** Returns the commands that a wrapper (`env`, `gosu`, `find -exec`, …) starts; none for any other program. */
export function innerCommands(
  invocation: Pick<Invocation, 'invokedAs' | 'argv' | 'env' | 'cwd'>,
): readonly InnerCommand[] {
  const { name, argv } = appletOf(invocation);
  const words = argv.slice(1);
  if (name === 'find') return findCommands(words, invocation);
  if (name === 'start-stop-daemon') return daemonCommands(words, invocation);
  if (name === 'socat') return socatCommands(words, invocation);
  const wrapper = wrapperOf(name);
  if (wrapper === undefined) return [];
  return new WrapperReader(wrapper, words, invocation).read();
}

/** `socat TCP-LISTEN:7000 EXEC:"/srv/echo -v",pty`, `SYSTEM:'read x; echo $x'` (socat(1), "ADDRESS TYPES"). */
function socatCommands(words: readonly Word[], { env, cwd }: Surroundings): InnerCommand[] {
  const commands: InnerCommand[] = [];
  for (const address of words.flatMap((word) => word?.split('!!') ?? [])) {
    const [, type = '', text = ''] = /^(EXEC|SYSTEM|SHELL):(.*)$/is.exec(address) ?? [];
    // Options follow a comma; one of the command itself has a backslash before it.
    const command = text.split(/(?<!\\),/)[0]?.replaceAll('\\,', ',') ?? '';
    if (command === '') continue;
    const argv = type.toUpperCase() === 'EXEC' ? splitWords(command) : ['/bin/sh', '-c', command];
    commands.push({ argv, env, cwd });
  }
  return commands;
}

/** Reads one wrapper's command line by its grammar. */
class WrapperReader {
  readonly #wrapper: Wrapper;
  #words: readonly Word[];
  readonly #env: Map<string, string>;
  #cwd: RootPath;
  #next = 0;
  readonly #code: Word[] = [];

  constructor(wrapper: Wrapper, words: readonly Word[], { env, cwd }: Surroundings) {
    this.#wrapper = wrapper;
    this.#words = words;
    this.#env = new Map(env);
    this.#cwd = cwd;
  }

  read(): InnerCommand[] {
    const { operands = 0, assigns, afterDashes, subcommands } = this.#wrapper;
    if (afterDashes) {
      const dashes = this.#words.indexOf('--');
      if (dashes < 0) return [];
      this.#next = dashes + 1;
    } else {
      this.#readOptions();
      if (subcommands !== undefined) {
        if (!subcommands.includes(this.#words[this.#next++] ?? '')) return [];
        this.#readOptions();
      }
      if (assigns) this.#readAssignments();
      // Options may also stand between the operands and the command (`flock FILE -c CODE`).
      for (let left = operands; left > 0 && this.#next < this.#words.length; left--) {
        this.#next++;
        this.#readOptions();
      }
      if (assigns) this.#readAssignments();
    }
    return [...this.#code.map((code) => this.#command(['/bin/sh', '-c', code])), ...this.#rest()];
  }

  #rest(): InnerCommand[] {
    const rest = this.#words.slice(this.#next);
    const { isLine, shell } = this.#wrapper;
    if (shell !== undefined) return [this.#command([shell, ...rest])];
    if (rest.length === 0) return [];
    if (!isLine) return [this.#command(rest)];
    const end = rest.findIndex((word) => word?.startsWith(':::') === true);
    const line = end < 0 ? rest : rest.slice(0, end);
    if (line.length === 0) return [];
    return [
      line.includes(undefined)
        ? this.#command(line)
        : this.#command(['/bin/sh', '-c', line.join(' ').replaceAll('{}', "''")]),
    ];
  }

  #command(argv: readonly Word[]): InnerCommand {
    return { argv, env: this.#env, cwd: this.#cwd };
  }

  #readAssignments(): void {
    for (;;) {
      const [, name, value] = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(this.#words[this.#next] ?? '') ?? [];
      if (name === undefined || value === undefined) return;
      this.#env.set(name, value);
      this.#next++;
    }
  }

  #readOptions(): void {
    for (;;) {
      const word = this.#words[this.#next];
      if (word === undefined || !word.startsWith('-')) return;
      this.#next++;
      if (word === '--') return;
      // `env - NAME=VALUE command`, `su - user`: an empty environment, a login shell.
      if (word === '-') continue;
      this.#readOption(word);
    }
  }

  #readOption(word: string): void {
    const { values = '', longValues = [], code = [] } = this.#wrapper;
    const equals = word.startsWith('--') ? word.indexOf('=') : -1;
    const name = equals > 0 ? word.slice(0, equals) : word;
    if (code.includes(name)) {
      this.#code.push(equals > 0 ? word.slice(equals + 1) : this.#words[this.#next++]);
    } else if (word.startsWith('--')) {
      const takes = longValues.includes(name) || this.#wrapper.directory?.includes(name) === true;
      this.#took(name, equals > 0 ? word.slice(equals + 1) : takes ? this.#words[this.#next++] : undefined);
    } else {
      this.#readLetters(word, values);
    }
  }

  #readLetters(word: string, values: string): void {
    for (let at = 1; at < word.length; at++) {
      const letter = word[at] ?? '';
      const rest = word.slice(at + 1);
      if (this.#wrapper.names.includes('env') && letter === 'S') {
        this.#split(rest === '' ? this.#words[this.#next++] : rest);
        return;
      }
      if (this.#wrapper.code?.includes(`-${letter}`)) {
        this.#code.push(rest === '' ? this.#words[this.#next++] : rest);
        return;
      }
      if (values.includes(letter)) {
        this.#took(`-${letter}`, rest === '' ? this.#words[this.#next++] : rest);
        return;
      }
      this.#took(`-${letter}`, undefined);
    }
  }

  /** `env -S "a b" c` is `env a b c` (GNU env(1), "-S/--split-string"). */
  #split(text: Word): void {
    if (text === undefined) return;
    this.#words = [...splitWords(text), ...this.#words.slice(this.#next)];
    this.#next = 0;
  }

  #took(name: string, value: Word): void {
    if (this.#wrapper.names.includes('env')) {
      if (name === '--split-string') this.#split(value);
      if (name === '-i' || name === '--ignore-environment') this.#env.clear();
      if ((name === '-u' || name === '--unset') && value !== undefined) this.#env.delete(value);
    }
    if (value !== undefined && this.#wrapper.directory?.includes(name)) {
      this.#cwd = rootPath(value, this.#cwd);
    }
  }
}

/** POSIX find: `-exec utility… ;` and `-exec utility… {} +`. */
function findCommands(words: readonly Word[], { env, cwd }: Surroundings): InnerCommand[] {
  const commands: InnerCommand[] = [];
  for (let at = 0; at < words.length; at++) {
    if (!/^-(?:exec|ok)(?:dir)?$/.test(words[at] ?? '')) continue;
    const argv: Word[] = [];
    for (at++; at < words.length && words[at] !== ';'; at++) {
      if (words[at] === '+' && words[at - 1] === '{}') break;
      argv.push(words[at]);
    }
    commands.push({ argv: argv.map((word) => (word?.includes('{}') ? undefined : word)), env, cwd });
  }
  return commands;
}

/** start-stop-daemon(8): `--exec` or `--startas` names the program, its arguments follow `--`. */
function daemonCommands(words: readonly Word[], { env, cwd }: Surroundings): InnerCommand[] {
  const dashes = words.indexOf('--');
  const own = dashes < 0 ? words : words.slice(0, dashes);
  const rest = dashes < 0 ? [] : words.slice(dashes + 1);
  const valueAfter = (short: string, long: string): Word | null => {
    const at = own.findIndex((word) => word === short || word === long);
    if (at >= 0) return own[at + 1];
    const glued = own.find((word) => word?.startsWith(`${long}=`));
    return glued === undefined ? null : glued.slice(long.length + 1);
  };
  const directory = valueAfter('-d', '--chdir');
  const inner = directory ? rootPath(directory, cwd) : cwd;
  return [valueAfter('-a', '--startas'), valueAfter('-x', '--exec')]
    .filter((program) => program !== null)
    .map((program) => ({ argv: [program, ...rest], env, cwd: inner }));
}
