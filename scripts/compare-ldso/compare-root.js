import { readFileSync } from 'node:fs';
import { newTally, tallyFile } from './compare.js';
import { oslimAnswers } from './ours.js';
import { RealLoader } from './real-loader.js';
import { subjectsOf } from './subjects.js';

/**
 * @typedef {import('./compare.js').Tally} Tally
 * @typedef {import('./real-loader.js').Question} Question
 * @typedef {{ root: string, pass: string, withoutLoader: number, seconds: { loader: number, oslim: number }, tally: Tally }} Row
 * @typedef {{ limit: number | undefined, sample: number | undefined, seed: number }} Pick
 */

/**
 * Compares all chosen files of one root filesystem and returns a row for each pass: `baseline`, where the loader can
 * be told to leave glibc-hwcaps alone, and the level of this processor, where the loader knows one.
 * @param {{ name: string, hostPath: string, loader: string | undefined }} root
 * @param {(pass: string) => string} answersFile
 * @param {Pick} pick
 * @returns {Promise<Row[]>}
 */
export async function compareRoot(root, answersFile, pick) {
  const real = new RealLoader(root.hostPath, root.loader);
  /** @type {Question[]} */
  const questions = [];
  let withoutLoader = 0;
  for (const subject of picked([...subjectsOf(root.hostPath)], pick)) {
    const question = await real.questionOf(subject);
    if (question === undefined) withoutLoader += 1;
    else questions.push(question);
  }
  const rows = [];
  for (const { pass, cpu } of await passesOf(real, questions)) {
    process.stderr.write(`${root.name}, ${pass}: ${questions.length} files\n`);
    const start = performance.now();
    const expected = await real.ask(questions, pass, answersFile(pass));
    const asked = performance.now();
    const got = await oslimAnswers(
      root.hostPath,
      questions,
      cpu,
      pick.limit === undefined && pick.sample === undefined,
    );
    const seconds = { loader: (asked - start) / 1000, oslim: (performance.now() - asked) / 1000 };
    const tally = newTally();
    for (const { path } of questions) {
      const nothing = { libraries: [], missing: [], error: 'no answer' };
      tallyFile(tally, path, expected.get(path) ?? nothing, got.get(path) ?? nothing);
    }
    rows.push({ root: root.name, pass: cpu ?? pass, withoutLoader, seconds, tally });
  }
  return rows;
}

/**
 * @param {RealLoader} real
 * @param {readonly Question[]} questions
 * @returns {Promise<{ pass: 'baseline' | 'native', cpu: string | undefined }[]>}
 */
async function passesOf(real, questions) {
  const [first] = questions;
  if (first === undefined) throw new Error('cannot compare: no file of the root has a loader that runs here');
  if (!(await real.canMaskHwcaps(first.loader, first.machine))) {
    // glibc before 2.33 and musl know no glibc-hwcaps, so that there is one answer for every processor of today.
    return [{ pass: 'native', cpu: first.machine === 62 ? x86Level() : undefined }];
  }
  const cpu = await real.cpuLevel(first.loader, first.machine);
  const baseline = { pass: /** @type {const} */ ('baseline'), cpu: undefined };
  return cpu === undefined ? [baseline] : [baseline, { pass: 'native', cpu }];
}

/** Returns the x86-64 psABI level of this processor, by the flags that tell the levels apart. */
function x86Level() {
  const flags = new Set(/^flags\s*: (.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.split(' '));
  if (flags.has('avx512f') && flags.has('avx512vl')) return 'x86-64-v4';
  if (flags.has('avx2') && flags.has('bmi2')) return 'x86-64-v3';
  return flags.has('sse4_2') ? 'x86-64-v2' : undefined;
}

/**
 * @template T
 * @param {readonly T[]} all
 * @param {Pick} pick
 * @returns {readonly T[]}
 */
function picked(all, { limit, sample, seed }) {
  if (sample === undefined) return all.slice(0, limit);
  const left = [...all];
  const chosen = [];
  let state = seed >>> 0;
  while (chosen.length < sample && left.length > 0) {
    // Numerical Recipes' linear congruence: the same files for the same seed on every machine.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    chosen.push(...left.splice(Math.floor((state / 2 ** 32) * left.length), 1));
  }
  return chosen;
}
