// Many images: `oslim batch` against `xargs -P2 oslim`, on the same list and the same cache. Puts COUNT images (different
// configurations on the layers of the archives that are named) into a registry on loopback, one more name that it does not
// have, and says wall time and peak memory of both. Then kills a batch in the middle and runs it again. Exit 1 when a
// failing image stops the rest, something is lost or done twice. Usage: scripts/batch-check.js COUNT ARCHIVE...
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startRegistry } from './registry-e2e/registry-process.js';

const [countText = '', ...archives] = process.argv.slice(2);
const count = Number(countText);
if (!(count > 0) || archives.length === 0) {
  console.error('usage: scripts/batch-check.js COUNT ARCHIVE...');
  process.exit(2);
}
const OSLIM = fileURLToPath(new URL('../bin/oslim.js', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'oslim-batch-'));
const env = { ...process.env, XDG_CACHE_HOME: join(work, 'cache'), NODE_NO_WARNINGS: '1' };
let failures = 0;
const registry = await startRegistry(work, {});
try {
  const images = await putImages();
  const list = join(work, 'images.txt');
  writeFileSync(list, `${images.join('\n')}\n`);
  // The cache is filled by a first, uncounted run of each base.
  await run(['batch', writeList('bases.txt', images.slice(0, archives.length))]);
  const batchRun = await run(['batch', list, '--jobs', '2', '-o', join(outputs('batch'), '{n}.tar')]);
  const lines = jsonLines(batchRun.stdout);
  const totals = lines.at(-1).totals;
  report('oslim batch --jobs 2', batchRun);
  const xargsRun = await measured('sh', [
    '-c',
    `i=0; while read -r image; do i=$((i + 1)); echo "$image $i"; done <'${list}' |
     xargs -P2 -L1 sh -c 'exec "$0" "$1" "$2" -q -o "${outputs('xargs')}/$3.tar"' '${process.execPath}' '${OSLIM}' 2>/dev/null`,
  ]);
  report('xargs -P2 oslim', xargsRun);
  console.log(`saved ${totals.saved} of ${totals.before} bytes`);
  check(
    'one image fails, the rest is done',
    totals.failed === 1 && totals.done === count && batchRun.status === 1,
  );
  const same = readdirSync(outputs('xargs')).filter((name) =>
    readFileSync(join(outputs('xargs'), name)).equals(readFileSync(join(outputs('batch'), name))),
  );
  check(`${same.length} files are the same`, same.length === count);
  await killAndResume(list);
} finally {
  await registry.stop();
  rmSync(work, { recursive: true, force: true });
}
process.exitCode = failures === 0 ? 0 : 1;

