import type { Word as WordNode } from 'unbash';
import { grammarOf } from '../commands/interpreters.ts';
import type { Piece } from './fields.ts';
import { quotePattern } from './pattern.ts';

/** More files than this are no choice of programs. */
const MAX_CHOICES = 64;
/** Builtins and wrappers whose operand is a program or a script. */
const STARTERS =
  /^(?:exec|\.|source|command|env|gosu|su-exec|setpriv|sudo|runuser|chpst|nice|timeout|nohup|tini|dumb-init|catatonit)$/;

/** A directory that is somebody's own: relative, below the root's system directories, or another one of the root. */
const KNOWN_DIRECTORY =
  /^(?:\.{1,2}\/|[^/.][^/]*\/|\/(?!(?:bin|sbin|usr|etc|lib\w*|dev|proc|sys|tmp|var|run)\/)[^/]+\/|\/[^/]+\/[^/]+\/)/;

/** Does this command start what its operands name? */
export function startsOperands(name: WordNode): boolean {
  return STARTERS.test(name.text) || grammarOf(name.text) !== undefined;
}

/**
 * Returns what a word may be of which only a part is known: for `"$JOBS/$1.sh"` with a known directory every file that fits.
 * Undefined when nothing is unknown, when no directory is known, or when too many fit.
 */
export function guessedWords(
  pieces: readonly Piece[],
  glob: (pattern: string) => readonly string[],
): readonly (readonly Piece[])[] | undefined {
  const first = pieces.findIndex(({ text }) => text === undefined);
  if (first < 0 || pieces.some(({ isBreak }) => isBreak)) return undefined;
  const before = pieces
    .slice(0, first)
    .map(({ text }) => text ?? '')
    .join('');
  if (!KNOWN_DIRECTORY.test(before)) return undefined;
  const pattern = pieces.map(({ text }) => (text === undefined ? '*' : quotePattern(text))).join('');
  const found = glob(pattern);
  if (found.length === 0 || found.length > MAX_CHOICES) return undefined;
  return found.map((path) => [{ text: path, isQuoted: true }]);
}
