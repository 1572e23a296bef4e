import { describe, expect, it } from 'vitest';
import { memoryAccess } from '../io/random-access.ts';
import type { FileInode } from '../rootfs/inode.ts';
import { secureModeOf } from './secure-mode.ts';

const FILE: FileInode = {
  type: 'file',
  mode: 0o755,
  uid: 0,
  gid: 0,
  mtime: 0n,
  xattrs: new Map(),
  layer: 0,
  size: 0,
  content: memoryAccess(new Uint8Array(0)),
  offset: 0,
};
/** vfs_cap_data of `cap_net_bind_service` in some of its sets. */
const capability = (flags: number, permitted: number, inheritable: number) =>
  new Map([['security.capability', Uint8Array.of(flags, 0, 0, 2, 0, permitted, 0, 0, 0, inheritable, 0, 0)]]);
const CAPABILITY = capability(1, 4, 0);
const ROOT = { uid: 0, gid: 0 };
const USER = { uid: 1000, gid: 1000 };

describe('secureModeOf', () => {
  it.each([
    { summary: 'an ordinary file', file: {}, caller: USER, mode: 'no' },
    { summary: 'setuid root for root', file: { mode: 0o4755 }, caller: ROOT, mode: 'elsewhere' },
    { summary: 'setuid root for another user', file: { mode: 0o4755 }, caller: USER, mode: 'here' },
    {
      summary: 'setuid to another user for root',
      file: { mode: 0o4755, uid: 33 },
      caller: ROOT,
      mode: 'here',
    },
    { summary: 'setgid for another group', file: { mode: 0o2755, gid: 5 }, caller: USER, mode: 'here' },
    {
      summary: 'setgid without group execution (locking)',
      file: { mode: 0o2745, gid: 5 },
      caller: USER,
      mode: 'no',
    },
    { summary: 'a file capability for root', file: { xattrs: CAPABILITY }, caller: ROOT, mode: 'elsewhere' },
    {
      summary: 'a file capability for another user',
      file: { xattrs: CAPABILITY },
      caller: USER,
      mode: 'here',
    },
    {
      summary: 'a permitted capability that is not effective, for another user',
      file: { xattrs: capability(0, 4, 0) },
      caller: USER,
      mode: 'here',
    },
    {
      summary: 'an inheritable capability alone, for another user',
      file: { xattrs: capability(0, 0, 4) },
      caller: USER,
      mode: 'no',
    },
  ])('$summary: $mode', ({ file, caller, mode }) => {
    expect(secureModeOf({ ...FILE, ...file }, caller)).toBe(mode);
  });
});
