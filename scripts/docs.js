// Writes the generated parts of the documentation: the README's table of flags. Run it with `npm run docs`.
import { readFileSync, writeFileSync } from 'node:fs';
import { withFlagsTable } from '../dist/cli/flags-table.js';

const readme = new URL('../README.md', import.meta.url);
writeFileSync(readme, withFlagsTable(readFileSync(readme, 'utf8')));
