import type { RootPath } from '../../../rootfs/root-path.ts';
import type { Trace } from '../../trace.ts';
import type { Manifests } from './manifest.ts';
import type { Platform } from './platform.ts';
import type { SourceStore } from './source-store.ts';

/** NodeSurroundings is what one started program runs in. */
export interface NodeSurroundings {
  readonly trace: Trace;
  readonly sources: SourceStore;
  readonly manifests: Manifests;
  /** The interpreter as it was started. */
  readonly executable: RootPath;
  readonly platform: Platform;
  /** Directories that are searched after every node_modules. */
  readonly globals: readonly RootPath[];
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: RootPath;
}
