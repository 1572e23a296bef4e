import type { RootPath } from '../../rootfs/root-path.ts';
import type { Rootfs } from '../../rootfs/rootfs.ts';

/** A link that is there and leads to nothing. */
export interface DanglingLink {
  readonly path: RootPath;
  readonly target: string;
}

/** As many as the kernel follows. */
const MAX_LINKS = 40;

/** Returns the link at which following `path` ends in nothing; undefined where it leads somewhere or no link is there. */
export function danglingLinkAt(rootfs: Rootfs, path: string, cwd?: RootPath): DanglingLink | undefined {
  const options = cwd === undefined ? {} : { cwd };
  if (rootfs.resolve(path, options) !== undefined) return undefined;
  let at = rootfs.resolve(path, { ...options, followLast: false });
  let last: DanglingLink | undefined;
  for (let count = 0; count < MAX_LINKS && at?.inode.type === 'symlink'; count++) {
    const { target } = at.inode;
    last = { path: at.path, target };
    const directory = at.path.slice(0, at.path.lastIndexOf('/')) || '/';
    // Runtimes mount these: /var/log/nginx/access.log -> /dev/stdout leads somewhere in a container.
    if (/^\/(?:dev|proc|sys|run|var\/run)\//.test(target)) return undefined;
    at = rootfs.resolve(target.startsWith('/') ? target : `${directory}/${target}`, { followLast: false });
  }
  return last;
}
