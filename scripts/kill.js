/**
 * Kills oslim at random moments, spread over the whole run, while it pulls from a registry on loopback through the cache and
 * writes an archive over an older one. After each kill the destination must be the old bytes or the whole new image, every
 * blob of the cache must be what its name promises, and the next run must end well and leave nothing of the killed one.
 *
 * `node scripts/kill.js [--count N] [--seed S] [--jobs N]`, after `npm run build`. Half of the kills are drawn from the part of the
 * run in which files are written: they wait until the cache is being filled or the destination's temporary file is there. Prints in which
 * phase the kills fell; exit status 1 when anything is not as it should be.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildSources } from './build-sources.js';
import { digestOf, made, namesIn, smallLayout } from './faults/small-image.js';

const OSLIM = fileURLToPath(new URL('../bin/oslim.js', import.meta.url));
const OLD = 'the old bytes';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '2' },
  },
});
const sources = buildSources();
const { TestRegistry } = await import(`${sources}/testing/registry/test-registry.js`);
const { xorshift } = await import(`${sources}/testing/fuzz/mutate.js`);
const random = xorshift(Number(values.seed));
const work = mkdtempSync(join(tmpdir(), 'oslim-kill-'));
const registry = await TestRegistry.start();
/** @type {Record<string, number>} */
const phases = { before: 0, filling: 0, writing: 0, after: 0 };
let failures = 0;
let left = Number(values.count);

try {
  await fillRegistry();
  const whole = made(work, 'whole');
  const first = await run(whole);
  if (first.status !== 0) throw new Error(`the first run ended with ${first.status}: ${first.stderr}`);
  const expected = digestOf(join(whole, 'out/slim.tar'));
  const runMs = first.ms;
  await Promise.all(
    Array.from({ length: Number(values.jobs) }, async (_, job) => {
      for (let round = 0; left > 0; round++) {
        left -= 1;
        await killOnce(made(work, `job-${job}`), expected, runMs, round);
      }
    }),
  );
} finally {
  await registry.close();
  rmSync(work, { recursive: true, force: true });
}
const during = (phases.filling ?? 0) + (phases.writing ?? 0);
console.log(
  `${values.count} kills, seed ${values.seed}: ${JSON.stringify(phases)}, ${during} of them while writing, renaming or filling the cache; ${failures} failures`,
);
process.exitCode = failures === 0 ? 0 : 1;

/** The image in the registry: small, so that a run is short, and with a layer that takes some chunks. */
async function fillRegistry() {
  const files = await smallLayout(sources, 2_000_000);
  for (const [path, bytes] of files) if (path.startsWith('blobs/')) registry.store.putBlob('made/app', bytes);
  const { manifests } = JSON.parse(Buffer.from(files.get('index.json') ?? []).toString('utf8'));
  const manifest = files.get(`blobs/sha256/${manifests[0].digest.slice(7)}`) ?? Buffer.alloc(0);
  registry.store.putManifest('made/app', '1', manifests[0].mediaType, manifest);
}

/**
 * @param {string} directory
 * @param {string} expected
 * @param {number} runMs
 * @param {number} round
 */
async function killOnce(directory, expected, runMs, round) {
  const isNewCache = round % 2 === 0;
  if (isNewCache) rmSync(join(directory, 'home'), { recursive: true, force: true });
  const out = made(directory, 'out');
  const target = join(out, 'slim.tar');
  writeFileSync(target, OLD);
  const started = start(directory);
  // Every other kill waits for the phase in which something is written, and then a moment more.
  if (random(2) === 0) await sleep(random(Math.ceil(runMs * 1.1)));
  else {
    await until(() => isWriting(directory) || started.child.exitCode !== null, runMs * 5);
    await sleep(random(60));
  }
  const phase = phaseOf(directory, started.child, target);
  phases[phase] = (phases[phase] ?? 0) + 1;
  started.child.kill('SIGKILL');
  await started.end;
  const now = digestOf(target);
  if (now !== expected && now !== oldDigest()) fail(`the destination is neither old nor new (${phase})`);
  checkCache(directory, phase);
  const again = await run(directory);
  if (again.status !== 0) fail(`the next run ended with ${again.status}: ${again.stderr} (${phase})`);
  if (digestOf(target) !== expected) fail(`the next run wrote something else (${phase})`);
  const leftovers = [
    ...namesIn(out).filter((name) => name !== 'slim.tar'),
    ...namesIn(join(directory, 'tmp')),
  ];
  if (leftovers.length > 0) fail(`left behind after the next run: ${leftovers.join(' ')} (${phase})`);
  if (isNewCache && namesIn(join(directory, 'home/.cache/oslim/ingest')).length > 0) {
    fail(`left in the cache after the next run (${phase})`);
  }
}

function oldDigest() {
  const file = join(work, 'old');
  writeFileSync(file, OLD);
  return digestOf(file);
}

/** @param {string} directory */
function isWriting(directory) {
  return isFilling(directory) || hasTemporary(directory);
}

/** @param {string} directory */
function isFilling(directory) {
  return namesIn(join(directory, 'home/.cache/oslim/ingest')).length > 0;
}

/** @param {string} directory */
function hasTemporary(directory) {
  return namesIn(join(directory, 'out')).some((name) => name.startsWith('.oslim-'));
}

/**
 * @param {string} directory
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} target
 */
function phaseOf(directory, child, target) {
  if (hasTemporary(directory)) return 'writing';
  if (isFilling(directory)) return 'filling';
  return child.exitCode !== null || digestOf(target) !== oldDigest() ? 'after' : 'before';
}

/**
 * @param {string} directory
 * @param {string} phase
 */
function checkCache(directory, phase) {
  const blobs = join(directory, 'home/.cache/oslim/blobs/sha256');
  for (const name of namesIn(blobs)) {
    if (digestOf(join(blobs, name)) !== name) fail(`the cache holds a broken blob ${name} (${phase})`);
  }
}

/** @param {string} directory */
function start(directory) {
  for (const name of ['out', 'tmp', 'home']) made(directory, name);
  const env = { PATH: process.env.PATH, HOME: join(directory, 'home'), TMPDIR: join(directory, 'tmp') };
  const args = [
    OSLIM,
    `docker://${registry.host}/made/app:1`,
    '-o',
    join(directory, 'out/slim.tar'),
    '--include',
    '/**',
    '--quiet',
  ];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  /** @type {Promise<{ status: number | null, stderr: string }>} */
  const end = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stderr }));
  });
  return { child, end };
}

/** @param {string} directory */
async function run(directory) {
  const began = performance.now();
  const ended = await start(directory).end;
  return { ...ended, ms: performance.now() - began };
}

/**
 * @param {() => boolean} condition
 * @param {number} ms
 */
async function until(condition, ms) {
  const deadline = performance.now() + ms;
  while (!condition() && performance.now() < deadline) await sleep(1);
}

/** @param {string} what */
function fail(what) {
  failures += 1;
  console.log(`FAIL ${what}`);
}
