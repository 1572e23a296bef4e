import type { Package } from '../../packages/package.ts';
import { classOf } from '../../packages/package-classes.ts';
import { isDocumentationPath } from '../../packages/path-kinds.ts';
import { baseName, type RootPath } from '../../rootfs/root-path.ts';
import { grammarOf } from '../commands/interpreters.ts';
import type { Detector } from '../detector.ts';
import { isRoot } from '../is-root.ts';
import type { KeepReason } from '../keep-graph.ts';
import { isCommandPath, isIntegrationPath } from '../knowledge/payload-paths.ts';
import { megabytes } from '../megabytes.ts';
import { LOGIN_PROGRAMS } from '../services/pam-knowledge.ts';
import type { Trace } from '../trace.ts';

const NAME = 'widen';

/**
 * Keeps more where reading cannot decide, and says what it cost. A script of the application's own whose commands are
 * not to be told gets the commands of the Essential packages, which no dependency names (Debian Policy 3.8). At
 * level `safe` the packages that a root's package depends on are kept as well.
 */
export function widenDetector(): Detector {
  const widened = new Set<string>();
  return {
    name: NAME,
    invoke({ program, invokedAs }, trace) {
      if (trace.options.level === 'minimal') return;
      const names = [baseName(program), baseName(invokedAs)];
      if (names.some((name) => LOGIN_PROGRAMS.programs.test(name))) widenSessions(trace, program, widened);
    },
    settle(trace) {
      if (trace.options.level === 'safe') keepDependencies(trace, widened);
      if (trace.options.level === 'minimal') return;
      for (const warning of trace.warnings.list()) {
        if (warning.code === 'UNFOLLOWED' && warning.path !== undefined)
          widenScript(trace, warning.path as RootPath, widened);
      }
    },
  };
}

function widenScript(trace: Trace, script: RootPath, widened: Set<string>): void {
  if (widened.has(script)) return;
  widened.add(script);
  // A distribution's script names its helpers in its package's dependencies, which the package rule has.
  if (trace.packages.owner(script) !== undefined) return;
  const essential = trace.packages.list().filter((pkg) => pkg.essential && isOrdinary(pkg));
  const bytes = keepWhole(trace, essential, {
    detector: NAME,
    from: script,
    detail: 'commands that a shell script may call',
    certainty: 'inferred',
  });
  if (bytes === 0) return;
  trace.warnings.add(
    'WIDENED',
    `kept the basic commands (${megabytes(bytes)}) for ${script}, whose commands are not to be told; --no-inferred leaves them out`,
    script,
  );
}

/**
 * What a session on a login server calls stands nowhere: the commands that were installed above the base are there to be
 * called, and the basic ones with them.
 */
function widenSessions(trace: Trace, server: RootPath, widened: Set<string>): void {
  if (widened.has(server)) return;
  widened.add(server);
  const why: KeepReason = {
    detector: NAME,
    from: server,
    detail: 'a command that a session may call',
    certainty: 'inferred',
  };
  const essential = trace.packages.list().filter((pkg) => pkg.essential && isOrdinary(pkg));
  let bytes = keepWhole(trace, essential, why);
  for (const [path, inode] of trace.rootfs.walk()) {
    if (!isCommandPath(path) || trace.layers[inode.layer]?.kind === 'base' || trace.graph.has(path)) continue;
    const target = trace.rootfs.file(path);
    if (target === undefined || grammarOf(baseName(target.path)) !== undefined) continue;
    const owner = trace.packages.owner(target.path);
    if (owner !== undefined && !isOrdinary(owner)) continue;
    bytes += target.inode.size;
    trace.keep(path, why, { role: 'program' });
  }
  trace.warnings.add(
    'WIDENED',
    `kept the installed commands (${megabytes(bytes)}) for sessions of ${server}; --no-inferred leaves them out`,
    server,
  );
}

function keepDependencies(trace: Trace, widened: Set<string>): void {
  const owners = new Map<Package, RootPath>();
  for (const path of [...trace.graph.paths()]) {
    if (!isRoot(trace.graph, path)) continue;
    const owner = trace.roleOf(path) === 'program' ? trace.packages.owner(path) : undefined;
    if (owner !== undefined && !widened.has(owner.name)) owners.set(owner, path);
  }
  for (const [owner, path] of owners) {
    widened.add(owner.name);
    const closure = trace.packages.dependencyClosure([owner], { accept: isOrdinary });
    const bytes = keepWhole(trace, closure, {
      detector: NAME,
      from: path,
      detail: `${owner.name} depends on its package`,
      certainty: 'inferred',
    });
    if (bytes > 0)
      trace.warnings.add(
        'WIDENED',
        `kept the dependencies of ${owner.name} (${megabytes(bytes)}) for --level safe`,
        path,
      );
  }
}

function isOrdinary(pkg: Package): boolean {
  return classOf(pkg) === 'ordinary';
}

/** Keeps the packages' files but documentation, shells and interpreters; returns the bytes that were new. */
function keepWhole(trace: Trace, packages: Iterable<Package>, why: KeepReason): number {
  let bytes = 0;
  for (const pkg of packages) {
    for (const path of trace.packages.files(pkg)) {
      if (isDocumentationPath(path) || isIntegrationPath(path) || grammarOf(baseName(path)) !== undefined)
        continue;
      const inode = trace.rootfs.lookup(path);
      if (inode?.type === 'file' && !trace.graph.has(path)) bytes += inode.size;
      trace.keep(path, why, { role: isCommandPath(path) ? 'program' : 'data' });
    }
  }
  return bytes;
}
