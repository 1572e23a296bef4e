import { expect, it } from 'vitest';
import { memoryRootfs } from '../testing/memory-rootfs.ts';
import { libraryPatterns, namesOfPattern } from './library-patterns.ts';

it('takes names of libraries with a version that is filled in', () => {
  const texts = [
    'libicuuc.so.%s',
    'libpython%d.%d.so',
    'libx.so.1',
    'lib%s.so',
    '%s/libfoo.so.%d',
    'cannot load libfoo.so.%d',
  ];
  expect(libraryPatterns(texts)).toEqual(['libicuuc.so.%s', 'libpython%d.%d.so']);
});

it('takes so many of a hostile file that they can be compared with every name', () => {
  const texts = Array.from({ length: 100_000 }, (_, index) => `libfoo${index}.so.%d`);
  expect(libraryPatterns(texts)).toHaveLength(64);
  expect(libraryPatterns([`libfoo.so.${'%s'.repeat(50)}`])).toEqual([]);
});

it('finds the names that a pattern may become', () => {
  const rootfs = memoryRootfs({
    '/l/libfoo.so.7': '',
    '/l/libfoo.so.7.1': '',
    '/l/libfoo-x.so.7': '',
    '/l/libfooXso.7': '',
  });
  expect([...namesOfPattern('libfoo.so.%d', rootfs, ['/l', '/none'])].sort()).toEqual([
    'libfoo.so.7',
    'libfoo.so.7.1',
  ]);
});

it('compares a long name in no time', () => {
  const name = `libfoo${'1.'.repeat(120)}!`;
  const rootfs = memoryRootfs({ [`/l/${name}`]: '' });
  expect([...namesOfPattern('libfoo%s%s%s.so', rootfs, ['/l'])]).toEqual([]);
});
