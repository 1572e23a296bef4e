import { joinPath, type RootPath } from '../../../rootfs/root-path.ts';
import type { KeepReason } from '../../keep-graph.ts';
import { DEVELOPER_MODULES, UNREAD_FILE } from '../../knowledge/python.ts';
import type { Trace } from '../../trace.ts';
import { isStandardLibrary, type PythonInstallation } from './installation.ts';

/** Developer modules that a person before the interpreter's prompt uses. */
const INTERACTIVE = new Set(['readline', 'rlcompleter', 'code', 'codeop', '_pyrepl', 'pydoc', 'pydoc_data']);

/** Keeps the standard library but for tools of development; returns the bytes that were new. */
export function keepWholeLibrary(trace: Trace, installation: PythonInstallation, reason: KeepReason): number {
  const { stdlib } = installation;
  const isLeftOut = (path: RootPath): boolean => {
    const [top = ''] = path.slice(stdlib.length + 1).split('/');
    const name = top.replace(/\..*$/, '');
    if (DEVELOPER_MODULES.has(name) && !INTERACTIVE.has(name)) return true;
    // config-3.11-x86_64-linux-gnu: the Makefile and the static library for building extensions.
    return /^config(?:-|$)/.test(top) || UNREAD_FILE.test(path) || path.includes('/__pycache__');
  };
  return trace.keepTree(stdlib, reason, {
    filter: (path) =>
      isStandardLibrary(installation, path) && !isLeftOut(path) && path !== joinPath(stdlib, 'test'),
  });
}
