/** The thread of scripts/fuzz.js that executes one target. */
import { parentPort, workerData } from 'node:worker_threads';
import { BranchCoverage } from './branch-coverage.js';

/** @typedef {{ executions: number, ms: number, slowestMs: number, inputs: number, covered: number, branches: number }} Figures */

/** Executions under coverage, which makes them slow: at most, and as a part of all. */
const GUIDED = 20_000;
const GUIDED_PART = 0.1;
/** Executions between two looks at the coverage. */
const BATCH = 200;
const MAX_CORPUS = 400;
const MAX_MS = 1000;

const { sources, name, shared, count, seed, seconds, corpus: saved } = workerData;
const { FUZZ_TARGETS } = await import(`${sources}/testing/fuzz/targets.js`);
const { mutated, xorshift } = await import(`${sources}/testing/fuzz/mutate.js`);
/** @type {import('../../src/testing/fuzz/fuzz-target.ts').FuzzTarget} */
const target = FUZZ_TARGETS.find((/** @type {{ name: string }} */ one) => one.name === name);
const [counter, current] = [new Int32Array(shared, 0, 2), new Uint8Array(shared, 8)];
/** @type {Uint8Array[]} */
const corpus = [
  ...target.seeds().map((one) => Buffer.from(one)),
  ...saved.map((/** @type {string} */ line) => Buffer.from(line, 'base64')),
];
const context = { corpus, words: target.words.map((word) => Buffer.from(word, 'latin1')) };
const random = xorshift(seed);
const began = performance.now();
const deadline = seconds > 0 ? began + seconds * 1000 : Number.POSITIVE_INFINITY;
const figures = { executions: 0, ms: 0, slowestMs: 0, inputs: 0, covered: 0, branches: 0 };

try {
  const coverage = new BranchCoverage(target.covers);
  for (const bytes of corpus) await execute(bytes);
  coverage.take();
  const guided = Math.min(GUIDED, count * GUIDED_PART);
  while (figures.executions < guided && performance.now() < deadline) await guide(coverage);
  Object.assign(figures, coverage.end());
  // With a time instead of a count there is no end but the time's.
  while ((seconds > 0 || figures.executions < count) && performance.now() < deadline) {
    await execute(mutated(random, context));
  }
  figures.ms = performance.now() - began;
  figures.inputs = corpus.length;
  const gathered = corpus.slice(target.seeds().length).map((bytes) => Buffer.from(bytes).toString('base64'));
  parentPort?.postMessage({ figures, corpus: [...new Set(gathered)] });
} catch (error) {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  parentPort?.postMessage({ reason });
}

/**
 * Runs a batch; where it reached new branches, each of its inputs again by itself, to know which.
 * @param {BranchCoverage} coverage
 */
async function guide(coverage) {
  const batch = Array.from({ length: BATCH }, () => mutated(random, context));
  for (const bytes of batch) await execute(bytes);
  const before = coverage.known();
  if (!coverage.take()) return;
  coverage.restore(before);
  for (const bytes of batch) {
    await execute(bytes);
    if (coverage.take() && corpus.length < MAX_CORPUS && bytes.length <= 4096) corpus.push(bytes);
  }
}

/** @param {Uint8Array} bytes */
async function execute(bytes) {
  current.set(bytes);
  counter[1] = bytes.length;
  const start = performance.now();
  const result = target.run(bytes);
  if (result instanceof Promise) await result;
  const ms = performance.now() - start;
  if (ms > figures.slowestMs) figures.slowestMs = ms;
  figures.executions += 1;
  Atomics.add(counter, 0, 1);
  if (ms <= MAX_MS) return;
  // Again, and by processor time: the machine may be busy with something else, and only the first time compiles.
  let least = ms;
  for (let time = 0; time < 3; time++) {
    const before = process.cpuUsage();
    await target.run(bytes);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  if (least > MAX_MS) throw new Error(`it takes ${least.toFixed(0)} ms of processor time`);
}
