import type { RootPath } from '../../../rootfs/root-path.ts';
import type { Trace } from '../../trace.ts';
import type { SourceStore } from '../source-store.ts';
import type { PerlInstallation } from './installation.ts';
import type { PerlSource } from './scan-source.ts';

/** PerlSurroundings is what one started program runs in. */
export interface PerlSurroundings {
  readonly trace: Trace;
  readonly sources: SourceStore<PerlSource>;
  readonly installation: PerlInstallation;
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: RootPath;
}
