import { type Compressor, compress } from '../io/compress.ts';
import { streamOf } from '../io/random-access.ts';
import { Spool } from '../io/spool.ts';
import { type Digest, Digester } from '../oci/digest.ts';
import { encodeHeader, endOfArchive, paddingOf } from '../tar/encode.ts';
import type { LayerEntry } from './layer-entries.ts';

export type LayerCompression = 'gzip' | 'zstd' | 'none';

/** LayerBlob is a layer as it will be stored, in a spool until `close`. */
export interface LayerBlob {
  readonly digest: Digest;
  /** Bytes as stored. */
  readonly size: number;
  readonly diffId: Digest;
  /** Bytes of the tar. */
  readonly tarSize: number;
  open(): AsyncIterable<Uint8Array>;
  close(): void;
}

export interface LayerBlobOptions {
  readonly compression: LayerCompression;
  /** Threads for it that run already. */
  readonly compressor?: Compressor | undefined;
}

/** Contents are read in pieces of this many bytes. */
const CHUNK = 1 << 20;

/** Writes the entries as a tar, compressed, into a spool: nothing is ever in memory as a whole. */
export async function writeLayerBlob(
  entries: readonly LayerEntry[],
  { compression, compressor }: LayerBlobOptions,
  signal?: AbortSignal,
): Promise<LayerBlob> {
  const tar = new Digester();
  const stored = new Digester();
  const spool = new Spool();
  try {
    const plain = digested(tarStream(entries), tar, signal);
    for await (const chunk of compression === 'none'
      ? plain
      : compress(plain, { format: compression, compressor })) {
      stored.update(chunk);
      await spool.append(chunk);
    }
    await spool.finish();
  } catch (error) {
    spool.close();
    throw error;
  }
  return {
    digest: stored.digest(),
    size: stored.size,
    diffId: tar.digest(),
    tarSize: tar.size,
    open: () => streamOf(spool),
    close: () => spool.close(),
  };
}

function* digested(
  chunks: Iterable<Uint8Array>,
  digester: Digester,
  signal: AbortSignal | undefined,
): Generator<Uint8Array> {
  for (const chunk of chunks) {
    signal?.throwIfAborted();
    digester.update(chunk);
    yield chunk;
  }
}

function* tarStream(entries: readonly LayerEntry[]): Generator<Uint8Array> {
  for (const { inode, tar } of entries) {
    yield encodeHeader(tar);
    if (tar.type !== 'file' || inode.type !== 'file') continue;
    for (let at = 0; at < inode.size; at += CHUNK) {
      yield inode.content.read(inode.offset + at, Math.min(CHUNK, inode.size - at));
    }
    yield paddingOf(inode.size);
  }
  yield endOfArchive();
}
