import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const SRC = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..');
const TESTS = new Map(
  readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => [basename(path), readFileSync(join(SRC, path), 'utf8')]),
);

/** What the document's rows name: a file of tests, and titles (or parts of them) in it. */
function namedTests(document: string) {
  const rows = document.split('\n').filter((line) => /^\|.*\.test\.ts/.test(line));
  return rows.flatMap((row) => {
    const cell = row.replace(/\|$/, '').split('|').at(-1) ?? '';
    return cell.split(/; (?=`|\*)/).flatMap((part) => {
      const [, file, titles = ''] = /`([\w-]+\.test\.ts)`(?:: ([^`(]*))?/.exec(part) ?? [];
      return file === undefined ? [] : titles.split(/[;,] /).map((title) => ({ file, title: title.trim() }));
    });
  });
}

describe('docs/distribution-spec.md', () => {
  const named = namedTests(readFileSync(join(SRC, '../docs/distribution-spec.md'), 'utf8'));

  test('names many tests', () => {
    expect(named.length).toBeGreaterThan(40);
  });

  test('names only tests that there are', () => {
    expect(named.filter(({ file, title }) => !TESTS.get(file)?.includes(title))).toEqual([]);
  });
});
