import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { run, runInRoot } from './chroot.js';

/**
 * RootRecipe is a Debian root filesystem to compare in. `install` runs the maintainer scripts (native only);
 * `from` makes it a hard-linked copy of another one, changed: `no cache`, `stale cache`, or `hwcaps`, variants of many
 * libraries for better processors (Debian itself packages hardly any).
 * @typedef {{ name: string, suite: string, arch: string, machine: number, install: boolean, packages: string,
 *   from?: string, change?: 'no cache' | 'stale cache' | 'hwcaps' }} RootRecipe
 */

/** Programs with many libraries, private library directories (RUNPATH), hwcaps variants and plugins. */
const HEAVY = [
  'python3,python3-numpy,python3-scipy,perl,ruby,php-cli,nodejs,erlang-base,r-base-core,vim-nox',
  'git,nginx,apache2,postgresql,mariadb-server,redis-server,samba,systemd,openssl,curl,qemu-utils',
  'ffmpeg,imagemagick,inkscape,libreoffice-core,gstreamer1.0-plugins-good,libgl1-mesa-dri,qtbase5-dev-tools',
  'gcc,libopenblas0,libpam-modules,libsasl2-modules,libicu-dev',
].join(',');

const FOREIGN = [
  'python3,perl,ruby,php-cli,vim-nox,git,nginx,apache2,postgresql,samba,openssl,curl',
  'ffmpeg,imagemagick,gcc,libpam-modules',
].join(',');

/** @param {string} suite @param {string} java @returns {RootRecipe} */
const native = (suite, java) => ({
  name: suite,
  suite,
  arch: 'amd64',
  machine: 62,
  install: true,
  packages: `${HEAVY},openjdk-${java}-jre-headless`,
});

/** @param {string} suite @param {string} arch @param {number} machine @returns {RootRecipe} */
const foreign = (suite, arch, machine) => ({
  name: `${suite}-${arch}`,
  suite,
  arch,
  machine,
  install: false,
  packages: FOREIGN,
});

/** @type {readonly RootRecipe[]} */
export const ROOTS = [
  native('bullseye', '17'),
  native('bookworm', '17'),
  native('trixie', '21'),
  { ...native('bookworm', '17'), name: 'bookworm-nocache', from: 'bookworm', change: 'no cache' },
  { ...native('bookworm', '17'), name: 'bookworm-stale', from: 'bookworm', change: 'stale cache' },
  { ...native('trixie', '21'), name: 'trixie-hwcaps', from: 'trixie', change: 'hwcaps' },
  foreign('bookworm', 'arm64', 183),
  foreign('bookworm', 'armhf', 40),
  foreign('bookworm', 'ppc64el', 21),
  foreign('bookworm', 's390x', 22),
  foreign('bookworm', 'i386', 3),
  foreign('bookworm', 'mips64el', 8),
  foreign('trixie', 'riscv64', 243),
];

/**
 * Returns the host directory of the root, making it first when it is not there yet (mmdebstrap, as root).
 * @param {RootRecipe} recipe
 * @param {string} directory where roots are kept between runs
 * @returns {Promise<string>}
 */
export async function madeRoot(recipe, directory) {
  const hostPath = join(directory, recipe.name);
  if (existsSync(hostPath)) return hostPath;
  process.stderr.write(`making ${hostPath}\n`);
  mkdirSync(directory, { recursive: true });
  const part = `${hostPath}.part`;
  rmSync(part, { recursive: true, force: true });
  const base = ROOTS.find(({ name }) => name === recipe.from);
  if (base === undefined) await bootstrap(recipe, part);
  else await must('cp', ['-al', await madeRoot(base, directory), part]);
  await change(recipe, part);
  renameSync(part, hostPath);
  return hostPath;
}

/**
 * @param {RootRecipe} recipe
 * @param {string} root
 */
