/**
 * Compares our ELF reader with readelf and elf-tools: `node scripts/compare-readelf.js [--show N] [--limit N] DIRECTORY...`,
 * on every executable and shared object of the directories. Exit status 1 when anything disagrees.
 */
import { parseArgs } from 'node:util';
import { buildSources } from './build-sources.js';
import { elfFilesIn } from './compare-readelf/elf-files.js';
import { factsOfElfTools } from './compare-readelf/elf-tools.js';
import { disagreements } from './compare-readelf/facts.js';
import { factsOfReadelf } from './compare-readelf/readelf.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { show: { type: 'string', default: '10' }, limit: { type: 'string', default: '1000000' } },
});

const sources = buildSources();
const { parseElf } = await import(`${sources}/elf/elf-file.js`);
const { definedSymbols, importsOf } = await import(`${sources}/elf/symbols.js`);
const { verdefOf, verneedOf } = await import(`${sources}/elf/versions.js`);
const { memoryAccess } = await import(`${sources}/io/random-access.js`);

/** @param {Buffer} bytes @returns {import('./compare-readelf/facts.js').ElfFacts} */
function ourFacts(bytes) {
  const elf = parseElf(memoryAccess(bytes));
  return {
    class: elf.class,
    data: elf.data,
    entry: elf.entry,
    phdrs: elf.phdrs.map((/** @type {Record<string, number>} */ phdr) =>
      [phdr['offset'], phdr['vaddr'], phdr['filesz'], phdr['memsz']].join(' '),
    ),
    interp: elf.interp,
    needed: elf.needed,
    soname: elf.soname,
    rpath: elf.rpath,
    runpath: elf.runpath,
    verneed: verneedOf(elf).flatMap(
      (
        /** @type {{ file: string, versions: readonly { name: string, weak: boolean }[] }} */ {
          file,
          versions,
        },
      ) => versions.map(({ name, weak }) => `${file} ${name}${weak ? ' weak' : ''}`),
    ),
    verdef: (verdefOf(elf) ?? []).map((/** @type {{ name: string }} */ { name }) => name),
    imports: importsOf(elf).map(symbolName).sort(),
    exports: definedSymbols(elf).map(symbolName).sort(),
  };
}

/** @param {{ name: string, version?: string }} symbol */
function symbolName({ name, version }) {
  // readelf leaves the version off a symbol that stands for the version itself.
  return version === undefined || version === name ? name : `${name}@${version}`;
}

const counts = { files: 0, agree: 0, disagree: 0, readByElfTools: 0 };
for (const { path, bytes } of elfFilesIn(positionals, Number.parseInt(values.limit, 10))) {
  counts.files++;
  const ours = ourFacts(bytes);
  const found = disagreements(ours, factsOfReadelf(path), 'readelf');
  const second = factsOfElfTools(bytes);
  if (second !== undefined) {
    counts.readByElfTools++;
    found.push(...disagreements(ours, { ...ours, ...second }, 'elf-tools'));
  }
  if (found.length === 0) counts.agree++;
  else if (++counts.disagree <= Number.parseInt(values.show, 10))
    process.stdout.write(`${path}:\n  ${found.join('\n  ')}\n`);
}
process.stdout.write(`${JSON.stringify(counts)}\n`);
process.exitCode = counts.disagree === 0 && counts.files > 0 ? 0 : 1;
