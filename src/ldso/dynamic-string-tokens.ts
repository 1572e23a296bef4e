/** What the dynamic string tokens of a name or path stand for (ld.so(8), "Dynamic string tokens"). */
export interface TokenValues {
  /** Directory of the object; absent where the loader does not know it. */
  readonly origin: string | undefined;
  readonly lib: string;
  readonly platform: string | undefined;
}

const TOKEN = /\$(?:\{(ORIGIN|PLATFORM|LIB)\}|(ORIGIN|PLATFORM|LIB)(?![A-Za-z0-9_]))/g;

export function hasTokens(text: string): boolean {
  return text.search(TOKEN) >= 0;
}

/**
 * Replaces `$ORIGIN`, `$LIB` and `$PLATFORM`, with or without braces, as glibc's `_dl_dst_substitute` does; undefined
 * when a token has no value (the path is then left out). What is no token stays as it is.
 */
export function expandTokens(text: string, values: TokenValues): string | undefined {
  let isComplete = true;
  const expanded = text.replace(TOKEN, (_, braced: string | undefined, bare: string | undefined) => {
    const name = braced ?? bare;
    const value = name === 'ORIGIN' ? values.origin : name === 'LIB' ? values.lib : values.platform;
    if (value === undefined) isComplete = false;
    return value ?? '';
  });
  return isComplete && expanded !== '' ? expanded : undefined;
}

/**
 * May secure execution use this path? glibc takes `$ORIGIN` only as the whole first component, and of the program
 * itself only where it leads into a default directory (elf/dl-load.c, `_dl_dst_substitute`).
 */
export function isTrustedWhenSecure(
  text: string,
  expanded: string,
  ofProgram: boolean,
  systemDirs: readonly string[],
): boolean {
  for (const match of text.matchAll(TOKEN)) {
    if ((match[1] ?? match[2]) !== 'ORIGIN') continue;
    const next = text.charAt(match.index + match[0].length);
    if (match.index !== 0 || (next !== '' && next !== '/')) return false;
    if (ofProgram && !systemDirs.some((dir) => `${normalize(expanded)}/`.startsWith(dir))) return false;
  }
  return true;
}

function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}
