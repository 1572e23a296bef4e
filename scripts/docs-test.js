// Does the documentation hold? Runs every fenced `sh` and `console` block of README.md, CONTRIBUTING.md and docs/*.md, each
// page in a scratch directory of its own, and compares what is printed by the rule of scripts/docs/match-output.js.
// Prepared there: `myapp:latest` and `app:1` (made images: files of these names stand for engine images), `oslim` in PATH, a
// registry on loopback wherever a page says registry.example. Blocks that need Docker or a real image (`nginx.tar` is
// the testbed's) run where these are at hand: DOCKER_HOST, or DOCS_IMAGES with the archives. What does not run is counted
// aloud, each with its reason. Usage: scripts/docs-test.js [PAGE...]. Exit 1 on failure.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSources } from './build-sources.js';
import { matchesOutput } from './docs/match-output.js';
import { blocksOf } from './docs/page-blocks.js';
import { REPOSITORY, stagePackage } from './package/stage.js';

const TIME_LIMIT_MS = 180_000;

const work = mkdtempSync(join(tmpdir(), 'oslim-docs-'));
const images = process.env.DOCS_IMAGES === undefined ? undefined : resolve(process.env.DOCS_IMAGES);
const hasDocker = spawnSync('docker', ['info'], { stdio: 'ignore' }).status === 0;
const counts = { passed: 0, failed: 0, notRun: 0 };
const pages =
  process.argv.length > 2
    ? process.argv.slice(2)
    : [
        'README.md',
        'CONTRIBUTING.md',
        ...readdirSync('docs').flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
      ];
const sources = buildSources();
const { TestRegistry } = await import(join(sources, 'testing/registry/test-registry.js'));
const registry = await TestRegistry.start();
try {
  installOslim();
  for (const page of pages) await checkPage(page);
} finally {
  await registry.close();
  rmSync(work, { recursive: true, force: true });
}
console.log(`${counts.passed} blocks passed, ${counts.failed} failed, ${counts.notRun} not run`);
process.exitCode = counts.failed === 0 ? 0 : 1;

function installOslim() {
  const stage = join(work, 'oslim');
  stagePackage(stage);
  symlinkSync(join(REPOSITORY, 'node_modules'), join(stage, 'node_modules'));
  mkdirSync(join(work, 'bin'));
  const shim = `#!/bin/sh\nexec '${process.execPath}' '${join(stage, 'bin/oslim.js')}' "$@"\n`;
  writeFileSync(join(work, 'bin/oslim'), shim, { mode: 0o755 });
}

/** @param {string} page */
async function checkPage(page) {
  const blocks = blocksOf(readFileSync(page, 'utf8'));
  if (blocks.length === 0) return;
  const scratch = join(work, page.replaceAll('/', '-'));
  mkdirSync(scratch);
  await prepare(scratch);
  for (const block of blocks) {
    const where = `${page}:${block.line}`;
    const missing =
      block.notRun ??
      block.needs.map((need) => missingReason(need, scratch)).find((one) => one !== undefined);
    if (missing !== undefined) {
      counts.notRun++;
      console.log(`---- NOT RUN ${where}: ${missing}`);
      continue;
    }
    const problem = await runBlock(block, scratch);
    if (problem === undefined) counts.passed++;
    else counts.failed++;
    console.log(problem === undefined ? `ok   ${where}` : `FAIL ${where}\n${problem}`);
  }
}

/** Made images under the names that pages use; an image whose name nothing else has is a file of that name. @param {string} scratch */
async function prepare(scratch) {
  const { programImageFiles } = await import(join(sources, 'testing/program-image.js'));
  const { archiveOf } = await import(join(sources, 'testing/image-media.js'));
  for (const name of ['myapp:latest', 'app:1']) {
    writeFileSync(join(scratch, name), archiveOf(programImageFiles({ name: `docker.io/library/${name}` })));
    const oslim = join(work, 'bin/oslim');
    execFileSync(oslim, [`docker-archive:${name}`, '-q', '-o', `./${name}-slim`], { cwd: scratch });
    await runShell(`oslim docker-archive:${name} -q --push ${registry.host}/${name}`, scratch);
  }
}

/** Returns why something is not at hand, or gets it. @param {string} need @param {string} scratch */
function missingReason(need, scratch) {
  if (need === 'docker') return hasDocker ? undefined : 'no Docker daemon answers';
  const file = join(scratch, need);
  if (existsSync(file)) return undefined;
  if (images !== undefined && existsSync(join(images, need))) {
    symlinkSync(join(images, need), file);
    return undefined;
  }
  const image = `oslim-e2e/${need.replace(/\.tar$/, '')}:orig`;
  const isSaved =
    hasDocker && spawnSync('docker', ['save', image, '-o', file], { stdio: 'ignore' }).status === 0;
  return isSaved ? undefined : `there is no ${image} (scripts/e2e builds it), and no ${need} in DOCS_IMAGES`;
}

/** Returns what is wrong. @param {import('./docs/page-blocks.js').Block} block @param {string} scratch @returns {Promise<string | undefined>} */
async function runBlock({ kind, steps, status: lastStatus }, scratch) {
  for (const [at, { command, expected }] of steps.entries()) {
    const { status, output } = await runShell(command, scratch);
    const wanted = at === steps.length - 1 ? lastStatus : 0;
    if (status !== wanted) return `$ ${command}\n(status ${status}, not ${wanted})\n${output}`;
    const said = kind === 'sh' || matchesOutput(expected, output);
    if (!said) return `$ ${command}\n${output}(the page says:)\n${expected.join('\n')}`;
  }
  return undefined;
}

/** Not synchronously: the registry is in this process. @param {string} command @param {string} cwd @returns {Promise<{ status: number | null, output: string }>} */
async function runShell(command, cwd) {
  const env = {
    ...process.env,
    PATH: `${join(work, 'bin')}:${process.env.PATH}`,
    HOME: join(cwd, 'home'),
    XDG_CACHE_HOME: join(cwd, 'cache'),
    NO_COLOR: '1',
  };
  const script = command.replaceAll('registry.example', registry.host);
  const child = spawn('bash', ['-ec', script], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIME_LIMIT_MS,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  const status = await new Promise((done, fail) => child.on('error', fail).on('close', done));
  return { status, output: output.replaceAll(registry.host, 'registry.example') };
}
