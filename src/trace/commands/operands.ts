import { parentPath, type RootPath, rootPath } from '../../rootfs/root-path.ts';
import type { KeepReason } from '../keep-graph.ts';
import { isCommandPath } from '../knowledge/payload-paths.ts';
import type { Trace } from '../trace.ts';

/** File names whose text a program reads for what it is to do. */
const CONFIGURATION =
  /\.(?:conf|cfg|cnf|ini|ya?ml|toml|json5?|xml|properties|env|tmpl|template|tpl|j2|rc|d|hcl|vcl|lua|service|cf)$|(?:^|\/)(?:[\w.-]*rc|[\w.-]*config)$/i;

/** The kernel's own trees are made when a container starts. */
const KERNEL = /^\/(?:dev|proc|sys)(?:\/|$)/;

/**
 * Keeps the file that an operand, a test or a redirection names, as configuration when it looks like some; of a
 * directory its entry alone. What does not exist yet needs the directory to make it in. A word never keeps what lies in
 * a directory of commands: only a command position does (a script that tests for curl and then runs it runs it).
 */
export function keepOperand(trace: Trace, path: string, cwd: RootPath, reason: KeepReason): void {
  if (path === '' || path.length > 4096 || path.includes('\n')) return;
  const absolute = rootPath(path, cwd);
  if (absolute === '/' || KERNEL.test(absolute)) return;
  const found = trace.rootfs.resolve(path, { cwd });
  if (found === undefined) {
    const parent = trace.rootfs.resolve(parentPath(absolute));
    if (path.includes('/') && parent?.inode.type === 'directory' && parent.path !== '/') {
      trace.keep(parentPath(absolute), reason);
    }
    return;
  }
  if (isCommandPath(found.path) || isCommandPath(absolute) || found.path === '/') return;
  trace.keep(path, reason, { cwd, role: isConfigurationPath(found.path) ? 'config' : 'data' });
}

/** Does the name or the place of a file say that it is configuration? */
export function isConfigurationPath(path: string): boolean {
  return path.startsWith('/etc/') || CONFIGURATION.test(path);
}
