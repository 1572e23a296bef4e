import { describe, expect, it } from 'vitest';
import type { RootPath } from '../rootfs/root-path.ts';
import { allChains } from './chains.ts';
import { KeepGraph } from './keep-graph.ts';

/** A graph of edges `from>path`; without `from` the path is a root. */
function graphOf(...edges: readonly string[]): KeepGraph {
  const graph = new KeepGraph();
  for (const edge of edges) {
    const [path = '', from] = edge.split('>').reverse();
    graph.add(path as RootPath, {
      detector: 'made',
      ...(from === undefined ? {} : { from: from as RootPath }),
      detail: edge,
      certainty: 'exact',
    });
  }
  return graph;
}

function textOf(graph: KeepGraph, path: string, limit = 10): readonly string[] {
  return allChains(graph, path as RootPath, limit).chains.map((chain) =>
    chain.map((step) => step.path).join(' '),
  );
}

describe('allChains', () => {
  it('gives every way from a root, shortest first', () => {
    const graph = graphOf('/a', '/b', '/a>/x', '/x>/y', '/b>/y', '/a>/b');
    expect(textOf(graph, '/y')).toEqual(['/b /y', '/a /x /y', '/a /b /y']);
  });

  it('gives none for what is not kept, and none that goes round in a circle', () => {
    expect(textOf(graphOf('/a'), '/b')).toEqual([]);
    expect(textOf(graphOf('/a', '/a>/b', '/b>/c', '/c>/b'), '/c')).toEqual(['/a /b /c']);
  });

  it('says when there are more than it gives', () => {
    const graph = graphOf('/a', '/b', '/a>/y', '/b>/y');
    expect(allChains(graph, '/y' as RootPath, 1)).toMatchObject({ isComplete: false });
    expect(allChains(graph, '/y' as RootPath, 2)).toMatchObject({ isComplete: true });
  });

  it('ends where every module imports every other', () => {
    const names = Array.from({ length: 40 }, (_, at) => `/m${at}`);
    const edges = names.flatMap((from) => names.map((to) => `${from}>${to}`));
    const { chains, isComplete } = allChains(graphOf('/m0', ...edges), '/m1' as RootPath, 5);
    expect(chains).toHaveLength(5);
    expect(isComplete).toBe(false);
  });
});
