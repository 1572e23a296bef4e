import { ancestors, joinPath, type RootPath, rootPath } from '../../../rootfs/root-path.ts';
import type { Rootfs } from '../../../rootfs/rootfs.ts';

/** Bundle is an application's Gemfile with its lock (bundler's man page gemfile(5)). */
export interface Bundle {
  readonly files: readonly RootPath[];
  /** Every gem that the lock names: Bundler wants all of them that no configuration leaves out. */
  readonly gems: readonly string[];
}

/** Returns the bundle of BUNDLE_GEMFILE, or of the nearest Gemfile above `directory`. */
export function findBundle(
  rootfs: Rootfs,
  directory: RootPath,
  env: ReadonlyMap<string, string>,
): Bundle | undefined {
  const named = env.get('BUNDLE_GEMFILE');
  const candidates =
    named === undefined
      ? [directory, ...ancestors(directory)].flatMap((path) => [
          joinPath(path, 'Gemfile'),
          joinPath(path, 'gems.rb'),
        ])
      : [rootPath(named, directory)];
  const gemfile = candidates.find((path) => rootfs.file(path) !== undefined);
  if (gemfile === undefined) return undefined;
  const lock = gemfile.endsWith('/gems.rb') ? gemfile.replace(/\.rb$/, '.locked') : `${gemfile}.lock`;
  const text = rootfs.text(lock);
  const source = rootfs.text(gemfile) ?? '';
  const gems =
    text === undefined
      ? [...source.matchAll(/^\s*gem\s*\(?\s*["']([\w.-]+)["']/gm)].map((match) => match[1] ?? '')
      : [...text.matchAll(/^ {4}([\w.-]+) \([^)]*\)$/gm)].map((match) => match[1] ?? '');
  const config = joinPath(
    rootPath('.bundle', gemfile.slice(0, gemfile.lastIndexOf('/')) as RootPath),
    'config',
  );
  return { files: [gemfile, rootPath(lock), config], gems: [...new Set(gems)] };
}
