import type { RootPath } from '../rootfs/root-path.ts';
import type { KeepGraph, KeepReason } from './keep-graph.ts';

/** Partial chains that are looked at before the search ends: a language's modules import each other in circles. */
const MAX_STEPS = 200_000;

/** ChainStep is one kept path and the reason that this chain has for it; a chain's first reason has no `from`. */
export interface ChainStep {
  readonly path: RootPath;
  readonly reason: KeepReason;
}

/** Chains are ways from roots to one path, shortest first; `isComplete` is false when there may be more. */
export interface Chains {
  readonly chains: readonly (readonly ChainStep[])[];
  readonly isComplete: boolean;
}

/** Partial is a chain as seen from its end: this step, and those behind it. */
interface Partial extends ChainStep {
  readonly next: Partial | undefined;
}

/** Returns at most `limit` chains from roots to `path`, no path twice in one of them. */
export function allChains(graph: KeepGraph, path: RootPath, limit: number): Chains {
  const chains: ChainStep[][] = [];
  let frontier = stepsTo(graph, path, undefined);
  let steps = 0;
  while (frontier.length > 0) {
    const further: Partial[] = [];
    for (const step of frontier) {
      if (steps++ >= MAX_STEPS) return { chains, isComplete: false };
      const { from } = step.reason;
      if (from !== undefined) {
        if (!isOn(step, from)) further.push(...stepsTo(graph, from, step));
        continue;
      }
      if (chains.length >= limit) return { chains, isComplete: false };
      chains.push(inOrder(step));
    }
    frontier = further;
  }
  return { chains, isComplete: true };
}

function stepsTo(graph: KeepGraph, path: RootPath, next: Partial | undefined): Partial[] {
  return graph.reasons(path).map((reason) => ({ path, reason, next }));
}

function isOn(chain: Partial, path: RootPath): boolean {
  for (let step: Partial | undefined = chain; step !== undefined; step = step.next) {
    if (step.path === path) return true;
  }
  return false;
}

function inOrder(first: Partial): ChainStep[] {
  const chain: ChainStep[] = [];
  for (let step: Partial | undefined = first; step !== undefined; step = step.next) {
    chain.push({ path: step.path, reason: step.reason });
  }
  return chain;
}
