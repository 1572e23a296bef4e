// Writes the generated parts of the documentation: the README's table of flags, the examples that the library guide
// shows. Run it with `npm run docs`.
import { readFileSync, writeFileSync } from 'node:fs';
import { withFlagsTable } from '../dist/cli/flags-table.js';
import { withExamples } from './docs/example-blocks.js';

rewrite('../README.md', withFlagsTable);
rewrite('../docs/library.md', withExamples);

/** @param {string} path @param {(page: string) => string} change */
function rewrite(path, change) {
  const file = new URL(path, import.meta.url);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}
