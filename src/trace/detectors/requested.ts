import type { Package } from '../../packages/package.ts';
import { baseName, parentPath, type RootPath } from '../../rootfs/root-path.ts';
import { readRange } from '../../rootfs/rootfs.ts';
import { isInterpreterName } from '../commands/is-interpreter.ts';
import { parseShebang, readerOf } from '../commands/shebang.ts';
import type { Detector, Role } from '../detector.ts';
import type { ElfFacts } from '../elf-facts.ts';
import type { KeepReason } from '../keep-graph.ts';
import { isCommandPath, isLibraryDirectory } from '../knowledge/payload-paths.ts';
import { BUILT_FROM, LANGUAGE_TREE } from '../knowledge/requested.ts';
import { megabytes } from '../megabytes.ts';
import { requestedByAuthor } from '../requested.ts';
import { isToolImage } from '../tool-image.ts';
import type { Trace } from '../trace.ts';
import { keepPayload, type PackageClaim, roleInPayload } from './package.ts';

const NAME = 'requested';

/** Bytes that are worth a line of the summary. */
const WORTH_SAYING = 1e6;

/**
 * Keeps what the image's author installed by name beside a packaged program: commands that a mounted file or a user calls, plugins, themes, fonts
 * and dictionaries that only configuration chooses. Modules of a language are for its own detector, and no script brings
 * an interpreter that nothing else starts.
 */
export function requestedDetector(facts: ElfFacts, claims: readonly PackageClaim[]): Detector {
  let isSaid = false;
  return {
    name: NAME,
    settle(trace) {
      if (trace.options.level === 'minimal' || !trace.options.inferred) return;
      // Beside an application, git is what it was built with: it kept g++, too, by its Perl (205 MB instead of 29).
      if (trace.options.level === 'default' && !isToolImage(trace)) return;
      const costs: (readonly [string, number])[] = [];
      for (const pkg of requestedByAuthor(trace)) {
        if (claims.some((claim) => claim(pkg))) continue;
        const bytes = missingBytes(trace, pkg);
        keepRequested(trace, facts, pkg);
        costs.push([pkg.name, bytes - missingBytes(trace, pkg)]);
      }
      if (!isSaid) say(trace, costs);
      isSaid = true;
    },
  };
}

function say(trace: Trace, costs: readonly (readonly [string, number])[]): void {
  const total = costs.reduce((sum, [, bytes]) => sum + bytes, 0);
  if (total < WORTH_SAYING) return;
  const largest = [...costs].sort(([, a], [, b]) => b - a).filter(([, bytes]) => bytes * 20 > total);
  const names = largest.slice(0, 5).map(([name, bytes]) => `${name} ${megabytes(bytes)}`);
  trace.warnings.add(
    'WIDENED',
    `kept what was installed by name (${megabytes(total)}: ${names.join(', ')}); --no-inferred leaves it out, --exclude parts of it`,
  );
}

function missingBytes(trace: Trace, pkg: Package): number {
  let bytes = 0;
  for (const path of trace.packages.files(pkg)) {
    const inode = trace.rootfs.lookup(path);
    if (inode?.type === 'file' && !trace.graph.has(path)) bytes += inode.size;
  }
  return bytes;
}

function keepRequested(trace: Trace, facts: ElfFacts, pkg: Package): void {
  const why: KeepReason = { detector: NAME, detail: `installed by name: ${pkg.name}`, certainty: 'inferred' };
  const roleOf = (path: RootPath, mode: number): Role =>
    isStartable(trace, facts, path) ? roleInPayload(path, mode) : 'data';
  keepPayload(trace, pkg, why, {
    roleOf,
    accepts: (path) => !LANGUAGE_TREE.test(path) && !BUILT_FROM.some(({ pattern }) => pattern.test(path)),
  });
  for (const path of trace.packages.files(pkg)) {
    if (isCommandPath(path)) {
      if (isStartable(trace, facts, path)) trace.keep(path, why, { role: 'program' });
    } else if (/\.so(?:\.[\w.]+)?$/.test(path) && isLibraryDirectory(parentPath(path))) trace.keep(path, why);
  }
}

/** Can it be started without bringing an interpreter, and is it none itself? */
function isStartable(trace: Trace, facts: ElfFacts, path: RootPath): boolean {
  const found = trace.rootfs.file(path);
  if (found === undefined || isInterpreterName(baseName(path))) return false;
  if (isInterpreterName(baseName(found.path))) return false;
  if (facts.of(found.inode) !== undefined) return true;
  const shebang = parseShebang(readRange(found.inode, 0, 512));
  if (shebang === undefined) return false;
  const interpreter = trace.findCommand(readerOf(shebang))?.file.path;
  return interpreter !== undefined && trace.roleOf(interpreter) === 'program';
}
