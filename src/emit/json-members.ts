import type { JsonObject } from '../oci/json.ts';

/**
 * Returns the JSON object `text` with some members replaced (a value), removed (undefined) or, where they are not
 * there, appended; the text of every other member stays as it is, byte for byte. `text` must be a valid JSON object.
 * A member whose name differs only in case is the same member: Go's encoding/json, which will read it, takes it so.
 */
export function replaceMembers(text: string, replacements: JsonObject): string {
  const byLowerCase = new Map(Object.keys(replacements).map((key) => [key.toLowerCase(), key]));
  const parts: string[] = [];
  for (const { key, source, value } of splitMembers(text)) {
    const replaced = byLowerCase.get(key.toLowerCase());
    if (replaced === undefined) {
      parts.push(`${source}:${value}`);
    } else {
      const replacement = replacements[replaced];
      if (
        replacement !== undefined &&
        !parts.some((part) => part.startsWith(`${JSON.stringify(replaced)}:`))
      ) {
        parts.push(`${JSON.stringify(replaced)}:${JSON.stringify(replacement)}`);
      }
    }
  }
  for (const [key, value] of Object.entries(replacements)) {
    const isThere = parts.some((part) => part.startsWith(`${JSON.stringify(key)}:`));
    if (value !== undefined && !isThere) parts.push(`${JSON.stringify(key)}:${JSON.stringify(value)}`);
  }
  return `{${parts.join(',')}}`;
}

interface Member {
  readonly key: string;
  /** The key as it is written, with its quotes. */
  readonly source: string;
  readonly value: string;
}

/** Cuts a valid JSON object into its members, in order. */
function splitMembers(text: string): Member[] {
  const members: Member[] = [];
  let at = text.indexOf('{') + 1;
  for (;;) {
    const open = text.indexOf('"', at);
    if (open < 0) return members;
    const close = endOfString(text, open);
    const source = text.slice(open, close);
    const colon = text.indexOf(':', close);
    const end = endOfValue(text, colon + 1);
    members.push({ key: String(JSON.parse(source)), source, value: text.slice(colon + 1, end).trim() });
    if (text[end] !== ',') return members;
    at = end + 1;
  }
}

/** Returns the offset behind the string that begins at `open`. */
function endOfString(text: string, open: number): number {
  let at = open + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

/** Returns the offset of the comma or the brace that ends the value. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; ; at++) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at) - 1;
    else if (character === '{' || character === '[') depth++;
    else if (depth === 0 && (character === ',' || character === '}')) return at;
    else if (character === '}' || character === ']') depth--;
  }
}
