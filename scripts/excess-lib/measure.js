/**
 * `node measure.js NAME DIRECTORY`: slims DIRECTORY/orig.tar and prints one row of scripts/excess; reads opened.txt, writes
 * unopened.txt and missing.txt there. `--header` prints the head of the table.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const dist = pathToFileURL(`${process.env.OSLIM_DIST}/`);
/** @type {typeof import('../../src/slim.ts')} */
const { slim } = await import(new URL('slim.js', dist).href);
/** @type {typeof import('../../src/source/source.ts')} */
const { openSource } = await import(new URL('source/source.js', dist).href);
/** @type {typeof import('../../src/options.ts')} */
const { resolveOptions } = await import(new URL('options.js', dist).href);

/** What certificates, zoneinfo and accounts may take that a run did not happen to open, in bytes. */
const FIXED = 2e6;
/** Detectors that keep by rule of thumb: what they alone kept is told apart. */
const BROAD = ['unowned', 'package', 'literal'];

/** @typedef {import('../../src/rootfs/inode.ts').FileInode} Inode */
/** @typedef {import('../../src/trace/keep-graph.ts').KeepReason} Reason */

const [name = '', directory = ''] = process.argv.slice(2);
if (name === '--header') printHeader();
else await measure();

function printHeader() {
  row(['case', 'kept MB', 'opened MB', 'ratio', ...BROAD.map((detector) => `${detector} alone`)]);
  row(['---', '---:', '---:', '---:', ...BROAD.map(() => '---:')]);
}

async function measure() {
  const source = `docker-archive:${join(directory, 'orig.tar')}`;
  const result = await slim({ image: source });
  const opened = await openSource(resolveOptions({ image: source }));
  const { rootfs } = opened;
  /** @type {Map<Inode, string>} */
  const seen = new Map();
  for (const path of readFileSync(join(directory, 'opened.txt'), 'utf8').split('\n')) {
    const found = path.startsWith('/') ? rootfs.resolve(path) : undefined;
    if (found?.inode.type === 'file') seen.set(found.inode, found.path);
  }
  /** @type {Map<Inode, { path: string, reasons: readonly Reason[] }>} */
  const kept = new Map();
  for (const path of result.graph.paths()) {
    const inode = rootfs.lookup(path);
    if (inode?.type !== 'file') continue;
    const reasons = result.graph.reasons(path);
    kept.set(inode, { path, reasons: [...(kept.get(inode)?.reasons ?? []), ...reasons] });
  }
  const openedBytes = sum([...seen.keys()]);
  const ratio = Math.max(0, result.after.bytes - FIXED) / openedBytes;
  const alone = BROAD.map((detector) =>
    sum(
      [...kept].flatMap(([inode, { reasons }]) =>
        reasons.every((reason) => reason.detector === detector) ? [inode] : [],
      ),
    ),
  );
  row([
    name,
    megabytes(result.after.bytes),
    megabytes(openedBytes),
    ratio.toFixed(2),
    ...alone.map(megabytes),
  ]);
  const unopened = [...kept].filter(([inode]) => !seen.has(inode)).sort(([a], [b]) => b.size - a.size);
  write(
    'unopened.txt',
    unopened.map(([inode, { path, reasons }]) => `${inode.size}\t${path}\t${describe(reasons[0])}`),
  );
  const missing = [...seen].filter(([inode]) => !kept.has(inode));
  write('missing.txt', missing.map(([inode, path]) => `${inode.size}\t${path}`).sort());
  await opened.close();
}

/** @param {Reason | undefined} reason */
function describe(reason) {
  if (reason === undefined) return '';
  const { detector, from, detail } = reason;
  return `${detector}: ${detail}${from === undefined ? '' : ` (${from})`}`;
}

/** @param {readonly Inode[]} inodes */
function sum(inodes) {
  return inodes.reduce((bytes, inode) => bytes + inode.size, 0);
}

/** @param {number} bytes */
function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}

/**
 * @param {string} file
 * @param {readonly string[]} lines
 */
function write(file, lines) {
  writeFileSync(join(directory, file), `${lines.join('\n')}\n`);
}

/** @param {readonly string[]} cells */
function row(cells) {
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}
