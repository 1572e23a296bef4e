import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { processScope } from './atomic-file.ts';
import { withFileLock } from './file-lock.ts';

const gone = spawnSync('true').pid;
const LONG_AGO = new Date(Date.now() - 3_600_000);

describe('withFileLock', () => {
  test('lets one step at a time through, and leaves nothing', async () => {
    const directory = temporaryDirectory();
    const file = join(directory, 'lock');
    const seen: boolean[] = [];
    const steps = Array.from({ length: 20 }, (_, at) =>
      withFileLock(file, 'out', () => {
        seen.push(existsSync(file));
        return at;
      }),
    );
    expect(await Promise.all(steps)).toEqual(Array.from({ length: 20 }, (_, at) => at));
    expect(seen).toEqual(Array.from({ length: 20 }, () => true));
    expect(readdirSync(directory)).toEqual([]);
  });

  test('is released when the step fails', async () => {
    const file = join(temporaryDirectory(), 'lock');
    const failing = withFileLock(file, 'out', () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(existsSync(file)).toBe(false);
  });

  test.each([
    { summary: 'of a process that is gone', content: `${processScope()} ${gone}\n`, old: false },
    { summary: 'of another host, long ago', content: 'elsewhere 1\n', old: true },
    { summary: 'of one that died before it wrote its name, long ago', content: '', old: true },
  ])('takes away a lock $summary', async ({ content, old }) => {
    const directory = temporaryDirectory();
    const file = join(directory, 'lock');
    writeFileSync(file, content);
    if (old) utimesSync(file, LONG_AGO, LONG_AGO);
    const results = await Promise.all([1, 2, 3].map((n) => withFileLock(file, 'out', () => n)));
    expect(results).toEqual([1, 2, 3]);
    expect(readdirSync(directory)).toEqual([]);
  });

  test('takes away what a process left that was killed while it took a lock away', async () => {
    const directory = temporaryDirectory();
    const file = join(directory, 'lock');
    writeFileSync(file, `${processScope()} ${gone}\n`);
    mkdirSync(`${file}.break`);
    utimesSync(`${file}.break`, LONG_AGO, LONG_AGO);
    expect(await withFileLock(file, 'out', () => 1)).toBe(1);
    expect(readdirSync(directory)).toEqual([]);
  });

  test.each([
    { summary: 'a process of this host', content: `${processScope()} ${process.pid}\n` },
    { summary: 'another host', content: 'elsewhere 1\n' },
    { summary: 'a process that has not yet written its name', content: '' },
  ])('waits for $summary, in the end in vain', async ({ content }) => {
    const file = join(temporaryDirectory(), 'lock');
    writeFileSync(file, content);
    const later = new Date(Date.now() + 3_600_000);
    utimesSync(file, later, later);
    const waiting = withFileLock(file, 'out', () => 1, { staleMs: 50 });
    await expect(waiting).rejects.toMatchObject({
      message: 'cannot write "out": another run is writing to it',
      advice: expect.stringContaining(file),
    });
  });

  test('ends when it is told to', async () => {
    const file = join(temporaryDirectory(), 'lock');
    writeFileSync(file, 'elsewhere 1\n');
    const signal = AbortSignal.timeout(30);
    await expect(withFileLock(file, 'out', () => 1, { signal })).rejects.toThrow(/timeout/i);
  });

  test('says it plainly when the directory is not there', async () => {
    const file = join(temporaryDirectory(), 'absent', 'lock');
    await expect(withFileLock(file, 'out', () => 1)).rejects.toThrow(
      'cannot write "out": its directory does not exist',
    );
  });
});
