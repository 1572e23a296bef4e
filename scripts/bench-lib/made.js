// node scripts/bench-lib/made.js DIR [--without-10g]: makes images of given sizes and shapes as OCI layouts below DIR.
import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { encodeHeader, endOfArchive, paddingOf } from '../../dist/tar/encode.js';

/** @typedef {{ name: string, bytes: number, files: number, layers: number }} Shape */

/** @type {Shape[]} */
const SHAPES = [
  { name: 'made-600m', bytes: 600e6, files: 3000, layers: 6 },
  { name: 'made-10g', bytes: 10e9, files: 50_000, layers: 10 },
  { name: 'plain-2g', bytes: 2e9, files: 3000, layers: 3 },
  { name: 'files-300k', bytes: 2e9, files: 300_000, layers: 3 },
  { name: 'layers-120', bytes: 2e9, files: 3000, layers: 120 },
];

/** A static x86-64 program: `exit(0)`, behind an ELF header and one program header. */
function program() {
  const code = Buffer.from('31ff6a3c580f05', 'hex');
  const bytes = Buffer.alloc(120 + code.length);
  Buffer.from('7f454c46020101', 'hex').copy(bytes);
  bytes.writeUInt16LE(2, 16); // ET_EXEC
  bytes.writeUInt16LE(62, 18); // EM_X86_64
  bytes.writeUInt32LE(1, 20);
  bytes.writeBigUInt64LE(0x400078n, 24); // e_entry
  bytes.writeBigUInt64LE(64n, 32); // e_phoff
  bytes.writeUInt16LE(64, 52);
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(1, 56);
  bytes.writeUInt32LE(1, 64); // PT_LOAD
  bytes.writeUInt32LE(5, 68);
  for (const at of [80, 88]) bytes.writeBigUInt64LE(0x400000n, at);
  for (const at of [96, 104]) bytes.writeBigUInt64LE(BigInt(bytes.length), at);
  bytes.writeBigUInt64LE(0x1000n, 112);
  code.copy(bytes, 120);
  return bytes;
}

const PROGRAM = program();
const FIXED = { uid: 0, gid: 0, mtime: 0n, linkname: '', devMajor: 0, devMinor: 0, xattrs: new Map() };

/** Half noise, half text that repeats: deflates to a half, as programs do. @param {number} size @param {number} seed */
function contents(size, seed) {
  const bytes = Buffer.alloc(size, `contents of file ${seed}, of no use to anybody; `);
  let x = seed + 1;
  for (let at = 0; at + 64 <= size; at += 128) {
    for (let i = 0; i < 64; i += 4) {
      x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
      bytes.writeUInt32LE(x, at + i);
    }
  }
  return bytes;
}

/** @param {Shape} shape @param {number} layer */
function* layerTar({ bytes, files, layers }, layer) {
  if (layer === 0) {
    yield encodeHeader({ ...FIXED, name: 'app', type: 'file', mode: 0o755, size: PROGRAM.length });
    yield PROGRAM;
    yield paddingOf(PROGRAM.length);
  }
  const each = Math.floor(bytes / files);
  for (let file = layer; file < files; file += layers) {
    if (Math.floor(file / layers) % 100 === 0)
      yield encodeHeader({
        ...FIXED,
        name: `usr/share/bench/${layer}-${Math.floor(file / layers / 100)}/`,
        type: 'directory',
        mode: 0o755,
        size: 0,
      });
    const name = `usr/share/bench/${layer}-${Math.floor(file / layers / 100)}/${file}`;
    yield encodeHeader({ ...FIXED, name, type: 'file', mode: 0o644, size: each });
    yield contents(each, file);
    yield paddingOf(each);
  }
  yield endOfArchive();
}

/** @param {Iterable<Uint8Array>} chunks @param {import('node:crypto').Hash} hash */
function* hashed(chunks, hash) {
  for (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

/** @param {string} directory @param {Shape} shape */
async function make(directory, shape) {
  const blobs = join(directory, 'blobs/sha256');
  mkdirSync(blobs, { recursive: true });
  const layers = [];
  const diffIds = [];
  for (let layer = 0; layer < shape.layers; layer++) {
    const tar = createHash('sha256');
    const stored = createHash('sha256');
    const temporary = join(directory, 'layer');
    let size = 0;
    await pipeline(
      Readable.from(hashed(layerTar(shape, layer), tar)),
      createGzip({ level: 1, chunkSize: 1 << 20 }),
      async function* (source) {
        for await (const chunk of source) {
          stored.update(chunk);
          size += chunk.length;
          yield chunk;
        }
      },
      createWriteStream(temporary),
    );
    const digest = stored.digest('hex');
    renameSync(temporary, join(blobs, digest));
    layers.push({
      mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
      digest: `sha256:${digest}`,
      size,
    });
    diffIds.push(`sha256:${tar.digest('hex')}`);
  }
  const put = (/** @type {string} */ mediaType, /** @type {object} */ document) => {
    const bytes = Buffer.from(JSON.stringify(document));
    const digest = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(join(blobs, digest), bytes);
    return { mediaType, digest: `sha256:${digest}`, size: bytes.length };
  };
  const config = put('application/vnd.oci.image.config.v1+json', {
    architecture: 'amd64',
    os: 'linux',
    config: { Entrypoint: ['/app'] },
    rootfs: { type: 'layers', diff_ids: diffIds },
  });
  const manifest = put('application/vnd.oci.image.manifest.v1+json', { schemaVersion: 2, config, layers });
  writeFileSync(join(directory, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [manifest] }));
  writeFileSync(join(directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
}

const [out = '.', ...flags] = process.argv.slice(2);
for (const shape of SHAPES) {
  const directory = join(out, shape.name);
  if (existsSync(directory) || (shape.name === 'made-10g' && flags.includes('--without-10g'))) continue;
  process.stderr.write(`bench: making ${shape.name}\n`);
  rmSync(`${directory}.new`, { recursive: true, force: true });
  await make(`${directory}.new`, shape);
  renameSync(`${directory}.new`, directory);
}
