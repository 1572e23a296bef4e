import type { ResolvedPath } from '../rootfs/resolve.ts';
import { joinPath, type RootPath, rootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import { searchPath } from './process-spec.ts';

/** A command as it was found: the path that is executed, and the file behind its links. */
export interface FoundCommand {
  readonly invokedAs: RootPath;
  readonly file: ResolvedPath;
}

/** Returns where `name` is found as execvp(3) would: from `cwd` when it has a slash, else through PATH of `env`. */
export function findCommand(
  rootfs: Rootfs,
  name: string,
  env: ReadonlyMap<string, string>,
  cwd: RootPath,
): FoundCommand | undefined {
  if (name.includes('/')) {
    const file = rootfs.file(name, cwd);
    return file && { invokedAs: rootPath(name, cwd), file };
  }
  for (const directory of searchPath(env, cwd)) {
    const invokedAs = joinPath(directory, name);
    const file = rootfs.file(invokedAs);
    if (file !== undefined && (file.inode.mode & 0o111) !== 0) return { invokedAs, file };
  }
  return undefined;
}
