import type { Package } from '../../packages/package.ts';
import { isDocumentationPath } from '../../packages/path-kinds.ts';
import type { FileInode } from '../../rootfs/inode.ts';
import type { RootPath } from '../../rootfs/root-path.ts';
import type { Detector } from '../detector.ts';
import type { KeepReason } from '../keep-graph.ts';
import { isCommandPath, isIntegrationPath } from '../knowledge/payload-paths.ts';
import type { Trace } from '../trace.ts';
import type { PackageClaim } from './package.ts';

const NAME = 'declared';

/** Bytes of a source; what is larger is data. */
const MAX_SOURCE_BYTES = 1 << 20;
const SOURCE = /\.(?:py|p[lm]|rb|php|inc|tcl|lua|R|scm)$/;
/** A literal that is a place of data: below /usr/share, or of state below /var/lib, with two names at least. */
const PLACE =
  /(["'])(\/(?:usr\/(?:local\/)?share|var\/(?:lib|cache|spool))\/[\w.+@-]+(?:\/[\w.+@-]+)*)\/?\1/g;

/** Bytes that a place's name alone speaks for, and with a declared dependency on its package. */
const SPELLED_LIMIT = 1e6;
const DECLARED_LIMIT = 32e6;

/**
 * Keeps the data whose place a packaged source spells: pyphen lists /usr/share/hyphen when it is imported. What the
 * interpreters' own libraries spell is for systems of every kind.
 */
export function declaredDataDetector(isInterpreter: PackageClaim): Detector {
  return {
    name: NAME,
    detect({ path, inode }, trace) {
      if (trace.options.level === 'minimal' || inode.type !== 'file' || !isSource(path, inode)) return;
      const owner = trace.packages.owner(path);
      if (owner === undefined || isInterpreter(owner)) return;
      const text = new TextDecoder('latin1').decode(trace.rootfs.read(inode));
      for (const place of new Set([...text.matchAll(PLACE)].map(([, , spelled = '']) => spelled)))
        keepPlace(trace, place, path, owner);
    },
  };
}

function isSource(path: RootPath, inode: FileInode): boolean {
  return inode.size <= MAX_SOURCE_BYTES && SOURCE.test(path);
}

function keepPlace(trace: Trace, place: string, from: RootPath, owner: Package): void {
  const found = trace.rootfs.resolve(place);
  if (found === undefined || isCommandPath(found.path)) return;
  if (isIntegrationPath(`${found.path}/`) || isDocumentationPath(`${found.path}/x` as RootPath)) return;
  const why: KeepReason = { detector: NAME, from, detail: `spells ${place}`, certainty: 'inferred' };
  trace.keep(place, why);
  if (found.inode.type !== 'directory') return;
  const declared = trace.packages.dependencies(owner, { recommends: true, suggests: true });
  const isDeclared = trace.packages.owners(found.path).some((pkg) => pkg === owner || declared.includes(pkg));
  if (trace.rootfs.treeBytes(found.path) <= (isDeclared ? DECLARED_LIMIT : SPELLED_LIMIT))
    trace.keepTree(found.path, why, { filter: (path) => !isDocumentationPath(path) });
}
