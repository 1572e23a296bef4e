import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { runInRoot } from './chroot.js';
import { parseLoaderOutput } from './loader-output.js';

/**
 * @typedef {import('./loader-output.js').Answer} Answer
 * @typedef {import('./subjects.js').Subject} Subject
 * @typedef {Subject & { loader: string }} Question a subject, and the loader that decides about it
 * @typedef {'baseline' | 'native'} Pass
 */

/** e_machine and bits of a library without PT_INTERP → the loader that its ABI names. */
const DEFAULT_LOADERS = /** @type {Readonly<Record<string, string>>} */ ({
  '3/32': '/lib/ld-linux.so.2',
  '8/64': '/lib64/ld.so.1',
  '21/64': '/lib64/ld64.so.2',
  '22/64': '/lib/ld64.so.1',
  '40/32': '/lib/ld-linux-armhf.so.3',
  '62/64': '/lib64/ld-linux-x86-64.so.2',
  '183/64': '/lib/ld-linux-aarch64.so.1',
  '243/64': '/lib/ld-linux-riscv64-lp64d.so.1',
});

const JOBS = 2;

/** RealLoader asks the loaders of one root filesystem, each in a chroot; the program asked about never runs. */
export class RealLoader {
  #root;
  #fallback;
  /** @type {Map<string, Promise<string | undefined>>} loader → what its `--help` says, undefined where it cannot run */
  #help = new Map();

  /**
   * @param {string} root a host directory
   * @param {string} [fallback] the loader of libraries without PT_INTERP, where it is not the usual one
   */
  constructor(root, fallback) {
    this.#root = root;
    this.#fallback = fallback;
  }

  /**
   * Returns the subject with its loader, or undefined when this root has none that runs.
   * @param {Subject} subject
   * @returns {Promise<Question | undefined>}
   */
  async questionOf(subject) {
    const loader = subject.interp ?? this.#fallback ?? DEFAULT_LOADERS[`${subject.machine}/${subject.bits}`];
    if (loader === undefined || (await this.#helpOf(loader, subject.machine)) === undefined) return undefined;
    return { ...subject, loader };
  }

  /**
   * Returns the best hwcaps level that the loader says it would search on this processor, or undefined when it
   * searches none; glibc lists them since 2.33.
   * @param {string} loader
   * @param {number} machine
   */
  async cpuLevel(loader, machine) {
    const [current = '', legacy = ''] = ((await this.#helpOf(loader, machine)) ?? '').split(/^Legacy HWCAP/m);
    const level = /^ {2}(\S+) \(supported, searched\)$/m.exec(current);
    // Up to glibc 2.36 some architectures have legacy directories alone (armhf's libvpx lies in vfp/neon).
    return (level ?? /^ {2}(neon|atomics|sse2) \(.*supported, searched\)$/m.exec(legacy))?.[1];
  }

  /**
   * @param {string} loader
   * @param {number} machine
   */
  async canMaskHwcaps(loader, machine) {
    return ((await this.#helpOf(loader, machine)) ?? '').includes('--glibc-hwcaps-mask');
  }

  /**
   * Returns what the loader answers to each question, by path; answers are kept in `answersFile` between runs.
   * @param {readonly Question[]} questions
   * @param {Pass} pass
   * @param {string} answersFile
   * @returns {Promise<Map<string, Answer>>}
   */
  async ask(questions, pass, answersFile) {
    /** @type {Map<string, Answer>} */
    const answers = new Map(Object.entries(readAnswers(answersFile, this.#root)));
    const open = questions.filter((question) => !answers.has(question.path));
    let next = 0;
    const worker = async () => {
      for (let question = open[next++]; question !== undefined; question = open[next++]) {
        answers.set(question.path, await this.#askOne(question, pass));
      }
    };
    await Promise.all(Array.from({ length: JOBS }, worker));
    if (open.length > 0) {
      mkdirSync(dirname(answersFile), { recursive: true });
      writeFileSync(answersFile, JSON.stringify(Object.fromEntries(answers)));
    }
    return answers;
  }

  /**
   * @param {Question} question
   * @param {Pass} pass
   * @returns {Promise<Answer>}
   */
  async #askOne({ path, loader, machine }, pass) {
    const masked = pass === 'baseline' && (await this.canMaskHwcaps(loader, machine));
    const options = masked ? ['--glibc-hwcaps-mask', ''] : [];
    const run = await runInRoot(this.#root, machine, [loader, ...options, path], {
      env: {
        // As ldd does: `--list` (since 2.33) ends at the first missing library, where this says "not found" and goes on.
        LD_TRACE_LOADED_OBJECTS: '1',
        // Up to glibc 2.36 the legacy hwcaps directories have a mask of their own.
        ...(masked ? { GLIBC_TUNABLES: 'glibc.cpu.hwcap_mask=0' } : {}),
      },
    });
    return parseLoaderOutput(run, loader);
  }

  /**
   * @param {string} loader
   * @param {number} machine
   */
  #helpOf(loader, machine) {
    const known = this.#help.get(loader);
    if (known !== undefined) return known;
    const help = runInRoot(this.#root, machine, [loader, '--help']).then(({ stdout, stderr }) => {
      const text = stdout + stderr;
      // glibc before 2.33 takes --help for a program that it cannot find.
      return /^Usage:|musl libc|^--help: error while loading/m.test(text) ? text : undefined;
    });
    this.#help.set(loader, help);
    return help;
  }
}

/**
 * @param {string} file
 * @param {string} root
 * @returns {Record<string, Answer>}
 */
function readAnswers(file, root) {
  const isFresh = existsSync(file) && statSync(file).mtimeMs > statSync(root).ctimeMs;
  return isFresh ? JSON.parse(readFileSync(file, 'utf8')) : {};
}
