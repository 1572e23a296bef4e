/**
 * Feeds changed inputs to the readers of hostile bytes (src/testing/fuzz/targets.ts): `npm run fuzz -- [--target NAME] [--count N]
 * [--seed S] [--seconds T] [--save]`; without a target all of them, one after another. The same seed makes the same inputs.
 * First the inputs that reach a new branch are gathered (V8's own coverage), then they are changed at full speed.
 * Anything but a typed error, a second without an end, or a heap that outgrows its limit is a failure: the input is written to
 * testdata/fuzz/found, where the tests run it from then on, and the exit status is 1. --save writes the gathered inputs
 * to testdata/fuzz/corpus, from where the next run begins.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { buildSources } from './build-sources.js';

/** @typedef {import('./fuzz/worker.js').Figures} Figures */

/** One execution may take this long. */
const MAX_MS = 1000;
const HEAP_MIB = 256;
/** As long as the longest input. */
const INPUT_BYTES = 16 << 10;

const { values } = parseArgs({
  options: {
    target: { type: 'string', multiple: true, default: [] },
    count: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '0' },
    save: { type: 'boolean', default: false },
  },
});

const testdata = fileURLToPath(new URL('../testdata/fuzz', import.meta.url));
const sources = buildSources();
/** @type {{ FUZZ_TARGETS: readonly import('../src/testing/fuzz/fuzz-target.ts').FuzzTarget[] }} */
const { FUZZ_TARGETS } = await import(`${sources}/testing/fuzz/targets.js`);
const names = FUZZ_TARGETS.map(({ name }) => name).filter(
  (name) => values.target.length === 0 || values.target.includes(name),
);
if (names.length === 0)
  throw new Error(`no such target; there are ${FUZZ_TARGETS.map(({ name }) => name).join(', ')}`);
let failed = 0;
let executions = 0;
for (const name of names) {
  const { figures, failure } = await fuzz(name);
  executions += figures.executions;
  console.log(lineOf(name, figures));
  if (failure === undefined) continue;
  failed += 1;
  console.log(`FAIL ${name}: ${failure.reason}\n     ${keep(name, failure.input)}`);
}
console.log(`${executions} executions, seed ${values.seed}, ${failed} failures`);
process.exitCode = failed === 0 ? 0 : 1;

/**
 * Runs one target in a thread of its own, whose heap is bounded and which can be ended where it hangs.
 * @param {string} name
 * @returns {Promise<{ figures: Figures, failure?: { reason: string, input: Uint8Array } }>}
 */
function fuzz(name) {
  // Executions, bytes of the input under way, the input.
  const shared = new SharedArrayBuffer(8 + INPUT_BYTES);
  const [counter, input] = [new Int32Array(shared, 0, 2), new Uint8Array(shared, 8)];
  const corpusFile = `${testdata}/corpus/${name}.txt`;
  const worker = new Worker(new URL('./fuzz/worker.js', import.meta.url), {
    workerData: {
      sources,
      name,
      shared,
      count: Number(values.count),
      seed: Number(values.seed),
      seconds: Number(values.seconds),
      corpus: existsSync(corpusFile) ? readFileSync(corpusFile, 'utf8').split('\n').filter(Boolean) : [],
    },
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB },
  });
  let figures = { executions: 0, ms: 0, slowestMs: 0, inputs: 0, covered: 0, branches: 0 };
  const current = () => Uint8Array.from(input.subarray(0, counter[1]));
  return new Promise((resolve) => {
    let last = -1;
    let still = 0;
    /** @param {string} reason */
    const fail = (reason) => {
      clearInterval(watch);
      figures = { ...figures, executions: counter[0] ?? 0 };
      resolve({ figures, failure: { reason, input: current() } });
      void worker.terminate();
    };
    const watch = setInterval(() => {
      const done = Atomics.load(counter, 0);
      still = done === last ? still + 1 : 0;
      last = done;
      // A machine that is busy with other things must not look like a hang.
      if (still >= 10) fail('it does not end');
    }, MAX_MS);
    worker.on('message', (message) => {
      if ('reason' in message) return fail(message.reason);
      figures = message.figures;
      if (values.save) save(corpusFile, message.corpus);
      clearInterval(watch);
      resolve({ figures });
    });
    worker.on('error', (error) => fail(`${error.name}: ${error.message}`));
  });
}

/**
 * @param {string} name
 * @param {Figures} figures
 */
function lineOf(name, { executions, ms, slowestMs, inputs, covered, branches }) {
  const rate = Math.round((executions / Math.max(1, ms)) * 1000);
  const share = branches === 0 ? '-' : `${((100 * covered) / branches).toFixed(1)} %`;
  return `${name.padEnd(12)} ${String(executions).padStart(9)} executions, ${String(rate).padStart(6)}/s, slowest ${slowestMs.toFixed(0)} ms, ${inputs} inputs, branches ${covered}/${branches} (${share})`;
}

/**
 * @param {string} file
 * @param {readonly string[]} corpus
 */
function save(file, corpus) {
  mkdirSync(`${testdata}/corpus`, { recursive: true });
  writeFileSync(file, `${corpus.join('\n')}\n`);
}

/**
 * @param {string} name
 * @param {Uint8Array} input
 */
function keep(name, input) {
  mkdirSync(`${testdata}/found`, { recursive: true });
  const file = `${testdata}/found/${name}-${createHash('sha256').update(input).digest('hex').slice(0, 12)}.bin`;
  writeFileSync(file, input);
  return file;
}
