import { FormatError, OslimError } from '../errors.ts';
import { type RootPath, rootPath } from '../rootfs/root-path.ts';
import type { Rootfs } from '../rootfs/rootfs.ts';
import type { Warnings } from '../warnings.ts';
import { readDatabaseFile, textOf } from './database-file.ts';

/** A link that an alternatives group manages besides its master link. */
interface AlternativeSlave {
  readonly name: string;
  readonly link: RootPath;
}

/** One candidate of an alternatives group. */
interface AlternativeChoice {
  readonly path: RootPath;
  readonly priority: number;
  /** For each slave of the group its target; undefined where this choice has none. */
  readonly slaves: readonly (RootPath | undefined)[];
}

/** AlternativeGroup is one group of update-alternatives(1), as its administrative directory describes it. */
export interface AlternativeGroup {
  readonly name: string;
  readonly mode: 'auto' | 'manual';
  /** The generic name: /usr/bin/awk. */
  readonly link: RootPath;
  readonly slaves: readonly AlternativeSlave[];
  readonly choices: readonly AlternativeChoice[];
}

/** Debian; Red Hat's chkconfig; openSUSE, which took Debian's program. */
const ADMIN_DIRECTORIES = [
  '/var/lib/dpkg/alternatives',
  '/var/lib/alternatives',
  '/var/lib/rpm/alternatives',
];

/**
 * Returns the groups of update-alternatives in the rootfs, by name; a malformed one is left out with a
 * warning.
 */
export function readAlternatives(rootfs: Rootfs, warnings: Warnings): AlternativeGroup[] {
  const groups: AlternativeGroup[] = [];
  for (const directory of ADMIN_DIRECTORIES) {
    for (const name of rootfs.list(directory)) {
      const path = `${directory}/${name}`;
      try {
        const file = readDatabaseFile(rootfs, path);
        if (file !== undefined) groups.push(parseAlternative(name, textOf(file)));
      } catch (error) {
        if (!(error instanceof OslimError)) throw error;
        warnings.add('PACKAGE_DATABASE', error.message, path);
      }
    }
  }
  return groups;
}

/**
 * Parses a file of the alternatives database (dpkg, lib/dpkg and utils/update-alternatives.c): mode, master
 * link, pairs of slave name and link, an empty line; then for each choice its path, its priority and a line
 * for every slave, empty when it has none.
 */
export function parseAlternative(name: string, text: string): AlternativeGroup {
  // Every line has its newline, the empty one at the end too: what follows the last newline was cut off.
  const lines = text.split('\n').slice(0, -1);
  let next = 0;
  const take = (what: string): string => {
    const line = lines[next++];
    if (line === undefined) throw malformed(name, text.length, `it ends before ${what}`);
    return line;
  };
  const mode = take('the mode');
  if (mode !== 'auto' && mode !== 'manual') throw malformed(name, 0, 'its mode is neither auto nor manual');
  const link = take('the link');
  if (!link.startsWith('/')) throw malformed(name, mode.length + 1, 'its link is not absolute');

  const slaves: AlternativeSlave[] = [];
  for (let slave = take('the end of the slaves'); slave !== ''; slave = take('the end of the slaves')) {
    slaves.push({ name: slave, link: rootPath(take('the link of a slave')) });
  }
  const choices: AlternativeChoice[] = [];
  for (let path = take('the end of the choices'); path !== ''; path = take('the end of the choices')) {
    // chkconfig writes the priority with a family before and a service behind it: "@java@170 name".
    const priority = Number.parseInt(take('a priority').replace(/^@[^@]*@/, ''), 10);
    if (Number.isNaN(priority)) throw malformed(name, 0, `the priority of "${path}" is no number`);
    const targets = slaves
      .map(() => take('the slaves of a choice'))
      .map((to) => (to === '' ? undefined : rootPath(to)));
    choices.push({ path: rootPath(path), priority, slaves: targets });
  }
  return { name, mode, link: rootPath(link), slaves, choices };
}

function malformed(name: string, offset: number, reason: string): FormatError {
  return new FormatError('alternatives', offset, `cannot read the alternatives group "${name}": ${reason}`);
}
