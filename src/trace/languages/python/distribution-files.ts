import { isDocumentationPath } from '../../../packages/path-kinds.ts';
import { baseName, parentPath, type RootPath } from '../../../rootfs/root-path.ts';
import type { Rootfs } from '../../../rootfs/rootfs.ts';
import { isCommandPath, isIntegrationPath } from '../../knowledge/payload-paths.ts';
import { UNREAD_FILE } from '../../knowledge/python.ts';

/** Returns a test for the files of distributions that a program may read. `version` is the interpreter's (`3.11`). */
export function runtimeFileTest(rootfs: Rootfs, version: string): (path: RootPath) => boolean {
  const tests = testDirectories(rootfs);
  const tag = version.replace('.', '');
  return (path) => {
    if (UNREAD_FILE.test(path) || isByteCode(path) || isDocumentationPath(path) || isIntegrationPath(path))
      return false;
    if (isCommandPath(path) || /\/bin\/[^/]+$/.test(path) || tests.contains(path)) return false;
    const built = /\.(?:cpython|pypy)-?(\d+)[^/]*\.so$/.exec(path)?.[1];
    return built === undefined || built.startsWith(tag);
  };
}

/** Compiled beside their sources (PEP 3147): they cost as much again, and Python does without. */
export function isByteCode(path: string): boolean {
  return path.includes('/__pycache__/');
}

/** Returns a test for paths in directories of tests: `tests`, and `test` where it holds files called test_*. */
export function testDirectories(rootfs: Rootfs): { contains(path: RootPath): boolean } {
  const known = new Map<RootPath, boolean>();
  const isTests = (directory: RootPath): boolean => {
    const name = baseName(directory);
    if (name === 'tests') return true;
    if (name !== 'test') return false;
    let answer = known.get(directory);
    if (answer === undefined) {
      answer = rootfs.list(directory).some((file) => /^test_.*\.py$|_test\.py$/.test(file));
      known.set(directory, answer);
    }
    return answer;
  };
  return {
    contains(path) {
      if (!path.includes('/test')) return false;
      for (let at = parentPath(path); at !== '/'; at = parentPath(at)) if (isTests(at)) return true;
      return false;
    },
  };
}
