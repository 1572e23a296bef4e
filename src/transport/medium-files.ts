import { statSync } from 'node:fs';
import { join } from 'node:path';
import { FormatError, ImageError, reasonOf, TransportError } from '../errors.ts';
import { checkLimit, type Limits } from '../io/limits.ts';
import { FileAccess, memoryAccess, type RandomAccess, sliceAccess } from '../io/random-access.ts';
import type { TarEntry } from '../tar/entry.ts';
import { BLOCK_SIZE } from '../tar/header.ts';
import { indexTar } from '../tar/reader.ts';

/** MediumFiles are the files that a medium (a directory or an archive) is made of, by their path in it. */
export interface MediumFiles {
  /** What the user calls it, for messages. */
  readonly label: string;
  /** Returns the contents of a regular file; undefined when there is none of that name. */
  open(path: string): RandomAccess | undefined;
  close(): void;
}

/** Returns the whole of a document; undefined when it is not there. Throws LimitError (`name`). */
export function readDocument(
  files: MediumFiles,
  path: string,
  limits: Limits,
  name: 'manifestBytes' | 'configBytes',
): Uint8Array | undefined {
  const access = files.open(path);
  if (access === undefined) return undefined;
  checkLimit(limits, name, access.size, `${path} of "${files.label}"`);
  return access.read(0, access.size);
}

/** Returns the files below a directory of the host, those of `overlay` in place of what is there. */
export function directoryFiles(
  directory: string,
  overlay: ReadonlyMap<string, Uint8Array> = new Map(),
): MediumFiles {
  const open = new Map<string, FileAccess>();
  return {
    label: directory,
    open(path) {
      const laid = overlay.get(path);
      if (laid !== undefined) return memoryAccess(laid);
      const known = open.get(path);
      if (known !== undefined) return known;
      const hostPath = join(directory, path);
      const access = openIfFile(hostPath);
      if (access !== undefined) open.set(path, access);
      return access;
    },
    close() {
      for (const access of open.values()) access.close();
      open.clear();
    },
  };
}

function openIfFile(hostPath: string): FileAccess | undefined {
  try {
    return statSync(hostPath, { throwIfNoEntry: false })?.isFile() ? new FileAccess(hostPath) : undefined;
  } catch (error) {
    throw new TransportError('source', `cannot read "${hostPath}": ${reasonOf(error)}`, { cause: error });
  }
}

interface Member {
  readonly entry: Pick<TarEntry, 'type' | 'linkname'>;
  readonly offset: number;
  readonly size: number;
}

/** No archive of an image links through more than one; the rest is a loop. */
const MAX_LINKS = 16;

/**
 * Indexes a plain tar and returns its files; symbolic and hard links between them are followed, because old
 * `docker save` writes a layer that two images share once and links to it. Contents stay in `access`.
 */
export function archiveFiles(
  label: string,
  access: RandomAccess,
  close: () => void,
  limits: Limits,
): MediumFiles {
  const members = indexArchive(label, access, limits);
  const opened = new Map<string, RandomAccess>();
  return {
    label,
    open(path) {
      const known = opened.get(path);
      if (known !== undefined) return known;
      const member = follow(label, members, path);
      if (member === undefined) return undefined;
      const contents = sliceAccess(access, member.offset, member.size);
      opened.set(path, contents);
      return contents;
    },
    close,
  };
}

function indexArchive(label: string, access: RandomAccess, limits: Limits): ReadonlyMap<string, Member> {
  const members = new Map<string, Member>();
  let count = 0;
  try {
    for (const { entry, dataOffset, storedSize, segments } of indexTar(access, limits)) {
      checkLimit(limits, 'entries', ++count, `"${label}"`);
      checkLimit(limits, 'pathBytes', entry.name.length, `"${label}"`);
      // A sparse blob would not be one run of bytes; no writer of images makes one.
      if (segments === undefined)
        members.set(normalized(entry.name), { entry, offset: dataOffset, size: storedSize });
    }
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    // What has one right header is a tar, if only the beginning of one.
    const isTar = error.offset >= BLOCK_SIZE;
    const reason = !isTar ? 'it is not an archive (tar)' : error.message.replace(/^cannot read tar: /, '');
    throw new FormatError('tar', error.offset, `cannot read "${label}": ${reason}`, { cause: error });
  }
  return members;
}

function follow(label: string, members: ReadonlyMap<string, Member>, path: string): Member | undefined {
  let name = normalized(path);
  for (let links = 0; links < MAX_LINKS; links++) {
    const member = members.get(name);
    if (member === undefined) return undefined;
    const { type, linkname } = member.entry;
    if (type === 'file') return member;
    if (type === 'hardlink') name = normalized(linkname);
    else if (type === 'symlink')
      name = normalized(linkname.startsWith('/') ? linkname : `${name}/../${linkname}`);
    else return undefined;
  }
  throw new ImageError(`cannot read "${label}": ${path} is a link that leads in a circle`);
}

/** Names inside an archive: `./a`, `/a` and `b/../a` are `a`; nothing is above the top. */
function normalized(name: string): string {
  const parts: string[] = [];
  for (const part of name.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}
