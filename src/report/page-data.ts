import { baseName, parentPath, ROOT, type RootPath } from '../rootfs/root-path.ts';
import type { KeepReason } from '../trace/keep-graph.ts';
import type { KeptReportPath, ReportDocument, ReportPath } from './report-document.ts';

/** How many reasons of one path the page shows; the first is on the shortest way to a root. */
const SHOWN_REASONS = 6;

/** Letters of the page's `types`. */
const TYPE_LETTERS: Readonly<Record<ReportPath['type'], string>> = {
  file: 'f',
  directory: 'd',
  symlink: 'l',
  'character-device': 'c',
  'block-device': 'b',
  fifo: 'p',
};

/**
 * PageData is a report as the page reads it: a column for each fact of a node, so that 100,000 paths are a few
 * megabytes and quick to parse. Node 0 is the root; a directory comes before what is in it.
 */
export interface PageData {
  readonly about: Omit<ReportDocument, 'kept' | 'removed'>;
  readonly names: readonly string[];
  /** Index of the directory; -1 for the root. */
  readonly parents: readonly number[];
  /** A letter for each node. */
  readonly types: string;
  readonly sizes: readonly number[];
  /** `1` for each node that is kept, else `0`. */
  readonly kept: string;
  readonly layers: readonly number[];
  /** Index in `about.packages`, or -1. */
  readonly packages: readonly number[];
  /** Reasons by node: detector, detail (both indexes in `words`), the node that led to it or -1, 1 where it is inferred. */
  readonly reasons: Readonly<Record<number, readonly (readonly [number, number, number, number])[]>>;
  readonly words: readonly string[];
}

/** Returns the report as columns. */
export function pageData({ kept, removed = [], ...about }: ReportDocument): PageData {
  const paths = new Map<RootPath, ReportPath | KeptReportPath | undefined>([[ROOT, undefined]]);
  const all = [...kept, ...removed].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const fact of all) paths.set(fact.path, fact);
  const indexes = new Map([...paths.keys()].map((path, at) => [path, at]));
  const facts = [...paths.values()];
  const words = new Words();
  const distances = distancesFromRoots(kept);
  const reasons: Record<number, (readonly [number, number, number, number])[]> = {};
  for (const { path, reasons: own } of kept) {
    const node = indexes.get(path);
    if (node === undefined || own.length === 0) continue;
    reasons[node] = nearestFirst(own, distances).map(({ detector, detail, from, certainty }) => [
      words.of(detector),
      words.of(detail),
      from === undefined ? -1 : (indexes.get(from) ?? -1),
      certainty === 'inferred' ? 1 : 0,
    ]);
  }
  const isKept = new Set(kept.map(({ path }) => path));
  return {
    about,
    names: [...paths.keys()].map(baseName),
    parents: [...paths.keys()].map((path) => (path === ROOT ? -1 : (indexes.get(parentPath(path)) ?? 0))),
    types: facts.map((fact) => TYPE_LETTERS[fact?.type ?? 'directory']).join(''),
    sizes: facts.map((fact) => fact?.bytes ?? 0),
    kept: facts.map((fact) => (fact === undefined || isKept.has(fact.path) ? '1' : '0')).join(''),
    layers: facts.map((fact) => fact?.layer ?? -1),
    packages: facts.map((fact) => fact?.package ?? -1),
    reasons,
    words: words.list(),
  };
}

/** Each text once, by its index. */
class Words {
  readonly #indexes = new Map<string, number>();

  of(word: string): number {
    const index = this.#indexes.get(word) ?? this.#indexes.size;
    this.#indexes.set(word, index);
    return index;
  }

  list(): readonly string[] {
    return [...this.#indexes.keys()];
  }
}

/** Returns how many steps each kept path is from a root: whoever follows nearer paths ends at one. */
function distancesFromRoots(kept: readonly KeptReportPath[]): ReadonlyMap<RootPath, number> {
  const followers = new Map<RootPath, RootPath[]>();
  const distances = new Map<RootPath, number>();
  for (const { path, reasons } of kept) {
    for (const { from } of reasons) {
      if (from === undefined) distances.set(path, 0);
      else if (followers.get(from)?.push(path) === undefined) followers.set(from, [path]);
    }
  }
  let frontier = [...distances.keys()];
  for (let distance = 1; frontier.length > 0; distance++) {
    const further: RootPath[] = [];
    for (const path of frontier) {
      for (const next of followers.get(path) ?? []) {
        if (distances.has(next)) continue;
        distances.set(next, distance);
        further.push(next);
      }
    }
    frontier = further;
  }
  return distances;
}

function nearestFirst(
  reasons: readonly KeepReason[],
  distances: ReadonlyMap<RootPath, number>,
): readonly KeepReason[] {
  const far = (reason: KeepReason): number =>
    reason.from === undefined ? -1 : (distances.get(reason.from) ?? Number.MAX_SAFE_INTEGER);
  return [...reasons].sort((a, b) => far(a) - far(b)).slice(0, SHOWN_REASONS);
}
