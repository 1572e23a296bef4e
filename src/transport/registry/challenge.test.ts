import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseChallenges } from './challenge.ts';

function parsed(...values: readonly string[]): readonly [string, Record<string, string>][] {
  return parseChallenges(values).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);
}

describe('parseChallenges', () => {
  const rows: readonly {
    summary: string;
    values: readonly string[];
    expected: readonly [string, Record<string, string>][];
  }[] = [
    {
      summary: 'a bearer challenge of a registry',
      values: [
        'Bearer realm="https://auth.example/token",service="r.example",scope="repository:a/b:pull,push"',
      ],
      expected: [
        [
          'bearer',
          { realm: 'https://auth.example/token', service: 'r.example', scope: 'repository:a/b:pull,push' },
        ],
      ],
    },
    {
      summary: 'several challenges in one field (RFC 9110, section 11.6.1)',
      values: ['Basic realm="simple", Newauth realm="apps", type=1, title="Login to \\"apps\\""'],
      expected: [
        ['basic', { realm: 'simple' }],
        ['newauth', { realm: 'apps', type: '1', title: 'Login to "apps"' }],
      ],
    },
    {
      summary: 'several fields',
      values: ['Basic realm=a', 'Bearer realm=b'],
      expected: [
        ['basic', { realm: 'a' }],
        ['bearer', { realm: 'b' }],
      ],
    },
    { summary: 'any case of names', values: ['bEARER ReAlM="X"'], expected: [['bearer', { realm: 'X' }]] },
    {
      summary: 'space around the equals sign',
      values: ['Basic realm = "a" , charset = "UTF-8"'],
      expected: [['basic', { realm: 'a', charset: 'UTF-8' }]],
    },
    {
      summary: 'a scheme without parameters',
      values: ['Negotiate, Basic realm="a"'],
      expected: [
        ['negotiate', {}],
        ['basic', { realm: 'a' }],
      ],
    },
    {
      summary: 'a token68',
      values: ['Negotiate YWJj==, Basic realm="a"'],
      expected: [
        ['negotiate', { '': 'YWJj==' }],
        ['basic', { realm: 'a' }],
      ],
    },
    {
      summary: 'empty list elements',
      values: [', ,Basic realm="a",,'],
      expected: [['basic', { realm: 'a' }]],
    },
    {
      summary: 'a comma in a quoted string',
      values: ['Basic realm="a, Bearer realm=b"'],
      expected: [['basic', { realm: 'a, Bearer realm=b' }]],
    },
    {
      summary: 'the first of two equal names',
      values: ['Bearer realm="good", realm="evil"'],
      expected: [['bearer', { realm: 'good' }]],
    },
    {
      summary: 'a quoted string without an end, by what stood before',
      values: ['Bearer service=s, realm="x'],
      expected: [['bearer', { service: 's' }]],
    },
    { summary: 'nothing', values: ['', ' , '], expected: [] },
    { summary: 'something else', values: ['"quoted" only'], expected: [] },
  ];

  test.each(rows)('reads $summary', ({ values, expected }) => {
    expect(parsed(...values)).toEqual(expected);
  });

  test('ends on any text, in time that grows with its length', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'Ba realm="\\,= \t;'), maxLength: 60 }), (text) => {
        expect(parseChallenges([text]).length).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 2000 },
    );
    for (const unit of ['a ', 'a=', '"', 'a="\\', ', ', 'Basic a=b, ']) {
      const began = performance.now();
      parseChallenges([unit.repeat(30_000)]);
      expect(performance.now() - began).toBeLessThan(2000);
    }
  });
});
