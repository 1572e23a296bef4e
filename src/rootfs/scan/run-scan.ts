import { readFully } from '../../io/random-access.ts';
import { Spool } from '../../io/spool.ts';
import { verified } from '../../io/verify.ts';
import type { ScanJob, ScanMessage, StoredFile } from './scan-job.ts';
import { type ScanHandler, type Scanned, scanLayer } from './scan-layer.ts';
import { receive } from './stored-stream.ts';

type Post = (message: ScanMessage, transfer: ArrayBuffer[]) => void;

/** Bytes read at a time; they stay in the processor's cache until they are hashed. */
const READ_BYTES = 256 << 10;
/** Progress is told this often, in bytes. */
const TOLD_BYTES = 8 << 20;

/** Scans a layer and posts what is found, `done` last; throws OslimError. */
export async function runScan(job: ScanJob, post: Post): Promise<void> {
  const headers = new HeaderBatch(post);
  // A stream comes once: what would be left out could not be read after all.
  const leavesOut = 'fd' in job.stored;
  const { size, digest, holes: stretches } = await scan(job, headers, post, { leavesOut });
  headers.flush();
  const holes = Float64Array.from(stretches);
  post({ kind: 'done', size, digest, holes }, [holes.buffer]);
}

/** Writes the whole uncompressed layer to its spool, whose other reader finds every byte where it was. */
export async function runRefill(job: ScanJob<StoredFile>, onProgress: () => void): Promise<void> {
  await scan(job, { entry: onProgress }, onProgress, { leavesOut: false });
}

function scan(
  { stored, spool, ...options }: ScanJob,
  handler: ScanHandler,
  post: Post,
  { leavesOut }: { readonly leavesOut: boolean },
): Promise<Scanned> {
  const isReused = spool === undefined;
  const source =
    'port' in stored ? receive(stored.port) : verifiedBytes(stored, options.subject, { isReused }, post);
  return scanLayer(source, handler, {
    ...options,
    leavesOut,
    spool: spool === undefined ? undefined : new Spool(() => spool, 0),
  });
}

function verifiedBytes(
  stored: StoredFile,
  subject: string,
  options: { readonly isReused: boolean },
  post: Post,
): AsyncIterable<Uint8Array> {
  const { promised } = stored;
  const name = promised.digest === undefined ? subject : `blob ${promised.digest}`;
  return verified(storedBytes(stored, options, post), promised, name);
}

/** A plain tar is hashed and split before the next bytes are asked for, so that one buffer serves them all. */
async function* storedBytes(
  file: StoredFile,
  { isReused }: { readonly isReused: boolean },
  post: Post,
): AsyncGenerator<Uint8Array> {
  const own = isReused ? Buffer.allocUnsafeSlow(READ_BYTES) : undefined;
  let told = 0;
  for (let at = 0; at < file.size; at += READ_BYTES) {
    const length = Math.min(READ_BYTES, file.size - at);
    yield readFully(file.fd, file.offset + at, length, 'source', own);
    if (at + length - told < TOLD_BYTES && at + length < file.size) continue;
    post({ kind: 'read', bytes: at + length - told }, []);
    told = at + length;
  }
}

/** HeaderBatch gathers header blocks in one buffer, which is posted before it would be too small. */
class HeaderBatch implements ScanHandler {
  static readonly BYTES = 256 << 10;
  readonly #post: Post;
  #blocks = new Uint8Array(HeaderBatch.BYTES);
  #offsets: number[] = [];
  #length = 0;

  constructor(post: Post) {
    this.#post = post;
  }

  entry(): void {
    // The main thread makes the entries anew, from the blocks.
  }

  block(bytes: Uint8Array, offset: number): void {
    if (this.#length + bytes.length > this.#blocks.length) {
      this.flush();
      // Pax records come as one block, of up to their limit.
      if (bytes.length > this.#blocks.length) this.#blocks = new Uint8Array(bytes.length);
    }
    this.#blocks.set(bytes, this.#length);
    this.#offsets.push(offset);
    this.#length += bytes.length;
  }

  flush(): void {
    if (this.#length === 0) return;
    const blocks = this.#blocks.slice(0, this.#length);
    const offsets = Float64Array.from(this.#offsets);
    this.#post({ kind: 'headers', blocks, offsets }, [blocks.buffer, offsets.buffer]);
    this.#offsets = [];
    this.#length = 0;
  }
}
