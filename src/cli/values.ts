import { UsageError } from '../index.ts';

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  ki: 2 ** 10,
  mi: 2 ** 20,
  gi: 2 ** 30,
};

/** Parses `50MB`, `1.5GB`, `200k`, `64MiB` to bytes; decimal units are powers of 1000. Throws UsageError. */
export function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([kmg]i?)?b?$/i.exec(text.trim());
  const unit = UNITS[(match?.[2] ?? '').toLowerCase()];
  if (match === null || unit === undefined) {
    throw new UsageError(`cannot read size "${text}": give a number with kB, MB or GB`);
  }
  return Math.round(Number.parseFloat(match[1] ?? '') * unit);
}

/** Parses `entries=3000000`, `layerBytes=1GiB` to a name and a value. Throws UsageError. */
export function parseLimit(text: string): readonly [name: string, value: number] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new UsageError(`cannot read limit "${text}": give NAME=VALUE`);
  return [text.slice(0, equals), parseSize(text.slice(equals + 1))];
}

const AGES_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 24 * 3_600_000,
  w: 7 * 24 * 3_600_000,
};

/** Parses `90m`, `12h`, `30d`, `4w` to milliseconds. Throws UsageError. */
export function parseAge(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([smhdw])$/i.exec(text.trim());
  const unit = AGES_MS[(match?.[2] ?? '').toLowerCase()];
  if (match === null || unit === undefined) {
    throw new UsageError(`cannot read age "${text}": give a number with m, h, d or w`);
  }
  return Math.round(Number.parseFloat(match[1] ?? '') * unit);
}

/** Parses a command as a JSON array of strings, or as words with single and double quotes. Throws UsageError. */
export function parseCommandLine(text: string): readonly string[] {
  if (text.trimStart().startsWith('[')) return parseJsonWords(text);
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (quote !== '') {
      if (character === quote) quote = '';
      else if (character === '\\' && quote === '"') word = (word ?? '') + (text[++at] ?? '');
      else word = (word ?? '') + character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + (character === '\\' ? (text[++at] ?? '') : character);
    }
  }
  if (quote !== '') throw new UsageError(`cannot read command "${text}": a quote is not closed`);
  if (word !== undefined) words.push(word);
  return words;
}

function parseJsonWords(text: string): readonly string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`cannot read command "${text}": not a JSON array`, { cause: error });
  }
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new UsageError(`cannot read command "${text}": not a JSON array of strings`);
}
