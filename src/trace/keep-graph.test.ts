import { describe, expect, it } from 'vitest';
import type { RootPath } from '../rootfs/root-path.ts';
import { KeepGraph, type KeepReason } from './keep-graph.ts';

const path = (text: string) => text as RootPath;
const because = (from: string | undefined, detail: string): KeepReason => ({
  detector: 'test',
  ...(from === undefined ? {} : { from: path(from) }),
  detail,
  certainty: 'exact',
});

describe('KeepGraph', () => {
  it('says whether a path is new, and keeps one reason for each source', () => {
    const graph = new KeepGraph();
    expect(graph.add(path('/a'), because(undefined, 'Entrypoint'))).toBe(true);
    expect(graph.add(path('/a'), because(undefined, 'again'))).toBe(false);
    expect(graph.add(path('/a'), because('/b', 'named'))).toBe(false);
    expect(graph.reasons(path('/a')).map(({ detail }) => detail)).toEqual(['Entrypoint', 'named']);
  });

  it('finds the shortest chain from a root, root first', () => {
    const graph = new KeepGraph();
    graph.add(path('/app'), because(undefined, 'Entrypoint'));
    graph.add(path('/lib/a.so'), because('/app', 'needed a'));
    graph.add(path('/lib/b.so'), because('/lib/c.so', 'needed b'));
    graph.add(path('/lib/c.so'), because('/lib/a.so', 'needed c'));
    graph.add(path('/lib/b.so'), because('/lib/a.so', 'needed b'));
    const chain = graph.why(path('/lib/b.so')).map((step) => `${step.path}: ${step.reason.detail}`);
    expect(chain).toEqual(['/app: Entrypoint', '/lib/a.so: needed a', '/lib/b.so: needed b']);
  });

  it('ends on reasons that go in a circle without a root', () => {
    const graph = new KeepGraph();
    graph.add(path('/a'), because('/b', 'x'));
    graph.add(path('/b'), because('/a', 'y'));
    expect(graph.why(path('/a'))).toEqual([]);
    expect(graph.why(path('/nowhere'))).toEqual([]);
  });
});
