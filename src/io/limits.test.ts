import { expect, test } from 'vitest';
import { LimitError } from '../errors.ts';
import { checkLimit, DEFAULT_LIMITS } from './limits.ts';

test('a limit is the largest value that passes, and its error says which and how to go on', () => {
  expect(() => checkLimit(DEFAULT_LIMITS, 'layers', DEFAULT_LIMITS.layers, 'image')).not.toThrow();
  expect(() => checkLimit(DEFAULT_LIMITS, 'layers', DEFAULT_LIMITS.layers + 1, 'image')).toThrow(LimitError);
  expect(() => checkLimit({ ...DEFAULT_LIMITS, layers: 2 }, 'layers', 3, 'image')).toThrow(
    expect.objectContaining({
      limit: 'layers',
      max: 2,
      message: 'cannot read image: 3 is more than the limit layers = 2',
      advice: expect.stringContaining('raise the limit layers'),
    }),
  );
});
