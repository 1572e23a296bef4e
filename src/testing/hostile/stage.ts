import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { type HostileCase, KEEP_EVERYTHING } from './hostile-case.ts';

/** Stage is the directory that one case has for itself, and what is run there. */
export interface Stage {
  readonly directory: string;
  /** The working directory; HOME, TMPDIR and the destination lie beside it. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly argv: readonly string[];
  /** Where the slim image goes. */
  readonly output: string;
  /** All files that the command line names as destinations: nothing else may be new afterwards. */
  readonly outputs: readonly string[];
}

/** What a run came to. */
export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Writes the case's input below `directory`, which must not be there yet. */
export function setStage(directory: string, { input, command = KEEP_EVERYTHING }: HostileCase): Stage {
  for (const name of ['cwd', 'home', 'tmp', 'out', 'in'])
    mkdirSync(join(directory, name), { recursive: true });
  // What an escape would hit: beside the input, beside the destination and above them.
  for (const name of ['out/victim', 'in/victim', 'victim', 'home/victim']) {
    writeFileSync(join(directory, name), 'untouched');
  }
  const made = input();
  let image = join(directory, 'in/image.tar');
  if ('archive' in made) writeFileSync(image, made.archive);
  else {
    const layout = join(directory, 'in/layout');
    for (const [path, bytes] of made.layout) writeBelow(join(layout, path), bytes);
    for (const [path, target] of Object.entries(made.links ?? {})) {
      mkdirSync(dirname(join(layout, path)), { recursive: true });
      symlinkSync(target, join(layout, path));
    }
    image = `oci:${layout}`;
  }
  const out = join(directory, 'out');
  const argv = command.map((word) => word.replace(/^IMAGE$/, image).replace('OUT/', `${out}/`));
  return {
    directory,
    cwd: join(directory, 'cwd'),
    env: {
      PATH: process.env.PATH ?? '',
      HOME: join(directory, 'home'),
      XDG_CACHE_HOME: join(directory, 'home/.cache'),
      TMPDIR: join(directory, 'tmp'),
      // The stack begins with the class of the error.
      OSLIM_DEBUG: '1',
      NO_COLOR: '1',
    },
    argv,
    output: join(out, 'slim.tar'),
    outputs: argv.flatMap((word) => {
      const at = word.indexOf(`${out}/`);
      return at < 0 ? [] : [word.slice(at)];
    }),
  };
}

function writeBelow(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

/** Returns what is in a directory, one line a path with kind, mode and contents; without what `leaveOut` names. */
export function listing(directory: string, leaveOut: readonly string[] = []): string[] {
  const lines: string[] = [];
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(directory, name);
    if (leaveOut.includes(path)) continue;
    const stat = lstatSync(path);
    const contents = stat.isFile()
      ? createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 12)
      : stat.isSymbolicLink()
        ? readlinkSync(path)
        : '';
    lines.push(`${name} ${stat.mode.toString(8)} ${contents}`);
  }
  return lines;
}
