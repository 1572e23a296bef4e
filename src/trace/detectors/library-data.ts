import { isDocumentationPath } from '../../packages/path-kinds.ts';
import { baseName, type RootPath } from '../../rootfs/root-path.ts';
import type { Detector, KeptFile } from '../detector.ts';
import { expandPattern } from '../expand-pattern.ts';
import type { KeepReason } from '../keep-graph.ts';
import { LIBRARY_DATA, type LibraryData } from '../knowledge/library-data.ts';
import type { Trace } from '../trace.ts';

const NAME = 'library-data';

/** Bytes that one directory of a row may add; collections beyond it are somebody's data and not a library's. */
const DIRECTORY_LIMIT = 64e6;
/** Documentation and sources inside of such trees (TDS 1.1, sections 3.6 and 3.9). */
const DOCUMENTATION_TREE = /\/texmf(?:-dist)?\/(?:doc|source)$/;
/** Registries and typelibs are small; larger files are read by nobody for names. */
const MAX_REGISTRY_BYTES = 4 << 20;

/** Keeps what well-known libraries open by built-in names: fonts, loaders, schemas, drivers, their configuration. */
export const libraryData: Detector = {
  name: NAME,
  detect(file, trace) {
    if (trace.options.level === 'minimal' || file.inode.type !== 'file') return;
    const name = baseName(file.path);
    for (const row of LIBRARY_DATA) {
      if (row.libraries.test(name)) keepRow(trace, row, file);
    }
  },
};

function keepRow(trace: Trace, row: LibraryData, file: KeptFile): void {
  const reason: KeepReason = {
    detector: NAME,
    from: file.path,
    detail: `read by ${baseName(file.path)} (${row.source})`,
    certainty: 'inferred',
  };
  for (const path of row.paths.flatMap((pattern) => expandPattern(trace.rootfs, pattern))) {
    const found = trace.rootfs.resolve(path);
    if (found === undefined) continue;
    if (found.inode.type !== 'directory') trace.keep(path, reason);
    else if (row.isWhole === true || trace.rootfs.treeBytes(found.path) <= DIRECTORY_LIMIT) {
      trace.keep(path, reason);
      trace.keepTree(found.path, reason, {
        filter: (entry) =>
          !isDocumentationPath(entry) && !DOCUMENTATION_TREE.test(entry) && row.except?.test(entry) !== true,
      });
    }
    if (row.namesLibraries === true) keepNamedLibraries(trace, found.path, file);
  }
}

/** Opens the shared objects that the files at `path` name, as the library does. */
function keepNamedLibraries(trace: Trace, path: RootPath, file: KeptFile): void {
  const library = trace.linker.resolveProgram(file.path);
  if (library === undefined) return;
  for (const [registry, inode] of trace.rootfs.walk(path)) {
    if (inode.type !== 'file' || inode.size > MAX_REGISTRY_BYTES) continue;
    const text = new TextDecoder('latin1').decode(trace.rootfs.read(inode));
    for (const [name] of text.matchAll(/[\w./+-]*lib[\w.+-]+\.so(?:\.\d+)*/g)) {
      for (const { path: opened } of trace.linker.resolveDlopen(name, library).libraries) {
        trace.keep(opened, {
          detector: NAME,
          from: registry,
          detail: `names ${name}`,
          certainty: 'inferred',
        });
      }
    }
  }
}
