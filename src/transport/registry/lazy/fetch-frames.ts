import { writeSync } from 'node:fs';
import { IntegrityError, reasonOf, TransportError } from '../../../errors.ts';
import { type FrameKind, frameInflater, type InflateFrame } from '../../../io/inflate-frame.ts';
import { algorithmOf, Digester } from '../../../oci/digest.ts';
import { fetchRange } from '../fetch-range.ts';
import type { Repository } from '../repository.ts';
import type { FrameRequest, WantedChunk, WantedFrame } from './frame-request.ts';

/** Bytes that nobody wants and that are fetched all the same, when asking twice costs more: a request's header fields alone are as many. */
const JOIN_BYTES = 2 << 10;
/** A range is no longer than this, so that several are under way where much is wanted. */
const RANGE_BYTES = 4 << 20;

/** FrameFetcher fetches frames of a repository's blobs into the file `fd`; for a thread of its own. */
export class FrameFetcher {
  readonly #repository: Repository;
  readonly #fd: number;
  readonly #inflaters = new Map<FrameKind, Promise<InflateFrame>>();

  constructor(repository: Repository, fd: number) {
    this.#repository = repository;
    this.#fd = fd;
  }

  /**
   * Fetches, inflates, verifies and writes; when it returns, every chunk lies where it was wanted. Throws RegistryError,
   * IntegrityError, FormatError, UnsupportedError (no ranges), TransportError.
   */
  async fetch(request: FrameRequest): Promise<void> {
    const pending = joined(request.frames).reverse();
    const failure = new AbortController();
    const work = async (): Promise<void> => {
      for (let run = pending.pop(); run !== undefined; run = pending.pop()) {
        if (failure.signal.aborted) return;
        await this.#fetchRun(request, run);
      }
    };
    const { concurrency } = this.#repository.http.limits;
    const workers = Array.from({ length: Math.min(concurrency, pending.length) }, () =>
      work().catch((error: unknown) => {
        failure.abort();
        throw error;
      }),
    );
    for (const settled of await Promise.allSettled(workers))
      if (settled.status === 'rejected') throw settled.reason;
  }

  async #fetchRun({ blob, kind }: FrameRequest, run: readonly WantedFrame[]): Promise<void> {
    const [first] = run;
    const last = run.at(-1);
    if (first === undefined || last === undefined) return;
    const inflate = await this.#inflater(kind);
    const source = fetchRange(this.#repository, blob, first.offset, last.end);
    const bytes = new Cursor(source, first.offset);
    try {
      for (const frame of run) {
        const inflated = await inflate(await bytes.take(frame.offset, frame.end), frame.inflatedSize);
        for (const chunk of frame.chunks) this.#write(verified(inflated, chunk, blob.digest));
      }
    } finally {
      await source.return(undefined);
    }
  }

  #inflater(kind: FrameKind): Promise<InflateFrame> {
    const known = this.#inflaters.get(kind) ?? frameInflater(kind);
    this.#inflaters.set(kind, known);
    return known;
  }

  #write({ bytes, at }: { readonly bytes: Uint8Array; readonly at: number }): void {
    try {
      for (let done = 0; done < bytes.length; )
        done += writeSync(this.#fd, bytes, done, bytes.length - done, at + done);
    } catch (error) {
      throw new TransportError('source', `cannot write temporary file: ${reasonOf(error)}`, {
        cause: error,
        advice: 'set TMPDIR to a directory with more space: what is fetched of layers is kept there',
      });
    }
  }
}

function verified(
  inflated: Uint8Array,
  { skip, size, digest, at }: WantedChunk,
  blob: string,
): { readonly bytes: Uint8Array; readonly at: number } {
  const bytes = inflated.subarray(skip, skip + size);
  const digester = new Digester(algorithmOf(digest));
  digester.update(bytes);
  const actual = digester.digest();
  if (actual !== digest) throw new IntegrityError(`a chunk of layer ${blob}`, digest, actual);
  return { bytes, at };
}

/** Returns the frames by offset, those together that are worth one request. */
function joined(frames: readonly WantedFrame[]): WantedFrame[][] {
  const runs: WantedFrame[][] = [];
  let run: WantedFrame[] = [];
  let begin = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const frame of [...frames].sort((a, b) => a.offset - b.offset)) {
    if (frame.offset - end > JOIN_BYTES || frame.end - begin > RANGE_BYTES) {
      run = [];
      runs.push(run);
      begin = frame.offset;
    }
    run.push(frame);
    end = frame.end;
  }
  return runs;
}

/** Cursor takes stretches, one behind another, out of a stream that begins at `offset`. */
class Cursor {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);
  #at: number;

  constructor(source: AsyncIterable<Uint8Array>, offset: number) {
    this.#source = source[Symbol.asyncIterator]();
    this.#at = offset;
  }

  async take(start: number, end: number): Promise<Uint8Array> {
    await this.#next(start - this.#at);
    return await this.#next(end - start);
  }

  async #next(length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let missing = length;
    while (missing > 0) {
      if (this.#rest.length === 0) {
        const step = await this.#source.next();
        // `fetchRange` has thrown where there is too little.
        if (step.done === true) break;
        this.#rest = step.value;
      }
      const part = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(part.length);
      missing -= part.length;
      parts.push(part);
    }
    this.#at += length - missing;
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  }
}
