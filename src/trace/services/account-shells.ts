import type { Rootfs } from '../../rootfs/rootfs.ts';

/** An account that may log in. */
interface LoginAccount {
  readonly name: string;
  readonly home: string;
  readonly shell: string;
}

/** Uids of persons (login.defs(5), UID_MIN to UID_MAX as distributions set them), and root. */
const isPerson = (uid: number) => uid === 0 || (uid >= 1000 && uid < 60_000);

/**
 * Returns the accounts of passwd(5) with a shell (nologin and false are none): those named or, without names, those
 * that persons log in to.
 */
export function accountShells(rootfs: Rootfs, names?: readonly string[]): readonly LoginAccount[] {
  return (rootfs.text('/etc/passwd') ?? '').split('\n').flatMap((line) => {
    const [name, , uid, , , home, shell] = line.trim().split(':');
    if (!name || uid === undefined || !home?.startsWith('/') || !shell?.startsWith('/')) return [];
    const isShell = !/\/(?:nologin|false|sync|halt|shutdown)$/.test(shell);
    const isMeant = names === undefined ? isPerson(Number.parseInt(uid, 10)) : names.includes(name);
    return isShell && isMeant ? [{ name, home, shell }] : [];
  });
}
