import { FormatError, IntegrityError } from '../errors.ts';
import type { Layer } from '../image/image.ts';
import { detectCompression, MAGIC_BYTES } from '../io/decompress.ts';
import { checkLimit, type Limits } from '../io/limits.ts';
import type { RandomAccess } from '../io/random-access.ts';
import { openUnnamed, Spool } from '../io/spool.ts';
import { algorithmOf } from '../oci/digest.ts';
import type { TarMember } from '../tar/header-chain.ts';
import { HeaderReplay } from '../tar/header-replay.ts';
import type { IndexedTar } from '../tar/indexed-tar.ts';
import { type Change, changeOf } from './change.ts';
import { LayerContent } from './scan/layer-content.ts';
import type { ScanJob } from './scan/scan-job.ts';
import { scanLayer } from './scan/scan-layer.ts';
import { refill, type ScanThreads } from './scan/scan-threads.ts';

/** Changeset is what one layer changes, with its contents where they can be read at random. */
export interface Changeset {
  readonly changes: readonly Change[];
  /** Of the uncompressed tar, in bytes. */
  readonly size: number;
  /** Bytes of it that were written to memory or a temporary file. */
  readonly spooled: number;
  close(): void;
}

/** What reading a layer needs besides the layer. */
export interface ReadContext {
  readonly limits: Limits;
  readonly signal: AbortSignal;
  /** Entries of all layers so far. */
  readonly entries: { count: number };
  /** Absent: layers are read in this thread. */
  readonly threads: ScanThreads | undefined;
  /** Called with the bytes of the stored blob that were read since the last call. */
  onRead(bytes: number): void;
}

/** A thread costs more than reading so few stored bytes. */
const THREAD_BYTES = 1 << 20;

/**
 * Reads layer number `index` once: inflates, hashes, parses and spools it side by side. A plain tar in a seekable file is
 * not spooled: contents are addressed there. Throws what the layer's medium throws, IntegrityError when the diffID does
 * not hold, FormatError, LimitError and UnsafePathError for what is in it.
 */
export async function readChangeset(layer: Layer, index: number, context: ReadContext): Promise<Changeset> {
  const table = await layer.openTable?.();
  if (table !== undefined) return readTable(table, index, context);
  const reading = new LayerReading(layer, index, context);
  try {
    return await reading.read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    await blameDigest(layer);
    throw error.format === 'tar' ? inLayer(error, reading.subject) : error;
  }
}

/** Takes what a layer changes from its table; contents stay where they are. */
function readTable(table: IndexedTar, index: number, context: ReadContext): Changeset {
  try {
    const changes: Change[] = [];
    for (const member of table.members) addChange(changes, member, index, table.content, context);
    return { changes, size: table.size, spooled: 0, close: () => table.close() };
  } catch (error) {
    table.close();
    throw error;
  }
}

function addChange(
  changes: Change[],
  member: TarMember,
  index: number,
  content: RandomAccess,
  { limits, entries }: ReadContext,
): void {
  checkLimit(limits, 'entries', ++entries.count, 'image');
  const change = changeOf(member, index, content, limits);
  if (change !== undefined) changes.push(change);
}

/** LayerReading reads one layer from its first byte to its last. */
class LayerReading {
  readonly subject: string;
  readonly #layer: Layer;
  readonly #index: number;
  readonly #context: ReadContext;
  /** Where the tar can be read at random as it is: neither compressed nor a stream. */
  readonly #plain: RandomAccess | undefined;
  readonly #changes: Change[] = [];

  constructor(layer: Layer, index: number, context: ReadContext) {
    this.subject = `layer ${index + 1} (${layer.descriptor.digest ?? layer.diffId})`;
    this.#layer = layer;
    this.#index = index;
    this.#context = context;
    this.#plain = plainAccess(layer);
  }

  read(): Promise<Changeset> {
    const { access } = this.#layer;
    const { threads } = this.#context;
    if (threads === undefined || access?.file === undefined || access.size < THREAD_BYTES)
      return this.#readHere();
    return this.#readThere(threads, { ...access.file, size: access.size });
  }

  async #readHere(): Promise<Changeset> {
    const spool = new Spool();
    const content = this.#plain ?? spool;
    try {
      const { size, digest } = await scanLayer(
        tapped(this.#layer, this.#context),
        { entry: (member) => this.#add(member, content) },
        {
          ...this.#common(),
          spool: this.#plain === undefined ? spool : undefined,
          signal: this.#context.signal,
        },
      );
      this.#check(digest);
      return { changes: this.#changes, size, spooled: spool.size, close: () => spool.close() };
    } catch (error) {
      spool.close();
      throw error;
    }
  }

  async #readThere(threads: ScanThreads, file: ScanJob['file']): Promise<Changeset> {
    const { limits, signal } = this.#context;
    const content = this.#plain ?? new LayerContent(openUnnamed());
    const spooled = content instanceof LayerContent ? content : undefined;
    const job: ScanJob = { file, stored: this.#layer.descriptor, spool: spooled?.fd, ...this.#common() };
    const replay = new HeaderReplay(limits);
    try {
      const { size, digest, holes } = await threads.scan(job, signal, {
        headers: (blocks, offsets) => {
          for (const member of replay.take(blocks, offsets)) this.#add(member, content);
        },
        read: (bytes) => this.#context.onRead(bytes),
      });
      this.#check(digest);
      spooled?.complete(size, holes, () => refill(job));
      const left = holes.reduce((sum, at, i) => sum + (i % 2 === 0 ? -at : at), 0);
      const written = spooled === undefined ? 0 : size - left;
      return { changes: this.#changes, size, spooled: written, close: () => spooled?.close() };
    } catch (error) {
      spooled?.close();
      throw error;
    }
  }

  /** The medium hashes a blob for its digest; where that is the diffID too, once is enough. */
  #common(): Pick<ScanJob, 'subject' | 'limits' | 'algorithm'> {
    const { descriptor, diffId } = this.#layer;
    const isHashed = this.#plain !== undefined && descriptor.digest === diffId;
    return {
      subject: this.subject,
      limits: this.#context.limits,
      algorithm: isHashed ? undefined : algorithmOf(diffId),
    };
  }

  #add(member: TarMember, content: RandomAccess): void {
    addChange(this.#changes, member, this.#index, content, this.#context);
  }

  #check(digest: string | undefined): void {
    const { diffId } = this.#layer;
    if (digest !== undefined && digest !== diffId)
      throw new IntegrityError(`uncompressed ${this.subject}`, diffId, digest);
  }
}

function plainAccess({ access }: Layer): RandomAccess | undefined {
  const start = access?.read(0, Math.min(MAGIC_BYTES, access.size));
  return start !== undefined && detectCompression(start) === 'none' ? access : undefined;
}

async function* tapped(layer: Layer, context: ReadContext): AsyncGenerator<Uint8Array> {
  for await (const chunk of layer.open()) {
    context.onRead(chunk.length);
    yield chunk;
  }
}

/** A damaged blob mostly breaks its format before its end is reached: say that it is damaged, where that can be read again. */
async function blameDigest(layer: Layer): Promise<void> {
  if (layer.access === undefined) return;
  for await (const _chunk of layer.open()) {
    // The iteration itself throws IntegrityError at its end.
  }
}

function inLayer(error: FormatError, subject: string): FormatError {
  return new FormatError(error.format, error.offset, `cannot read ${subject}: ${error.message}`, {
    cause: error,
  });
}
