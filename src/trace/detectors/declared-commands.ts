import type { Package } from '../../packages/package.ts';
import type { FileInode } from '../../rootfs/inode.ts';
import { baseName, type RootPath } from '../../rootfs/root-path.ts';
import { readRange } from '../../rootfs/rootfs.ts';
import { grammarOf } from '../commands/interpreters.ts';
import type { Detector } from '../detector.ts';
import { isOrdinary } from '../keep-packages.ts';
import { isCommandPath } from '../knowledge/payload-paths.ts';
import type { Trace } from '../trace.ts';
import type { PackageClaim } from './package.ts';

const NAME = 'declared';

/** Bytes of a source; what is larger is data. */
const MAX_SOURCE_BYTES = 1 << 20;
const SOURCE = /\.(?:py|p[lm]|rb|php|inc|[cm]?js|tcl|lua|R|scm|el|sh)$/;
/** A literal that is a name, or a command line that begins with one. */
const QUOTED = /(["'`])([A-Za-z][\w.+-]*)(?=\1|[ \t])/g;

/** Debian's sections of libraries and languages (Debian Policy 2.4). */
const LIBRARY_SECTION =
  /(?:^|\/)(?:(?:old)?libs|libdevel|devel|perl|python|ruby|php|java|javascript|lua|lisp|ocaml|haskell|golang|rust|gnu-r|interpreters)$/;

/**
 * Starts the commands that a packaged source names and its package declares to need: `['tesseract', '-v']` in a module of a
 * package that depends on tesseract-ocr. A name alone is wrong nine times in ten, a dependency alone as often.
 */
export function declaredCommandsDetector(claims: readonly PackageClaim[] = []): Detector {
  const commands = new Map<Package, ReadonlyMap<string, RootPath>>();
  return {
    name: NAME,
    detect({ path, inode }, trace) {
      if (trace.options.level === 'minimal' || inode.type !== 'file') return;
      const owner = trace.packages.owner(path);
      if (owner === undefined || !isSource(path, inode)) return;
      let declared = commands.get(owner);
      if (declared === undefined) {
        declared = declaredCommands(trace, owner, claims);
        commands.set(owner, declared);
      }
      if (declared.size === 0) return;
      const text = new TextDecoder('latin1').decode(trace.rootfs.read(inode));
      for (const [, , name = ''] of text.matchAll(QUOTED)) {
        const command = declared.get(name);
        if (command === undefined) continue;
        const detail = `names ${name}, which ${owner.name} depends on`;
        trace.run([command], { detector: NAME, from: path, detail, certainty: 'inferred' });
      }
    },
  };
}

function isSource(path: RootPath, inode: FileInode): boolean {
  if (inode.size > MAX_SOURCE_BYTES) return false;
  return SOURCE.test(path) || new TextDecoder('latin1').decode(readRange(inode, 0, 2)) === '#!';
}

/**
 * The commands of what a package needs, recommends or suggests, without those that every system has, and without the
 * tools beside a library or a language: libwww-perl's are called GET and HEAD.
 */
function declaredCommands(
  trace: Trace,
  owner: Package,
  claims: readonly PackageClaim[],
): ReadonlyMap<string, RootPath> {
  const found = new Map<string, RootPath>();
  for (const pkg of trace.packages.dependencies(owner, { recommends: true, suggests: true })) {
    if (pkg.essential || !isOrdinary(pkg) || LIBRARY_SECTION.test(pkg.section ?? '')) continue;
    if (/^lib/.test(pkg.name) || claims.some((claim) => claim(pkg))) continue;
    for (const path of trace.packages.files(pkg)) {
      if (isCommandPath(path) && grammarOf(baseName(path)) === undefined) found.set(baseName(path), path);
    }
  }
  return found;
}
