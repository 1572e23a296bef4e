/**
 * Returns text that a server chose, fit for one line of a terminal: control characters (an escape sequence in
 * an error message could rewrite the screen) and bidirectional overrides become spaces, and it ends after
 * `max` characters.
 */
export function printable(text: string, max = 300): string {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return line.length > max ? `${line.slice(0, max)}…` : line;
}

/** Returns a URL without user, query and fragment: signatures and upload states live there. */
export function redacted(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}
