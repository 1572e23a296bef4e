import { describe, expect, test } from 'vitest';
import { parseRetryAfter } from './retry.ts';
import { parseToken } from './token.ts';

const parse = (document: object) => parseToken(Buffer.from(JSON.stringify(document)), 1_000_000);

describe('parseToken', () => {
  test.each([
    {
      summary: 'the lifetime that it says, less a tenth',
      document: { token: 't', expires_in: 100 },
      seconds: 90,
    },
    { summary: 'a minute when it does not say', document: { token: 't' }, seconds: 54 },
    { summary: 'a minute when it says nonsense', document: { token: 't', expires_in: 'x' }, seconds: 54 },
    { summary: 'an hour at most', document: { token: 't', expires_in: 1e9 }, seconds: 3240 },
    {
      summary: 'the same under the name of OAuth2',
      document: { access_token: 't', expires_in: 100 },
      seconds: 90,
    },
  ])('uses a token for $summary', ({ document, seconds }) => {
    expect(parse(document)).toEqual({ value: 't', usableUntil: 1_000_000 + seconds * 1000 });
  });

  test.each([{}, { token: '' }, { token: 'a b' }, { token: 'a\nb' }, { token: 'é' }, { token: 1 }])(
    'refuses %j',
    (document) => {
      expect(() => parse(document)).toThrow(/^cannot read /);
    },
  );
});

test.each([
  [undefined, undefined],
  ['0', 0],
  ['120', 120_000],
  ['Thu, 01 Jan 1970 00:20:00 GMT', 200_000],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ['soon', undefined],
  ['-5x', undefined],
])('parseRetryAfter(%s) is %s ms', (value, expected) => {
  expect(parseRetryAfter(value, 1_000_000)).toBe(expected);
});
