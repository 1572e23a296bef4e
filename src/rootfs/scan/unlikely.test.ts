import { expect, test } from 'vitest';
import { isUnlikely } from './unlikely.ts';

test.each([
  ['usr/include/stdio.h', true],
  ['./usr/share/man/man1/ls.1.gz', true],
  ['/usr/share/doc/libc6/copyright', true],
  ['usr/lib/gcc/x86_64-linux-gnu/12/cc1', true],
  ['usr/lib/x86_64-linux-gnu/libc.a', true],
  ['usr/lib/go-1.19/src/fmt/print.go', true],
  ['usr/bin/python3.11', false],
  ['usr/lib/x86_64-linux-gnu/libc.so.6', false],
  ['usr/share/documents/report', false],
  ['srv/usr/include/x', false],
])('%s is left out of a first reading: %s', (name, expected) => {
  expect(isUnlikely(name)).toBe(expected);
});
