// Is the package whole? Packs it twice, installs the tarball with npm in an empty project, and there runs the command
// line, compiles the examples with `tsc --strict` as NodeNext and as bundlers resolve, and runs them; on every Node
// that is supported. Usage: scripts/pack-check.js [MAJOR...] (default: 20 22 24). Exit 1 on failure.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSources } from './build-sources.js';
import { writeSampleImage } from './package/sample-image.js';
import { packPackage, REPOSITORY, stagePackage } from './package/stage.js';

/** Bytes and files that the tarball may have: more is a decision, not an accident. */
const MAX_SIZE = 750_000;
const MAX_FILES = 1100;
/** Packages that an installation brings besides oslim. */
const MAX_DEPENDENCIES = 10;
/** Nobody needs these to use it. */
const UNWANTED =
  /\.test\.|(?:^|\/)testing\/|\.map$|\.ts(?<!\.d\.ts)$|^(?:src|scripts|testdata|node_modules)\//;

const majors = process.argv.length > 2 ? process.argv.slice(2) : ['20', '22', '24'];
const work = mkdtempSync(join(tmpdir(), 'oslim-pack-'));
let failures = 0;
try {
  const tarball = checkTarball();
  const project = join(work, 'project');
  installInto(project, tarball);
  const sample = await writeSampleImage(buildSources(), work);
  compileExamples(project);
  for (const major of majors) checkOnNode(major, project, sample);
} finally {
  rmSync(work, { recursive: true, force: true });
}
process.exitCode = failures === 0 ? 0 : 1;

function checkTarball() {
  const stage = join(work, 'stage');
  stagePackage(stage);
  const packs = ['first', 'second'].map((name) => {
    const destination = join(work, name);
    mkdirSync(destination);
    return packPackage(stage, destination);
  });
  const [first, second] = packs;
  if (first === undefined || second === undefined) throw new Error('npm packed nothing');
  const { size, unpackedSize, paths, file } = first;
  console.log(`${size} bytes packed, ${unpackedSize} bytes unpacked, ${paths.length} files`);
  check('two packs have the same bytes', readFileSync(file).equals(readFileSync(second.file)));
  check(`at most ${MAX_SIZE} bytes and ${MAX_FILES} files`, size <= MAX_SIZE && paths.length <= MAX_FILES);
  const unwanted = paths.filter((path) => UNWANTED.test(path));
  check(`nothing of tests, sources, maps ${unwanted.slice(0, 5).join(' ')}`, unwanted.length === 0);
  return file;
}

/** @param {string} project @param {string} tarball */
function installInto(project, tarball) {
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  run('npm', ['install', '--no-audit', '--no-fund', tarball], project);
  const listed = run('npm', ['ls', '--all', '--parseable'], project).trim().split('\n');
  // The project itself and oslim stand in the list, too.
  const dependencies = listed.length - 2;
  check(`${dependencies} dependencies, at most ${MAX_DEPENDENCIES}`, dependencies <= MAX_DEPENDENCIES);
  const { devDependencies } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8'));
  const types = ['@types/node', 'typescript'].map((name) => `${name}@${devDependencies[name]}`);
  run('npm', ['install', '--no-audit', '--no-fund', '--save-dev', ...types], project);
}

/** As NodeNext it is compiled for Node to run, and with its declaration files checked; as a bundler resolves only checked. @param {string} project */
function compileExamples(project) {
  cpSync(join(REPOSITORY, 'examples'), join(project, 'examples'), { recursive: true });
  const files = readdirSync(join(project, 'examples')).map((name) => join('examples', name));
  const common = ['tsc', '--strict', '--target', 'es2022', '--types', 'node', '--outDir', 'built', ...files];
  tsc(project, 'nodenext, declarations too', [...common, '--module', 'nodenext', '--skipLibCheck', 'false']);
  tsc(project, 'bundler', [...common, '--noEmit', '--module', 'esnext', '--moduleResolution', 'bundler']);
}

/** @param {string} project @param {string} how @param {string[]} args */
function tsc(project, how, args) {
  const { status, stdout } = spawnSync('npx', args, { cwd: project, encoding: 'utf8' });
  check(`tsc --strict (${how})${status === 0 ? '' : `\n${stdout}`}`, status === 0);
}

/** @param {string} major @param {string} project @param {{ archive: string, layout: string }} sample */
function checkOnNode(major, project, { archive, layout }) {
  const node = run('npx', ['--yes', `node@${major}`, '-p', 'process.execPath'], project).trim();
  const version = run(node, ['--version'], project).trim();
  /** @param {string[]} args */
  const oslim = (...args) => run(node, ['node_modules/.bin/oslim', ...args], project);
  const manifest = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8'));
  check(`${version}: oslim --version`, oslim('--version').trim() === manifest.version);
  check(`${version}: oslim --help`, oslim('--help').includes('Usage: oslim'));
  check(`${version}: an OCI layout`, oslim(`oci:${layout}`, '-o', 'slim.tar').includes('slim.tar'));
  check(`${version}: oslim verify`, oslim('verify', 'slim.tar', '--against', archive) !== '');
  for (const name of readdirSync(join(project, 'built')).filter((name) => name.endsWith('.js'))) {
    const image = name === 'custom-transport.js' ? [layout] : [archive];
    const more = name === 'slim.js' ? ['example.tar'] : [];
    const said = run(node, [join('built', name), ...image, ...more], project);
    check(`${version}: examples/${name.replace(/js$/, 'ts')}`, said !== '');
  }
}

/** @param {string} command @param {string[]} args @param {string} cwd */
function run(command, args, cwd) {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

/** @param {string} what @param {boolean} holds */
function check(what, holds) {
  if (!holds) failures++;
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}`);
}
