import { interpreterCall } from '../commands/interpreter-call.ts';
import type { Detector } from '../detector.ts';
import { expandPattern } from '../expand-pattern.ts';
import { NOT_LOADED, RUNTIME_TREES } from '../knowledge/runtime-trees.ts';

const NAME = 'runtime';

/** Keeps the whole library of an interpreter for which there is no detector that follows what a program loads. */
export const runtimeTree: Detector = {
  name: NAME,
  invoke(invocation, trace) {
    if (trace.options.level === 'minimal') return;
    const language = interpreterCall(invocation)?.language;
    for (const row of RUNTIME_TREES) {
      if (row.language !== language) continue;
      for (const directory of row.directories.flatMap((pattern) => expandPattern(trace.rootfs, pattern))) {
        trace.keepTree(
          directory,
          {
            detector: NAME,
            from: invocation.program,
            detail: `library of ${language} (${row.source})`,
            certainty: 'inferred',
          },
          { filter: (path) => !NOT_LOADED.test(path) },
        );
      }
    }
  },
};
