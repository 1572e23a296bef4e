import type { KeepReason } from '../trace/keep-graph.ts';

/** Returns a reason in a few words: the detector, what it saw, where. */
export function reasonText({ detector, detail, from, certainty }: KeepReason): string {
  return `${detector}: ${detail}${from === undefined ? '' : `, by ${from}`}${certainty === 'inferred' ? ' [inferred]' : ''}`;
}
