import type { Change } from './change.ts';
import type { DirectoryInode, FileInode, Inode } from './inode.ts';
import { ancestors, type RootPath } from './root-path.ts';
import type { Rootfs } from './rootfs.ts';

/** LayerUse is what one layer adds to an image. */
export interface LayerUse {
  /**
   * Bytes of its files, each inode once, and of the targets of its symbolic links: what Docker calls the layer's size (moby
   * pkg/directory, Size).
   */
  readonly bytes: number;
  /** Entries that are neither directories nor whiteouts. */
  readonly files: number;
  /** Bytes of its files that no name of the image leads to. */
  readonly hiddenBytes: number;
}

/** A file that a layer has and the image does not show. */
export interface HiddenFile {
  readonly path: RootPath;
  readonly bytes: number;
  /** Index of the layer that has it. */
  readonly layer: number;
  /** Index of the layer that replaced or deleted it. */
  readonly by: number;
  readonly how: 'replaced' | 'deleted';
}

/** DiveFigures are computed as dive does (wagoodman/dive 0.12, dive/filetree/efficiency.go and dive/image/analysis.go). */
export interface DiveFigures {
  /** Bytes of all versions of every path that more than one layer names, the visible version among them. */
  readonly wastedBytes: number;
  /** For each path the bytes of its smallest version, summed, over those of all versions. */
  readonly efficiency: number;
}

/** LayerAccount adds up, while layers are merged, what each of them brings and what later ones hide again. */
export class LayerAccount {
  readonly #layers: LayerRecord[] = [];
  readonly #paths = new Map<string, PathSizes>();

  /** Takes a layer before it is applied to `below`. */
  observe(changes: readonly Change[], below: DirectoryInode): void {
    const record = new LayerRecord(changes);
    this.#layers.push(record);
    for (const { path, size } of record.leaves(below)) {
      const sizes = this.#paths.get(path) ?? { count: 0, total: 0, least: Number.POSITIVE_INFINITY };
      sizes.count++;
      sizes.total += size;
      sizes.least = Math.min(sizes.least, size);
      this.#paths.set(path, sizes);
    }
  }

  /** Returns what each layer brings, lowest first, given what came of merging them all. */
  layers(merged: Rootfs): readonly LayerUse[] {
    const visible = visibleInodes(merged);
    return this.#layers.map(({ bytes, files, inodes }) => {
      let hiddenBytes = 0;
      for (const inode of inodes.keys()) if (!visible.has(inode)) hiddenBytes += inode.size;
      return { bytes, files, hiddenBytes };
    });
  }

  /** Returns the files that nobody sees, largest first. */
  hidden(merged: Rootfs): readonly HiddenFile[] {
    const visible = visibleInodes(merged);
    const files: HiddenFile[] = [];
    for (const [layer, { inodes }] of this.#layers.entries()) {
      for (const [inode, name] of inodes) {
        if (visible.has(inode)) continue;
        const path = `/${name}` as RootPath;
        files.push({ path, bytes: inode.size, layer, ...this.#hiderOf(path, layer) });
      }
    }
    return files.sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1));
  }

  dive(): DiveFigures {
    let wastedBytes = 0;
    let least = 0;
    let all = 0;
    for (const sizes of this.#paths.values()) {
      if (sizes.count > 1) wastedBytes += sizes.total;
      least += sizes.least;
      all += sizes.total;
    }
    return { wastedBytes, efficiency: all === 0 ? 1 : least / all };
  }

  /** The first later layer that names the path, or deletes it or a directory above; its own, where it names it twice. */
  #hiderOf(path: RootPath, layer: number): Pick<HiddenFile, 'by' | 'how'> {
    for (let by = layer + 1; by < this.#layers.length; by++) {
      const how = this.#layers[by]?.hides(path);
      if (how !== undefined) return { by, how };
    }
    return { by: layer, how: 'replaced' };
  }
}

interface PathSizes {
  count: number;
  total: number;
  least: number;
}

function visibleInodes(rootfs: Rootfs): ReadonlySet<Inode> {
  const inodes = new Set<Inode>();
  for (const [, inode] of rootfs.walk()) inodes.add(inode);
  return inodes;
}

