/**
 * An index of amd64, arm64 and s390x images made from Debian packages, slimmed by one `oslim --all-platforms`: is what
 * comes out of it whole? For every file of every slim image, the image's own loader (by qemu-user where it must be) and
 * oslim are asked and compared, and the programs are run and must say what they say in the original.
 * `node scripts/platforms.js`, after `npm run build`; needs root, mmdebstrap, qemu-user-static and skopeo. Exit status 1 when
 * anything is not as it should be. Environment: OSLIM (the command; default: this repository's), OSLIM_DIST (the build to
 * compare loaders with; default: dist), OSLIM_ROOTS and OSLIM_MIRROR as for compare-ldso.js.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInRoot } from './compare-ldso/chroot.js';
import { compareRoot } from './compare-ldso/compare-root.js';
import { madeRoot } from './compare-ldso/made-roots.js';
import { renderDisagreements } from './compare-ldso/render.js';
import { blobPath, Layout, readIndex } from './platforms/layout.js';

/** Debian's and the OCI's name of an architecture are the same for these; `machine` is ELF's e_machine. */
const ARCHITECTURES = [
  { arch: 'amd64', machine: 62 },
  { arch: 'arm64', machine: 183 },
  { arch: 's390x', machine: 22 },
];
const NAME = 'docker.io/example/platforms:1';
/** Programs that load much, plugins by dlopen among them; each is run. */
const PROGRAMS = [
  ['/usr/bin/curl', '--version'],
  ['/usr/bin/git', 'version', '--build-options'],
  ['/usr/bin/openssl', 'list', '-providers'],
];
const CONFIG = { Entrypoint: ['/usr/bin/curl'], Cmd: ['--version'], Env: ['PATH=/usr/bin:/bin'] };

const roots = process.env.OSLIM_ROOTS ?? join(tmpdir(), 'oslim-roots');
const [oslim = '', ...flags] = (
  process.env.OSLIM ?? `node ${new URL('../bin/oslim.js', import.meta.url).pathname}`
).split(' ');
let failures = 0;

const work = mkdtempSync(join(tmpdir(), 'oslim-platforms-'));
try {
  await main();
} finally {
  rmSync(work, { recursive: true });
}
console.log(failures === 0 ? 'all right' : `${failures} FAILED`);
process.exitCode = failures === 0 ? 0 : 1;

async function main() {
  const originals = await makeIndex(join(work, 'source'));
  const out = join(work, 'out');
  const args = [`oci:${join(work, 'source')}`, '--all-platforms', '-o', `oci:${out}`, '--json'];
  const programs = ['--include-command', 'git,openssl'];
  const first = runOslim([...args, ...programs]);
  check(
    'one run slims every platform',
    platformsOf(first),
    ARCHITECTURES.map(({ arch }) => `linux/${arch}`),
  );
  check(
    'and with --if-changed the next does nothing',
    runOslim([...args, ...programs, '--if-changed']).unchanged,
    true,
  );
  const copy = join(work, 'copy');
  execFileSync('skopeo', ['copy', '-q', '--all', `oci:${out}:1-slim`, `oci:${copy}:1`]);
  check('skopeo copies the index with all its images', readIndex(copy), readIndex(out));
  for (const { platform, manifest } of readIndex(out)) {
    const { architecture } = platform;
    const root = join(work, architecture);
    mkdirSync(root);
    for (const { digest } of manifest.layers)
      execFileSync('tar', ['--numeric-owner', '-C', root, '-xpf', join(out, blobPath(digest))]);
    // What an engine mounts there: git opens it.
    mkdirSync(join(root, 'dev'), { recursive: true });
    execFileSync('mknod', ['-m', '666', join(root, 'dev/null'), 'c', '1', '3']);
    await compareLoaders(architecture, root);
    await comparePrograms(architecture, originals.get(architecture) ?? '', root);
  }
}

/**
 * Makes the layout and returns the original root of each architecture.
 * @param {string} directory
 */
async function makeIndex(directory) {
  const layout = new Layout(directory);
  const manifests = [];
  const originals = new Map();
  for (const { arch, machine } of ARCHITECTURES) {
    const packages = 'curl,git,openssl,ca-certificates';
    const recipe = { name: `platforms-${arch}`, suite: 'bookworm', arch, machine, install: false, packages };
    const root = await madeRoot(recipe, roots);
    originals.set(arch, root);
    const image = layout.addRoot(root, { architecture: arch, config: CONFIG });
    manifests.push({ ...image, platform: { os: 'linux', architecture: arch } });
  }
  const attestation = layout.add('application/vnd.oci.image.manifest.v1+json', {
    schemaVersion: 2,
    layers: [],
  });
  manifests.push({ ...attestation, platform: { os: 'unknown', architecture: 'unknown' } });
  layout.nameIndex(NAME, manifests);
  return originals;
}

/** @param {readonly string[]} args */
function runOslim(args) {
  const { status, stdout, stderr } = spawnSync(oslim, [...flags, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (status !== 0) throw new Error(`oslim ended with status ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

/** @param {{ platforms: { source: { platform: string } }[] }} result */
function platformsOf({ platforms }) {
  return platforms.map(({ source }) => source.platform);
}

/**
 * @param {string} architecture
 * @param {string} root
 */
async function compareLoaders(architecture, root) {
  const answersOf = (/** @type {string} */ pass) => join(work, `${architecture}.${pass}.json`);
  const pick = { limit: undefined, sample: undefined, seed: 1 };
  const rows = await compareRoot({ name: architecture, hostPath: root, loader: undefined }, answersOf, pick);
  for (const { pass, tally } of rows) {
    console.log(`  ${architecture}, ${pass}: ${tally.files} files, ${tally.libraries} libraries`);
    check(`${architecture}, ${pass}: every file agrees`, tally.disagreements.length, 0);
    check(`${architecture}, ${pass}: there are files to ask about`, tally.files > 10, true);
    check(`${architecture}, ${pass}: no file misses a library`, tally.missing, 0);
  }
  process.stdout.write(renderDisagreements(rows, 10));
}

/**
 * @param {string} architecture
 * @param {string} original
 * @param {string} slim
 */
async function comparePrograms(architecture, original, slim) {
  const machine = ARCHITECTURES.find(({ arch }) => arch === architecture)?.machine ?? 0;
  for (const program of PROGRAMS) {
    const before = await runInRoot(original, machine, program);
    const after = await runInRoot(slim, machine, program);
    check(`${architecture}: ${program.join(' ')} runs`, before.status, 0);
    check(`${architecture}: ${program.join(' ')} says the same`, after, before);
  }
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
