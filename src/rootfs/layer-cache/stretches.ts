import type { RandomAccess } from '../../io/random-access.ts';

/** A run of bytes of a layer's tar: from `begin` to before `end`. */
export interface Stretch {
  readonly begin: number;
  readonly end: number;
}

/** Returns the stretches in order, those that touch or overlap joined. */
export function joined(stretches: Iterable<Stretch>): Stretch[] {
  const result: { begin: number; end: number }[] = [];
  for (const { begin, end } of [...stretches].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    const last = result.at(-1);
    if (last !== undefined && begin <= last.end) last.end = Math.max(last.end, end);
    else result.push({ begin, end });
  }
  return result;
}

/** Returns the last of the ordered `stretches` that holds all of `begin` to `end`. */
export function holderOf<T extends Stretch>(
  stretches: readonly T[],
  begin: number,
  end: number,
): T | undefined {
  let low = 0;
  let high = stretches.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((stretches[middle]?.begin ?? 0) <= begin) low = middle + 1;
    else high = middle;
  }
  const found = stretches[low - 1];
  return found !== undefined && end <= found.end ? found : undefined;
}

/** RecordingAccess passes reads through and remembers what was read. */
export class RecordingAccess implements RandomAccess {
  readonly #access: RandomAccess;
  readonly #reads = new Map<number, number>();

  constructor(access: RandomAccess) {
    this.#access = access;
  }

  get size(): number {
    return this.#access.size;
  }

  read(offset: number, length: number): Uint8Array {
    const bytes = this.#access.read(offset, length);
    this.#reads.set(offset, Math.max(this.#reads.get(offset) ?? 0, offset + length));
    return bytes;
  }

  /** What was read so far, joined. */
  reads(): Stretch[] {
    return joined([...this.#reads].map(([begin, end]) => ({ begin, end })));
  }
}
