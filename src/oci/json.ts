import { FormatError, reasonOf } from '../errors.ts';
import { checkLimit, DEFAULT_LIMITS, type Limits } from '../io/limits.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

export type JsonObject = Readonly<Record<string, unknown>>;

/** Parses UTF-8 JSON that must be an object; throws FormatError that names `what`, and LimitError (jsonDepth). */
export function parseJsonObject(bytes: Uint8Array, what: string, limits?: Limits): JsonObject {
  const value = parseJson(bytes, what, limits);
  if (!isRecord(value)) throw new FormatError('JSON', 0, `cannot read ${what}: not a JSON object`);
  return value;
}

/** Parses UTF-8 JSON; throws FormatError that names `what`, and LimitError (jsonDepth). */
export function parseJson(bytes: Uint8Array, what: string, limits: Limits = DEFAULT_LIMITS): unknown {
  checkLimit(limits, 'jsonDepth', depthOf(bytes), what);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new FormatError('JSON', 0, `cannot read ${what}: ${reasonOf(error)}`, { cause: error });
  }
}

/** How deep arrays and objects lie in each other. Who writes a document of a million brackets again runs out of stack. */
function depthOf(bytes: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  let isString = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (isString) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) isString = false;
    } else if (byte === QUOTE) isString = true;
    else if (byte === OPEN_BRACKET || byte === OPEN_BRACE) deepest = Math.max(deepest, ++depth);
    else if (byte === CLOSE_BRACKET || byte === CLOSE_BRACE) depth--;
  }
  return deepest;
}

export function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns a string member; absent, null and empty are undefined; anything else throws FormatError. */
export function optionalString(record: JsonObject, key: string): string | undefined {
  const value = record[key];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw new FormatError('JSON', 0, `cannot read member "${key}": not a string`);
}

/** Returns a member that is an array of strings; absent and null are undefined; anything else throws FormatError. */
export function optionalStrings(record: JsonObject, key: string): readonly string[] | undefined {
  const value = record[key];
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw new FormatError('JSON', 0, `cannot read member "${key}": not an array of strings`);
}
