import type { Package } from '../../packages/package.ts';
import { baseName, type RootPath } from '../../rootfs/root-path.ts';
import { isInterpreterName } from '../commands/is-interpreter.ts';
import type { Detector } from '../detector.ts';
import { isProcess } from '../is-root.ts';
import type { KeepReason } from '../keep-graph.ts';
import {
  essentialPackages,
  isOrdinary,
  isUsable,
  keepPackages,
  packagesAboveBase,
} from '../keep-packages.ts';
import { isCommandPath } from '../knowledge/payload-paths.ts';
import { SESSION_PROGRAMS } from '../knowledge/session-programs.ts';
import { originOf } from '../layer-origin.ts';
import { megabytes } from '../megabytes.ts';
import { LOGIN_PROGRAMS } from '../services/pam-knowledge.ts';
import type { Trace } from '../trace.ts';

const NAME = 'widen';

/**
 * Keeps more where reading cannot decide, and says what it cost. A script of the application's own whose commands are
 * not to be told gets the commands of the Essential packages, which no dependency names (Debian Policy 3.8).
 */
export function widenDetector(): Detector {
  const widened = new Set<string>();
  return {
    name: NAME,
    invoke({ program, invokedAs }, trace) {
      if (trace.options.level === 'minimal') return;
      const names = [baseName(program), baseName(invokedAs)];
      // The basic commands hold login(1), which nobody starts for that.
      if (!isWidened(trace, program) && names.some((name) => LOGIN_PROGRAMS.programs.test(name)))
        widenSessions(trace, program, widened);
      const session = SESSION_PROGRAMS.find((row) => names.some((name) => row.programs.test(name)));
      if (session !== undefined && (session.isAlways === true || isProcess(trace.graph, program)))
        widenWork(trace, program, widened);
    },
    settle(trace) {
      if (trace.options.level === 'minimal') return;
      for (const warning of trace.warnings.list()) {
        if (warning.code === 'UNFOLLOWED' && warning.path !== undefined)
          widenScript(trace, warning.path as RootPath, widened);
      }
    },
  };
}

/** Is it there only because something else was widened? */
function isWidened(trace: Trace, program: RootPath): boolean {
  const reasons = trace.graph.reasons(program);
  return (
    reasons.length > 0 && reasons.every(({ detector }) => detector === NAME || detector === 'safe-level')
  );
}

function widenScript(trace: Trace, script: RootPath, widened: Set<string>): void {
  if (widened.has(script)) return;
  widened.add(script);
  // A distribution's script names its helpers in its package's dependencies, which the package rule has.
  if (trace.packages.owner(script) !== undefined) return;
  const essential = essentialPackages(trace);
  const bytes = keepPackages(trace, essential, {
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
  const essential = essentialPackages(trace);
  const accepts = (path: RootPath, owner: Package | undefined): boolean =>
    !isInterpreterName(baseName(path)) && (owner === undefined || isOrdinary(owner));
  const bytes = keepPackages(trace, essential, why) + keepInstalledCommands(trace, why, accepts);
  if (bytes === 0) return;
  trace.warnings.add(
    'WIDENED',
    `kept the installed commands (${megabytes(bytes)}) for sessions of ${server}; --no-inferred leaves them out`,
    server,
  );
}

/** Keeps the commands above the base that are accepted, by every name that they have there; returns the bytes that were new. */
function keepInstalledCommands(
  trace: Trace,
  why: KeepReason,
  accepts: (path: RootPath, owner: Package | undefined) => boolean,
): number {
  let bytes = 0;
  for (const [path, inode] of trace.rootfs.walk()) {
    if (!isCommandPath(path) || originOf(trace, inode) === 'base' || trace.graph.has(path)) continue;
    const target = trace.rootfs.file(path);
    if (target === undefined || !accepts(target.path, trace.packages.owner(target.path))) continue;
    if (!trace.graph.has(target.path)) bytes += target.inode.size;
    trace.keep(path, why, { role: 'program' });
  }
  return bytes;
}

/** What a build or a notebook calls and reads stands in what its user brings: all that was installed for it, and the basic commands. */
function widenWork(trace: Trace, program: RootPath, widened: Set<string>): void {
  if (widened.has(program)) return;
  widened.add(program);
  const why: KeepReason = {
    detector: NAME,
    from: program,
    detail: 'installed for what its users bring',
    certainty: 'inferred',
  };
  const installed = [...essentialPackages(trace), ...packagesAboveBase(trace, isUsable)];
  const bytes =
    keepPackages(trace, installed, why, { interpreters: true, development: true }) +
    // cc and awk are links of alternatives, which no package has.
    keepInstalledCommands(trace, why, (_, owner) => owner === undefined || isUsable(owner));
  trace.warnings.add(
    'WIDENED',
    `kept what was installed above the base (${megabytes(bytes)}) for the work that users of ${program} bring; --no-inferred leaves it out`,
    program,
  );
}
