import { OslimError, reasonOf } from '../errors.ts';
import type { SlimOutcome, SlimResult } from '../result/slim-result.ts';

/** BatchLine is what is said of one image: a line of JSON. */
export interface BatchLine {
  readonly image: string;
  /** `policy`: written, but what the user forbade is in it. */
  readonly status: 'done' | 'unchanged' | 'policy' | 'failed';
  readonly seconds: number;
  /** Full reference that the result bears. */
  readonly name?: string;
  readonly written?: readonly string[];
  /** Of the image's manifest, or of the index's. */
  readonly digest?: string;
  /** Bytes of files, uncompressed, of all platforms together. */
  readonly before?: number;
  readonly after?: number;
  /** Bytes of the layers as written. */
  readonly layerBytes?: number;
  readonly warnings?: number;
  readonly error?: string;
  readonly advice?: string;
}

/** Returns the line of an image that was slimmed. */
export function lineOf(image: string, outcome: SlimOutcome, seconds: number): BatchLine {
  if (outcome.kind === 'unchanged') {
    const { name, places, violations, overSize } = outcome.result;
    const isBroken = violations.length > 0 || overSize !== undefined;
    return { image, status: isBroken ? 'policy' : 'unchanged', seconds, name, written: places };
  }
  const { result } = outcome;
  const images: readonly SlimResult[] =
    outcome.kind === 'index' ? outcome.result.platforms : [outcome.result];
  const isBroken = images.some(({ violations, overSize }) => violations.length > 0 || overSize !== undefined);
  const sum = (of: (one: SlimResult) => number) => images.reduce((total, one) => total + of(one), 0);
  return {
    image,
    status: isBroken || result.lockDifferences !== undefined ? 'policy' : 'done',
    seconds,
    name: result.name,
    written: result.written,
    digest: 'indexDigest' in result ? result.indexDigest : result.manifestDigest,
    before: sum(({ before }) => before?.bytes ?? 0),
    after: sum(({ after }) => after.bytes),
    layerBytes: sum(({ layerBytes }) => layerBytes),
    warnings: sum(({ warnings }) => warnings.length),
  };
}

/** Returns the line of an image that could not be slimmed. */
export function failureLine(image: string, error: unknown, seconds: number): BatchLine {
  const advice = error instanceof OslimError ? error.advice : undefined;
  return {
    image,
    status: 'failed',
    seconds,
    error: reasonOf(error),
    ...(advice === undefined ? {} : { advice }),
  };
}

/** Returns the line that a text holds, or undefined: a run that was killed leaves half of one. */
export function parseLine(text: string): BatchLine | undefined {
  let value: Partial<BatchLine> | null;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  return typeof value?.image === 'string' && typeof value.status === 'string'
    ? (value as BatchLine)
    : undefined;
}
