/**
 * Challenge is one authentication challenge of a WWW-Authenticate field; `scheme` and parameter names in
 * lower case.
 */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const TOKEN = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const TOKEN68 = /[0-9A-Za-z._~+/-]+=*(?=[ \t]*(?:,|$))/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/y;
const SPACE = /[ \t]*/y;
const SEPARATORS = /[ \t,]*/y;

/**
 * Returns the challenges of WWW-Authenticate field values (RFC 9110, section 11.6.1). Several may share one
 * value, parted by the same commas as their parameters. What does not follow the grammar ends its value; what
 * stood before it counts.
 */
export function parseChallenges(values: readonly string[]): readonly Challenge[] {
  return values.flatMap(parseValue);
}

function parseValue(value: string): readonly Challenge[] {
  const cursor = new Cursor(value);
  const challenges: Challenge[] = [];
  for (;;) {
    cursor.take(SEPARATORS);
    const scheme = cursor.take(TOKEN);
    if (scheme === undefined) return challenges;
    challenges.push({ scheme: scheme.toLowerCase(), parameters: parseParameters(cursor) });
  }
}

function parseParameters(cursor: Cursor): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  cursor.take(SPACE);
  if (cursor.startsParameter()) return readParameters(cursor, parameters);
  const token68 = cursor.take(TOKEN68);
  // `Basic, Bearer realm=…`: a scheme alone, and then another challenge; a lone word here would be a token68.
  if (token68 !== undefined) parameters.set('', token68);
  return parameters;
}

function readParameters(cursor: Cursor, parameters: Map<string, string>): ReadonlyMap<string, string> {
  while (cursor.startsParameter()) {
    const name = cursor.take(TOKEN) ?? '';
    cursor.take(/[ \t]*=[ \t]*/y);
    const value = cursor.takeQuoted() ?? cursor.take(TOKEN);
    if (value === undefined) return parameters;
    // The first of two equal names counts: a second realm must not be able to move the first.
    if (!parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), value);
    cursor.take(SEPARATORS);
  }
  return parameters;
}

class Cursor {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  take(pattern: RegExp): string | undefined {
    const match = this.#match(pattern);
    if (match !== null) this.#at = pattern.lastIndex;
    return match?.[0];
  }

  takeQuoted(): string | undefined {
    const match = this.#match(QUOTED);
    if (match !== null) this.#at = QUOTED.lastIndex;
    return match?.[1]?.replace(/\\(.)/g, '$1');
  }

  /** `name =`, and not `scheme68=`: a parameter has a value behind its equals sign. */
  startsParameter(): boolean {
    return this.#match(/[!#$%&'*+.^_`|~0-9A-Za-z-]+[ \t]*=[ \t]*(?:"|[!#$%&'*+.^_`|~0-9A-Za-z-])/y) !== null;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text);
  }
}
