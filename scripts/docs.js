// Writes the generated parts of the documentation: the README's table of flags, the examples that the library guide
// shows, the manual page. Run it with `npm run docs`.
import { readFileSync, writeFileSync } from 'node:fs';
import { commandTree } from '../dist/cli/command-tree.js';
import { withFlagsTable } from '../dist/cli/flags-table.js';
import { manPage } from '../dist/cli/man-page.js';
import { buildProgram } from '../dist/cli/program.js';
import { packageVersion } from '../dist/version.js';
import { withExamples } from './docs/example-blocks.js';

rewrite('../README.md', withFlagsTable);
rewrite('../docs/library.md', withExamples);
writeFileSync(
  new URL('../man/oslim.1', import.meta.url),
  manPage(commandTree(buildProgram(() => {})), packageVersion()),
);

/** @param {string} path @param {(page: string) => string} change */
function rewrite(path, change) {
  const file = new URL(path, import.meta.url);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}
