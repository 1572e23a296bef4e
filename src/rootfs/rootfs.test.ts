import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LimitError } from '../errors.ts';
import { layerOf } from '../testing/image-builder.ts';
import { type Flattened, flatten } from './flatten.ts';
import type { FileInode } from './inode.ts';
import { ROOT, rootPath } from './root-path.ts';
import { type Rootfs, readRange } from './rootfs.ts';

let flattened: Flattened;
let rootfs: Rootfs;

beforeAll(async () => {
  const chain = Array.from({ length: 41 }, (_, i) => ({
    name: `chain/${i}`,
    type: 'symlink' as const,
    target: `${i + 1}`,
  }));
  flattened = await flatten([
    layerOf([
      { name: 'usr/bin/env', content: '0123456789' },
      { name: 'usr/lib/x/libx.so.1', content: 'elf' },
      { name: 'bin', type: 'symlink', target: 'usr/bin' },
      { name: 'lib', type: 'symlink', target: '/usr/lib' },
      { name: 'usr/lib/libx.so', type: 'symlink', target: 'x/libx.so.1' },
      { name: 'usr/lib/up', type: 'symlink', target: '../../../../../etc/../bin/env' },
      { name: 'etc', type: 'directory' },
      { name: 'loop', type: 'symlink', target: 'loop' },
      { name: 'dangling', type: 'symlink', target: 'nowhere' },
      { name: 'self', type: 'symlink', target: '.' },
      ...chain,
      { name: 'chain/41', content: 'end' },
    ]),
  ]);
  rootfs = flattened.rootfs;
});

afterAll(() => flattened.close());

describe('Rootfs.resolve', () => {
  test.each([
    { summary: 'a path without links', path: '/usr/bin/env', to: '/usr/bin/env', hops: [] },
    { summary: 'a link on the way', path: '/bin/env', to: '/usr/bin/env', hops: ['/bin'] },
    {
      summary: 'an absolute link, then a relative one: every hop is told, each by its own link-free path',
      path: '/lib/libx.so',
      to: '/usr/lib/x/libx.so.1',
      hops: ['/lib', '/usr/lib/libx.so'],
    },
    {
      summary: 'a link that climbs over the root stays in it',
      path: '/lib/up',
      to: '/usr/bin/env',
      hops: ['/lib', '/usr/lib/up', '/bin'],
    },
    {
      summary: '.. after a link is the parent of what the link led to',
      path: '/lib/../bin',
      to: '/usr/bin',
      hops: ['/lib'],
    },
    { summary: '.. at the root is the root', path: '/../../etc', to: '/etc', hops: [] },
    { summary: 'the root', path: '/', to: '/', hops: [] },
    { summary: 'a slash at the end of a directory', path: '/bin/', to: '/usr/bin', hops: ['/bin'] },
    {
      summary: 'a link to its own directory, many times over',
      path: '/self/self/self/etc',
      to: '/etc',
      hops: ['/self', '/self', '/self'],
    },
    {
      summary: 'forty links, as many as the kernel takes',
      path: '/chain/1',
      to: '/chain/41',
      hops: expect.any(Array),
    },
  ])('$summary', ({ path, to, hops }) => {
    const found = rootfs.resolve(path);
    expect(found?.path).toBe(to);
    expect(found?.hops).toEqual(hops);
    expect(found?.inode).toBe(rootfs.lookup(rootPath(to)));
  });

  test.each([
    { summary: 'what is not there', path: '/usr/bin/nothing' },
    { summary: 'a link to nowhere', path: '/dangling' },
    { summary: 'a link to itself', path: '/loop' },
    { summary: 'forty-one links (ELOOP)', path: '/chain/0' },
    { summary: 'something below a file (ENOTDIR)', path: '/usr/bin/env/x' },
    { summary: '.. below a file (ENOTDIR)', path: '/usr/bin/env/../env' },
  ])('finds nothing for $summary', ({ path }) => {
    expect(rootfs.resolve(path)).toBeUndefined();
  });

  test('starts at the working directory for a relative path', () => {
    expect(rootfs.resolve('bin/env', { cwd: rootPath('/usr') })?.path).toBe('/usr/bin/env');
    expect(rootfs.resolve('../bin/env', { cwd: rootPath('/lib') })?.path).toBe('/usr/bin/env');
  });

  test('does not follow the last link when it is the link that is asked for', () => {
    const found = rootfs.resolve('/lib/libx.so', { followLast: false });
    expect(found?.inode.type).toBe('symlink');
    expect(found?.path).toBe('/usr/lib/libx.so');
    expect(found?.hops).toEqual(['/lib']);
  });
});

describe('Rootfs', () => {
  test('looks up exactly: links are not followed', () => {
    expect(rootfs.lookup(rootPath('/bin'))?.type).toBe('symlink');
    expect(rootfs.lookup(rootPath('/bin/env'))).toBeUndefined();
    expect(rootfs.lookup(ROOT)).toBe(rootfs.root);
  });

  test('lists sorted, through links, and nothing for what is no directory', () => {
    expect(rootfs.list('/lib')).toEqual(['libx.so', 'up', 'x']);
    expect(rootfs.list('/usr/bin/env')).toEqual([]);
    expect(rootfs.list('/nothing')).toEqual([]);
  });

  test('walks each directory before what is in it, without following links', () => {
    const paths = [...rootfs.walk(rootPath('/usr'))].map(([path]) => path);
    expect(paths).toEqual([
      '/usr/bin',
      '/usr/bin/env',
      '/usr/lib',
      '/usr/lib/libx.so',
      '/usr/lib/up',
      '/usr/lib/x',
      '/usr/lib/x/libx.so.1',
    ]);
    expect([...rootfs.walk(rootPath('/bin'))]).toEqual([]);
  });

  test('reads whole files and ranges', () => {
    expect(rootfs.text('/bin/env')).toBe('0123456789');
    expect(rootfs.text('/etc')).toBeUndefined();
    const file = rootfs.file('/bin/env')?.inode;
    if (file === undefined) throw new Error('no file');
    const range = (offset: number, length: number): string =>
      Buffer.from(readRange(file, offset, length)).toString();
    expect([range(0, 3), range(8, 5), range(10, 1), range(99, 1)]).toEqual(['012', '89', '', '']);
  });

  test('does not read a huge file whole', () => {
    const huge = { ...rootfs.file('/bin/env')?.inode, size: 2 ** 40 } as FileInode;
    expect(() => rootfs.read(huge)).toThrow(LimitError);
  });
});
