import { expect, test } from 'vitest';
import { ancestors, baseName, isWithin, joinPath, parentPath, ROOT, rootPath } from './root-path.ts';

test.each([
  { path: '/usr//bin/./env', cwd: '/', is: '/usr/bin/env' },
  { path: 'app', cwd: '/srv', is: '/srv/app' },
  { path: '../lib/', cwd: '/usr/bin', is: '/usr/lib' },
  { path: '../../../..', cwd: '/usr', is: '/' },
  { path: '/../etc/passwd', cwd: '/usr', is: '/etc/passwd' },
  { path: '', cwd: '/usr', is: '/usr' },
  { path: '...', cwd: '/', is: '/...' },
])('rootPath reads "$path" from $cwd as $is', ({ path, cwd, is }) => {
  expect(rootPath(path, rootPath(cwd))).toBe(is);
});

test('paths are taken apart and put together', () => {
  const path = rootPath('/usr/bin/env');
  expect(parentPath(path)).toBe('/usr/bin');
  expect(parentPath(rootPath('/usr'))).toBe('/');
  expect(baseName(path)).toBe('env');
  expect(ancestors(path)).toEqual(['/usr/bin', '/usr', '/']);
  expect(ancestors(ROOT)).toEqual([]);
  expect(joinPath(ROOT, 'usr')).toBe('/usr');
  expect(joinPath(path, 'x')).toBe('/usr/bin/env/x');
});

test.each([
  { path: '/usr', directory: '/', is: true },
  { path: '/usr', directory: '/usr', is: true },
  { path: '/usr/bin', directory: '/usr', is: true },
  { path: '/usrbin', directory: '/usr', is: false },
  { path: '/', directory: '/usr', is: false },
])('isWithin: $path in $directory is $is', ({ path, directory, is }) => {
  expect(isWithin(rootPath(path), rootPath(directory))).toBe(is);
});
