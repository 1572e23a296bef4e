import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * @typedef {object} Figures
 * @property {number} wall seconds
 * @property {number} cpu seconds of user and system time
 * @property {number} memory peak resident set of the largest process, in bytes
 */

/** Runs a shell command once, by GNU time. @param {string} command @returns {Figures} */
function once(command) {
  const folder = mkdtempSync(join(tmpdir(), 'oslim-time-'));
  try {
    const file = join(folder, 'time');
    const done = spawnSync('/usr/bin/time', ['-f', '%e %U %S %M', '-o', file, 'sh', '-c', command], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (done.status !== 0)
      throw new Error(`${command}: exit ${done.status}: ${done.stderr.toString().slice(-500)}`);
    const [wall = 0, user = 0, sys = 0, memory = 0] = readFileSync(file, 'utf8')
      .trim()
      .split(' ')
      .map(Number);
    return { wall, cpu: user + sys, memory: memory * 1024 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (low + high) / 2;
}

/**
 * Runs two commands in turn, `runs` times each after one run of each that does not count.
 * @param {{ command: string, before?: string | undefined }} ours
 * @param {{ command: string, before?: string | undefined }} other
 * @param {number} runs
 */
export function paired(ours, other, runs) {
  /** @type {{ ours: Figures, other: Figures }[]} */
  const pairs = [];
  for (let run = -1; run < runs; run++) {
    const [a, b] = [ours, other].map(({ command, before }) => {
      if (before !== undefined) spawnSync('sh', ['-c', before], { stdio: 'ignore' });
      return once(command);
    });
    if (run >= 0 && a !== undefined && b !== undefined) pairs.push({ ours: a, other: b });
  }
  return pairs;
}
