import picomatch from 'picomatch';

/** Returns a test for paths that match any of the globs (picomatch; a directory's path also matches what is below it). */
export function pathMatcher(globs: readonly string[]): (path: string) => boolean {
  const absolute = globs.map((glob) => (glob.startsWith('/') ? glob : `/${glob}`).replace(/(.)\/+$/, '$1'));
  const tests = absolute.flatMap((glob) => [
    picomatch(glob, { dot: true }),
    picomatch(`${glob}/**`, { dot: true }),
  ]);
  return (path) => tests.some((test) => test(path));
}
