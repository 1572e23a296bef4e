import { refusalKind } from './loader-output.js';

/**
 * @typedef {import('./loader-output.js').Answer} Answer
 * @typedef {{ path: string, reasons: string[], expected: Answer, got: Answer }} Disagreement
 * @typedef {{ files: number, libraries: number, agree: number, refused: Map<string, number>, refusals: Map<string, string>,
 *   missing: number, orderDiffers: number, disagreements: Disagreement[] }} Tally
 */

/** @returns {Tally} */
export function newTally() {
  return {
    files: 0,
    libraries: 0,
    agree: 0,
    refused: new Map(),
    refusals: new Map(),
    missing: 0,
    orderDiffers: 0,
    disagreements: [],
  };
}

/**
 * Adds one file to the tally: the loader's answer and ours, name by name and path by path.
 * @param {Tally} tally
 * @param {string} path
 * @param {Answer} expected
 * @param {Answer} got
 */
export function tallyFile(tally, path, expected, got) {
  tally.files += 1;
  tally.libraries += expected.libraries.length;
  if (expected.missing.length > 0) tally.missing += 1;
  if (expected.error !== undefined) {
    const kind = refusalKind(expected.error);
    tally.refused.set(kind, (tally.refused.get(kind) ?? 0) + 1);
    tally.refusals.set(path, expected.error);
  }
  const reasons = differences(expected, got);
  if (reasons.length > 0) {
    tally.disagreements.push({ path, reasons, expected, got });
    return;
  }
  tally.agree += 1;
  if (expected.error === undefined && !sameOrder(expected, got)) tally.orderDiffers += 1;
}

/**
 * Returns one line for each thing in which the answers differ; none when they agree. Where the loader refuses a
 * file it may have listed nothing, so that only the reason is compared.
 * @param {Answer} expected
 * @param {Answer} got
 * @returns {string[]}
 */
export function differences(expected, got) {
  if (expected.error !== undefined || got.error !== undefined) {
    const wanted = expected.error === undefined ? 'none' : refusalKind(expected.error);
    const ours = got.error === undefined ? 'none' : refusalKind(got.error);
    if (wanted !== ours) {
      return [`refusal: expected ${wanted} (${expected.error ?? ''}), got ${ours} (${got.error ?? ''})`];
    }
    if (expected.libraries.length === 0) return [];
  }
  return [
    ...setDifferences('library', expected.libraries.map(asLine), got.libraries.map(asLine)),
    ...setDifferences('missing', expected.missing, got.missing),
  ];
}

/** @param {readonly [string, string]} library */
function asLine([name, path]) {
  return `${name} => ${path}`;
}

/**
 * @param {string} what
 * @param {readonly string[]} expected
 * @param {readonly string[]} got
 */
function setDifferences(what, expected, got) {
  const wanted = new Set(expected);
  const given = new Set(got);
  return [
    ...[...wanted].filter((line) => !given.has(line)).map((line) => `${what}: expected ${line}`),
    ...[...given].filter((line) => !wanted.has(line)).map((line) => `${what}: got ${line}`),
  ];
}

/**
 * @param {Answer} expected
 * @param {Answer} got
 */
function sameOrder(expected, got) {
  return expected.libraries.map(asLine).join('\n') === got.libraries.map(asLine).join('\n');
}
