import { ancestors, baseName, joinPath, type RootPath, rootPath } from '../../rootfs/root-path.ts';
import type { Rootfs } from '../../rootfs/rootfs.ts';
import type { Invocation, Word } from '../detector.ts';
import { searchPath } from '../process-spec.ts';
import type { InnerCommand } from './inner-commands.ts';

/** What `npm run` and its like start. */
interface PackageScripts {
  readonly manifests: readonly RootPath[];
  readonly commands: readonly (InnerCommand & { readonly script: string })[];
}

const NOTHING: PackageScripts = { manifests: [], commands: [] };

/** Subcommands that are names of scripts (npm-start(1), npm-test(1), npm-stop(1), npm-restart(1)). */
const SCRIPT_COMMANDS = new Set(['start', 'test', 'stop', 'restart']);
/** Options with a value in the next word (npm(7) config; yarn and pnpm: --cwd, -C, --dir). */
const VALUE_OPTIONS = new Set([
  '--prefix',
  '-C',
  '--cwd',
  '--dir',
  '--workspace',
  '-w',
  '--filter',
  '-F',
  '--loglevel',
]);

/**
 * Returns the scripts of package.json that `npm start`, `npm run X`, `yarn X`, `pnpm run X` and `node --run X` start,
 * each by `/bin/sh -c` with the package's node_modules/.bin first in PATH (npm-run-script(1)), and the binary that
 * `npx` or `npm exec` starts.
 */
export function packageScripts(
  invocation: Pick<Invocation, 'invokedAs' | 'argv' | 'env' | 'cwd'>,
  rootfs: Rootfs,
): PackageScripts {
  const manager = baseName(invocation.invokedAs)
    .replace(/\.c?js$/, '')
    .replace(/-cli$/, '');
  if (!/^(?:npm|npx|yarn|yarnpkg|pnpm|pnpx|bun|node(?:js)?)$/.test(manager)) return NOTHING;
  const { words, directory } = operandsOf(invocation.argv.slice(1), invocation.cwd);
  const home = packageDirectory(rootfs, directory);
  if (home === undefined) return NOTHING;
  const env = withBinaries(invocation.env, home, invocation.cwd);
  const manifest = joinPath(home, 'package.json');
  const binary = binaryOf(manager, words);
  if (binary !== undefined) {
    return { manifests: [manifest], commands: [{ argv: binary, env, cwd: home, script: binary[0] ?? '' }] };
  }
  const { name, args } = scriptName(manager, words);
  if (name === undefined) return NOTHING;
  const scripts = scriptsOf(rootfs.text(manifest) ?? '');
  const commands = [`pre${name}`, name, `post${name}`].flatMap((script) => {
    const line =
      scripts.get(script) ??
      (script === 'start' && rootfs.file('server.js', home) ? 'node server.js' : undefined);
    if (line === undefined) return [];
    const whole = script === name ? [line, ...args].join(' ') : line;
    return [{ argv: ['/bin/sh', '-c', whole], env, cwd: home, script }];
  });
  return { manifests: [manifest], commands };
}

function operandsOf(
  words: readonly Word[],
  cwd: RootPath,
): { words: readonly string[]; directory: RootPath } {
  const operands: string[] = [];
  let directory = cwd;
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === undefined) continue;
    const [, glued] = /^--(?:prefix|cwd|dir)=(.+)$/.exec(word) ?? [];
    if (glued !== undefined) directory = rootPath(glued, cwd);
    else if (VALUE_OPTIONS.has(word)) {
      at++;
      if (/^(?:--prefix|-C|--cwd|--dir)$/.test(word)) directory = rootPath(words[at] ?? '.', cwd);
    } else if (word === '--run' || !word.startsWith('-')) operands.push(word);
  }
  return { words: operands, directory };
}

function packageDirectory(rootfs: Rootfs, from: RootPath): RootPath | undefined {
  return [from, ...ancestors(from)].find(
    (directory) => rootfs.file(joinPath(directory, 'package.json')) !== undefined,
  );
}

function withBinaries(env: ReadonlyMap<string, string>, home: RootPath, cwd: RootPath): Map<string, string> {
  const own = [home, ...ancestors(home)].map((directory) =>
    joinPath(joinPath(directory, 'node_modules'), '.bin'),
  );
  return new Map([...env, ['PATH', [...own, ...searchPath(env, cwd)].join(':')]]);
}

function binaryOf(manager: string, words: readonly string[]): readonly string[] | undefined {
  if (/^(?:npx|pnpx)$/.test(manager)) return words.length > 0 ? words : undefined;
  if (/^(?:npm|pnpm|yarn)$/.test(manager) && /^(?:exec|dlx|x)$/.test(words[0] ?? '') && words.length > 1)
    return words.slice(1);
  return undefined;
}

function scriptName(
  manager: string,
  words: readonly string[],
): { name: string | undefined; args: readonly string[] } {
  const [first, second, ...others] = words;
  if (/^node/.test(manager))
    return first === '--run' ? { name: second, args: others } : { name: undefined, args: [] };
  if (first === 'run' || first === 'run-script') return { name: second, args: others };
  const isName =
    first !== undefined && (SCRIPT_COMMANDS.has(first) || /^(?:yarn|yarnpkg|pnpm|bun)$/.test(manager));
  return { name: isName ? first : undefined, args: words.slice(1) };
}

function scriptsOf(text: string): ReadonlyMap<string, string> {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    // A package.json that npm cannot read either starts nothing.
    return new Map();
  }
  const scripts =
    typeof manifest === 'object' && manifest !== null && 'scripts' in manifest ? manifest.scripts : undefined;
  if (typeof scripts !== 'object' || scripts === null) return new Map();
  return new Map(
    Object.entries(scripts).flatMap(([name, line]) =>
      typeof line === 'string' ? [[name, line] as const] : [],
    ),
  );
}
