import { gzipTarget, zstdTarget } from './compression-targets.ts';
import { elfTarget, ldSoCacheTarget } from './elf-targets.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { challengeTarget, manifestTarget, referenceTarget } from './oci-targets.ts';
import { apkTarget, dpkgTarget, rpmTarget } from './package-targets.ts';
import { javascriptTarget, pythonTarget, shellTarget } from './script-targets.ts';
import { tarTarget } from './tar-target.ts';

/** Every reader that is fuzzed. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [
  tarTarget,
  gzipTarget,
  zstdTarget,
  elfTarget,
  ldSoCacheTarget,
  manifestTarget,
  referenceTarget,
  challengeTarget,
  rpmTarget,
  dpkgTarget,
  apkTarget,
  shellTarget,
  pythonTarget,
  javascriptTarget,
];
