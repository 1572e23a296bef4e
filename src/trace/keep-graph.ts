import type { Certainty } from '../ldso/resolution.ts';
import type { RootPath } from '../rootfs/root-path.ts';

/** KeepReason is one answer to "why is this file kept?". */
export interface KeepReason {
  /** The detector that wanted it. */
  readonly detector: string;
  /** The kept file that led to it; absent for a root. */
  readonly from?: RootPath;
  /** A few words: `needed libssl.so.3, found by RUNPATH`, `Entrypoint`, … */
  readonly detail: string;
  readonly certainty: Certainty;
}

/** KeepGraph holds what is kept: each path with all of its reasons, in the order they were found. */
export class KeepGraph {
  readonly #reasons = new Map<RootPath, KeepReason[]>();

  /** Adds a reason; true when the path was not kept before. A file and detector pair counts once for each path. */
  add(path: RootPath, reason: KeepReason): boolean {
    const known = this.#reasons.get(path);
    if (known === undefined) {
      this.#reasons.set(path, [reason]);
      return true;
    }
    if (!known.some((other) => other.detector === reason.detector && other.from === reason.from))
      known.push(reason);
    return false;
  }

  has(path: RootPath): boolean {
    return this.#reasons.has(path);
  }

  get size(): number {
    return this.#reasons.size;
  }

  paths(): IterableIterator<RootPath> {
    return this.#reasons.keys();
  }

  reasons(path: RootPath): readonly KeepReason[] {
    return this.#reasons.get(path) ?? [];
  }

  /**
   * Returns the shortest chain from a root to `path`: the root's reason first, the path's own reason last; each
   * step names the path that the reason is about. Empty when the path is not kept.
   */
  why(path: RootPath): readonly { readonly path: RootPath; readonly reason: KeepReason }[] {
    interface Step {
      readonly path: RootPath;
      readonly reason: KeepReason;
      readonly next: Step | undefined;
    }
    const seen = new Set<RootPath>([path]);
    let frontier: Step[] = this.reasons(path).map((reason) => ({ path, reason, next: undefined }));
    while (frontier.length > 0) {
      const further: Step[] = [];
      for (const step of frontier) {
        const { from } = step.reason;
        if (from === undefined) return chainOf(step);
        if (seen.has(from)) continue;
        seen.add(from);
        for (const reason of this.reasons(from)) further.push({ path: from, reason, next: step });
      }
      frontier = further;
    }
    return [];

    function chainOf(first: Step): { path: RootPath; reason: KeepReason }[] {
      const chain: { path: RootPath; reason: KeepReason }[] = [];
      for (let step: Step | undefined = first; step !== undefined; step = step.next) {
        chain.push({ path: step.path, reason: step.reason });
      }
      return chain;
    }
  }
}
