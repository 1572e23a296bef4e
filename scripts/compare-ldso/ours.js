import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { refusal } from './case-answer.js';
import { hostRootWithCapabilities } from './host-rootfs.js';

/**
 * @typedef {import('./loader-output.js').Answer} Answer
 * @typedef {import('./real-loader.js').Question} Question
 * @typedef {import('../../src/jobs/resolve-libraries.ts').LddReport} LddReport
 * @typedef {LddReport['files'][number]} LddFile
 */

/**
 * Returns what oslim answers to each question, by path. The build is the one at OSLIM_DIST, else `dist`.
 * @param {string} root a host directory
 * @param {readonly Question[]} questions
 * @param {string | undefined} cpu
 * @param {boolean} isWhole whether the questions are all of the root, which oslim then has to find by itself
 * @returns {Promise<Map<string, Answer>>}
 */
export async function oslimAnswers(root, questions, cpu, isWhole) {
  const { openHostDirectory } = await built('rootfs/host-directory.js');
  const { resolveLibraries } = await built('jobs/resolve-libraries.js');
  const rootfs = openHostDirectory(root);
  /** @type {LddReport} */
  const report = resolveLibraries(rootfs, {
    ...(isWhole ? { all: true } : { paths: questions.map((question) => question.path) }),
    inferred: false,
    ...(cpu === undefined ? {} : { cpu }),
  });
  const loaders = new Map(questions.map((question) => [question.path, question.loader]));
  return new Map(
    report.files.map((file) => [file.path, answerOf(file, loaders.get(file.path) ?? '', cpu !== undefined)]),
  );
}

/**
 * @param {LddFile} file
 * @param {string} loader
 * @param {boolean} isOneCpu whether variants of glibc-hwcaps are the answer rather than beside it
 * @returns {Answer}
 */
function answerOf(file, loader, isOneCpu) {
  const libraries = file.libraries
    .filter(
      (library) =>
        library.how !== 'dlopen' && (isOneCpu || library.how !== 'hwcaps') && library.path !== loader,
    )
    .map((library) => /** @type {const} */ ([library.soname, library.path]));
  const missing = file.missing.map((library) => library.soname);
  return file.error === undefined ? { libraries, missing } : { libraries, missing, error: file.error };
}

/**
 * Returns what oslim answers to the question of a made case, in the words of the loader's answer.
 * @param {string} root
 * @param {import('./case-question.js').CaseQuestion} question
 * @returns {Promise<import('./case-answer.js').CaseAnswer>}
 */
export async function oslimCaseAnswer(root, { program, env, uid, cwd, cpu, dlopen, by }) {
  const { Linker } = await built('ldso/linker.js');
  const { Rootfs } = await built('rootfs/rootfs.js');
  const rootfs = new Rootfs(await hostRootWithCapabilities(root));
  /** @type {import('../../src/ldso/linker.ts').Linker} */
  const linker = new Linker({
    rootfs,
    env: new Map(Object.entries(env)),
    cwd,
    user: { uid, gid: uid },
    ...(cpu === undefined ? {} : { cpu }),
  });
  const resolution = linker.resolveProgram(program);
  const opened = dlopen === undefined ? undefined : linker.resolveDlopen(dlopen, resolution, by);
  return answerOfResolution(resolution, cpu !== undefined, opened?.libraries ?? []);
}

/**
 * @param {import('../../src/ldso/resolution.ts').ProgramResolution} resolution
 * @param {boolean} isOneCpu whether variants of glibc-hwcaps are the answer rather than beside it
 * @param {readonly import('../../src/ldso/resolution.ts').LibraryResolution[]} opened
 * @returns {import('./case-answer.js').CaseAnswer}
 */
function answerOfResolution(resolution, isOneCpu, opened) {
  const [missing] = resolution.missing;
  const [version] = resolution.missingVersions;
  if (resolution.error !== undefined) return [refusal(resolution.error)];
  if (missing !== undefined) return [`refused: missing ${missing.soname}`];
  if (version !== undefined) return [`refused: version ${version.path}`];
  return [...resolution.libraries, ...opened]
    .filter((library) => (isOneCpu || library.how !== 'hwcaps') && library.path !== resolution.interp)
    .map((library) => library.path);
}

/** @param {string} module */
function built(module) {
  const dist = resolve(process.env.OSLIM_DIST ?? new URL('../../dist', import.meta.url).pathname);
  return import(pathToFileURL(`${dist}/${module}`).href);
}
