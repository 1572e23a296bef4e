import type { Package } from '../../packages/package.ts';
import type { FileInode } from '../../rootfs/inode.ts';
import { baseName, type RootPath } from '../../rootfs/root-path.ts';
import { readRange } from '../../rootfs/rootfs.ts';
import { isInterpreterName } from '../commands/is-interpreter.ts';
import type { Detector } from '../detector.ts';
import { isOrdinary } from '../keep-packages.ts';
import { isCommandPath } from '../knowledge/payload-paths.ts';
import type { Trace } from '../trace.ts';
import type { PackageClaim } from './package.ts';

const NAME = 'declared';

/** Bytes of a source; what is larger is data. */
const MAX_SOURCE_BYTES = 1 << 20;
const SOURCE = /\.(?:py|p[lm]|rb|php|inc|[cm]?js|tcl|lua|R|scm|el|sh)$/;
/** Settings that packages bring with their sources: paths of commands stand in them as in code. */
const SETTINGS = /\.(?:json|ya?ml|toml|ini|cfg|conf|cnf)$/;
/** A literal that is a name, or a command line that begins with one. */
const QUOTED = /(["'`])([A-Za-z][\w.+-]*)(?=\1|[ \t])/g;
/** A command spelled by its path says more than its name: "/usr/bin/pygmentize" is of a package of a language, too. */
const SPELLED = /\/(?:usr\/)?s?bin\/([A-Za-z][\w.+-]*)/g;

/** Debian's sections of libraries and languages (Debian Policy 2.4). */
const LIBRARY_SECTION =
  /(?:^|\/)(?:(?:old)?libs|libdevel|devel|perl|python|ruby|php|java|javascript|lua|lisp|ocaml|haskell|golang|rust|gnu-r|interpreters)$/;

/**
 * Starts the commands that a packaged source names and its package declares to need: `['tesseract', '-v']` in a module of a
 * package that depends on tesseract-ocr. A name alone is wrong nine times in ten, a dependency alone as often.
 */
export function declaredCommandsDetector(claims: readonly PackageClaim[] = []): Detector {
  const commands = new Map<Package, ReadonlyMap<string, DeclaredCommand>>();
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
      const named = SETTINGS.test(path) ? [] : [...text.matchAll(QUOTED)].map(([, , name = '']) => name);
      const spelled = [...text.matchAll(SPELLED)].map(([, name = '']) => name);
      for (const name of new Set([...named, ...spelled])) {
        const command = declared.get(name);
        if (command === undefined || (command.isTool && !spelled.includes(name))) continue;
        const detail = `names ${name}, which ${owner.name} depends on`;
        trace.run([command.path], { detector: NAME, from: path, detail, certainty: 'inferred' });
      }
    },
  };
}

function isSource(path: RootPath, inode: FileInode): boolean {
  if (inode.size > MAX_SOURCE_BYTES) return false;
  return (
    SOURCE.test(path) ||
    SETTINGS.test(path) ||
    new TextDecoder('latin1').decode(readRange(inode, 0, 2)) === '#!'
  );
}

interface DeclaredCommand {
  readonly path: RootPath;
  /** A tool beside a library or a language: libwww-perl's are called GET and HEAD, so that a name alone says nothing. */
  readonly isTool: boolean;
}

/** The commands of what a package needs, recommends or suggests, without those that every system has, and interpreters. */
function declaredCommands(
  trace: Trace,
  owner: Package,
  claims: readonly PackageClaim[],
): ReadonlyMap<string, DeclaredCommand> {
  const found = new Map<string, DeclaredCommand>();
  for (const pkg of trace.packages.dependencies(owner, { recommends: true, suggests: true })) {
    if (pkg.essential || !isOrdinary(pkg)) continue;
    const isTool =
      LIBRARY_SECTION.test(pkg.section ?? '') || /^lib/.test(pkg.name) || claims.some((claim) => claim(pkg));
    for (const path of trace.packages.files(pkg)) {
      if (isCommandPath(path) && !isInterpreterName(baseName(path)))
        found.set(baseName(path), { path, isTool });
    }
  }
  return found;
}
