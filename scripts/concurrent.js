/**
 * Many runs of oslim at the same time, as real processes: on one cache directory, one of them killed in the middle, the
 * cache pruned meanwhile; and into one OCI layout. Every run that ends must end well, with the same result, and nothing that
 * is left may be broken. `node scripts/concurrent.js`, after `npm run build`; needs Debian's docker-registry. Exit status 1
 * when anything is not as it should be. Environment: OSLIM (the command; default: this repository's), RUNS (default: 10).
 */
import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Layout } from './platforms/layout.js';
import { startRegistry } from './registry-e2e/registry-process.js';

/** @typedef {{ status: number | null, signal: string | null, stderr: string }} End */

const RUNS = Number(process.env.RUNS ?? 10);
/** Bytes that are pulled and not kept: enough that a pull takes a moment. */
const BALLAST = 24e6;
const [oslim = '', ...flags] = (
  process.env.OSLIM ?? `node ${new URL('../bin/oslim.js', import.meta.url).pathname}`
).split(' ');
const work = mkdtempSync(join(tmpdir(), 'oslim-concurrent-'));
const cache = join(work, 'cache/oslim');
/** What the runs into a layout took together the last time; at first a guess. */
let lastRunsMs = 8000;
let failures = 0;

mkdirSync(join(work, 'registry'));
const registry = await startRegistry(join(work, 'registry'), {});
try {
  const source = makeImage();
  const image = `docker://${registry.host}/made/app:1`;
  // Everything is kept, so that what is pushed is as large as what was made.
  await must(['--include', '/**', source, '-o', image, '--quiet']);
  const archive = join(work, 'expected.tar');
  await must([image, '-o', archive, '--no-cache', '--quiet']);
  const expected = digestOf(archive);
  await onOneCache(image, expected);
  await besidePrune(image, expected);
  for (let round = 1; round <= 5; round += 1) await intoOneLayout(round, source);
} finally {
  await registry.stop();
  rmSync(work, { recursive: true });
}
console.log(failures === 0 ? 'all right' : `${failures} FAILED`);
process.exitCode = failures === 0 ? 0 : 1;

/**
 * Runs that pull into an empty cache; the first is killed while its blob is on the way into it.
 * @param {string} image
 * @param {string} expected digest of the archive
 */
async function onOneCache(image, expected) {
  const runs = Array.from({ length: RUNS }, (_, at) => slimTo(image, `cache-${at}`));
  const [victim, ...others] = runs;
  await until(() => namesIn(join(cache, 'ingest')).length > 0);
  victim?.kill();
  const ends = await Promise.all(others.map(({ end }) => end));
  check('one run was killed in the middle', (await victim?.end)?.signal, 'SIGKILL');
  check('nothing of its archive is visible', existsSync(join(work, 'cache-0/slim.tar')), false);
  check(`the ${RUNS - 1} others end well`, ends.filter(isGood).length, RUNS - 1);
  const digests = others.map((_, at) => digestOf(join(work, `cache-${at + 1}/slim.tar`)));
  check('with the same archive as without a cache', unique(digests), [expected]);
  checkCache('after them');
  const again = slimTo(image, 'cache-again');
  check('one run more ends well', isGood(await again.end), true);
  check('with the same archive', digestOf(join(work, 'cache-again/slim.tar')), expected);
  await run(['cache', 'prune', '--max-size', '1GB']).end;
  check('nothing of the killed run is left', namesIn(join(cache, 'ingest')), []);
}

/**
 * The cache is emptied again and again while they run.
 * @param {string} image
 * @param {string} expected digest of the archive
 */
async function besidePrune(image, expected) {
  const runs = Array.from({ length: RUNS }, (_, at) => slimTo(image, `prune-${at}`));
  let isOver = false;
  const pruning = (async () => {
    const statuses = [];
    while (!isOver) statuses.push((await run(['cache', 'prune']).end).status);
    return statuses;
  })();
  const ends = await Promise.all(runs.map(({ end }) => end));
  isOver = true;
  const statuses = await pruning;
  check(`pruned ${statuses.length} times meanwhile`, unique(statuses), [0]);
  check(`the ${RUNS} runs end well`, ends.filter(isGood).length, RUNS);
  check('with the same archive', unique(runs.map((_, at) => digestOf(join(work, `prune-${at}/slim.tar`)))), [
    expected,
  ]);
  checkCache('after them');
}

/**
 * Each under a name of its own; one is killed at a moment that differs from round to round.
 * @param {number} round
 * @param {string} source
 */
