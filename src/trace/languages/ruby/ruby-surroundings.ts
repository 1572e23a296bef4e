import type { RootPath } from '../../../rootfs/root-path.ts';
import type { ElfFacts } from '../../elf-facts.ts';
import type { Trace } from '../../trace.ts';
import type { SourceStore } from '../source-store.ts';
import type { RubyInstallation } from './installation.ts';
import type { RubySource } from './scan-source.ts';

/** RubySurroundings is what one started program runs in. */
export interface RubySurroundings {
  readonly trace: Trace;
  readonly sources: SourceStore<RubySource>;
  readonly installation: RubyInstallation;
  readonly env: ReadonlyMap<string, string>;
  readonly cwd: RootPath;
  readonly facts: ElfFacts;
}
