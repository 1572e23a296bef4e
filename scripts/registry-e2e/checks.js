import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

let failures = 0;

/** How many checks have failed so far. */
export const failed = () => failures;

/**
 * @param {string} what
 * @param {unknown} actual
 * @param {unknown} expected
 */
export function check(what, actual, expected) {
  const isRight =
    expected instanceof RegExp
      ? expected.test(String(actual))
      : JSON.stringify(actual) === JSON.stringify(expected);
  if (!isRight) failures += 1;
  console.log(
    `  ${isRight ? 'ok  ' : 'FAIL'} ${what}${isRight ? '' : `: ${JSON.stringify(actual)} instead of ${expected}`}`,
  );
}

/**
 * Runs a program and returns what it printed. Not synchronously: the token server answers in this process.
 * @param {string} program
 * @param {readonly string[]} args
 */
export async function run(program, args) {
  return (await promisify(execFile)(program, [...args], { encoding: 'buffer' })).stdout;
}