async function change(recipe, root) {
  const libraries = join(root, 'usr/lib/x86_64-linux-gnu');
  if (recipe.change === 'no cache') rmSync(join(root, 'etc/ld.so.cache'));
  if (recipe.change === 'stale cache') moveLibraries(libraries, join(root, 'usr/lib'));
  if (recipe.change === 'hwcaps') addVariants(libraries);
  const needsCache = recipe.change === 'hwcaps' || !recipe.install;
  if (needsCache) await runInRoot(root, recipe.machine, ['/sbin/ldconfig']);
}

/**
 * @param {RootRecipe} recipe
 * @param {string} target
 */
async function bootstrap(recipe, target) {
  const without = ['doc', 'locale'].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`);
  await must('mmdebstrap', [
    '--mode=root',
    `--variant=${recipe.install ? 'minbase' : 'extract'}`,
    `--architectures=${recipe.arch}`,
    // Without maintainer scripts nobody makes /bin and /lib the links that they are in every image.
    ...(recipe.install ? [] : ['--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr']),
    `--include=${recipe.packages}`,
    '--aptopt=Apt::Install-Recommends "false"',
    '--aptopt=Acquire::Languages "none"',
    '--dpkgopt=force-unsafe-io',
    ...without,
    recipe.suite,
    target,
    // One plain line: of a suite past its end the security archive may list what no mirror holds any more.
    `deb ${mirror()} ${recipe.suite} main`,
  ]);
}

/** Returns the Debian mirror to use: OSLIM_MIRROR, else the first one that apt of this host knows. */
function mirror() {
  const chosen = process.env.OSLIM_MIRROR;
  if (chosen !== undefined) return chosen;
  for (const file of ['/etc/apt/sources.list.d/debian.sources', '/etc/apt/sources.list']) {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const found = /^(?:URIs:|deb(?: \[[^\]]*\])?) *(https?:\S+)/m.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  throw new Error('cannot make a root: set OSLIM_MIRROR to a Debian mirror');
}

/**
 * Makes the cache stale: of the links by which programs know their libraries, every seventh goes where only the
 * default directories lead and every eleventh is renamed out of everybody's sight.
 * @param {string} from
 * @param {string} to
 */
function moveLibraries(from, to) {
  for (const [index, name] of sonameLinksIn(from).entries()) {
    if (index % 7 === 0) {
      // The link is relative to its own directory, so the file goes with it.
      for (const file of filesOf(from, name)) renameSync(join(from, file), join(to, file));
    } else if (index % 11 === 0) renameSync(join(from, name), join(from, `${name}.gone`));
  }
}

/**
 * Gives every third library a variant of a level, the levels in turn, so that some have a better one than this
 * processor can use and some only a worse one.
 * @param {string} directory
 */
function addVariants(directory) {
  for (const [index, name] of sonameLinksIn(directory).entries()) {
    if (index % 3 !== 0) continue;
    const level = join(directory, 'glibc-hwcaps', `x86-64-v${2 + ((index / 3) % 3)}`);
    mkdirSync(level, { recursive: true });
    copyFileSync(join(directory, name), join(level, name));
  }
}

/**
 * Returns the links by which programs know their libraries, where they lead into the same directory.
 * @param {string} directory
 */
function sonameLinksIn(directory) {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isSymbolicLink() && /\.so\.\d+$/.test(entry.name))
    .map((entry) => entry.name)
    .filter((name) => !readlinkSync(join(directory, name)).includes('/'))
    .sort();
}

/**
 * @param {string} directory
 * @param {string} soname
 */
function filesOf(directory, soname) {
  return readdirSync(directory).filter((name) => name === soname || name.startsWith(`${soname}.`));
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 */
async function must(program, args) {
  const { status, stderr } = await run(program, args);
  if (status !== 0)
    throw new Error(
      `${program} ended with status ${status}: ${stderr.trim().split('\n').slice(-5).join(' | ')}`,
    );
}
