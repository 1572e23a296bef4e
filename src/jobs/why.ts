import { readFileSync } from 'node:fs';
import { ImageError, reasonOf, UsageError } from '../errors.ts';
import type { Digest } from '../oci/digest.ts';
import { type ResolvedOptions, resolveOptions, type SlimOptions } from '../options.ts';
import { type KeptDocument, parseKeptDocument } from '../report/kept-document.ts';
import type { Inode } from '../rootfs/inode.ts';
import { ancestors, baseName, type RootPath, rootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import { type OpenedSource, openSource } from '../source/source.ts';
import { type KeptContents, type TracedSource, traceSource, whatIsKept } from '../source/trace-source.ts';
import { allChains } from '../trace/chains.ts';
import { findCommand } from '../trace/find-command.ts';
import { KeepGraph, type KeepReason } from '../trace/keep-graph.ts';
import { keptBelow, type NearMiss, nearMisses } from '../trace/near-misses.ts';
import { Warnings } from '../warnings.ts';
import { type Remedy, remediesFor } from './why-remedies.ts';

/** Chains that `all` gives at most. */
const MAX_CHAINS = 100;

/** WhyOptions is what `oslim why` takes: what to slim and how, and the path that is asked about. */
export interface WhyOptions extends Omit<SlimOptions, 'image'> {
  /** May be absent where `from` tells all. */
  readonly image?: string | undefined;
  /** In the image, links allowed; a name without a slash is a command of PATH where there is one. */
  readonly path: string;
  /** Every chain (at most 100) and not the shortest alone. */
  readonly all?: boolean;
  /** A document of `oslim IMAGE --json`, or a lock file: the answer is read there, and nothing is traced. */
  readonly from?: string | undefined;
}

/** WhyStep is one path of a chain, why it is kept, and the links by which it is reached. */
export interface WhyStep {
  readonly path: RootPath;
  readonly reason: KeepReason;
  readonly links?: readonly RootPath[];
}

/** WhyReport is the document that `oslim why --json` prints. */
export interface WhyReport {
  readonly schema: '1.0';
  readonly source: { readonly name: string; readonly digest?: Digest };
  /** Without links on the way; the path itself may be one. */
  readonly path: RootPath;
  /** Links passed on the way to it. */
  readonly links: readonly RootPath[];
  /** Absent where there is no image to look into. */
  readonly type?: Inode['type'];
  readonly bytes?: number;
  /** Where a link leads in the end; absent for one that leads nowhere. */
  readonly leadsTo?: RootPath;
  readonly isKept: boolean;
  /** From a root to the path, shortest first; empty when it is not kept. */
  readonly chains: readonly (readonly WhyStep[])[];
  /** There are, or may be, further chains. */
  readonly hasMore: boolean;
  /** The package that brought it. */
  readonly owner?: { readonly name: string; readonly version: string };
  /** Of a path that is not kept. */
  readonly wouldKeep: readonly Remedy[];
  readonly nearMisses: readonly NearMiss[];
}

/** Says why a path of an image is kept, or why not. Throws ImageError when the image has no such path. */
export async function why(options: WhyOptions): Promise<WhyReport> {
  const { path, all = false, from, image, ...rest } = options;
  const document = from === undefined ? undefined : readDocument(from, options.platform);
  if (image === undefined) {
    if (document === undefined) throw new UsageError('cannot explain a path of no image');
    return whyDocumented(document, rootPath(path), all);
  }
  const resolved = resolveOptions({ ...rest, image });
  const source = await openSource(resolved);
  try {
    const inquiry = await openInquiry(source, resolved, document?.graph);
    return await inquiry.why(subjectOf(source, inquiry, path), all);
  } finally {
    await source.close();
  }
}

function readDocument(file: string, platform: string | undefined): KeptDocument {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read the report "${file}": ${reasonOf(error)}`, { cause: error });
  }
  return parseKeptDocument(text, file, platform);
}

/** The path that the user means: a command's name stands for the file that PATH finds. */
function subjectOf({ rootfs }: OpenedSource, { traced }: Inquiry, path: string): string {
  if (path.includes('/') || rootfs.lookup(rootPath(path)) !== undefined) return path;
  const { env, cwd } = traced.process;
  return findCommand(rootfs, path, env, cwd)?.invokedAs ?? path;
}

/** Inquiry answers for any path of one traced image. */
export interface Inquiry {
  readonly traced: TracedSource;
  readonly kept: KeptContents;
  why(path: string, all: boolean): Promise<WhyReport>;
}

/** Traces an opened image so that it can be asked; with `graph` the reasons are taken from there. */
export async function openInquiry(
  source: OpenedSource,
  options: ResolvedOptions,
  graph?: KeepGraph,
): Promise<Inquiry> {
  const traced = await traceSource(source, options, new Warnings());
  const known = graph === undefined ? traced : { ...traced, graph };
  const kept = await whatIsKept(known, source, options);
  const explained = withEverythingKept(known.graph, kept, source.rootfs);
  const context = { source, options, traced: { ...known, graph: explained }, kept };
  return { traced: context.traced, kept, why: (path, all) => whyOpened(context, path, all) };
}

interface InquiryContext {
  readonly source: OpenedSource;
  readonly options: ResolvedOptions;
  readonly traced: TracedSource;
  readonly kept: KeptContents;
}

/** The graph and what is kept beside it: package databases, and the directories above everything. */
function withEverythingKept(graph: KeepGraph, kept: KeptContents, rootfs: Rootfs): KeepGraph {
  const whole = new KeepGraph();
  for (const path of graph.paths()) for (const reason of graph.reasons(path)) whole.add(path, reason);
  for (const path of [...kept.overrides.keys(), ...kept.paths]) {
    if (whole.has(path)) continue;
    const detail = kept.overrides.has(path)
      ? 'the package database, cut to what is kept'
      : 'what scanners read beside the package database';
    whole.add(path, { detector: 'packages', detail, certainty: 'exact' });
  }
  for (const path of [...whole.paths()]) {
    for (const directory of ancestors(path)) {
      if (whole.has(directory)) break;
      if (rootfs.lookup(directory) === undefined) continue;
      whole.add(directory, {
        detector: 'way',
        from: path,
        detail: `on the way to ${path}`,
        certainty: 'exact',
      });
    }
  }
  return whole;
}

async function whyOpened(context: InquiryContext, asked: string, all: boolean): Promise<WhyReport> {
  const { source, traced } = context;
  const { rootfs } = source;
  const found = rootfs.resolve(asked, { followLast: false });
  if (found === undefined) throw missingPath(source, traced, asked);
  const { path, inode, hops } = found;
  const target = inode.type === 'symlink' ? rootfs.resolve(path)?.path : undefined;
  const isKept = traced.graph.has(path);
  const owner = traced.packages.owner(path);
  return {
    schema: '1.0',
    source: { name: source.name, digest: source.identity.digest },
    path,
    links: hops,
    type: inode.type,
    ...(inode.type === 'file' ? { bytes: inode.size } : {}),
    ...(target === undefined ? {} : { leadsTo: target }),
    isKept,
    ...chainsOf(traced.graph, path, all, rootfs),
    ...(owner === undefined ? {} : { owner: { name: owner.name, version: owner.version } }),
    wouldKeep: isKept ? [] : await remediesFor(context, path, inode),
    nearMisses: isKept
      ? []
      : nearMisses({ ...traced, ...source, elves: traced.linker.lookup.elves }, path, inode),
  };
}

function whyDocumented({ graph, source }: KeptDocument, path: RootPath, all: boolean): WhyReport {
  const below = keptBelow(graph.paths(), path);
  if (!graph.has(path) && below !== undefined) {
    graph.add(path, {
      detector: 'way',
      from: below.first,
      detail: `on the way to ${below.first}`,
      certainty: 'exact',
    });
  }
  return {
    schema: '1.0',
    source,
    path,
    links: [],
    isKept: graph.has(path),
    ...chainsOf(graph, path, all),
    wouldKeep: [],
    nearMisses: [],
  };
}

function chainsOf(
  graph: KeepGraph,
  path: RootPath,
  all: boolean,
  rootfs?: Rootfs,
): Pick<WhyReport, 'chains' | 'hasMore'> {
  const shortest = graph.why(path);
  const { chains, isComplete } = all
    ? allChains(graph, path, MAX_CHAINS)
    : { chains: shortest.length === 0 ? [] : [shortest], isComplete: true };
  const links = linksByTarget(graph, rootfs);
  return {
    chains: chains.map((chain) => chain.map((step) => withLinks(step, graph, links))),
    hasMore: !isComplete || (!all && graph.reasons(path).length > 1),
  };
}

/** Whoever asks about every path of an image asks the same graph. */
const knownLinks = new WeakMap<KeepGraph, ReadonlyMap<RootPath, RootPath[]>>();

/** Kept links by the path that they lead to in the end. */
function linksByTarget(graph: KeepGraph, rootfs: Rootfs | undefined): ReadonlyMap<RootPath, RootPath[]> {
  const known = knownLinks.get(graph);
  if (known !== undefined) return known;
  const links = new Map<RootPath, RootPath[]>();
  if (rootfs === undefined) return links;
  knownLinks.set(graph, links);
  for (const path of graph.paths()) {
    if (rootfs.lookup(path)?.type !== 'symlink') continue;
    const target = rootfs.resolve(path)?.path;
    if (target === undefined) continue;
    links.set(target, [...(links.get(target) ?? []), path]);
  }
  return links;
}

/** A link on the way is kept for the reason of what it leads to: so it is told which ones this step passed. */
function withLinks(
  step: { readonly path: RootPath; readonly reason: KeepReason },
  graph: KeepGraph,
  links: ReadonlyMap<RootPath, readonly RootPath[]>,
): WhyStep {
  const { from, detector, detail } = step.reason;
  const passed = (links.get(step.path) ?? []).filter((link) =>
    graph
      .reasons(link)
      .some((other) => other.from === from && other.detector === detector && other.detail === detail),
  );
  return passed.length === 0 ? step : { ...step, links: passed };
}

function missingPath(source: OpenedSource, { graph }: TracedSource, asked: string): ImageError {
  const name = baseName(asked);
  const others: string[] = [];
  // A directory of the host is read on demand: only what is kept of it was seen.
  const paths = source.isWholeInMemory
    ? source.rootfs.walk()
    : [...graph.paths()].map((path) => [path] as const);
  for (const [path] of paths) {
    if (baseName(path) === name) others.push(path);
    if (others.length >= 5) break;
  }
  return new ImageError(`cannot explain "${asked}": it is not in "${source.name}"`, {
    advice:
      others.length > 0
        ? `of that name there is ${others.join(', ')}`
        : 'of a slim image, ask the image that it was made of',
  });
}
