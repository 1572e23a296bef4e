// node scripts/bench-lib/run.js DIR [--runs N] [--rows WORD] [--check]: measures the images that scripts/bench has made.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { resolve } from 'node:path';
import zlib from 'node:zlib';
import { median, paired } from './measure.js';
import { rows } from './rows.js';

const [out = '.', ...flags] = process.argv.slice(2);
const flagValue = (/** @type {string} */ flag) =>
  flags.includes(flag) ? flags[flags.indexOf(flag) + 1] : undefined;
const runs = Number(flagValue('--runs') ?? 5);
const word = flagValue('--rows') ?? '';
const oslim = process.env.OSLIM ?? `node ${resolve(import.meta.dirname, '../../bin/oslim.js')}`;
/** A noisy machine may be so much over. */
const MARGIN = 1.1;

const has = (/** @type {string} */ tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0;
const lineOf = (/** @type {string} */ command) =>
  execFileSync('sh', ['-c', command], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split(
    '\n',
  )[0];
const fixed = (/** @type {number} */ value) => value.toFixed(value < 10 ? 2 : 1);

/** A Node whose zlib has zstd: this one's may not. */
const zstdNode = Reflect.has(zlib, 'createZstdDecompress')
  ? process.execPath
  : lineOf('npx --yes node@24 -p process.execPath');

const all = rows(resolve(out), oslim, { registry: process.env.REGISTRY ?? '', zstdNode });
const versions = ['skopeo', 'umoci', 'podman', 'docker', 'zstd', 'gzip', 'openssl version']
  .filter((tool) => has(tool.split(' ')[0] ?? ''))
  .map((tool) => lineOf(tool.includes(' ') ? tool : `${tool} --version`));
console.log(
  `Node ${process.version}, ${cpus().length} processors (${cpus()[0]?.model}), ${Math.round(totalmem() / 2 ** 30)} GiB; ${versions.join('; ')}.`,
);
console.log(
  `Medians of ${runs} runs in turn, seconds (for memory: megabytes); the ratio is that of each pair, least and most in brackets.\n`,
);
console.log('| work | oslim | beside | it | ratio | bound |\n| --- | ---: | --- | ---: | --- | ---: |');
let failures = 0;
for (const row of all.filter(({ work, other }) => `${work} ${other}`.includes(word))) {
  const missing = row.needs.filter((tool) => !has(tool));
  if (missing.length > 0) {
    console.log(
      `| ${row.work} | not measured | ${row.other} | ${missing.join(', ')} is not here | | ${row.bound} |`,
    );
    continue;
  }
  const pairs = paired(row.ours, row.theirs, runs);
  const figure = row.figure ?? 'wall';
  const unit = figure === 'memory' ? 1e6 : 1;
  const ratios = pairs
    .map(({ ours, other }) => ours[figure] / other[figure] / (row.scale ?? 1))
    .sort((a, b) => a - b);
  const ratio = median(ratios);
  const mark = ratio <= row.bound ? '' : ' **over**';
  if (ratio > row.bound * MARGIN) failures++;
  const of = (/** @type {'ours' | 'other'} */ side) =>
    fixed(median(pairs.map((pair) => pair[side][figure])) / unit);
  console.log(
    `| ${row.work} | ${of('ours')} | ${row.other} | ${of('other')} | ${fixed(ratio)} (${fixed(ratios[0] ?? 0)}–${fixed(ratios.at(-1) ?? 0)})${mark} | ${row.bound} |`,
  );
}
if (flags.includes('--check') && failures > 0) process.exitCode = 1;