/** @param {string} list */
async function killAndResume(list) {
  const log = join(work, 'log');
  const args = ['batch', list, '--jobs', '2', '--log', log, '-o', join(outputs('resumed'), '{n}.tar')];
  const child = spawn(process.execPath, [OSLIM, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  const ended = new Promise((done) => child.on('close', done));
  while (logged(log).length < Math.min(10, count / 2)) await sleep(50);
  child.kill('SIGKILL');
  await ended;
  // A process that is busy sees that it is alone when it next listens.
  for (let tries = 0; sessionOf(child.pid ?? 0).length > 0 && tries < 100; tries++) await sleep(100);
  check('its processes go with it', sessionOf(child.pid ?? 0).length === 0);
  const before = logged(log).length;
  const again = await run(args);
  const { totals } = jsonLines(again.stdout).at(-1);
  const done = logged(log)
    .filter(({ status }) => status === 'done')
    .map(({ image }) => image);
  check(
    `killed after ${before}, run again: ${totals.images} more, ${done.length} done in all`,
    done.length === count && new Set(done).size === count && totals.images < count + 1,
  );
  check(
    'every file is there',
    readdirSync(outputs('resumed')).filter((name) => /^\d+\.tar$/.test(name)).length === count,
  );
}

/** @param {string} name */
function outputs(name) {
  mkdirSync(join(work, name), { recursive: true });
  return join(work, name);
}

/** @param {string} name @param {string[]} images */
function writeList(name, images) {
  writeFileSync(join(work, name), images.join('\n'));
  return join(work, name);
}

/** @param {string} text @returns {any[]} */
function jsonLines(text) {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** @param {string} file @returns {any[]} */
function logged(file) {
  try {
    const text = readFileSync(file, 'utf8');
    return text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
  } catch {
    // Not there yet.
    return [];
  }
}

/** Puts the images into the registry and returns their names. */
async function putImages() {
  const bases = archives.map((archive, at) => {
    const target = `docker://${registry.host}/base/${at}:1`;
    execFileSync('skopeo', [
      'copy',
      '-q',
      '--insecure-policy',
      '--dest-tls-verify=false',
      `docker-archive:${archive}`,
      target,
    ]);
    return `base/${at}`;
  });
  const names = [];
  for (let n = 0; n < count; n++) {
    const base = bases[n % bases.length] ?? '';
    const manifest = await getJson(`${base}/manifests/1`);
    const config = await getJson(`${base}/blobs/${manifest.config.digest}`);
    config.config.Env = [...(config.config.Env ?? []), `REPLICA=${n}`];
    const bytes = Buffer.from(JSON.stringify(config));
    const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    const repository = `app/${n}`;
    for (const layer of manifest.layers)
      await send('POST', `${repository}/blobs/uploads/?mount=${layer.digest}&from=${base}`);
    const upload = await send('POST', `${repository}/blobs/uploads/`);
    const place = new URL(upload.headers.get('location') ?? '', `http://${registry.host}`);
    place.searchParams.set('digest', digest);
    await fetch(place, { method: 'PUT', body: bytes });
    const body = JSON.stringify({ ...manifest, config: { ...manifest.config, digest, size: bytes.length } });
    await send('PUT', `${repository}/manifests/1`, body, manifest.mediaType);
    names.push(`docker://${registry.host}/${repository}:1`);
  }
  names.splice(Math.floor(count / 2), 0, `docker://${registry.host}/app/nothing:1`);
  return names;
}

/** @param {string} path @returns {Promise<any>} */
async function getJson(path) {
  const accept =
    'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';
  const answer = await fetch(`http://${registry.host}/v2/${path}`, { headers: { accept } });
  return await answer.json();
}

/** @param {string} method @param {string} path @param {string} [body] @param {string} [type] */
async function send(method, path, body, type) {
  const headers = type === undefined ? {} : { 'content-type': type };
  const answer = await fetch(`http://${registry.host}/v2/${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

/** @param {string[]} args */
async function run(args) {
  return await measured(process.execPath, [OSLIM, ...args]);
}

/** Runs a command in a session of its own and measures wall time, processor time, and the memory of all its processes (PSS). @param {string} command @param {string[]} args */
async function measured(command, args) {
  const began = performance.now();
  const timed = ['-c', 'TIMEFORMAT="%U %S"; time "$0" "$@"', command, ...args];
  const child = spawn('bash', timed, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let stdout = '';
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  let peak = 0;
  const timer = setInterval(() => {
    const bytes = sessionOf(child.pid ?? 0)
      .map(memoryOf)
      .reduce((sum, one) => sum + one, 0);
    peak = Math.max(peak, bytes);
  }, 500);
  const status = await new Promise((done) => child.on('close', done));
  clearInterval(timer);
  const [user = 0, system = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return { stdout, status, seconds: (performance.now() - began) / 1000, processor: user + system, peak };
}

/** The processes of a session. @param {number} session @returns {string[]} */
function sessionOf(session) {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    const stat = readProc(`${pid}/stat`);
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3]) === session;
  });
}

/** In bytes. @param {string} pid */
function memoryOf(pid) {
  return Number(/^Pss:\s+(\d+)/m.exec(readProc(`${pid}/smaps_rollup`))?.[1] ?? 0) * 1024;
}

/** @param {string} path */
function readProc(path) {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}

/** @param {string} what @param {{ seconds: number, processor: number, peak: number }} figures */
function report(what, { seconds, processor, peak }) {
  console.log(
    `${what}: ${seconds.toFixed(1)} s, ${processor.toFixed(1)} s of processors, at most ${Math.round(peak / 1e6)} MB of memory`,
  );
}

/** @param {string} what @param {boolean} holds */
function check(what, holds) {
  if (!holds) failures++;
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}`);
}
