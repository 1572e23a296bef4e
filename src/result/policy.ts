import { findTools } from '../packages/shells-and-managers.ts';
import { reasonText } from '../report/reason-text.ts';
import type { RootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import type { KeepGraph } from '../trace/keep-graph.ts';
import type { Warning, WarningCode } from '../warnings.ts';

/** What `failOn` can forbid a slim image to hold. */
export type Policy = 'shell' | 'package-manager' | 'setuid' | 'inferred' | 'unresolved';

export const POLICIES: readonly Policy[] = ['shell', 'package-manager', 'setuid', 'inferred', 'unresolved'];

/** PolicyFinding is one thing in a slim image that a policy forbids. */
export interface PolicyFinding {
  readonly policy: Policy;
  /** Inside the image; absent for what is not there. */
  readonly path?: string;
  /** One line that says what it is, and why it is kept. */
  readonly message: string;
}

const SET_ID = 0o6000;
const ANY_EXECUTE = 0o111;

/** Warnings that say that something which the process asks for was not found, or not followed. */
const UNRESOLVED: ReadonlySet<WarningCode> = new Set([
  'LIBRARY_MISSING',
  'COMMAND_MISSING',
  'SYMBOL_VERSION_MISSING',
  'UNFOLLOWED',
]);

/** Returns everything in the slim image `slim` that some policy forbids, in the order of POLICIES, then by path. */
export function findingsOf(
  slim: Rootfs,
  graph: KeepGraph,
  warnings: readonly Warning[],
): readonly PolicyFinding[] {
  const paths = [...slim.walk()].map(([path]) => path);
  const tools = findTools(slim, paths).map(({ kind, path }) => finding(kind, path, graph));
  return [
    ...tools.filter(({ policy }) => policy === 'shell'),
    ...tools.filter(({ policy }) => policy === 'package-manager'),
    ...paths.filter((path) => isSetId(slim, path)).map((path) => finding('setuid', path, graph)),
    ...inferredPaths(graph).map((path) => finding('inferred', path, graph)),
    ...warnings.filter(({ code }) => UNRESOLVED.has(code)).map(unresolved),
  ];
}

function finding(policy: Policy, path: RootPath, graph: KeepGraph): PolicyFinding {
  const [reason] = graph.reasons(path);
  return { policy, path, message: `${path}${reason === undefined ? '' : ` (${reasonText(reason)})`}` };
}

function unresolved({ message, path }: Warning): PolicyFinding {
  return { policy: 'unresolved', message, ...(path === undefined ? {} : { path }) };
}

/** A program that runs as its owner or group, whoever starts it (execve(2)); a directory's setgid bit is something else. */
function isSetId(slim: Rootfs, path: RootPath): boolean {
  const inode = slim.lookup(path);
  return inode?.type === 'file' && (inode.mode & SET_ID) !== 0 && (inode.mode & ANY_EXECUTE) !== 0;
}

/** Returns the kept paths that no chain of exact reasons alone leads to, sorted. */
function inferredPaths(graph: KeepGraph): readonly RootPath[] {
  const followers = new Map<RootPath, RootPath[]>();
  const exact = new Set<RootPath>();
  for (const path of graph.paths()) {
    for (const { from, certainty } of graph.reasons(path)) {
      if (certainty !== 'exact') continue;
      if (from === undefined) exact.add(path);
      else if (followers.get(from)?.push(path) === undefined) followers.set(from, [path]);
    }
  }
  const pending = [...exact];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    for (const next of followers.get(path) ?? []) {
      if (exact.has(next)) continue;
      exact.add(next);
      pending.push(next);
    }
  }
  return [...graph.paths()].filter((path) => !exact.has(path)).sort();
}
