// scripts/verify-damage.js [--limit N] ARCHIVE...: breaks slim images on purpose and asks `verify` about each.
// Every path of every image is removed in turn, every ELF file cut off, made for another machine or robbed of its symbol
// versions, every link led astray; each broken image is written as an archive, and verified as users do. What is true is asked
// of the image's own loader and of the kernel's rules, in a chroot with the same damage: whatever keeps a program from starting
// has to be a finding, or a note (with --strict a finding) where the program is only inferred to be used. Prints a row for each
// image. Environment: OSLIM_DIST (the build; default: this repository's), OUT (default: a folder in TMPDIR; further.txt there
// says what was found though every program starts). Needs root (chroot). Exit status: 1 when a breakage is missed.
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { damagesOf } from './verify-damage/damages.js';
import { breakCopy, copyOut } from './verify-damage/host-copy.js';
import { notExecutable, refusalOf } from './verify-damage/start.js';

/**
 * @typedef {import('../src/source/source.ts').OpenedSource} OpenedSource
 * @typedef {import('../src/rootfs/inode.ts').Inode} Inode
 * @typedef {import('./verify-damage/damages.js').Damage} Damage
 * @typedef {import('./verify-damage/start.js').Program} Program
 */

const { values, positionals: archives } = parseArgs({
  options: { limit: { type: 'string', default: '1000000' } },
  allowPositionals: true,
});
const dist = pathToFileURL(`${process.env.OSLIM_DIST ?? new URL('../dist', import.meta.url).pathname}/`);
/** @param {string} path */
const load = (path) => import(new URL(path, dist).href);
const { verify } = await load('index.js');
const { openSource } = await load('source/source.js');
const { resolveOptions } = await load('options.js');
const { emit } = await load('emit/emit.js');
const { archiveFileSink } = await load('transport/archive-sink.js');
const { Directory } = await load('rootfs/directory.js');
const { Rootfs } = await load('rootfs/rootfs.js');
const { memoryAccess } = await load('io/random-access.js');
const { processSpecOf } = await load('trace/process-spec.js');
const { findCommand } = await load('trace/find-command.js');
const { ElfStore } = await load('ldso/elf-store.js');

const work = process.env.OUT ?? mkdtempSync(join(tmpdir(), 'oslim-damage-'));
mkdirSync(work, { recursive: true });
let missed = 0;
process.stdout.write(
  '| image | broken images | of these stop a program | found | noted | missed | further findings |\n| --- | --- | --- | --- | --- | --- | --- |\n',
);
for (const archive of archives) missed += await tryAll(archive);
rmSync(join(work, 'root'), { recursive: true, force: true });
process.exitCode = missed > 0 ? 1 : 0;

/** @param {string} archive */
async function tryAll(archive) {
  /** @type {OpenedSource} */
  const source = await openSource(resolveOptions({ image: archive }));
  const root = join(work, 'root');
  copyOut(source.rootfs, root);
  const subjects = await subjectsOf(source, root);
  const counts = { broken: 0, stops: 0, found: 0, noted: 0, missed: 0, further: 0 };
  for (const damage of damagesOf(source.rootfs.walk(), (inode) => source.rootfs.read(inode))) {
    if (counts.broken >= Number(values.limit)) break;
    counts.broken++;
    const mend = breakCopy(root, damage);
    const stopped = await stoppedBy(root, damage, subjects);
    mend();
    const { findings, notes } = await verify({ image: await brokenArchive(source, damage) });
    if (stopped === undefined) {
      if (findings.length > 0) counts.further++;
      for (const { message } of findings.slice(0, 1))
        appendFileSync(
          join(work, 'further.txt'),
          `${source.name}: ${damage.path} ${damage.kind}: ${message}\n`,
        );
    } else {
      counts.stops++;
      if (findings.length > 0) counts.found++;
      else if (notes.length > 0) counts.noted++;
      else {
        counts.missed++;
        process.stderr.write(`  missed: ${damage.path} ${damage.kind}: ${stopped}\n`);
      }
    }
  }
  const { broken, stops, found, noted, missed: lost, further } = counts;
  process.stdout.write(
    `| ${source.name} | ${broken} | ${stops} | ${found} | ${noted} | ${lost} | ${further} |\n`,
  );
  await source.close();
  return lost;
}

/**
 * The programs that start in the whole image, and the command that its config names.
 * @param {OpenedSource} source
 * @param {string} root
 */
async function subjectsOf({ rootfs, image }, root) {
  const { argv, env, cwd } = processSpecOf(image.config.config);
  /** @type {Record<string, string>} */
  const variables = Object.fromEntries([...env].filter(([name]) => name.startsWith('LD_')));
  const store = new ElfStore();
  /** @type {Program[]} */
  const programs = [];
  for (const [path, inode] of rootfs.walk()) {
    if (inode.type !== 'file' || (inode.mode & 0o111) === 0) continue;
    const elf = store.find(inode);
    if (elf === undefined || elf instanceof Error || elf.interp === undefined) continue;
    const program = { path, interp: elf.interp, machine: elf.machine };
    if ((await refusalOf(root, program, variables)) === undefined) programs.push(program);
  }
  /** @type {string} */
  const command = findCommand(rootfs, argv[0], env, cwd).invokedAs;
  if ((await notExecutable(root, command)) !== undefined) throw new Error(`${command} cannot be executed`);
  return { programs, command, variables };
}

/**
 * Returns what no longer starts, or undefined. A removed program counts where the config names it.
 * @param {string} root
 * @param {Damage} damage
 * @param {Awaited<ReturnType<typeof subjectsOf>>} subjects
 */
async function stoppedBy(root, damage, { programs, command, variables }) {
  const file = await notExecutable(root, command);
  if (file !== undefined) return `${file} cannot be executed`;
  for (const program of programs) {
    if (program.path === damage.path && damage.kind === 'removed') continue;
    const refusal = await refusalOf(root, program, variables);
    if (refusal !== undefined) return `${program.path}: ${refusal}`;
  }
  return undefined;
}

/**
 * @param {OpenedSource} source
 * @param {Damage} damage
 */
async function brokenArchive({ rootfs, image, identity, name }, damage) {
  const broken = new Rootfs(brokenDirectory(rootfs.root, damage.path.slice(1).split('/'), damage));
  const emitted = await emit({
    rootfs: broken,
    paths: [...broken.walk()].map(([path]) => path),
    image,
    source: identity,
    options: { compression: 'none', format: 'oci', version: '0' },
  });
  const file = join(work, 'broken.tar');
  const sink = archiveFileSink(file, { form: 'docker-archive', verify: async () => {} });
  await sink.write(emitted, name);
  emitted.close();
  return file;
}

/**
 * A copy of the directories on the way to the damage; everything else is shared.
 * @param {Extract<Inode, { type: 'directory' }>} directory
 * @param {readonly string[]} way
 * @param {Damage} damage
 */
function brokenDirectory(directory, [name = '', ...further], damage) {
  const copy = new Directory(directory);
  for (const each of directory.names()) copy.set(each, directory.get(each));
  const inode = directory.get(name);
  if (inode?.type === 'directory') copy.set(name, brokenDirectory(inode, further, damage));
  else if (damage.content !== undefined) {
    const content = memoryAccess(damage.content);
    copy.set(name, { ...inode, size: damage.content.length, content, offset: 0 });
  } else if (damage.target !== undefined) copy.set(name, { ...inode, target: damage.target });
  else copy.delete(name);
  return copy;
}
