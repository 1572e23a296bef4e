import { decompressed } from '../../io/decompress.ts';
import type { Limits } from '../../io/limits.ts';
import type { Spool } from '../../io/spool.ts';
import { type Digest, Digester } from '../../oci/digest.ts';
import type { TarMember } from '../../tar/header-chain.ts';
import { TarParser } from '../../tar/reader.ts';
import { isUnlikely } from './unlikely.ts';

/** What is found in a layer, in its order. */
export interface ScanHandler {
  entry(member: TarMember): void;
  /** The bytes of the headers themselves: one call for each step of a HeaderChain. */
  block?(bytes: Uint8Array, offset: number): void;
}

export interface ScanOptions {
  readonly subject: string;
  readonly limits: Limits;
  /** Of the digest of the uncompressed tar; absent: somebody else takes it. */
  readonly algorithm: 'sha256' | 'sha512' | undefined;
  /** Where the uncompressed bytes are kept; absent: they can be read where they are. */
  readonly spool: Spool | undefined;
  /** Leave out what a trace hardly ever wants (`isUnlikely`): only where the layer can be read again. */
  readonly leavesOut?: boolean;
  readonly signal?: AbortSignal;
}

export interface Scanned {
  /** Of the uncompressed tar, in bytes. */
  readonly size: number;
  readonly digest: Digest | undefined;
  /** Stretches that the spool lacks: begin, end, begin, end, …, ascending. */
  readonly holes: readonly number[];
}

/** A hole is worth its own write calls from here on, in bytes. */
const HOLE_BYTES = 32 << 10;

/** Reads the stored bytes of a layer once: inflates, hashes, splits and spools them side by side. Throws OslimError. */
export async function scanLayer(
  source: AsyncIterable<Uint8Array>,
  handler: ScanHandler,
  options: ScanOptions,
): Promise<Scanned> {
  const { subject, limits, algorithm, spool, leavesOut = false, signal } = options;
  const holes: number[] = [];
  const parser = new TarParser(
    {
      ...(handler.block === undefined ? {} : { block: handler.block.bind(handler) }),
      entry(member) {
        const { dataOffset, storedSize, entry } = member;
        if (leavesOut && storedSize >= HOLE_BYTES && isUnlikely(entry.name))
          holes.push(dataOffset, dataOffset + storedSize);
        handler.entry(member);
      },
    },
    limits,
  );
  const digester = algorithm === undefined ? undefined : new Digester(algorithm);
  const filter = new HoleFilter(holes);
  let size = 0;
  for await (const chunk of decompressed(source, subject, limits)) {
    signal?.throwIfAborted();
    digester?.update(chunk);
    parser.write(chunk);
    if (spool !== undefined) await filter.append(spool, chunk, size);
    size += chunk.length;
  }
  parser.end();
  await spool?.finish();
  return { size, digest: digester?.digest(), holes };
}

/** HoleFilter appends a stream to a spool without what lies in the holes, which become known while it runs. */
class HoleFilter {
  readonly #holes: readonly number[];
  #next = 0;

  constructor(holes: readonly number[]) {
    this.#holes = holes;
  }

  async append(spool: Spool, chunk: Uint8Array, offset: number): Promise<void> {
    const end = offset + chunk.length;
    for (let at = offset; at < end; ) {
      const [from = end, to = end] = this.#holes.slice(this.#next, this.#next + 2);
      const isHole = at >= from;
      const stop = Math.min(end, isHole ? to : from);
      const part = chunk.subarray(at - offset, stop - offset);
      if (isHole) spool.skip(part);
      else {
        const isBehind = spool.append(part);
        if (isBehind !== undefined) await isBehind;
      }
      at = stop;
      if (isHole && at >= to) this.#next += 2;
    }
  }
}
