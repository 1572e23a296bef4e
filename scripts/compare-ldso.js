/**
 * Compares oslim with the real dynamic loaders: `node scripts/compare-ldso.js --help`. Needs root, mmdebstrap and,
 * for foreign architectures, qemu-user-static.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compareCases } from './compare-ldso/cases.js';
import { compareRoot } from './compare-ldso/compare-root.js';
import { madeRoot, ROOTS } from './compare-ldso/made-roots.js';
import { renderDisagreements, renderTable } from './compare-ldso/render.js';

const USAGE = `usage: node scripts/compare-ldso.js [options] [ROOT...]

Asks, for every executable and every shared library with a DT_NEEDED, the image's own loader and oslim, and compares
name by name and path by path: once as the baseline, once as this processor. ROOT is one of
  ${ROOTS.map((root) => root.name).join(' ')}
or the host directory of a root filesystem; without any, all of the table. Exit status 1 when anything disagrees.

  --suite SUITE   roots of this Debian suite only
  --arch ARCH     roots of this Debian architecture only
  --limit N       the first N files of each root
  --sample N      N files of each root, picked by --seed
  --seed S        default 1
  --show N        disagreements to show in full (default 10)
  --loader PATH   the loader of libraries without PT_INTERP (for a musl root)
  --cases         the made cases of testdata/ldso-cases instead (all, or those named)
  --update        with --cases: write their expected.txt as the loader answers
  --json          the table as JSON

OSLIM_ROOTS: where roots are kept (default a folder of the temporary directory); OSLIM_MIRROR: the Debian mirror;
OSLIM_DIST: the build to compare (default dist).
`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    suite: { type: 'string' },
    arch: { type: 'string' },
    limit: { type: 'string' },
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    show: { type: 'string', default: '10' },
    loader: { type: 'string' },
    cases: { type: 'boolean', default: false },
    update: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

process.exitCode = options.help
  ? help()
  : options.cases
    ? await compareCases({ update: options.update, only: positionals })
    : await compareRoots();

function help() {
  process.stdout.write(USAGE);
  return 0;
}

async function compareRoots() {
  const directory = process.env.OSLIM_ROOTS ?? join(tmpdir(), 'oslim-roots');
  const rows = [];
  for (const root of await chosenRoots(directory)) {
    const answersOf = (/** @type {string} */ pass) => join(directory, 'answers', `${root.name}.${pass}.json`);
    const pick = { limit: count(options.limit), sample: count(options.sample), seed: Number(options.seed) };
    rows.push(...(await compareRoot({ ...root, loader: options.loader }, answersOf, pick)));
  }
  process.stdout.write(renderDisagreements(rows, Number(options.show)));
  process.stdout.write(renderTable(rows, options.json));
  return rows.some((row) => row.tally.disagreements.length > 0) || rows.length === 0 ? 1 : 0;
}

/**
 * @param {string} directory
 * @returns {Promise<{ name: string, hostPath: string }[]>}
 */
async function chosenRoots(directory) {
  const named = positionals.filter((name) => name.includes('/'));
  const recipes = ROOTS.filter(
    ({ name, suite, arch }) =>
      (positionals.length === 0 || positionals.includes(name)) &&
      (options.suite === undefined || options.suite === suite) &&
      (options.arch === undefined || options.arch === arch),
  );
  const roots = named.map((hostPath) => ({ name: hostPath.replace(/\W+/g, '_'), hostPath }));
  for (const recipe of named.length > 0 ? [] : recipes) {
    roots.push({ name: recipe.name, hostPath: await madeRoot(recipe, directory) });
  }
  return roots;
}

/** @param {string | undefined} text */
function count(text) {
  return text === undefined ? undefined : Number(text);
}
