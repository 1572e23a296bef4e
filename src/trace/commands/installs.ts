import { rootPath } from '../../rootfs/root-path.ts';
import type { Word } from '../detector.ts';
import { INSTALLERS } from '../knowledge/installers.ts';
import { type InnerCommand, innerCommands } from './inner-commands.ts';

/** Wrappers within wrappers. */
const MAX_NESTING = 4;

/** Does a command line change which packages of the distribution are installed, itself or behind a wrapper (`sudo apt-get install`)? */
export function installsPackages(command: InnerCommand, depth = 0): boolean {
  const [name] = command.argv;
  if (name === undefined || name === '') return false;
  if (isInstaller(name, command.argv.slice(1))) return true;
  if (depth >= MAX_NESTING) return false;
  return innerCommands({ ...command, invokedAs: rootPath(name) }).some((inner) =>
    installsPackages(inner, depth + 1),
  );
}

function isInstaller(name: string, args: readonly Word[]): boolean {
  const rule = INSTALLERS.find(({ programs }) => programs.has(name.slice(name.lastIndexOf('/') + 1)));
  return rule !== undefined && args.some((word) => word !== undefined && rule.words.test(word));
}
