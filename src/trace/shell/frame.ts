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
