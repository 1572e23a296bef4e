import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { packageVersion } from '../index.ts';
import { commandTree, everyCommand } from './command-tree.ts';
import { manPage } from './man-page.ts';
import { buildProgram } from './program.ts';

const tree = commandTree(buildProgram(() => {}));

it('finds the manual page telling what the command line tells (npm run docs writes it)', () => {
  const page = readFileSync(new URL('../../man/oslim.1', import.meta.url), 'utf8');
  expect(page).toBe(manPage(tree, packageVersion()));
});

it('names every flag of every command', () => {
  const page = manPage(tree, '1.0').replaceAll('\\-', '-');
  for (const { flags } of everyCommand(tree))
    for (const { names } of flags) for (const name of names) expect(page).toContain(`\\fB${name}\\fR`);
});
