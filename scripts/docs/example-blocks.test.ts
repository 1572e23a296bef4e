import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { withExamples } from './example-blocks.js';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

it('finds the library guide showing the examples as they are compiled (npm run docs writes them)', () => {
  const guide = read('docs/library.md');
  expect(guide).toBe(withExamples(guide));
  const shown = [...guide.matchAll(/<!-- example: (\S+) -->/g)].map(([, name]) => name);
  expect(shown.sort()).toEqual(readdirSync(new URL('../../examples', import.meta.url)).sort());
});
