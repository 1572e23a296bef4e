import { type ByteRange, isRemote, type RemoteAccess } from '../io/remote-access.ts';
import type { Inode } from './inode.ts';

/** Brings the contents of these files over at once where they are elsewhere; what is here already is left alone. */
export async function prefetchFiles(inodes: Iterable<Inode | undefined>): Promise<void> {
  const wanted = new Map<RemoteAccess, ByteRange[]>();
  for (const inode of inodes) {
    if (inode?.type !== 'file' || inode.size === 0 || !isRemote(inode.content)) continue;
    const ranges = wanted.get(inode.content) ?? [];
    ranges.push({ offset: inode.offset, length: inode.size });
    wanted.set(inode.content, ranges);
  }
  await Promise.all([...wanted].map(([content, ranges]) => content.prefetch(ranges)));
}
