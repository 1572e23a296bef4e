import { type RootPath, rootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';

/** A line of passwd(5). */
interface Account {
  readonly name: string;
  readonly uid: string;
  readonly gid: string;
  readonly home: string;
}

/** Returns the home directory that passwd gives to User (a name or a uid, with or without `:group`), when it has one. */
export function userHome(rootfs: Rootfs, user: string): RootPath | undefined {
  const who = user.split(':')[0] || '0';
  const account = findAccount(rootfs, ({ name, uid }) => name === who || uid === who);
  if (account === undefined || !account.home.startsWith('/')) return undefined;
  const home = rootPath(account.home);
  return home === '/' ? undefined : home;
}

/** Returns the ids that an engine starts the process with: User by name or number, the group named or the account's. */
export function accountOf(rootfs: Rootfs, user: string): { readonly uid: number; readonly gid: number } {
  const [who = '', group = ''] = user.split(':');
  const account = findAccount(rootfs, ({ name, uid }) => name === (who || 'root') || uid === who);
  const uid = /^\d+$/.test(who) ? who : (account?.uid ?? '0');
  const gid = /^\d+$/.test(group) ? group : (account?.gid ?? '0');
  return { uid: Number.parseInt(uid, 10), gid: Number.parseInt(gid, 10) };
}

/** Returns the first account that fits; the lines behind it are not looked at, of which a hostile file has millions. */
function findAccount(rootfs: Rootfs, fits: (account: Account) => boolean): Account | undefined {
  const text = rootfs.text('/etc/passwd') ?? '';
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end < 0 ? text.length : end);
    const [name, , uid, gid, , home] = line.split(':');
    if (name && uid && gid && home !== undefined) {
      const account = { name, uid, gid, home };
      if (fits(account)) return account;
    }
    at = end < 0 ? text.length : end + 1;
  }
  return undefined;
}
