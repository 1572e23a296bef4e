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

/**
 * Returns text of a server without the credentials that it was sent: a server (or a proxy before it) may repeat in an error or
 * a warning what it got, and logs of builds are read by many.
 */
export function withoutCredentials(text: string, authorization: string | undefined): string {
  if (authorization === undefined) return text;
  const sent = authorization.slice(authorization.indexOf(' ') + 1);
  const [user = '', ...password] = Buffer.from(sent, 'base64').toString('utf8').split(':');
  const isBasic = /^basic /i.test(authorization);
  const secrets = [sent, ...(isBasic ? [`${user}:${password.join(':')}`, password.join(':')] : [])];
  return secrets
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .filter((secret) => secret !== '')
    .reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}

/** Returns a URL without user, query and fragment: signatures and upload states live there. */
export function redacted(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}
