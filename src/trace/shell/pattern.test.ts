import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROOT, rootPath } from '../../rootfs/root-path.ts';
import { memoryRootfs } from '../../testing/memory-rootfs.ts';
import { expandGlob, patternRegExp, quotePattern, unquotePattern } from './pattern.ts';

describe('patternRegExp', () => {
  it.each([
    ['*.sh', 'a.sh', true],
    ['*.sh', 'a.shx', false],
    ['a?c', 'abc', true],
    ['[a-c]x', 'bx', true],
    ['[!a-c]x', 'bx', false],
    ['[]x]', ']', true],
    ['[[:digit:]]*', '5a', true],
    ['[[:digit:]_]', '_', true],
    ['[z-a]', 'm', false],
    ['[abc', '[abc', true],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['@(a|b)c', 'bc', true],
    ['!(a)', 'a', false],
    ['!(a)', 'b', true],
    ['a.b', 'axb', false],
    ['*', 'a\nb', true],
    ['*a*a*a*a*a*b', 'aaaaaab', false],
  ])('%s against %s is %s', (pattern, text, expected) => {
    expect(patternRegExp(pattern).test(text)).toBe(expected);
  });

  it('takes quoted text as itself, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(patternRegExp(quotePattern(text)).test(text)).toBe(true);
        expect(unquotePattern(quotePattern(text))).toBe(text);
      }),
    );
  });

  it('makes a regular expression of any pattern', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'[]!^-:a*?()@|\\z') }),
        (text) => patternRegExp(text) instanceof RegExp,
      ),
    );
  });
});

describe('expandGlob', () => {
  const rootfs = memoryRootfs({
    '/etc/d/b.sh': '',
    '/etc/d/a.sh': '',
    '/etc/d/.hidden.sh': '',
    '/etc/d/c.txt': '',
    '/etc/link': { link: 'd' },
    '/etc/dangling': { link: 'nowhere' },
    '/opt/x-1.0/bin/run': '',
  });

  it.each([
    ['/etc/d/*.sh', ['/etc/d/a.sh', '/etc/d/b.sh']],
    ['/etc/d/.*.sh', ['/etc/d/.hidden.sh']],
    ['/etc/link/*.txt', ['/etc/link/c.txt']],
    ['/opt/x-*/bin/run', ['/opt/x-1.0/bin/run']],
    ['/etc/d*', ['/etc/d', '/etc/dangling']],
    ['/etc/none/*', []],
    ['/etc/d/a.sh/*', []],
  ])('%s', (pattern, expected) => {
    expect(expandGlob(rootfs, pattern, ROOT)).toEqual(expected);
  });

  it('is relative to the working directory', () => {
    expect(expandGlob(rootfs, '*.sh', rootPath('/etc/d'))).toEqual(['a.sh', 'b.sh']);
  });
});
