import { IntegrityError } from '../errors.ts';
import type { Layer } from '../image/image.ts';
import { detectCompression, MAGIC_BYTES } from '../io/decompress.ts';
import { checkLimit } from '../io/limits.ts';
import type { RandomAccess } from '../io/random-access.ts';
import { openUnnamed, Spool } from '../io/spool.ts';
import { algorithmOf } from '../oci/digest.ts';
import type { TarMember } from '../tar/header-chain.ts';
import { HeaderReplay } from '../tar/header-replay.ts';
import type { IndexedTar } from '../tar/indexed-tar.ts';
import { type Change, changeOf } from './change.ts';
import { KnownContent, type WholeContent } from './layer-cache/known-content.ts';
import type { KnownLayer, LayerRecord } from './layer-cache/layer-cache.ts';
import { RecordingAccess } from './layer-cache/stretches.ts';
import type { Changeset, ReadContext } from './read-changeset.ts';
import { LayerContent } from './scan/layer-content.ts';
import type { ScanJob, StoredFile } from './scan/scan-job.ts';
import { scanLayer } from './scan/scan-layer.ts';
import type { ScanThreads } from './scan/scan-threads.ts';

/** Reads layers elsewhere than in this thread. */
export type LayerReaders = Pick<ScanThreads, 'scan' | 'refill' | 'close'>;

/** A thread, and a place in the cache, cost more than reading so few stored bytes. */
const THREAD_BYTES = 4 << 20;

/** LayerReading takes one layer from its stored bytes, or what the cache knows of it, to its changes. */
export class LayerReading {
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

  async read(): Promise<Changeset> {
    const { access, descriptor, diffId } = this.#layer;
    const { readers, cache } = this.#context;
    if (readers === undefined || descriptor.size < THREAD_BYTES) return this.#readHere();
    if (access === undefined) return this.#readThere(readers, tapped(this.#layer, this.#context));
    if (access.file === undefined) return this.#readHere();
    const file = { ...access.file, size: access.size, promised: descriptor };
    const known = await cache?.open(diffId);
    return known === undefined ? this.#readThere(readers, file) : this.#recall(readers, file, known);
  }

  /** Takes the entries from a table of them; contents stay where they are. */
  readTable(table: IndexedTar): Changeset {
    try {
      for (const member of table.members) this.#add(member, table.content);
      return { changes: this.#changes, size: table.size, spooled: 0, close: async () => table.close() };
    } catch (error) {
      table.close();
      throw error;
    }
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
      return { changes: this.#changes, size, spooled: spool.size, close: async () => spool.close() };
    } catch (error) {
      spool.close();
      throw error;
    }
  }

  async #readThere(
    readers: LayerReaders,
    stored: StoredFile | AsyncIterable<Uint8Array>,
  ): Promise<Changeset> {
    const { limits, signal, cache } = this.#context;
    const record = await cache?.record(this.#layer.diffId);
    const plain = this.#plain ?? new LayerContent(openUnnamed());
    const spooled = plain instanceof LayerContent ? plain : undefined;
    const recording = record === undefined ? undefined : new RecordingAccess(plain);
    const content = recording ?? plain;
    const replay = new HeaderReplay(limits);
    const job = { spool: spooled?.fd, ...this.#common() };
    const refill = (): void => {
      if ('fd' in stored) readers.refill({ ...job, stored });
    };
    try {
      const { size, digest, holes } = await readers.scan({ ...job, stored }, signal, {
        headers: (blocks, offsets) => {
          record?.add({ blocks, offsets });
          for (const member of replay.take(blocks, offsets)) this.#add(member, this.#plain ?? content);
        },
        read: (bytes) => this.#context.onRead(bytes),
      });
      this.#check(digest);
      spooled?.complete(size, holes, refill);
      const left = holes.reduce((sum, at, i) => sum + (i % 2 === 0 ? -at : at), 0);
      return {
        changes: this.#changes,
        size,
        spooled: spooled === undefined ? 0 : size - left,
        close: async () => {
          if (record !== undefined && recording !== undefined) await this.#end(record, size, recording);
          spooled?.close();
        },
      };
    } catch (error) {
      await record?.drop();
      spooled?.close();
      throw error;
    }
  }

  /** Takes the layer from the cache: nothing of it is read unless this run wants more than those before it. */
  async #recall(readers: LayerReaders, file: StoredFile, known: KnownLayer): Promise<Changeset> {
    const content = new KnownContent(known.file, () => this.#readWhole(readers, file, known.file.size));
    try {
      const replay = new HeaderReplay(this.#context.limits);
      for (const { blocks, offsets } of known.file.batches())
        for (const member of replay.take(blocks, offsets)) this.#add(member, this.#plain ?? content);
      this.#context.onRead(file.size);
      return {
        changes: this.#changes,
        size: known.file.size,
        spooled: 0,
        close: async () => {
          await this.#remember(known, content);
          content.close();
          known.close();
        },
      };
    } catch (error) {
      known.close();
      throw error;
    }
  }

  #readWhole(readers: LayerReaders, file: StoredFile, size: number): WholeContent {
    const content = new LayerContent(openUnnamed());
    try {
      readers.refill({ stored: file, spool: content.fd, ...this.#common() });
      content.complete(size, new Float64Array(0), () => undefined);
      return content;
    } catch (error) {
      content.close();
      throw error;
    }
  }

  /** Adds to the cache what this run wanted and was not there. */
  async #remember(known: KnownLayer, content: KnownContent): Promise<void> {
    const wanted = content.wanted();
    if (wanted === undefined || this.#context.signal.aborted) return;
    const record = await this.#context.cache?.record(this.#layer.diffId);
    for (const batch of known.file.batches()) record?.add(batch);
    await record?.keep(content.size, wanted, content);
  }

  async #end(record: LayerRecord, size: number, content: RecordingAccess): Promise<void> {
    if (this.#context.signal.aborted) await record.drop();
    else await record.keep(size, content.reads(), content);
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
    const { limits, entries } = this.#context;
    checkLimit(limits, 'entries', ++entries.count, 'image');
    const change = changeOf(member, this.#index, content, limits);
    if (change !== undefined) this.#changes.push(change);
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
