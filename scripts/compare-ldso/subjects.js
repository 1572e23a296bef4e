import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Subject is a file that the loader can be asked about: an executable with an interpreter, or a shared library with
 * a DT_NEEDED. `path` is inside the root.
 * @typedef {{ path: string, interp: string | undefined, machine: number, bits: 32 | 64 }} Subject
 */

const ET_EXEC = 2;
const ET_DYN = 3;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const DT_NEEDED = 1n;
/** What a kernel shows there is of no image. */
const SKIPPED = new Set(['/proc', '/sys', '/dev']);

/**
 * Yields every subject below the host directory `root`, sorted by path; links are not followed. Reads the ELF
 * headers on its own, so that a file which oslim overlooks is not overlooked here too.
 * @param {string} root
 * @returns {Generator<Subject>}
 */
export function* subjectsOf(root) {
  for (const path of filesBelow(root, '/')) {
    const subject = subjectAt(join(root, path), path);
    if (subject !== undefined) yield subject;
  }
}

/**
 * @param {string} root
 * @param {string} directory
 * @returns {Generator<string>}
 */
function* filesBelow(root, directory) {
  const entries = readdirSync(join(root, directory), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(directory, entry.name);
    if (entry.isDirectory() && !SKIPPED.has(path)) yield* filesBelow(root, path);
    else if (entry.isFile()) yield path;
  }
}

/**
 * Returns the subject at `hostPath`, which is called `path` in its root; undefined when it is none.
 * @param {string} hostPath
 * @param {string} path
 * @returns {Subject | undefined}
 */
export function subjectAt(hostPath, path) {
  const fd = openSync(hostPath, 'r');
  try {
    /** @param {number} offset @param {number} length */
    const read = (offset, length) => {
      const buffer = Buffer.alloc(length);
      return buffer.subarray(0, readSync(fd, buffer, 0, length, offset));
    };
    return subjectOf(read, path);
  } finally {
    closeSync(fd);
  }
}

/**
 * @param {(offset: number, length: number) => Buffer} read
 * @param {string} path
 * @returns {Subject | undefined}
 */
function subjectOf(read, path) {
  const head = read(0, 64);
  if (head.length < 64 || head.readUInt32BE(0) !== 0x7f454c46) return undefined;
  const bits = head[4] === 2 ? 64 : 32;
  const view = numbers(head[5] === 2);
  const type = view.u16(head, 16);
  if (type !== ET_EXEC && type !== ET_DYN) return undefined;
  const [phoff, phentsize, phnum] =
    bits === 64
      ? [Number(view.u64(head, 32)), view.u16(head, 54), view.u16(head, 56)]
      : [view.u32(head, 28), view.u16(head, 42), view.u16(head, 44)];
  const table = read(phoff, phentsize * phnum);
  let interp;
  let needs = false;
  for (let at = 0; at + phentsize <= table.length; at += phentsize) {
    const kind = view.u32(table, at);
    const [offset, size] =
      bits === 64
        ? [Number(view.u64(table, at + 8)), Number(view.u64(table, at + 32))]
        : [view.u32(table, at + 4), view.u32(table, at + 16)];
    if (kind === PT_INTERP) interp = read(offset, Math.min(size, 4096)).toString('latin1').split('\0')[0];
    if (kind === PT_DYNAMIC) needs = hasNeeded(read(offset, Math.min(size, 1 << 16)), bits, view);
  }
  return interp === undefined && !needs ? undefined : { path, interp, machine: view.u16(head, 18), bits };
}

/**
 * @param {Buffer} dynamic
 * @param {32 | 64} bits
 * @param {ReturnType<typeof numbers>} view
 */
function hasNeeded(dynamic, bits, view) {
  const word = bits / 8;
  for (let at = 0; at + 2 * word <= dynamic.length; at += 2 * word) {
    const tag = bits === 64 ? view.u64(dynamic, at) : BigInt(view.u32(dynamic, at));
    if (tag === 0n) return false;
    if (tag === DT_NEEDED) return true;
  }
  return false;
}

/** @param {boolean} bigEndian */
function numbers(bigEndian) {
  return {
    /** @param {Buffer} bytes @param {number} at */
    u16: (bytes, at) => (bigEndian ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at)),
    /** @param {Buffer} bytes @param {number} at */
    u32: (bytes, at) => (bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)),
    /** @param {Buffer} bytes @param {number} at */
    u64: (bytes, at) => (bigEndian ? bytes.readBigUInt64BE(at) : bytes.readBigUInt64LE(at)),
  };
}
