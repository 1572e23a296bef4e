/**
 * CaseQuestion is one line of a made case: a program, and what it is started with.
 * @typedef {{ text: string, program: string, env: Record<string, string>, uid: number, cwd: string,
 *   cpu: string | undefined, dlopen: string | undefined, by: string | undefined, differs: string | undefined }} CaseQuestion
 */

/**
 * Returns the question in a line `[NAME=VALUE...] [@uid=N] [@cwd=DIR] [@cpu=LEVEL] [@dlopen=NAME @by=PATH] [@differs=FILE] PROGRAM`:
 * NAME is what the object at PATH opens; FILE says why oslim answers otherwise than the loader, on purpose. A value goes on until the next such word, so that LD_PRELOAD can hold blanks.
 * @param {string} text
 * @returns {CaseQuestion}
 */
export function parseQuestion(text) {
  const words = text.split(' ');
  const program = words.pop() ?? '';
  /** @type {Record<string, string>} */
  const env = {};
  let last = '';
  for (const word of words) {
    const [, name, value] = /^(@?[A-Za-z_]+)=(.*)$/.exec(word) ?? [];
    if (name === undefined || value === undefined) env[last] += ` ${word}`;
    else {
      env[name] = value;
      last = name;
    }
  }
  const {
    '@uid': uid = '0',
    '@cwd': cwd = '/',
    '@cpu': cpu,
    '@dlopen': dlopen,
    '@by': by,
    '@differs': differs,
    ...rest
  } = env;
  return { text, program, env: rest, uid: Number(uid), cwd, cpu, dlopen, by, differs };
}
