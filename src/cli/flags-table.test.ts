import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { withFlagsTable } from './flags-table.ts';

it('finds the README telling what the command line tells (npm run docs writes it)', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  expect(readme).toBe(withFlagsTable(readme));
});
