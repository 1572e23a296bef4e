import { FormatError, reasonOf } from '../errors.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Parses UTF-8 JSON that must be an object; throws FormatError that names `what`. */
export function parseJsonObject(bytes: Uint8Array, what: string): JsonObject {
  const value = parseJson(bytes, what);
  if (!isRecord(value)) throw new FormatError('JSON', 0, `cannot read ${what}: not a JSON object`);
  return value;
}

/** Parses UTF-8 JSON; throws FormatError that names `what`. */
export function parseJson(bytes: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new FormatError('JSON', 0, `cannot read ${what}: ${reasonOf(error)}`, { cause: error });
  }
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
