import { OslimError } from '../errors.ts';
import type { ResolvedOptions } from '../options.ts';
import type { Inode } from '../rootfs/inode.ts';
import { baseName, isWithin, type RootPath } from '../rootfs/root-path.ts';
import type { OpenedSource } from '../source/source.ts';
import { type TracedSource, traceSource } from '../source/trace-source.ts';
import { pathMatcher } from '../trace/path-matcher.ts';
import { searchPath } from '../trace/process-spec.ts';
import { Warnings } from '../warnings.ts';

/** A flag that would keep the path. */
export interface Remedy {
  readonly flag: string;
  /** What else it means, in a few words. */
  readonly note?: string;
}

/** What was traced, and how. */
interface RemedyContext {
  readonly source: OpenedSource;
  readonly options: ResolvedOptions;
  readonly traced: TracedSource;
}

/** Returns the flags that would keep a path which is not kept, the ones that say least first. */
export async function remediesFor(
  context: RemedyContext,
  path: RootPath,
  inode: Inode,
): Promise<readonly Remedy[]> {
  const { options, traced, source } = context;
  if (pathMatcher(options.exclude)(path)) return [{ flag: 'no --exclude that matches it' }];
  const found: Remedy[] = [{ flag: `--include ${path}` }];
  const { env, cwd } = traced.process;
  const directories = searchPath(env, cwd);
  const isExecutable = (source.rootfs.file(path)?.inode.mode ?? 0) & 0o111;
  if (isExecutable && directories.some((directory) => isWithin(path, directory)))
    found.push({ flag: `--include-command ${baseName(path)}`, note: 'with what it needs' });
  const owner = traced.packages.owner(path);
  if (owner !== undefined && inode.type !== 'directory')
    found.push({ flag: `--include-package ${owner.name}`, note: 'the package whole' });
  const level = await levelThatKeeps(context, path);
  if (level !== undefined) found.push({ flag: `--level ${level}`, note: 'and what else that keeps' });
  return found;
}

const LEVELS = ['minimal', 'default', 'safe'] as const;

/** Traces again on higher levels: only that tells. */
async function levelThatKeeps(
  { source, options }: RemedyContext,
  path: RootPath,
): Promise<string | undefined> {
  for (const level of LEVELS.slice(LEVELS.indexOf(options.level) + 1)) {
    try {
      const { graph } = await traceSource(source, { ...options, level }, new Warnings());
      if (graph.has(path)) return level;
    } catch (error) {
      // On a higher level more has to be found: such an image cannot be slimmed so, and the level is no answer.
      if (!(error instanceof OslimError)) throw error;
    }
  }
  return undefined;
}
