import type { KeepGraph } from './keep-graph.ts';
import type { Trace } from './trace.ts';

const done = new WeakMap<KeepGraph, Set<string>>();

/** Is this the first time in this trace that `what` is asked for? Twenty programs of one installation keep it whole once. */
export function isFirst({ graph }: Pick<Trace, 'graph'>, what: string): boolean {
  const known = done.get(graph) ?? new Set();
  done.set(graph, known);
  if (known.has(what)) return false;
  known.add(what);
  return true;
}
