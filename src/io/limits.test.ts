import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { LimitError } from '../errors.ts';
import { checkLimit, DEFAULT_LIMITS, isLimitName, limitError, NO_LIMITS } from './limits.ts';

test('a limit is the largest value that passes, and its error says which and how to go on', () => {
  expect(() => checkLimit(DEFAULT_LIMITS, 'layers', DEFAULT_LIMITS.layers, 'image')).not.toThrow();
  expect(() => checkLimit(DEFAULT_LIMITS, 'layers', DEFAULT_LIMITS.layers + 1, 'image')).toThrow(LimitError);
  expect(() => checkLimit({ ...DEFAULT_LIMITS, layers: 2 }, 'layers', 3, 'image')).toThrow(
    expect.objectContaining({
      limit: 'layers',
      max: 2,
      message: 'cannot read image: 3 is more than the limit layers = 2',
      advice: expect.stringContaining('--limit layers=VALUE'),
    }),
  );
});

test('a limit is met where it is not known by how much', () => {
  expect(limitError(DEFAULT_LIMITS, 'elfSymbols', 'ELF symbols', 'their number').message).toBe(
    'cannot read ELF symbols: their number is more than the limit elfSymbols = 1048576',
  );
});

test('what was written here itself is not bounded', () => {
  for (const name of Object.keys(DEFAULT_LIMITS).filter(isLimitName))
    expect(() => checkLimit(NO_LIMITS, name, Number.MAX_SAFE_INTEGER, 'it')).not.toThrow();
});

test('docs/security.md lists every limit with its default', () => {
  const text = readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| `(\w+)` \| ([\d,]+)(?: (KiB|MiB|GiB))? \|/gm)].map(
    ([, name, number = '', unit = '']) => [
      name,
      Number(number.replaceAll(',', '')) * ({ KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 }[unit] ?? 1),
    ],
  );
  expect(Object.fromEntries(rows)).toEqual(DEFAULT_LIMITS);
});
