// Holds bills of materials and trimmed package databases of slim images against what dpkg says of the originals, and
// against what scanners read. Images are oslim-e2e/NAME:orig of the engine (DOCKER_HOST). The originals' lists say
// which package a kept file is of; dpkg-query is the host's, on the databases that `docker export` gives.
// SPDX_SCHEMA names the official spdx-schema.json, which no package of the registry has; without it SPDX documents are
// only counted. Usage: scripts/sbom-check.js NAME... Exit 1 when anything does not hold.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { Ajv } from 'ajv';
import { syftPackages, trivyFiles, trivyPackages } from './sbom-check/scanner-rules.js';

const names = process.argv.slice(2);
if (names.length === 0) {
  console.error('usage: scripts/sbom-check.js NAME...');
  process.exit(2);
}
const cyclonedx = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
const spdx = spdxValidator(process.env.SPDX_SCHEMA);
let failures = 0;
for (const name of names) await checkCase(name);
process.exitCode = failures === 0 ? 0 : 1;

/** @param {string} name */
async function checkCase(name) {
  const directory = mkdtempSync(join(tmpdir(), 'oslim-sbom-'));
  const slimName = `oslim-sbom/${name}:slim`;
  try {
    const bom = (/** @type {string} */ format) => join(directory, `${format}.json`);
    const sboms = ['cyclonedx', 'spdx'].flatMap((format) => ['--sbom', `${format}=${bom(format)}`]);
    const archive = join(directory, 'slim.tar');
    const command = new URL('../bin/oslim.js', import.meta.url).pathname;
    run(process.execPath, [
      command,
      `docker-daemon:oslim-e2e/${name}:orig`,
      '-o',
      archive,
      '-t',
      slimName,
      '-q',
      ...sboms,
    ]);
    run('docker', ['load', '-q', '-i', archive]);
    const before = exported(`oslim-e2e/${name}:orig`, join(directory, 'before'));
    const after = exported(slimName, join(directory, 'after'));
    await checkDocuments(name, bom, before, after);
  } finally {
    run('docker', ['rmi', '-f', slimName]);
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * @param {string} name
 * @param {(format: string) => string} bom
 * @param {Exported} before
 * @param {Exported} after
 */
async function checkDocuments(name, bom, before, after) {
  const text = readFileSync(bom('cyclonedx'), 'utf8');
  const components = JSON.parse(text).components;
  const debs = components.filter((/** @type {any} */ { purl = '' }) => purl.startsWith('pkg:deb/'));
  const listed = new Set(
    debs.map(
      (/** @type {any} */ deb) => `${deb.name} ${deb.version} ${new URL(deb.purl).searchParams.get('arch')}`,
    ),
  );
  const expected = keptByLists(before, after);
  console.log(
    `${name}: ${before.packages.size} packages, ${after.packages.size} kept, ${components.length} components`,
  );
  check(
    'every kept package is in the original with the same version',
    [...after.packages].every((pkg) => before.packages.has(pkg)),
  );
  checkSame('the trimmed database has what the lists of the original say', after.packages, expected);
  checkSame('the bill of materials has the packages of dpkg-query', listed, after.packages);
  checkSame("trivy's rules find the same", trivyPackages(after.files), after.packages);
  checkSame("syft's rules find the same", syftPackages(after.files), after.packages);
  const strays = [...after.packages].flatMap((pkg) => {
    const [own = '', , architecture = ''] = pkg.split(' ');
    return trivyFiles(after.files, own, architecture).filter((path) => !after.paths.has(before.real(path)));
  });
  check(`lists name only what is there ${strays.slice(0, 3).join(' ')}`, strays.length === 0);
  const missing = debs.flatMap((/** @type {any} */ deb) =>
    deb.evidence.occurrences.filter((/** @type {any} */ { location }) => !after.paths.has(location)),
  );
  check('the files of every component are there', missing.length === 0);
  check('os-release is there', after.paths.has('/usr/lib/os-release') || after.paths.has('/etc/os-release'));
  check('CycloneDX 1.6 is valid', (await cyclonedx.validate(text)) === null);
  const document = JSON.parse(readFileSync(bom('spdx'), 'utf8'));
  check('SPDX has as many packages', document.packages.length === components.length + 1);
  if (spdx !== undefined) check('SPDX 2.3 is valid', spdx(document));
}

/**
 * Packages of which a file that is neither documentation nor a directory is left, by the original's lists alone.
 * @param {Exported} before
 * @param {Exported} after
 */
function keptByLists(before, after) {
  const kept = new Set();
  for (const pkg of before.packages) {
    const [name = '', , architecture = ''] = pkg.split(' ');
    const paths = trivyFiles(before.files, name, architecture).map(before.real);
    const isPayload = (/** @type {string} */ path) =>
      after.paths.get(path) === 'file' &&
      !/^\/usr\/share\/(?:doc|doc-base|man|info|help|omf|gtk-doc|lintian|linda|bug|apport|reportbug|licenses|metainfo|appdata|bash-completion|zsh|fish)\//.test(
        path,
      ) &&
      !path.startsWith('/etc/bash_completion.d/');
    if (paths.some(isPayload)) kept.add(pkg);
  }
  return kept;
}

/** @typedef {{ packages: Set<string>, files: Map<string, string>, paths: Map<string, string>, real(path: string): string }} Exported */

/**
 * The dpkg database of an image and the paths of its filesystem, as the engine exports them.
 * @param {string} image
 * @param {string} directory
 * @returns {Exported}
 */
function exported(image, directory) {
  const tar = `${directory}.tar`;
  const container = run('docker', ['create', image]).trim();
  try {
    run('docker', ['export', '-o', tar, container]);
  } finally {
    run('docker', ['rm', container]);
  }
  run('mkdir', ['-p', join(directory, 'var/lib/dpkg/updates')]);
  run('tar', ['-xf', tar, '-C', directory, '--wildcards', 'var/lib/dpkg/*', '--no-same-owner']);
  const links = new Map();
  const paths = new Map();
  for (const line of run('tar', ['-tvf', tar]).split('\n')) {
    const [, type, rest] = /^(.)\S+\s+\S+\s+\d+\s+\S+\s+\S+ (.*)$/.exec(line) ?? [];
    if (type === undefined || rest === undefined) continue;
    const [path = '', target] = rest.split(/ -> | link to /);
    if (type === 'l') links.set(`/${path}`, target);
    paths.set(`/${path.replace(/\/$/, '')}`, type === 'd' ? 'directory' : 'file');
  }
  // A link to a directory is a way, not a payload.
  for (const [link, target] of links)
    if (paths.get(new URL(target, `file://${link}`).pathname) === 'directory') paths.set(link, 'directory');
  const real = (/** @type {string} */ path) => {
    const [, top = '', below = ''] = /^(\/[^/]+)(\/.*)?$/.exec(path) ?? [];
    return links.get(top) === `usr${top}` && below !== '' ? `/usr${path}` : path;
  };
  const fields = ['Package', 'Version', 'Architecture', 'db:Status-Status'].map((field) => `\${${field}}`);
  const format = `${fields.join(' ')}\\n`;
  const lines = run('dpkg-query', [
    `--admindir=${join(directory, 'var/lib/dpkg')}`,
    '-W',
    '-f',
    format,
  ]).split('\n');
  const packages = new Set(
    lines.filter((line) => line.endsWith(' installed')).map((line) => line.replace(/ installed$/, '')),
  );
  return { packages, files: filesBelow(directory, 'var/lib/dpkg'), paths, real };
}

/** @param {string} root @param {string} path @returns {Map<string, string>} */
function filesBelow(root, path) {
  const files = new Map();
  for (const name of readdirSync(join(root, path))) {
    const at = `${path}/${name}`;
    if (statSync(join(root, at)).isDirectory())
      for (const [inner, text] of filesBelow(root, at)) files.set(inner, text);
    else files.set(at, readFileSync(join(root, at), 'utf8'));
  }
  return files;
}

/** @param {string | undefined} file */
function spdxValidator(file) {
  if (file === undefined) {
    console.log('SPDX_SCHEMA is not set: SPDX documents are not validated');
    return undefined;
  }
  const { $schema: _, ...schema } = JSON.parse(readFileSync(file, 'utf8'));
  return new Ajv({ strict: false }).compile(schema);
}

/** @param {string} command @param {string[]} args */
function run(command, args) {
  return execFileSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** @param {string} what @param {Set<unknown>} actual @param {Set<unknown>} expected */
function checkSame(what, actual, expected) {
  const more = [...actual].filter((one) => !expected.has(one)).map((one) => `+${one}`);
  const less = [...expected].filter((one) => !actual.has(one)).map((one) => `-${one}`);
  check([what, ...more, ...less].join(' '), more.length + less.length === 0);
}

/** @param {string} what @param {boolean} holds */
function check(what, holds) {
  if (!holds) failures++;
  console.log(`  ${holds ? 'ok  ' : 'FAIL'} ${what}`);
}
