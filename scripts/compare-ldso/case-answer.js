import { refusalKind } from './loader-output.js';

/**
 * CaseAnswer is what became of a program: the paths of the libraries in load order, or the one line `refused: …`.
 * @typedef {readonly string[]} CaseAnswer
 */

/**
 * Returns the answer in what `objects.c` printed, or in how its loader refused to start it.
 * @param {import('./chroot.js').Run} run
 * @param {string} loader
 * @param {string} program
 * @returns {CaseAnswer}
 */
export function answerOfRun(run, loader, program) {
  if (run.status === 0) {
    return run.stdout
      .split('\n')
      .filter(
        (line) =>
          line !== '' && !/^(linux-vdso|linux-gate)/.test(line) && line !== loader && line !== program,
      );
  }
  return [refusal(run.stderr)];
}

/** How glibc (error while loading, missing symbol version) and musl put it; the first group is the library's name. */
const COMPLAINTS = [
  /: error while loading shared libraries: ([^:]+): /,
  /^[^:]+: ([^:]+): version /m,
  /^Error loading shared library ([^:]+): /m,
  // What oslim reports as the error: as glibc's, without the words before it.
  /^([^: ]+): /,
];

/**
 * Returns `refused: KIND NAME` of what a loader complained.
 * @param {string} stderr
 */
export function refusal(stderr) {
  for (const pattern of COMPLAINTS) {
    const [complaint, name] = pattern.exec(stderr) ?? [];
    if (complaint !== undefined)
      return `refused: ${refusalKind(stderr.slice(stderr.indexOf(complaint)))} ${name}`;
  }
  return `refused: ${stderr.trim()}`;
}
