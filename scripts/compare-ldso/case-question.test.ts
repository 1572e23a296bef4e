import { expect, test } from 'vitest';
import { answerOfRun } from './case-answer.js';
import { parseQuestion } from './case-question.js';

test('a question is a program with its environment, user, directory and processor', () => {
  expect(parseQuestion('LD_LIBRARY_PATH=/a;/b @uid=65534 @cwd=/opt @cpu=baseline /app/main')).toMatchObject({
    program: '/app/main',
    env: { LD_LIBRARY_PATH: '/a;/b' },
    uid: 65534,
    cwd: '/opt',
    cpu: 'baseline',
  });
});

test('a value may hold blanks', () => {
  expect(parseQuestion('LD_PRELOAD=liba.so /p/libb.so /app/main').env).toEqual({
    LD_PRELOAD: 'liba.so /p/libb.so',
  });
});

test.each([
  [
    '/app/main: error while loading shared libraries: libx.so.1: cannot open shared object file: No such file',
    'missing libx.so.1',
  ],
  [
    "/app/main: /usr/lib/libv.so.1: version `V2' not found (required by /app/main)",
    'version /usr/lib/libv.so.1',
  ],
  ['Error loading shared library libx.so.1: Exec format error (needed by /app/main)', 'not ELF libx.so.1'],
  ['/text/libx.so.1: invalid ELF header', 'not ELF /text/libx.so.1'],
])('%s', (stderr, refusal) => {
  expect(answerOfRun({ stdout: '', stderr, status: 127 }, '', '/app/main')).toEqual([`refused: ${refusal}`]);
});

test('an answer leaves out the vDSO, the loader and the program', () => {
  const stdout = 'linux-vdso.so.1\n/lib/libx.so.1\n/app/main\n/lib/ld.so\n';
  expect(answerOfRun({ stdout, stderr: '', status: 0 }, '/lib/ld.so', '/app/main')).toEqual([
    '/lib/libx.so.1',
  ]);
});
