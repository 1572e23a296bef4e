import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OslimError } from '../../errors.ts';
import { parseToml } from './toml.ts';

describe('parseToml', () => {
  const rows: readonly { summary: string; text: string; expected: object }[] = [
    { summary: 'nothing', text: '', expected: {} },
    { summary: 'comments and blank lines', text: '# a\n\n  a = 1 # b\r\n', expected: { a: 1 } },
    {
      summary: 'strings',
      text: 'a = "x\\n\\u00e9\\"#" \nb = \'C:\\x\'',
      expected: { a: 'x\né"#', b: 'C:\\x' },
    },
    {
      summary: 'booleans and integers',
      text: 'a = true\nb = false\nc = -1_000',
      expected: { a: true, b: false, c: -1000 },
    },
    {
      summary: 'arrays over lines',
      text: 'a = [ "x", # c\n "y",\n]\nb = [[1], []]',
      expected: { a: ['x', 'y'], b: [[1], []] },
    },
    {
      summary: 'inline tables',
      text: 'a = { b = "c", d.e = 1 }\nf = {}',
      expected: { a: { b: 'c', d: { e: 1 } }, f: {} },
    },
    {
      summary: 'tables and dotted keys',
      text: '[a.b]\nc = 1\n"d e".f = 2',
      expected: { a: { b: { c: 1, 'd e': { f: 2 } } } },
    },
    {
      summary: 'arrays of tables, and tables of their elements',
      text: '[[r]]\nn = 1\n[[r.m]]\nx = 1\n[[r.m]]\nx = 2\n[[r]]\nn = 2\n[r.t]\ny = 1',
      expected: {
        r: [
          { n: 1, m: [{ x: 1 }, { x: 2 }] },
          { n: 2, t: { y: 1 } },
        ],
      },
    },
    {
      summary: 'a key called __proto__',
      text: '[__proto__]\na = 1',
      expected: JSON.parse('{"__proto__": {"a": 1}}'),
    },
  ];

  test.each(rows)('reads $summary', ({ text, expected }) => {
    expect(JSON.parse(JSON.stringify(parseToml(text)))).toEqual(expected);
  });

  test.each([
    { summary: 'a float', text: 'a = 1.5', error: 'line 1: this kind of value is not supported' },
    { summary: 'a date', text: 'a = 2020-01-01', error: 'this kind of value is not supported' },
    { summary: 'a multi-line string', text: 'a = """x"""', error: 'multi-line strings are not supported' },
    {
      summary: 'a string without an end',
      text: 'b = 1\na = "x',
      error: 'line 2: this kind of value is not supported',
    },
    { summary: 'a key that comes twice', text: 'a = 1\na = 2', error: 'the key "a" comes twice' },
    { summary: 'two pairs on one line', text: 'a = 1 b = 2', error: 'something follows on the line' },
    { summary: 'a table over a value', text: 'a = 1\n[a.b]', error: '"a" is not a table' },
    { summary: 'a header without an end', text: '[a', error: 'a table header does not end' },
    { summary: 'a key without a value', text: 'a', error: 'there is no "=" behind a key' },
    { summary: 'arrays without end', text: `a = ${'['.repeat(1000)}`, error: 'values are nested too deeply' },
    { summary: 'an unknown escape', text: 'a = "\\q"', error: 'an escape is unknown' },
    { summary: 'a code point that is none', text: 'a = "\\UFFFFFFFF"', error: 'an escape is unknown' },
  ])('refuses $summary', ({ text, error }) => {
    expect(() => parseToml(text)).toThrow(error);
  });

  test('throws only OslimErrors on any text', () => {
    const unit = fc.constantFrom(...'[]{}="\'\\#.,ab1 \n-\u0000');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), (text) => {
        try {
          parseToml(text);
        } catch (error) {
          expect(error).toBeInstanceOf(OslimError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
