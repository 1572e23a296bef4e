import { readFileSync } from 'node:fs';
import type { LayerEntry } from '../emit/layer-entries.ts';
import { reasonOf, UsageError } from '../errors.ts';
import { Digester } from '../oci/digest.ts';
import { reasonText } from '../report/reason-text.ts';
import type { FileInode, Inode } from '../rootfs/inode.ts';
import type { KeepGraph } from '../trace/keep-graph.ts';

/** The first line of a lock file; the number grows when an older reader would misunderstand what follows. */
const FIRST_LINE = '# oslim lock 1';
const EXPLANATION = '# path, type, mode, owner, content, reason; --frozen-lock compares all but the reason';
/** Contents are digested in pieces of this many bytes. */
const CHUNK = 1 << 20;

/** LockedImage is one image that a lock file describes. */
export interface LockedImage {
  /** `os/architecture[/variant]`, which names the image among those of an index. */
  readonly platform: string;
  readonly entries: readonly LayerEntry[];
  readonly graph: KeepGraph;
}

/** LockDifference is one path that a frozen lock has otherwise. */
export interface LockDifference {
  readonly platform: string;
  readonly path: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** What the lock says, and what the image has: type, mode, owner, content. */
  readonly before?: string;
  readonly after?: string;
}

/** Returns the lock file of these images: a line for each path of their layers, in the layers' order. */
export function lockText(images: readonly LockedImage[]): string {
  const lines = images.flatMap(({ platform, entries, graph }) => [
    `platform ${platform}`,
    ...entries.map((entry) => `${escaped(entry.path)} ${factsOf(entry.inode)} ${whyOf(entry, graph)}`),
  ]);
  return `${[FIRST_LINE, EXPLANATION, ...lines].join('\n')}\n`;
}

/** Returns what differs between two lock files, reasons apart, by platform and path; UsageError when `before` is none. */
export function compareLocks(before: string, after: string, file: string): readonly LockDifference[] {
  const [old, now] = [parseLock(before, file), parseLock(after, file)];
  const keys = [...new Set([...old.keys(), ...now.keys()])].sort();
  return keys.flatMap((key): LockDifference[] => {
    const [platform = '', path = ''] = key.split(' ');
    const [was, is] = [old.get(key), now.get(key)];
    if (was === is) return [];
    if (was === undefined) return [{ platform, path, change: 'added', ...(is ? { after: is } : {}) }];
    if (is === undefined) return [{ platform, path, change: 'removed', before: was }];
    return [{ platform, path, change: 'changed', before: was, after: is }];
  });
}

/** Returns the text of a lock file; UsageError when it cannot be read. */
export function readLock(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read the lock "${file}": ${reasonOf(error)}`, {
      cause: error,
      advice: 'write it first: without --frozen-lock',
    });
  }
}

/** Returns facts by `platform path`. */
function parseLock(text: string, file: string): ReadonlyMap<string, string> {
  const [first, ...lines] = text.split(/\r?\n/);
  if (first !== FIRST_LINE) {
    throw new UsageError(`cannot read the lock "${file}": its first line is not "${FIRST_LINE}"`, {
      advice: 'write it anew: without --frozen-lock',
    });
  }
  const facts = new Map<string, string>();
  let platform = '';
  for (const line of lines) {
    const [path = '', type, mode, owner, content] = line.split(' ', 5);
    if (path === 'platform') platform = type ?? '';
    else if (path.startsWith('/')) facts.set(`${platform} ${path}`, [type, mode, owner, content].join(' '));
    else if (path !== '' && !path.startsWith('#'))
      throw new UsageError(`cannot read the lock "${file}": "${escaped(line).slice(0, 80)}" is no path`);
  }
  return facts;
}

/** Type, mode with extended attributes, owner, content: what of a path can be told apart, its time left out. */
function factsOf(inode: Inode): string {
  const mode = inode.mode.toString(8).padStart(4, '0');
  const xattrs = [...inode.xattrs].map(
    ([name, value]) => `,${escaped(name)}=${Buffer.from(value).toString('hex')}`,
  );
  return `${inode.type} ${mode}${xattrs.sort().join('')} ${inode.uid}:${inode.gid} ${contentOf(inode)}`;
}

function contentOf(inode: Inode): string {
  if (inode.type === 'file') return digestOfFile(inode);
  if (inode.type === 'symlink') return `->${escaped(inode.target)}`;
  return 'major' in inode ? `${inode.major}:${inode.minor}` : '-';
}

/** Returns the sha256 digest of a file's contents. */
function digestOfFile({ content, offset, size }: FileInode): string {
  const digester = new Digester();
  for (let at = 0; at < size; at += CHUNK)
    digester.update(content.read(offset + at, Math.min(CHUNK, size - at)));
  return digester.digest();
}

function whyOf({ path, inode }: LayerEntry, graph: KeepGraph): string {
  const [reason] = graph.reasons(path);
  if (reason !== undefined) return reasonText(reason).replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
  return inode.type === 'directory' ? 'on the way' : 'packages: data for scanners, cut to what is kept';
}

/** A path as one word of a line that neither a terminal nor a pull request can be misled by. */
function escaped(text: string): string {
  return text.replace(
    /[\u0000-\u0020\\\u007f-\u009f\u2028-\u202e\u2066-\u2069]|\p{Cs}/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
