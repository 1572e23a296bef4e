/**
 * RootPath is an absolute, normalised path inside an image: begins with `/`, no `.`, `..`, empty component or
 * trailing slash; `/` is the root. It never is a path of the host.
 */
export type RootPath = string & { readonly __brand: 'RootPath' };

export const ROOT = '/' as RootPath;

/** Returns `path` read from `cwd`, normalised lexically; `..` at the root stays at the root, as in a chroot. */
export function rootPath(path: string, cwd: RootPath = ROOT): RootPath {
  const parts: string[] = [];
  const from = path.startsWith('/') ? path : `${cwd}/${path}`;
  for (const part of from.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}` as RootPath;
}

/** Returns the path of `name` (one component) in `directory`. */
export function joinPath(directory: RootPath, name: string): RootPath {
  return (directory === '/' ? `/${name}` : `${directory}/${name}`) as RootPath;
}

export function parentPath(path: RootPath): RootPath {
  return (path.slice(0, path.lastIndexOf('/')) || '/') as RootPath;
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Is `path` the directory itself or something below it? */
export function isWithin(path: RootPath, directory: RootPath): boolean {
  return directory === '/' || path === directory || path.startsWith(`${directory}/`);
}

/** Returns the directories above `path`, nearest first, the root last. */
export function ancestors(path: RootPath): RootPath[] {
  const result: RootPath[] = [];
  for (let at = path; at !== '/'; ) {
    at = parentPath(at);
    result.push(at);
  }
  return result;
}