/** A node of a layer's tree as dive has it: whiteouts beside what they are called after. */
interface Node {
  readonly path: string;
  readonly size: number;
  readonly isWhiteout: boolean;
}

/** LayerRecord is what one layer's changeset says, by path. */
class LayerRecord {
  /** Regular files by their first name. */
  readonly inodes = new Map<FileInode, string>();
  readonly bytes: number;
  readonly files: number;
  readonly #nodes = new Map<string, Node>();
  /** Directories that have something in this layer. */
  readonly #parents = new Set<string>();
  readonly #whiteouts = new Set<string>();
  readonly #opaque = new Set<string>();
  readonly #entries = new Set<string>();

  constructor(changes: readonly Change[]) {
    const names = new Map<string, Exclude<Inode, DirectoryInode> | undefined>();
    for (const change of changes) {
      this.#note(change);
      if (change.kind === 'inode') names.set(change.path, change.inode);
      else if (change.kind === 'hardlink') names.set(change.path, names.get(change.target));
    }
    let bytes = 0;
    const counted = new Set<Inode>();
    for (const [path, inode] of names) {
      if (inode === undefined || counted.has(inode)) continue;
      counted.add(inode);
      if (inode.type === 'symlink') bytes += Buffer.byteLength(inode.target);
      if (inode.type !== 'file') continue;
      bytes += inode.size;
      this.inodes.set(inode, path);
    }
    // A name that the layer has twice: its first file is in the blob, and nobody's.
    for (const change of changes)
      if (change.kind === 'inode' && change.inode.type === 'file' && !this.inodes.has(change.inode))
        this.inodes.set(change.inode, change.path);
    this.bytes = bytes;
    this.files = names.size;
  }

  #note(change: Change): void {
    const { kind, path } = change;
    if (kind === 'whiteout') this.#whiteouts.add(path);
    else if (kind === 'opaque') this.#opaque.add(path);
    else this.#entries.add(path);
    const isWhiteout = kind === 'whiteout';
    const key = isWhiteout ? path.replace(/[^/]*$/, '.wh.$&') : path;
    const size = change.kind === 'inode' && change.inode.type === 'file' ? change.inode.size : 0;
    if (key !== '') this.#nodes.set(key, { path, size, isWhiteout });
    for (let at = key.lastIndexOf('/'); at > 0; at = key.lastIndexOf('/', at - 1)) {
      const parent = key.slice(0, at);
      if (this.#parents.has(parent)) break;
      this.#parents.add(parent);
    }
  }

  /** Yields what dive counts: what has nothing below it in this layer; a deleted directory with all that it held. */
  *leaves(below: DirectoryInode): Generator<Node> {
    for (const [key, node] of this.#nodes) {
      if (this.#parents.has(key)) continue;
      yield node.isWhiteout ? { ...node, size: treeBytes(below, node.path) } : node;
    }
  }

  hides(path: RootPath): HiddenFile['how'] | undefined {
    const name = path.slice(1);
    if (this.#entries.has(name)) return 'replaced';
    if (this.#whiteouts.has(name)) return 'deleted';
    for (const directory of ancestors(path)) {
      const above = directory.slice(1);
      if (above !== '' && (this.#whiteouts.has(above) || this.#opaque.has(above))) return 'deleted';
    }
    return this.#opaque.has('') ? 'deleted' : undefined;
  }
}

/** The bytes of the files in the directory `path`, each once; 0 for anything else: dive takes a deleted file's as 0. */
function treeBytes(root: DirectoryInode, path: string): number {
  let at: Inode | undefined = root;
  for (const name of path.split('/')) at = at?.type === 'directory' ? at.get(name) : undefined;
  if (at?.type !== 'directory') return 0;
  const files = new Set<FileInode>();
  const pending: DirectoryInode[] = [at];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    for (const name of directory.names()) {
      const inode = directory.get(name);
      if (inode?.type === 'file') files.add(inode);
      else if (inode?.type === 'directory') pending.push(inode);
    }
  }
  return [...files].reduce((total, { size }) => total + size, 0);
}
