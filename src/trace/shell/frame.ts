import type { RootPath } from '../../rootfs/root-path.ts';
import type { Word } from '../detector.ts';

/** The text being read: a script, a file that it sources, or the words of an `eval`. */
export interface Frame {
  /** The kept file whose text (or whose command line) it is: the reasons' origin. */
  readonly from: RootPath;
  /** What `$BASH_SOURCE` says. */
  readonly name: Word;
  readonly source: string;
}

/** Returns the number of the line that an offset of a frame's text is in, from 1. */
export function lineOf({ source }: Frame, pos: number): number {
  let line = 1;
  for (let at = source.indexOf('\n'); at >= 0 && at < pos; at = source.indexOf('\n', at + 1)) line++;
  return line;
}
