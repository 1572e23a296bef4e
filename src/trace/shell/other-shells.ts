import type { RootPath } from '../../rootfs/root-path.ts';
import { splitWords } from '../commands/split-words.ts';
import type { Trace } from '../trace.ts';

/** Shells whose grammar is not Bourne's: csh(1), fish(1), execlineb(1), nsh. */
const OTHER_SHELLS = /^(?:t?csh|fish|execlineb|elvish|xonsh|nu)$/;

export function isOtherShell(name: string): boolean {
  return OTHER_SHELLS.test(name);
}

/**
 * Runs the obvious commands of a script in a language that is not parsed: the first word of each line and block that
 * names a command. What else it does is not known, which a warning says.
 */
export function traceOtherShell(
  trace: Trace,
  text: string,
  { from, cwd, env }: { from: RootPath; cwd: RootPath; env: ReadonlyMap<string, string> },
): void {
  let isUnclear = false;
  for (const line of text.replaceAll(/\\\n/g, ' ').split(/\n|;|&&|\|\||[|{]/)) {
    const words = splitWords(line.replace(/#.*/, '')).filter((word) => word !== '}' && word !== '{');
    const [name] = words;
    if (name === undefined) continue;
    if (name.includes('$')) isUnclear = true;
    const argv = words.map((word) => (/[$*?]/.test(word) ? undefined : word));
    trace.run(
      argv,
      { detector: 'script', from, detail: `runs ${name}`, certainty: 'inferred' },
      { cwd, env },
    );
  }
  if (isUnclear) trace.warnings.add('UNFOLLOWED', `cannot tell every command that "${from}" runs`, from);
}
