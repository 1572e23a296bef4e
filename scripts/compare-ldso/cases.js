import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answerOfRun } from './case-answer.js';
import { parseQuestion } from './case-question.js';
import { run, runInRoot } from './chroot.js';
import { oslimCaseAnswer } from './ours.js';
import { subjectAt } from './subjects.js';

/**
 * @typedef {import('./case-question.js').CaseQuestion} CaseQuestion
 * @typedef {import('./case-answer.js').CaseAnswer} CaseAnswer
 */

const CASES = fileURLToPath(new URL('../../testdata/ldso-cases', import.meta.url));
const X86_64 = 62;

/**
 * Builds the made cases, runs their programs in a chroot and compares what they print with what oslim answers and
 * with the committed expected.txt. Returns the exit status.
 * @param {{ update: boolean, only: readonly string[] }} options `update` writes expected.txt anew
 */
export async function compareCases({ update, only }) {
  const out = mkdtempSync(join(tmpdir(), 'oslim-ldso-cases-'));
  try {
    const { status, stderr } = await run(join(CASES, 'build'), [out, ...only]);
    if (status !== 0) throw new Error(`cannot build the cases: ${stderr}`);
    let questions = 0;
    let wrong = 0;
    let documented = 0;
    for (const file of readdirSync(out)
      .filter((name) => name.endsWith('.ask'))
      .sort()) {
      const result = await compareCase(join(out, basename(file, '.ask')), update);
      questions += result.questions;
      wrong += result.wrong.length;
      documented += result.documented;
      for (const line of result.wrong) process.stdout.write(line);
    }
    process.stdout.write(
      `${questions} questions: ${questions - wrong - documented} agree, ${documented} differ as documented, ${wrong} disagree\n`,
    );
    return wrong === 0 && questions > 0 ? 0 : 1;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/**
 * @param {string} root
 * @param {boolean} update
 */
async function compareCase(root, update) {
  const name = basename(root);
  const expectedFile = join(CASES, 'cases', name, 'expected.txt');
  const committed = existsSync(expectedFile) ? parseExpected(readFileSync(expectedFile, 'utf8')) : new Map();
  const questions = readFileSync(`${root}.ask`, 'utf8').trimEnd().split('\n').map(parseQuestion);
  /** @type {Map<string, CaseAnswer>} */
  const real = new Map();
  const wrong = [];
  let documented = 0;
  for (const question of questions) {
    const fromLoader = await realAnswer(root, question);
    if (fromLoader !== undefined) real.set(question.text, fromLoader);
    const expected = fromLoader ?? committed.get(question.text) ?? [];
    const known = update ? expected : (committed.get(question.text) ?? []);
    const ours = difference('oslim', expected, await oslimCaseAnswer(root, question));
    const asDocumented = question.differs !== undefined && ours.length > 0;
    if (asDocumented) documented += 1;
    const undocumented = question.differs === undefined ? ours : [];
    const outdated = question.differs !== undefined && !asDocumented;
    const lines = [
      ...difference('expected.txt', expected, known),
      ...undocumented,
      ...(outdated ? [`  agrees, although ${question.differs} says that it differs\n`] : []),
    ];
    if (lines.length > 0) wrong.push(`${name}: ${question.text}\n${lines.join('')}`);
  }
  if (update) writeFileSync(expectedFile, renderExpected(new Map([...committed, ...real]), questions));
  return { questions: questions.length, documented, wrong };
}

/**
 * Starts the program as the question says, or returns undefined where this processor cannot.
 * @param {string} root
 * @param {CaseQuestion} question
 * @returns {Promise<CaseAnswer | undefined>}
 */
async function realAnswer(root, { program, env, uid, cwd, cpu }) {
  const subject = subjectAt(join(root, program), program);
  const loader = subject?.interp ?? '';
  const mask = cpu === undefined ? undefined : HWCAPS_MASKS[cpu];
  if (mask !== undefined && mask !== '') {
    const { stdout } = await runInRoot(root, X86_64, [loader, '--help']);
    if (!stdout.includes(`  ${cpu} (supported`)) return undefined;
  }
  const command = mask === undefined ? [program] : [loader, '--glibc-hwcaps-mask', mask, program];
  const start = { env, uid, cwd, proc: true };
  return answerOfRun(await runInRoot(root, X86_64, command, start), loader, program);
}

/** A processor of a level searches the directories of the levels below it too. */
const HWCAPS_MASKS = /** @type {Readonly<Record<string, string>>} */ ({
  baseline: '',
  'x86-64-v2': 'x86-64-v2',
  'x86-64-v3': 'x86-64-v3:x86-64-v2',
  'x86-64-v4': 'x86-64-v4:x86-64-v3:x86-64-v2',
});

/**
 * @param {string} who
 * @param {CaseAnswer} expected
 * @param {CaseAnswer} got
 */
function difference(who, expected, got) {
  if (expected.join('\n') === got.join('\n')) return [];
  return [`  loader: ${expected.join(' ')}\n  ${who}: ${got.join(' ')}\n`];
}

/**
 * Reads expected.txt: each question on a line of its own, its answer indented below it.
 * @param {string} text
 * @returns {Map<string, CaseAnswer>}
 */
function parseExpected(text) {
  const answers = new Map();
  /** @type {string[]} */
  let answer = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('  ')) answer.push(line.trim());
    else if (line !== '') {
      answer = [];
      answers.set(line, answer);
    }
  }
  return answers;
}

/**
 * @param {ReadonlyMap<string, CaseAnswer>} answers
 * @param {readonly CaseQuestion[]} questions
 */
function renderExpected(answers, questions) {
  return questions.map(({ text }) => `${[text, ...(answers.get(text) ?? [])].join('\n  ')}\n`).join('');
}
