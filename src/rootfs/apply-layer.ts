import { ImageError } from '../errors.ts';
import { AUFS_LINKS, type Change } from './change.ts';
import { Directory, IMPLIED } from './directory.ts';
import type { Inode } from './inode.ts';

/** As many as the kernel follows in one look-up. */
const MAX_LINKS = 40;

/**
 * Applies a layer's changes to the filesystem below `root` (OCI image-spec v1.1, layer.md "Applying Changesets").
 * Whiteouts hide what lower layers brought wherever in the layer they come, so they go first; then the entries in
 * their order, a later one of the same name winning. Throws ImageError for an entry that cannot be placed.
 */
export function applyChanges(root: Directory, changes: readonly Change[]): void {
  hideLower(root, changes);
  const tree = new LayerTree(root);
  for (const change of changes) {
    if (change.kind === 'directory') tree.placeDirectory(change);
    else if (change.kind === 'inode') tree.place(change.path, change.inode);
    else if (change.kind === 'hardlink') tree.link(change.path, change.target);
  }
}

function hideLower(root: Directory, changes: readonly Change[]): void {
  const whiteouts = changes.filter(({ kind }) => kind === 'whiteout' || kind === 'opaque');
  if (whiteouts.length === 0) return;
  const made = new Set(changes.filter(({ kind }) => kind === 'directory').map(({ path }) => path));
  for (const { kind, path } of whiteouts) {
    if (kind === 'opaque') hiddenDirectory(root, path, made)?.clear();
    else hiddenDirectory(root, parentOf(path), made)?.delete(nameOf(path));
  }
}

/** Returns the lower directory that a whiteout in `path` is about; `made` are the directories that the layer itself has. */
function hiddenDirectory(root: Directory, path: string, made: ReadonlySet<string>): Directory | undefined {
  return walk(root, path, { unlessReplaced: made });
}

/** LayerTree places the entries of one layer. */
class LayerTree {
  readonly #root: Directory;
  readonly #aufsLinks = new Map<string, Inode>();
  /** The directory of the last entry: the next one mostly is in it too. */
  #lastPath: string | undefined;
  #last: Directory;

  constructor(root: Directory) {
    this.#root = root;
    this.#last = root;
  }

  placeDirectory({ path, metadata }: Change & { readonly kind: 'directory' }): void {
    if (path === '') {
      this.#root.adopt(metadata);
      return;
    }
    const parent = this.#directory(parentOf(path), path);
    const existing = parent.get(nameOf(path));
    if (existing instanceof Directory) existing.adopt(metadata);
    // A link to a directory is replaced, not followed: so do moby and containerd (lstat, remove, mkdir).
    else this.#set(parent, nameOf(path), new Directory(metadata));
  }

  place(path: string, inode: Inode): void {
    if (path.startsWith(AUFS_LINKS)) this.#aufsLinks.set(path, inode);
    else this.#set(this.#directory(parentOf(path), path), nameOf(path), inode);
  }

  /** Gives the inode of `target` another name; a link there is not followed, as with link(2). */
  link(path: string, target: string): void {
    const inode = this.#aufsLinks.get(target) ?? lookup(this.#root, target);
    if (inode === undefined || inode.type === 'directory') {
      const reason = inode === undefined ? 'is not there' : 'is a directory';
      throw new ImageError(
        `cannot place ${quoted(path)}: it is a hard link to ${quoted(target)}, which ${reason}`,
      );
    }
    this.place(path, inode);
  }

  #set(parent: Directory, name: string, inode: Inode): void {
    const existing = parent.get(name);
    if (existing?.type === 'directory' || existing?.type === 'symlink') this.#lastPath = undefined;
    parent.set(name, inode);
  }

  /**
   * Returns the directory `path`, for the entry `subject` in it. Links on the way are followed inside the root, and
   * what is missing is made, as containerd does (fs.RootPath, then mkdir of the parents).
   */
  #directory(path: string, subject: string): Directory {
    if (path === this.#lastPath) return this.#last;
    const found = walk(this.#root, path, { isMaking: true });
    if (found === undefined)
      throw new ImageError(`cannot place ${quoted(subject)}: too many symbolic links on its way`);
    this.#lastPath = path;
    this.#last = found;
    return found;
  }
}

function lookup(root: Directory, path: string): Inode | undefined {
  return walk(root, parentOf(path), {})?.get(nameOf(path));
}

interface WalkOptions {
  /** Put a directory where nothing or something else is. */
  readonly isMaking?: boolean;
  /** Links at these paths are not followed, the walk ends there. */
  readonly unlessReplaced?: ReadonlySet<string>;
}

/**
 * Returns the directory `path`, following links inside the root; undefined when it is not there or behind too many links.
 * A whiteout must not follow a link that its own layer puts a directory in the place of: `lib/` with
 * `lib/.wh..wh..opq` over `lib -> usr/lib` would empty usr/lib.
 */
function walk(root: Directory, path: string, options: WalkOptions): Directory | undefined {
  const way = [root];
  const pending = partsOf(path).reverse();
  let named = pending.length;
  let walked = '';
  let links = 0;
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    // Components of `path` itself lie below those that a link's target pushed.
    if (pending.length < named) {
      named--;
      walked = walked === '' ? name : `${walked}/${name}`;
      if (options.unlessReplaced?.has(walked) && way.at(-1)?.get(name)?.type === 'symlink') return undefined;
    }
    if (name === '.') continue;
    if (name === '..') {
      if (way.length > 1) way.pop();
      continue;
    }
    const here = way.at(-1) ?? root;
    const inode = here.get(name);
    if (inode instanceof Directory) way.push(inode);
    else if (inode?.type === 'symlink') {
      if (++links > MAX_LINKS) return undefined;
      if (inode.target.startsWith('/')) way.length = 1;
      pending.push(...partsOf(inode.target).reverse());
    } else {
      if (options.isMaking !== true) return undefined;
      const made = new Directory(IMPLIED);
      here.set(name, made);
      way.push(made);
    }
  }
  return way.at(-1);
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function quoted(path: string): string {
  return JSON.stringify(`/${path}`);
}
