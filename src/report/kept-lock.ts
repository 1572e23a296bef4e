import { type RootPath, rootPath } from '../rootfs/root-path.ts';
import type { KeepReason } from '../trace/keep-graph.ts';

/** KeptLine is what a report or a lock says of one path of an image. */
export interface KeptLine {
  readonly path: RootPath;
  readonly reason: KeepReason;
}

/** Is it a lock file, by its first line? */
export function isLock(text: string): boolean {
  return /^# oslim lock \d+\r?\n/.test(text);
}

/** Returns the kept paths of a lock file by platform, each with the one reason that the lock has for it. */
export function parseLockReasons(text: string): ReadonlyMap<string, readonly KeptLine[]> {
  const images = new Map<string, KeptLine[]>();
  let lines: KeptLine[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [path = '', type = ''] = line.split(' ', 2);
    if (path === 'platform') {
      lines = [];
      images.set(type, lines);
    } else if (path.startsWith('/')) {
      // path, type, mode, owner, content: the rest is the reason.
      const reason = reasonOf(line.split(' ').slice(5).join(' '));
      if (reason !== undefined) lines.push({ path: rootPath(unescaped(path)), reason });
    }
  }
  return images;
}

/** `elf: needed libz.so.1, found by cache, by /usr/sbin/nginx [inferred]`; a directory on the way has none. */
function reasonOf(text: string): KeepReason | undefined {
  const match = /^([\w-]+): (.*?)( \[inferred\])?$/.exec(text);
  const [, detector = '', rest = '', doubt] = match ?? [];
  if (match === null) return undefined;
  const at = rest.lastIndexOf(', by /');
  return {
    detector,
    detail: at < 0 ? rest : rest.slice(0, at),
    ...(at < 0 ? {} : { from: rootPath(rest.slice(at + ', by '.length)) }),
    certainty: doubt === undefined ? 'exact' : 'inferred',
  };
}

function unescaped(text: string): string {
  return text.replace(/\\u([0-9a-f]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
