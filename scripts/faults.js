/**
 * Breaks the host under oslim: a disk that is full at every size up to the one that suffices, no descriptors, destinations that are
 * missing, directories or not writable, a source that is cut off or changed while it is read, two writers of one destination, and
 * signals. Each time the destination must be the old bytes or the whole new image, the end a status and one line of its own, and
 * nothing temporary may be left. `node scripts/faults.js`, as root on Linux (it mounts a tmpfs), after `npm run build`. Exit status 1
 * when anything is not as it should be.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { buildSources } from './build-sources.js';
import { digestOf, made, namesIn, smallLayout } from './faults/small-image.js';

const OSLIM = fileURLToPath(new URL('../bin/oslim.js', import.meta.url));
const OLD = 'the old bytes';
const STEP = 40 << 10;

const sources = buildSources();
const { archiveOf } = await import(`${sources}/testing/image-media.js`);
const work = mkdtempSync(join(tmpdir(), 'oslim-faults-'));
const image = join(work, 'image.tar');
const tmp = made(work, 'tmp');
let failures = 0;

try {
  writeFileSync(image, archiveOf(await smallLayout(sources)));
  const good = join(work, 'good.tar');
  check('a run without a fault', (await run([image, '-o', good])).status, 0);
  const expected = digestOf(good);
  await onFullDisk(expected, statSync(good).size);
  await onOddDestinations();
  await withFewDescriptors(expected);
  await onBrokenSource();
  await twoWriters(expected);
  await interrupted(expected);
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(failures === 0 ? 'all right' : `${failures} FAILED`);
process.exitCode = failures === 0 ? 0 : 1;

/**
 * @param {string} expected
 * @param {number} size of the whole archive
 */
async function onFullDisk(expected, size) {
  const disk = made(work, 'disk');
  for (let room = STEP; room < size + 4 * STEP; room += STEP) {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${room}`, 'tmpfs', disk]);
    try {
      const target = join(disk, 'slim.tar');
      writeFileSync(target, OLD);
      const { status, stderr } = await run([image, '-o', target]);
      const isRight =
        status === 0 ? digestOf(target) === expected : isOld(target) && /no space left/.test(stderr);
      check(`a disk of ${room} bytes: status ${status}`, [isRight, namesIn(disk)], [true, ['slim.tar']]);
      const spooled = await run([image, '-o', join(work, 'spooled.tar')], { TMPDIR: disk });
      check(`TMPDIR on it: status ${spooled.status}`, namesIn(disk), ['slim.tar']);
    } finally {
      execFileSync('umount', [disk]);
    }
  }
}

async function onOddDestinations() {
  const directory = made(work, 'directory');
  const file = join(work, 'file');
  writeFileSync(file, OLD);
  for (const target of [
    directory,
    join(work, 'missing/slim.tar'),
    join(file, 'slim.tar'),
    '/proc/slim.tar',
  ]) {
    const { status, stderr } = await run([image, '-o', target]);
    check(`to ${target.replace(work, '')}`, [status, /^oslim: cannot write/.test(stderr)], [1, true]);
  }
  check('what was there is as it was', [isOld(file), namesIn(directory)], [true, []]);
}

/** @param {string} expected */
async function withFewDescriptors(expected) {
  const target = join(work, 'few.tar');
  for (let limit = 18; limit <= 40; limit += 2) {
    writeFileSync(target, OLD);
    const { status } = await run([image, '-o', target], {}, `ulimit -n ${limit};`);
    check(`${limit} descriptors: status ${status}`, isOld(target) || digestOf(target) === expected, true);
  }
}

async function onBrokenSource() {
  const source = join(work, 'source.tar');
  const target = join(work, 'broken.tar');
  for (const part of [0.1, 0.5, 0.9, 0.99]) {
    execFileSync('cp', [image, source]);
    truncateSync(source, Math.floor(statSync(image).size * part));
    writeFileSync(target, OLD);
    const { status } = await run([source, '-o', target]);
    check(`a source cut off at ${part}`, [status, isOld(target)], [1, true]);
  }
  for (const delayMs of [50, 150, 250, 350]) {
    execFileSync('cp', [image, source]);
    writeFileSync(target, OLD);
    const running = run([source, '-o', target]);
    await sleep(delayMs);
    truncateSync(source, 1000);
    utimesSync(source, 0, 0);
    const { status } = await running;
    check(`a source cut off after ${delayMs} ms: status ${status}`, status === 0 || isOld(target), true);
  }
}

/** @param {string} expected */
async function twoWriters(expected) {
  const out = made(work, 'two');
  const target = join(out, 'slim.tar');
  const ends = await Promise.all([run([image, '-o', target]), run([image, '-o', target])]);
  check(
    'two writers of one destination',
    [ends.map(({ status }) => status), digestOf(target), namesIn(out)],
    [[0, 0], expected, ['slim.tar']],
  );
}

/** @param {string} expected */
async function interrupted(expected) {
  const out = made(work, 'signals');
  const target = join(out, 'slim.tar');
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    for (let delayMs = 50; delayMs <= 800; delayMs += 75) {
      writeFileSync(target, OLD);
      const { status } = await run([image, '-o', target], {}, '', { signal, delayMs });
      const isRight = isOld(target) || digestOf(target) === expected;
      check(`${signal} after ${delayMs} ms: status ${status}`, [isRight, namesIn(out)], [true, ['slim.tar']]);
    }
  }
  check('nothing is left in TMPDIR', namesIn(tmp), []);
}

/** @param {string} file */
function isOld(file) {
  const expected = join(work, 'old');
  writeFileSync(expected, OLD);
  return digestOf(file) === digestOf(expected);
}

/**
 * @param {readonly string[]} args
 * @param {Record<string, string>} env
 * @param {string} before of the shell
 * @param {{ signal: NodeJS.Signals, delayMs: number }} [kill]
 * @returns {Promise<{ status: number | null, stderr: string }>}
 */
async function run(args, env = {}, before = '', kill) {
  const child = spawn(
    'sh',
    ['-c', `${before} exec "$@"`, 'sh', process.execPath, OSLIM, ...args, '--include', '/**', '--quiet'],
    {
      env: { PATH: process.env.PATH, HOME: made(work, 'home'), TMPDIR: tmp, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  if (kill !== undefined) setTimeout(() => child.kill(kill.signal), kill.delayMs);
  return await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stderr }));
  });
}

/**
 * @param {string} what
 * @param {unknown} actual
 * @param {unknown} expected
 */
function check(what, actual, expected) {
  const isRight = JSON.stringify(actual) === JSON.stringify(expected);
  if (!isRight) failures += 1;
  const difference = isRight ? '' : `: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`;
  console.log(`  ${isRight ? 'ok  ' : 'FAIL'} ${what}${difference}`);
}
