// Pushes an image to Debian's docker-registry, once with gzip layers and once as zstd:chunked, slims both, the second with
// --lazy, and compares: the same layer must come out, and at most twice its bytes may have come over the network.
// (eStargz is tried by the tests of src/transport/registry/lazy.) Usage: scripts/lazy-e2e.js [skopeo IMAGE]. Exit 1 on failure.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRegistry } from './registry-e2e/registry-process.js';

const MAX_RATIO = 2;
const [image = 'docker-daemon:oslim-e2e/python-site-app:orig'] = process.argv.slice(2);
const oslim = new URL('../bin/oslim.js', import.meta.url).pathname;
const directory = mkdtempSync(join(tmpdir(), 'oslim-lazy-'));
const registry = await startRegistry(directory, {});
let failures = 0;
try {
  // In this order, and each in a repository of its own: skopeo does not compress again what it finds there.
  push('chunked:x', '--dest-compress-format', 'zstd:chunked');
  push('gzip:x', '--dest-compress-format', 'gzip');
  const whole = slim('gzip:x');
  const lazy = slim('chunked:x', '--lazy');
  check('the same layer comes out', whole.image.diffId === lazy.image.diffId);
  check('the same image ID comes out', whole.image.id === lazy.image.id);
  const { bytes, layers, lazyLayers, layerBytes } = lazy.download;
  check(`${lazyLayers} of ${layers} layers are read in parts`, lazyLayers === layers);
  const ratio = bytes / lazy.image.layerBytes;
  const kept = `${bytes} of ${layerBytes} bytes fetched for ${lazy.image.layerBytes} kept: ${ratio.toFixed(2)}`;
  check(kept, ratio <= MAX_RATIO);
  check('it is said', codesOf(lazy).includes('LAZY') && !codesOf(whole).includes('LAZY'));
  const asGzip = slim('gzip:x', '--lazy');
  check('layers without a table are read whole', asGzip.download.lazyLayers === 0);
  check('the same layer comes out of them', asGzip.image.diffId === whole.image.diffId);
  const refused = run('chunked:x', '--lazy', '--strict');
  check('--lazy and --strict exclude each other', refused.status === 2);
} finally {
  await registry.stop();
  rmSync(directory, { recursive: true, force: true });
}
process.exitCode = failures === 0 ? 0 : 1;

/** @param {string} name @param {string[]} options */
function push(name, ...options) {
  const target = `docker://${registry.host}/${name}`;
  // What is compressed already is compressed again only where the format is another.
  const format = ['--format', 'oci', '--dest-tls-verify=false'];
  const host = process.env.DOCKER_HOST;
  const daemon = image.startsWith('docker-daemon:') && host ? ['--src-daemon-host', host] : [];
  execFileSync('skopeo', ['copy', '-q', ...format, ...daemon, ...options, image, target], {
    stdio: 'inherit',
  });
}

/** @param {string} name @param {string[]} options */
function run(name, ...options) {
  const args = [oslim, `${registry.host}/${name}`, '--no-cache', '--json', ...options];
  return spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
}

/** @param {string} name @param {string[]} options */
function slim(name, ...options) {
  const { status, stdout, stderr } = run(name, ...options);
  if (status !== 0) throw new Error(`oslim ${name} ${options.join(' ')}: ${stderr}`);
  return /** @type {any} */ (JSON.parse(stdout));
}

/** @param {{ warnings: { code: string }[] }} result */
function codesOf({ warnings }) {
  return warnings.map(({ code }) => code);
}

/** @param {string} what @param {boolean} holds */
function check(what, holds) {
  if (!holds) failures++;
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}`);
}
