/**
 * Runs every hostile case (src/testing/hostile) through the command line, each as a process of its own: in bounded time and memory,
 * with the outcome that the case asks for, and with nothing written but what it was told to write and the cache: the directory
 * of the case, its home and its TMPDIR are listed before and after.
 *
 * `node scripts/hostile.js [--only REGEX] [--jobs N] [--strace] [--quiet]`, after `npm run build`. With --strace every system call that opens a file for writing,
 * changes the file system, connects or starts a process is looked at too. Prints a table; exit status 1 when anything is
 * not as it should be.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildSources } from './build-sources.js';
import { forbiddenCalls, TRACED } from './hostile/written-files.js';

/** @typedef {import('../src/testing/hostile/hostile-case.ts').HostileCase} HostileCase */
/** @typedef {import('../src/testing/hostile/stage.ts').Stage} Stage */
/** @typedef {{ status: number | null, stdout: string, stderr: string, ms: number, rssMib: number }} Run */

const OSLIM = fileURLToPath(new URL('../bin/oslim.js', import.meta.url));
const MEASURE = new URL('./hostile/measure.js', import.meta.url).href;
const MAX_MS = 2000;
const MAX_MIB = 300;
/** A hang is ended; strace makes everything slower. */
const PATIENCE_MS = 30_000;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    strace: { type: 'boolean', default: false },
    quiet: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '2' },
  },
});

const sources = buildSources();
/** @type {{ HOSTILE_CASES: readonly HostileCase[] }} */
const { HOSTILE_CASES } = await import(`${sources}/testing/hostile/all-cases.js`);
const { setStage, listing } = await import(`${sources}/testing/hostile/stage.js`);
const { judge } = await import(`${sources}/testing/hostile/judge.js`);
const work = mkdtempSync(join(tmpdir(), 'oslim-hostile-'));
const cases = HOSTILE_CASES.filter(({ name }) => new RegExp(values.only).test(name));
const slowest = { ms: 0, name: '' };
const largest = { rssMib: 0, name: '' };
let failed = 0;

const waiting = [...cases];
await Promise.all(Array.from({ length: Number(values.jobs) }, runWaiting));
rmSync(work, { recursive: true });
console.log(
  `${cases.length} cases, ${failed} failed; slowest ${slowest.name} (${slowest.ms.toFixed(0)} ms), ` +
    `largest ${largest.name} (${largest.rssMib.toFixed(0)} MiB)${values.strace ? ', every one watched by strace' : ''}`,
);
process.exitCode = failed === 0 && cases.length > 0 ? 0 : 1;

async function runWaiting() {
  for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
    const { faults, run } = await attempt(one);
    if (run.ms > slowest.ms) Object.assign(slowest, { ms: run.ms, name: one.name });
    if (run.rssMib > largest.rssMib) Object.assign(largest, { rssMib: run.rssMib, name: one.name });
    if (faults.length > 0) failed += 1;
    if (!values.quiet || faults.length > 0) {
      const outcome = 'error' in one.expect ? [one.expect.error].flat().join('|') : 'result';
      const figures = `${run.ms.toFixed(0).padStart(5)} ms ${run.rssMib.toFixed(0).padStart(4)} MiB`;
      console.log(
        `${faults.length > 0 ? 'FAIL' : 'ok  '} ${one.name.padEnd(36)} ${figures}  ${outcome.padEnd(16)} ${one.advisory ?? ''}`,
      );
    }
    for (const fault of faults) console.log(`       ${fault}`);
  }
}

/**
 * @param {HostileCase} one
 * @returns {Promise<{ faults: readonly string[], run: Run }>}
 */
async function attempt(one) {
  const directory = join(work, one.name);
  /** @type {Stage} */
  const stage = setStage(directory, one);
  const before = listing(directory, stage.outputs);
  const log = join(work, `${one.name}.strace`);
  const cache = join(work, `${one.name}.cache`);
  let run = await start(stage, cache, values.strace ? log : undefined);
  // A machine that does something else at the same time is no fault of the case.
  if (!values.strace && run.ms > MAX_MS) {
    for (const output of stage.outputs) rmSync(output, { force: true });
    run = await start(stage, cache, undefined);
  }
  const faults = [...(await judge(one, stage, run))];
  const after = listing(directory, stage.outputs);
  for (const line of after) if (!before.includes(line)) faults.push(`new: ${line}`);
  for (const line of before) if (!after.includes(line)) faults.push(`gone: ${line}`);
  if (values.strace) {
    const allowed = [join(directory, 'out'), stage.env.TMPDIR ?? '', cache];
    faults.push(...forbiddenCalls(log, stage.cwd, allowed).map((call) => `system call: ${call}`));
  } else if (run.ms > MAX_MS) faults.push(`it took ${run.ms.toFixed(0)} ms`);
  if (run.rssMib > MAX_MIB) faults.push(`it took ${run.rssMib.toFixed(0)} MiB`);
  rmSync(directory, { recursive: true });
  rmSync(cache, { recursive: true, force: true });
  return { faults, run };
}

/**
 * @param {Stage} stage
 * @param {string} cache what the run may remember, and where
 * @param {string | undefined} log of strace
 * @returns {Promise<Run>}
 */
function start(stage, cache, log) {
  const node = [process.execPath, '--import', MEASURE, OSLIM, ...stage.argv];
  const strace = [
    'strace',
    '-f',
    '-qq',
    '--seccomp-bpf',
    '-s',
    '4096',
    '-e',
    `trace=${TRACED}`,
    '-o',
    log ?? '',
  ];
  const [program = '', ...args] = log === undefined ? node : [...strace, ...node];
  const began = performance.now();
  const child = spawn(program, args, {
    cwd: stage.cwd,
    env: { ...stage.env, XDG_CACHE_HOME: cache },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const [stdout, stderr, measured] = [child.stdout, child.stderr, child.stdio[3]].map(collect);
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      clearTimeout(timer);
      const wallMs = performance.now() - began;
      const { rssKib = 0, cpuMs = wallMs } = JSON.parse(measured?.() || '{}');
      const ms = Math.min(wallMs, cpuMs);
      resolve({ status, stdout: stdout?.() ?? '', stderr: stderr?.() ?? '', ms, rssMib: rssKib / 1024 });
    });
  });
}

/** @param {unknown} stream */
function collect(stream) {
  /** @type {Buffer[]} */
  const chunks = [];
  /** @type {import('node:stream').Readable} */ (stream).on('data', (chunk) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}
