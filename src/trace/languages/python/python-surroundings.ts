import type { RootPath } from '../../../rootfs/root-path.ts';
import type { Trace } from '../../trace.ts';
import type { SourceStore } from '../source-store.ts';
import type { PythonInstallation } from './installation.ts';
import type { PythonSource } from './scan-source.ts';

/** PythonSurroundings is what one started program runs in. */
export interface PythonSurroundings {
  readonly trace: Trace;
  readonly sources: SourceStore<PythonSource>;
  readonly installation: PythonInstallation;
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: RootPath;
}
