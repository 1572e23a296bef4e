import { FormatError } from '../errors.ts';

/**
 * Reads the paths out of what `--keep-from` is given: one path a line, a log of `strace -f -e trace=file`
 * (successful calls only), or another slimmer's JSON report (every string in it that is an absolute path).
 */
export function parseKeepList(text: string): readonly string[] {
  const paths = new Set<string>();
  if (/^\s*[{[]/.test(text)) {
    collectPaths(parseReport(text), paths);
    return [...paths];
  }
  for (const line of text.split('\n')) {
    const traced = straceLine(line);
    if (traced !== undefined) for (const path of traced) paths.add(path);
    else if (line.startsWith('/')) paths.add(line.trimEnd());
  }
  return [...paths];
}

function parseReport(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FormatError('keep list', 0, 'cannot read the keep list: it begins like JSON and is not', {
      cause: error,
    });
  }
}

function collectPaths(value: unknown, paths: Set<string>): void {
  const pending = [value];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next === 'string') {
      if (next.startsWith('/')) paths.add(next);
    } else if (typeof next === 'object' && next !== null) {
      pending.push(
        ...Object.keys(next).filter((key) => key.startsWith('/')),
        ...Object.values(next).filter((item) => item !== null),
      );
    }
  }
}

/** Returns the paths of one call that succeeded: `[pid 12] openat(AT_FDCWD, "/etc/x", O_RDONLY) = 3`. */
function straceLine(line: string): readonly string[] | undefined {
  const match = /^(?:\[pid\s+\d+\]\s+|\d+\s+)?(?:[\d:.]+\s+)?\w+\((.*)\)\s+=\s+(-?\d+|0x[0-9a-f]+)/.exec(
    line,
  );
  if (match === null) return undefined;
  if (match[2]?.startsWith('-')) return [];
  return [...(match[1] ?? '').matchAll(/"((?:[^"\\]|\\.)*)"/g)]
    .map((quoted) => withoutEscapes(quoted[1] ?? ''))
    .filter((path) => path.startsWith('/'));
}

/** strace writes bytes outside of ASCII as octal escapes, and the usual C ones. */
function withoutEscapes(text: string): string {
  const bytes: number[] = [];
  const simple: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, v: 11, f: 12 };
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== '\\') {
      bytes.push(...Buffer.from(text[at] ?? ''));
      continue;
    }
    const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1))?.[0];
    if (octal !== undefined) {
      bytes.push(Number.parseInt(octal, 8));
      at += octal.length;
    } else {
      const character = text[++at] ?? '';
      bytes.push(simple[character] ?? character.charCodeAt(0));
    }
  }
  return Buffer.from(bytes).toString('utf8');
}
