import { InternalError } from '../errors.ts';
import type { Image, Layer } from '../image/image.ts';
import { decompressed } from '../io/decompress.ts';
import { NO_LIMITS } from '../io/limits.ts';
import { type Digest, Digester, digestOf } from '../oci/digest.ts';
import type { Inode } from '../rootfs/inode.ts';
import type { TarEntry } from '../tar/entry.ts';
import { TarParser } from '../tar/reader.ts';
import type { EmittedImage } from './emit.ts';
import type { LayerEntry } from './layer-entries.ts';

/**
 * Compares what was written, as our own reader sees it, with what was to be written: manifest, config, diffID, and
 * every entry's metadata, links and contents with the inode that it came from. Blobs are verified against their
 * digests as they are read. One pass over each layer. Throws InternalError: whatever differs is a bug.
 */
export async function verifyWritten(written: Image, emitted: EmittedImage): Promise<void> {
  expectSame('config', digestOf(written.rawConfig), emitted.config.descriptor.digest);
  if (written.descriptor !== undefined) {
    expectSame('manifest', written.descriptor.digest, emitted.manifest.descriptor.digest);
  }
  expectSame('number of layers', written.layers.length, emitted.layers.length);
  expectSame('diff_ids', written.config.diffIds.join(' '), emitted.diffIds.join(' '));
  for (const [at, entries] of [emitted.entries, ...(emitted.upper ?? [])].entries()) {
    const [layer, blob] = [written.layers[at], emitted.layers[at]];
    if (layer === undefined || blob === undefined) throw new InternalError('the written image lacks a layer');
    expectSame('size of the layer', layer.descriptor.size, blob.descriptor.size);
    await verifyLayer(layer, entries, emitted.diffIds[at]);
  }
}

async function verifyLayer(
  layer: Layer,
  entries: readonly LayerEntry[],
  diffId: Digest | undefined,
): Promise<void> {
  const comparison = new EntryComparison(entries);
  const parser = new TarParser(comparison, NO_LIMITS);
  const digester = new Digester();
  for await (const chunk of decompressed(layer.open(), 'the written layer', NO_LIMITS)) {
    digester.update(chunk);
    parser.write(chunk);
  }
  parser.end();
  comparison.finish();
  expectSame('diffID', digester.digest(), diffId);
}

/** EntryComparison is a TarHandler that holds each entry of a tar against the next of the list. */
class EntryComparison {
  readonly #expected: readonly LayerEntry[];
  readonly #inodes = new Map<string, Inode>();
  readonly #seen = new Set<Inode>();
  #next = 0;
  #current: LayerEntry | undefined;
  #compared = 0;

  constructor(expected: readonly LayerEntry[]) {
    this.#expected = expected;
  }

  entry({ entry }: { readonly entry: TarEntry }): void {
    const expected = this.#expected[this.#next++];
    if (expected === undefined)
      throw new InternalError(`the written layer has an entry too many: ${entry.name}`);
    this.#current = expected;
    this.#compared = 0;
    const { path, inode } = expected;
    expectSame('name', entry.name, path.slice(1) + (inode.type === 'directory' ? '/' : ''));
    compareMetadata(path, entry, inode);
    if (entry.type === 'hardlink') {
      if (this.#inodes.get(entry.linkname) !== inode)
        throw differs(path, 'hard link', entry.linkname, 'another inode');
    } else {
      if (this.#seen.has(inode)) throw differs(path, 'inode', 'a file of its own', 'a hard link');
      compareKind(path, entry, inode);
      if (inode.type !== 'directory') this.#seen.add(inode);
      this.#inodes.set(entry.name, inode);
    }
  }

  data(chunk: Uint8Array): void {
    const { path, inode } = this.#current ?? {};
    if (path === undefined || inode?.type !== 'file')
      throw new InternalError('the written layer has contents without a file');
    const original = inode.content.read(inode.offset + this.#compared, chunk.length);
    if (Buffer.compare(chunk, original) !== 0)
      throw differs(path, 'contents', `other bytes from ${this.#compared} on`, 'its source');
    this.#compared += chunk.length;
  }

  /** Throws when entries are missing. */
  finish(): void {
    expectSame('number of entries', this.#next, this.#expected.length);
  }
}

function compareMetadata(path: string, entry: TarEntry, inode: Inode): void {
  for (const key of ['mode', 'uid', 'gid', 'mtime'] as const) {
    if (entry[key] !== inode[key]) throw differs(path, key, entry[key], inode[key]);
  }
  const written = describeXattrs(entry.xattrs);
  const original = describeXattrs(inode.xattrs);
  if (written !== original) throw differs(path, 'xattrs', written, original);
}

/** Type, and what only this type has. */
function compareKind(path: string, entry: TarEntry, inode: Inode): void {
  if (entry.type !== inode.type) throw differs(path, 'type', entry.type, inode.type);
  const size = inode.type === 'file' ? inode.size : 0;
  if (entry.size !== size) throw differs(path, 'size', entry.size, size);
  const target = inode.type === 'symlink' ? inode.target : '';
  if (entry.linkname !== target) throw differs(path, 'target', entry.linkname, target);
  const [major, minor] = 'major' in inode ? [inode.major, inode.minor] : [0, 0];
  if (entry.devMajor !== major || entry.devMinor !== minor) {
    throw differs(path, 'device', `${entry.devMajor}:${entry.devMinor}`, `${major}:${minor}`);
  }
}

function describeXattrs(xattrs: ReadonlyMap<string, Uint8Array>): string {
  const pairs = [...xattrs].map(([key, value]) => `${key}=${Buffer.from(value).toString('hex')}`);
  return pairs.sort().join(' ');
}

function differs(path: string, what: string, written: unknown, original: unknown): InternalError {
  return new InternalError(
    `"${path}" was written with another ${what}: ${String(written)}, not ${String(original)}`,
  );
}

function expectSame(what: string, written: string | number, expected: string | number | undefined): void {
  if (written !== expected) throw new InternalError(`the ${what} was written as ${written}, not ${expected}`);
}
