/** Returns the main attributes of a META-INF/MANIFEST.MF by lower-case name (JAR File Specification, "JAR Manifest"). */
export function parseManifest(text: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  // A line of at most 72 bytes goes on in the next one, which begins with one space.
  const lines = text
    .replace(/\r\n?|\n/g, '\n')
    .replace(/\n /g, '')
    .split('\n');
  for (const line of lines) {
    // The main section ends at the first empty line; what follows is about single members.
    if (line === '') break;
    const colon = line.indexOf(':');
    if (colon > 0) attributes.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return attributes;
}

/** Returns the URLs of a space-separated list (`Class-Path`) as paths, percent-decoded; other schemes are left out. */
export function manifestPaths(value: string | undefined): readonly string[] {
  return (value ?? '').split(/\s+/).flatMap((url) => {
    if (url === '' || /^(?!file:)[a-z][a-z0-9+.-]+:/i.test(url)) return [];
    return [decodePath(url.replace(/^file:(?:\/\/(?=\/))?/i, ''))];
  });
}

function decodePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    // A lone percent sign: the name is meant as it stands.
    if (!(error instanceof URIError)) throw error;
    return text;
  }
}
