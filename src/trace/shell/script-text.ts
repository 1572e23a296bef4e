import type { FileInode } from '../../rootfs/inode.ts';
import type { RootPath } from '../../rootfs/root-path.ts';
import type { Trace } from '../trace.ts';
import { MAX_SCRIPT_BYTES, MAX_SUBSTITUTION_DEPTH } from './limits.ts';

/** Returns a script's text; undefined for what is none (empty, binary) or, with a warning, too large or too deep to be read. */
export function scriptText(trace: Trace, path: RootPath, inode: FileInode): string | undefined {
  if (inode.size === 0) return undefined;
  if (inode.size > MAX_SCRIPT_BYTES) {
    trace.warnings.add(
      'UNFOLLOWED',
      `cannot follow "${path}": a script of ${inode.size} bytes, more than ${MAX_SCRIPT_BYTES}`,
      path,
    );
    return undefined;
  }
  const bytes = trace.rootfs.read(inode);
  // A payload behind `exit` may be binary; a NUL in the first lines says that it is no script at all.
  if (bytes.subarray(0, 256).includes(0)) return undefined;
  const text = new TextDecoder().decode(bytes);
  if (substitutionDepth(text) <= MAX_SUBSTITUTION_DEPTH) return text;
  trace.warnings.add(
    'UNFOLLOWED',
    `cannot follow "${path}": command substitutions more than ${MAX_SUBSTITUTION_DEPTH} deep`,
    path,
  );
  return undefined;
}

/** Returns how many `$(` are open at the same time, at most; quotes are not looked at, so it may be a little more. */
function substitutionDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(/\$\(|\)/g)) {
    depth = token === ')' ? Math.max(0, depth - 1) : depth + 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
