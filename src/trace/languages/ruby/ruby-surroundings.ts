import type { RootPath } from '../../../rootfs/root-path.ts';
import type { ElfFacts } from '../../elf-facts.ts';
import type { Trace } from '../../trace.ts';
import type { RubyInstallation } from './installation.ts';
import type { SourceStore } from './source-store.ts';

/** RubySurroundings is what one started program runs in. */
export interface RubySurroundings {
  readonly trace: Trace;
  readonly sources: SourceStore;
  readonly installation: RubyInstallation;
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: RootPath;
  readonly facts: ElfFacts;
}
