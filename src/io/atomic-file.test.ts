import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TransportError } from '../errors.ts';
import { AtomicFile, destinationError, isWrittenInPlace } from './atomic-file.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'oslim-atomic-'));
});
afterEach(() => {
  rmSync(home, { recursive: true });
});

test('a committed file replaces what was there, and nothing else is left', () => {
  const path = join(home, 'out');
  writeFileSync(path, 'old and longer');
  const file = new AtomicFile(path);
  file.write(Buffer.from('ne'));
  file.write(Buffer.from('w'));
  expect(readFileSync(path, 'utf8')).toBe('old and longer');
  file.commit();
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(readdirSync(home)).toEqual(['out']);
});

test('an aborted file leaves what was there', () => {
  const path = join(home, 'out');
  writeFileSync(path, 'old');
  const file = new AtomicFile(path);
  file.write(Buffer.from('new'));
  file.abort();
  file.abort();
  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(readdirSync(home)).toEqual(['out']);
});

test('abort after commit keeps the file', () => {
  const path = join(home, 'out');
  const file = new AtomicFile(path);
  file.commit();
  file.abort();
  expect(readdirSync(home)).toEqual(['out']);
});

test('a link to the destination stays a link', () => {
  mkdirSync(join(home, 'real'));
  writeFileSync(join(home, 'real', 'file'), 'old');
  symlinkSync('real/file', join(home, 'link'));
  const file = new AtomicFile(join(home, 'link'));
  file.write(Buffer.from('new'));
  file.commit();
  expect(readlinkSync(join(home, 'link'))).toBe('real/file');
  expect(readFileSync(join(home, 'real', 'file'), 'utf8')).toBe('new');
});

test('a name of 255 bytes is possible', () => {
  const file = new AtomicFile(join(home, 'n'.repeat(255)));
  file.commit();
  expect(readdirSync(home)).toEqual(['n'.repeat(255)]);
});

test.each([
  { summary: 'a directory', path: '.', says: /it is a directory/ },
  { summary: 'a name that ends in a slash', path: 'new/', says: /it is a directory/ },
  { summary: 'a directory that is not there', path: 'no/out', says: /its directory does not exist/ },
  { summary: 'a file on the way', path: 'file/out', says: /not a directory/ },
])('refuses $summary', ({ path, says }) => {
  writeFileSync(join(home, 'file'), '');
  const act = () => new AtomicFile(`${home}/${path}`);
  expect(act).toThrow(TransportError);
  expect(act).toThrow(says);
  expect(readdirSync(home)).toEqual(['file']);
});

test('no space left is said in plain words', () => {
  const error = destinationError('/d/out', Object.assign(new Error('ENOSPC: …'), { code: 'ENOSPC' }));
  expect(error.message).toBe('cannot write "/d/out": no space left on the device');
  expect(error.side).toBe('destination');
});

test('the next file of a destination removes what killed processes left, and nothing of others', () => {
  const path = join(home, 'out');
  const living = new AtomicFile(path);
  const dead = String(spawnSync('true').pid);
  const leftover = living.temporary.replace(`-${process.pid}-`, `-${dead}-`);
  const ofOther = new AtomicFile(join(home, 'other')).temporary.replace(`-${process.pid}-`, `-${dead}-`);
  writeFileSync(leftover, '');
  writeFileSync(ofOther, '');
  new AtomicFile(path).abort();
  expect([leftover, ofOther, living.temporary].map((name) => existsSync(name))).toEqual([false, true, true]);
  living.abort();
});

test('a process that exits in the middle leaves nothing', () => {
  transpile('errors.ts');
  transpile('io/atomic-file.ts');
  const out = join(home, 'out');
  mkdirSync(out);
  writeFileSync(
    join(home, 'script.mjs'),
    `import { readdirSync } from 'node:fs';
     import { AtomicFile } from './io/atomic-file.js';
     const file = new AtomicFile(${JSON.stringify(join(out, 'file'))});
     file.write(new Uint8Array(10));
     console.log(readdirSync(${JSON.stringify(out)}).length);
     process.exit(3);`,
  );
  const run = spawnSync(process.execPath, [join(home, 'script.mjs')], { encoding: 'utf8' });
  expect(run).toMatchObject({ status: 3, stdout: '1\n' });
  expect(readdirSync(out)).toEqual([]);
});

/** Puts a source file as JavaScript below `home`: Node 20 runs no TypeScript. */
function transpile(name: string): void {
  const source = readFileSync(join(import.meta.dirname, '..', name), 'utf8');
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      rewriteRelativeImportExtensions: true,
    },
  });
  mkdirSync(dirname(join(home, name)), { recursive: true });
  writeFileSync(join(home, 'package.json'), '{"type":"module"}');
  writeFileSync(join(home, name.replace(/ts$/, 'js')), outputText);
}

test('devices and open descriptors are written in place, files are not', () => {
  expect(isWrittenInPlace('/dev/null')).toBe(true);
  expect(isWrittenInPlace('/dev/stdout')).toBe(true);
  expect(isWrittenInPlace('/proc/self/fd/1')).toBe(true);
  expect(isWrittenInPlace(join(home, 'new'))).toBe(false);
});
