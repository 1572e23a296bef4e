import { FormatError } from '../../errors.ts';

export type TomlValue = string | boolean | number | readonly TomlValue[] | TomlTable;
export interface TomlTable {
  readonly [key: string]: TomlValue;
}
type MutableTable = { [key: string]: TomlValue };

const MAX_DEPTH = 20;

/**
 * Parses the part of TOML v1.0 that registries.conf is written in: tables, arrays of tables, one-line
 * strings, booleans, integers, arrays, inline tables. Anything else (dates, floats, multi-line strings)
 * throws FormatError rather than guesses.
 */
export function parseToml(text: string): TomlTable {
  return new TomlReader(text).document();
}

class TomlReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text.replace(/^\uFEFF/, '');
  }

  document(): TomlTable {
    const root = emptyTable();
    let table = root;
    for (;;) {
      this.#skip(/(?:[ \t\r\n]|#[^\n]*)*/y);
      if (this.#at >= this.#text.length) return root;
      const opening = this.#take(/\[\[?/y);
      if (opening === undefined) {
        this.#pair(table, 0);
      } else {
        const path = this.#keyPath();
        if (this.#take(opening === '[[' ? /\]\]/y : /\]/y) === undefined)
          throw this.#refuse('a table header does not end');
        table = opening === '[[' ? this.#append(root, path) : this.#descend(root, path);
      }
      if (this.#take(/[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y) === undefined)
        throw this.#refuse('something follows on the line');
    }
  }

  #pair(table: MutableTable, depth: number): void {
    const path = this.#keyPath();
    const key = path.pop() ?? '';
    if (this.#take(/=[ \t]*/y) === undefined) throw this.#refuse('there is no "=" behind a key');
    const holder = this.#descend(table, path);
    if (Object.hasOwn(holder, key)) throw this.#refuse(`the key "${key}" comes twice`);
    holder[key] = this.#value(depth);
  }

  #value(depth: number): TomlValue {
    if (depth > MAX_DEPTH) throw this.#refuse('values are nested too deeply');
    const text = this.#string();
    if (text !== undefined) return text;
    const word = this.#take(/true|false|[+-]?\d[\d_]*(?![\d.eE:xobT_-])/y);
    if (word !== undefined) return /^[tf]/.test(word) ? word === 'true' : Number(word.replaceAll('_', ''));
    if (this.#take(/\[/y) !== undefined) return this.#array(depth);
    if (this.#take(/\{[ \t]*/y) !== undefined) return this.#inlineTable(depth);
    throw this.#refuse('this kind of value is not supported');
  }

  #array(depth: number): readonly TomlValue[] {
    const values: TomlValue[] = [];
    const gap = /(?:[ \t\r\n]|#[^\n]*)*/y;
    for (;;) {
      this.#skip(gap);
      if (this.#take(/\]/y) !== undefined) return values;
      values.push(this.#value(depth + 1));
      this.#skip(gap);
      if (this.#take(/,/y) !== undefined) continue;
      if (this.#take(/\]/y) !== undefined) return values;
      throw this.#refuse('an array does not end');
    }
  }

  #inlineTable(depth: number): TomlTable {
    const table = emptyTable();
    if (this.#take(/\}/y) !== undefined) return table;
    for (;;) {
      this.#pair(table, depth + 1);
      if (this.#take(/[ \t]*\}/y) !== undefined) return table;
      if (this.#take(/[ \t]*,[ \t]*/y) === undefined) throw this.#refuse('an inline table does not end');
    }
  }

  #keyPath(): string[] {
    const path: string[] = [];
    do {
      this.#skip(/[ \t]*/y);
      const key = this.#string() ?? this.#take(/[A-Za-z0-9_-]+/y);
      if (key === undefined) throw this.#refuse('a key is missing');
      path.push(key);
      this.#skip(/[ \t]*/y);
    } while (this.#take(/\./y) !== undefined);
    return path;
  }

  #string(): string | undefined {
    if (this.#take(/"""|'''/y) !== undefined) throw this.#refuse('multi-line strings are not supported');
    const literal = this.#take(/'[^'\n]*'/y);
    if (literal !== undefined) return literal.slice(1, -1);
    const basic = this.#take(/"(?:[^"\\\n]|\\.)*"/y);
    return basic === undefined ? undefined : this.#unescape(basic.slice(1, -1));
  }

  #unescape(text: string): string {
    const single: Readonly<Record<string, string>> = {
      b: '\b',
      t: '\t',
      n: '\n',
      f: '\f',
      r: '\r',
      '"': '"',
      '\\': '\\',
    };
    return text.replace(/\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))/g, (_, short, long, letter) => {
      const code = Number.parseInt(short ?? long ?? '', 16);
      const plain = letter === undefined ? undefined : single[letter];
      if (plain !== undefined) return plain;
      if (!(code <= 0x10ffff)) throw this.#refuse('an escape is unknown');
      return String.fromCodePoint(code);
    });
  }

  #descend(table: MutableTable, path: readonly string[]): MutableTable {
    for (const key of path) {
      const next = Object.hasOwn(table, key) ? table[key] : undefined;
      // `[registry.x]` after `[[registry]]` speaks of its last element.
      const last: unknown = Array.isArray(next) ? next.at(-1) : next;
      if (next !== undefined && !isTable(last)) throw this.#refuse(`"${key}" is not a table`);
      const child = isTable(last) ? last : emptyTable();
      if (next === undefined) table[key] = child;
      table = child;
    }
    return table;
  }

  #append(root: MutableTable, path: string[]): MutableTable {
    const key = path.pop() ?? '';
    const holder = this.#descend(root, path);
    const list = Object.hasOwn(holder, key) ? holder[key] : [];
    if (!Array.isArray(list)) throw this.#refuse(`"${key}" is not an array of tables`);
    const table = emptyTable();
    holder[key] = [...list, table];
    return table;
  }

  #skip(pattern: RegExp): void {
    this.#take(pattern);
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#at = pattern.lastIndex;
    return match[0];
  }

  #refuse(reason: string): FormatError {
    const line = this.#text.slice(0, this.#at).split('\n').length;
    return new FormatError('TOML', this.#at, `cannot read TOML: line ${line}: ${reason}`);
  }
}

/** Without a prototype, so that a key called `__proto__` is a key. */
function emptyTable(): MutableTable {
  return Object.create(null);
}

function isTable(value: unknown): value is MutableTable {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
