// Prints the commands of a page's blocks whose mark names a script, a line for each block. Usage: marked-commands.js PAGE SCRIPT
import { readFileSync } from 'node:fs';
import { blocksOf } from './page-blocks.js';

const [page = '', script = ''] = process.argv.slice(2);
for (const { notRun, steps } of blocksOf(readFileSync(page, 'utf8'))) {
  if (notRun?.includes(script)) for (const { command } of steps) console.log(command);
}
