/**
 * Reads mutated ELF files: `node scripts/fuzz-elf.js [--count N] [--seed S] [FILE...]`. FILEs are further originals (small
 * ones: the mutations are spread over the whole file). Prints counts each 100,000 inputs; anything but a typed error ends it.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { buildSources } from './build-sources.js';

const ROUND = 100_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } },
});
const count = Number.parseInt(values.count, 10);
const seed = Number.parseInt(values.seed, 10);

const sources = buildSources();
const { fuzzElf } = await import(`${sources}/testing/elf-fuzz.js`);
const { ELF_SEEDS } = await import(`${sources}/testing/elf-seeds.js`);
const originals = [
  ...ELF_SEEDS.map((/** @type {{ bytes: Uint8Array }} */ { bytes }) => bytes),
  ...positionals.map((path) => new Uint8Array(readFileSync(path))),
];

const started = performance.now();
const total = { inputs: 0, parsed: 0, refused: 0, slowestMs: 0 };
for (let done = 0; done < count; done += ROUND) {
  const counts = fuzzElf(originals, Math.min(ROUND, count - done), seed + done);
  total.inputs += counts.inputs;
  total.parsed += counts.parsed;
  total.refused += counts.refused;
  total.slowestMs = Math.max(total.slowestMs, counts.slowestMs);
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stdout.write(`${total.inputs} inputs: ${total.parsed} parsed, ${total.refused} refused, `);
  process.stdout.write(`slowest ${total.slowestMs.toFixed(1)} ms, ${seconds} s\n`);
}
