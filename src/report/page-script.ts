import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The page's modules, each before those that import it. */
const MODULES = ['text', 'tree', 'treemap', 'file-list', 'tables', 'detail', 'main'];

/**
 * Returns the scripts of the page: d3-hierarchy as its package ships it for browsers, and our modules as one, which
 * is what a page without a network can have.
 */
export function pageScripts(): { readonly library: string; readonly page: string } {
  const directory = join(dirname(fileURLToPath(import.meta.url)), 'page');
  const modules = MODULES.map((name) => inlined(readFileSync(join(directory, `${name}.js`), 'utf8')));
  const names = 'const { hierarchy, treemap } = d3;';
  return { library: libraryText(), page: [names, ...modules].join('\n') };
}

/** A module's text without its imports and exports: what it imports stands before it. */
function inlined(text: string): string {
  return text.replace(/^import\s[^;]*;\s*$/gm, '').replace(/^export (?:\{\};?\s*$)?/gm, '');
}

/** The main entry of d3-hierarchy lies one directory beside the build for browsers, which `exports` does not name. */
function libraryText(): string {
  const entry = createRequire(import.meta.url).resolve('d3-hierarchy');
  return readFileSync(join(dirname(entry), '..', 'dist', 'd3-hierarchy.min.js'), 'utf8');
}