async function intoOneLayout(round, source) {
  const layout = join(work, `layout-${round}`);
  const names = Array.from({ length: RUNS }, (_, at) => `run-${at}`);
  const began = performance.now();
  const runs = names.map((name) => run([source, '-o', `oci:${layout}:${name}`, '--quiet']));
  await sleep(lastRunsMs * (0.5 + 0.1 * round));
  runs[0]?.kill();
  const ends = await Promise.all(runs.map(({ end }) => end));
  lastRunsMs = performance.now() - began;
  const wanted = names.filter((_, at) => ends[at]?.status === 0);
  const killed = ends.filter(({ signal }) => signal !== null).length;
  check(`layout ${round}: every run that was not killed (${killed}) ends well`, wanted.length, RUNS - killed);
  const { manifests } = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8'));
  const held = manifests.map(refNameOf);
  // A killed run may have come so far as to have its entry.
  const missing = wanted.filter((name) => !held.includes(name));
  check(
    `layout ${round}: the index has all of them`,
    [missing, held.length - wanted.length <= killed],
    [[], true],
  );
  check(`layout ${round}: they are the same image`, unique(manifests.map(manifestDigest)).length, 1);
  check(`layout ${round}: no blob is broken`, brokenBlobs(join(layout, 'blobs/sha256')), []);
}

/** @param {{ annotations: Record<string, string> }} manifest */
function refNameOf({ annotations }) {
  return annotations['org.opencontainers.image.ref.name'];
}

/** @param {{ digest: string }} manifest */
function manifestDigest({ digest }) {
  return digest;
}

/** Returns a layout with an image of this machine's `cat`, and ballast that no program of it needs. */
function makeImage() {
  const root = join(work, 'root');
  const libraries = execFileSync('ldd', ['/bin/cat'], { encoding: 'utf8' }).match(/\/\S+/g) ?? [];
  for (const file of ['/bin/cat', ...libraries]) {
    mkdirSync(join(root, file, '..'), { recursive: true });
    copyFileSync(file, join(root, file));
  }
  mkdirSync(join(root, 'srv'));
  writeFileSync(join(root, 'srv/ballast'), randomBytes(BALLAST));
  const layout = new Layout(join(work, 'source'));
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  const image = layout.addRoot(root, { architecture, config: { Entrypoint: ['/bin/cat'] } });
  layout.nameIndex('docker.io/made/app:1', [{ ...image, platform: { os: 'linux', architecture } }]);
  return `oci:${layout.directory}`;
}

/**
 * Starts a run that slims the image to an archive in a directory of its own.
 * @param {string} image
 * @param {string} name
 */
function slimTo(image, name) {
  mkdirSync(join(work, name));
  return run([image, '-o', join(work, name, 'slim.tar'), '--quiet']);
}

/**
 * @param {readonly string[]} args
 * @returns {{ end: Promise<End>, kill(): void }}
 */
function run(args) {
  const env = { ...process.env, XDG_CACHE_HOME: join(work, 'cache') };
  const child = spawn(oslim, [...flags, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  /** @type {Promise<End>} */
  const end = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ status, signal, stderr }));
  });
  return { end, kill: () => child.kill('SIGKILL') };
}

/** @param {readonly string[]} args */
async function must(args) {
  const { status, stderr } = await run(args).end;
  if (status !== 0) throw new Error(`oslim ${args.join(' ')} ended with status ${status}: ${stderr}`);
}

/** @param {End} end */
function isGood({ status, stderr }) {
  if (status !== 0 || stderr !== '') console.log(`  status ${status}: ${stderr}`);
  return status === 0 && stderr === '';
}

/** @param {string} when */
function checkCache(when) {
  check(`no blob of the cache is broken ${when}`, brokenBlobs(join(cache, 'blobs/sha256')), []);
}

/**
 * Returns the blobs whose bytes are not those that their names promise.
 * @param {string} directory
 */
function brokenBlobs(directory) {
  const blobs = namesIn(directory).filter((name) => !name.startsWith('.oslim-'));
  return blobs.filter((name) => digestOf(join(directory, name)) !== name);
}

/** @param {string} file */
function digestOf(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** @param {string} directory */
function namesIn(directory) {
  return existsSync(directory) ? readdirSync(directory) : [];
}

/** @param {() => boolean} condition */
async function until(condition) {
  const deadline = Date.now() + 60_000;
  while (!condition() && Date.now() < deadline) await sleep(1);
}

/**
 * @template T
 * @param {readonly T[]} items
 */
function unique(items) {
  return [...new Set(items)];
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
