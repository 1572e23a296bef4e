/**
 * Makes what is run of what is compiled: `node scripts/bundle.js [FROM TO]` puts the modules of FROM (default: `dist`) together into few
 * files in TO (default: `bundle`). Node needs longer to find, read and link two hundred small modules than `oslim --version` does
 * for all the rest. Packages stay outside, where `npm audit` sees them, but for those of INSIDE.
 */
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { INSIDE } from './package/inside.js';

/** Where a process or thread begins, besides the command line and the library: `new URL('./x-worker.js', import.meta.url)`. */
const WORKER = /-worker\.js$/;

const repository = fileURLToPath(new URL('..', import.meta.url));
const [from = join(repository, 'dist'), to = join(repository, 'bundle')] = process.argv
  .slice(2)
  .map((path) => resolve(path));

rmSync(to, { recursive: true, force: true });
const bundle = await rolldown({
  input: entriesOf(from),
  platform: 'node',
  external: (id) => !/^[./]/.test(id) && !INSIDE.includes(id),
  // FROM may lie where no packages are.
  resolve: {
    alias: Object.fromEntries(INSIDE.map((name) => [name, fileURLToPath(import.meta.resolve(name))])),
  },
  onLog: (level, { message }) => {
    if (level === 'warn') throw new Error(`cannot bundle "${from}": ${message}`);
  },
  cwd: from,
});
// All in one directory: a worker is looked for beside the file that starts it.
await bundle.write({ dir: to, format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'part-[hash].js' });
await bundle.close();
cpSync(join(from, 'report/page'), join(to, 'page'), {
  recursive: true,
  filter: (path) => !path.endsWith('.d.ts'),
});
writeFileSync(join(to, 'LICENSES.txt'), INSIDE.map(licenceOf).join('\n'));

/** @param {string} name */
function licenceOf(name) {
  const text = readFileSync(join(repository, 'node_modules', name, 'LICENSE.txt'), 'utf8');
  return `The package "${name}", which is part of these files:\n\n${text}\n`;
}

/**
 * @param {string} directory
 * @returns {Record<string, string>} files by the names that they get
 */
function entriesOf(directory) {
  /** @type {Record<string, string>} */
  const entries = { main: join(directory, 'cli/main.js'), index: join(directory, 'index.js') };
  const names = /** @type {string[]} */ (readdirSync(directory, { recursive: true }));
  for (const name of names.filter((path) => WORKER.test(path)).sort()) {
    const entry = basename(name, '.js');
    if (entry in entries) throw new Error(`cannot bundle "${name}": there are two of that name`);
    entries[entry] = join(directory, name);
  }
  return entries;
}
