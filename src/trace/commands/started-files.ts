import type { RootPath } from '../../rootfs/root-path.ts';
import type { Trace } from '../trace.ts';

/** StartedFiles remembers, for each trace, which files were started already, and by how many different command lines. */
export class StartedFiles {
  readonly #counts = new WeakMap<Trace, Map<RootPath, number>>();

  /** Counts a start; returns how many there were before. */
  add(trace: Trace, path: RootPath): number {
    const counts = this.#counts.get(trace) ?? new Map<RootPath, number>();
    this.#counts.set(trace, counts);
    const before = counts.get(path) ?? 0;
    counts.set(path, before + 1);
    return before;
  }

  has(trace: Trace, path: RootPath): boolean {
    return (this.#counts.get(trace)?.get(path) ?? 0) > 0;
  }
}
