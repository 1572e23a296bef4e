import type { FileInode } from '../../rootfs/inode.ts';
import { baseName, type RootPath } from '../../rootfs/root-path.ts';
import { readRange } from '../../rootfs/rootfs.ts';
import { grammarOf, type Language } from '../commands/interpreters.ts';
import { isInterpreterName } from '../commands/is-interpreter.ts';
import { parseShebang, readerOf } from '../commands/shebang.ts';
import type { Detector, KeptFile } from '../detector.ts';
import { isCommandPath } from '../knowledge/payload-paths.ts';
import { originOf } from '../layer-origin.ts';
import { requestedByAuthor } from '../requested.ts';
import type { Trace } from '../trace.ts';

const NAME = 'spelled-commands';

/** Languages whose detectors tell a call from a word. */
const READ: ReadonlySet<Language | undefined> = new Set([
  'shell',
  'python',
  'node',
  'ruby',
  'perl',
  'php',
  'java',
]);
/** Sources of languages without a detector: what a script loads stands in such files. */
const SOURCE = /\.(?:tcl|tm|exp|itcl|lua|scm|rkt|lisp|r|jl|ml|pl?ro|awk|gp|m4)$/i;
/** Bytes of a source that is read. */
const SOURCE_LIMIT = 1 << 20;
const WORD = /[A-Za-z][\w.+-]*/g;
/** The word behind what starts a program: `spawn -noecho x` (expect(1)), `exec x` (Tcl), `os.execute("x`, `io.popen("x` (Lua), `system("x` (R, awk, Guile). */
const STARTED = /\b(?:spawn|exec|execute|popen|system)\b[\s("'{[|*]*(?:-\w+\s+)*([A-Za-z][\w.+-]*)/g;
/** Calls of the C library's system(3) and popen(3), which start /bin/sh. */
const SHELL_CALL = /\b(?:os\.execute|(?:io\.)?popen|system)\b\s*[("']/;

/**
 * Starts what a script of the author's own spells where its language has no detector: any command behind a word that
 * starts programs; of all other words those that are commands of the author's own, or of a package installed by name.
 */
export const spelledCommands: Detector = {
  name: NAME,
  detect(file, trace) {
    if (trace.options.level === 'minimal' || trace.packages.owner(file.path) !== undefined) return;
    startQuoted(file, trace);
    const source = foreignSource(file);
    if (source === undefined) return;
    if (SHELL_CALL.test(source))
      trace.run(['/bin/sh'], {
        detector: NAME,
        from: file.path,
        detail: 'gives lines to the shell',
        certainty: 'inferred',
      });
    const started = new Set([...source.matchAll(STARTED)].map(([, name = '']) => name));
    for (const name of new Set(source.match(WORD))) {
      const command = isInterpreterName(name) ? undefined : trace.findCommand(name)?.file.path;
      if (command === undefined || !isCommandPath(command)) continue;
      if (!started.has(name) && !isOfTheAuthor(trace, command)) continue;
      const detail = `spells the command ${name}`;
      trace.run([name], { detector: NAME, from: file.path, detail, certainty: 'inferred' });
    }
  },
};

/** Sources and settings of an application, in languages whose detectors follow calls but no tables of names. */
const APPLICATION = /\.(?:py|rb|[cm]?js|ts|php|phtml|p[lm]|java|json|ya?ml|toml|ini|cfg|conf|properties)$/i;
/** What an author's tree has of others, and what says how it is built. */
const OTHERS =
  /\/(?:node_modules|site-packages|dist-packages|vendor|gems)\/|\/(?:package|composer|tsconfig|bower)[\w.-]*\.json$|\/pnpm-lock\.yaml$/;
/** The first word of a quoted text, and what follows it there; a plain value of YAML or INI. */
const QUOTED =
  /["'`]([A-Za-z][\w.+-]*)(?=(["'`\s]|%[sd]|\$?\{))|^[\s-]*[\w.-]+\s*[:=]\s*([A-Za-z][\w.+-]*)(?=(\s|$))/gm;
/** Letters before a hole that say which family of commands is meant: `"pnmto%s"`. */
const FAMILY_PREFIX = 3;

/**
 * Starts commands of packages installed by name that an application's own files quote: tables of tools, settings, constants
 * (`TOOLS = {"wav": "sox"}`, `tools: [qrencode]`). Of a name with a hole, all that begin like it.
 */
function startQuoted({ inode, path }: KeptFile, trace: Trace): void {
  if (inode.type !== 'file' || inode.size > SOURCE_LIMIT || !APPLICATION.test(path) || OTHERS.test(path))
    return;
  if (originOf(trace, inode) === 'base') return;
  const source = new TextDecoder().decode(readRange(inode, 0, inode.size));
  for (const [, quoted, next = '', plain] of source.matchAll(QUOTED)) {
    const name = quoted ?? plain ?? '';
    const isWhole = plain !== undefined || /^["'`\s]$/.test(next);
    const names = isWhole ? [name] : commandsLike(trace, name);
    for (const one of names) {
      const command = isInterpreterName(one) ? undefined : trace.findCommand(one)?.file.path;
      if (command === undefined || !isCommandPath(command) || !isInstalledByName(trace, command)) continue;
      const detail = `names the command ${one}`;
      trace.run([one], { detector: NAME, from: path, detail, certainty: 'inferred' });
    }
  }
}

function commandsLike(trace: Trace, prefix: string): readonly string[] {
  if (prefix.length < FAMILY_PREFIX) return [];
  const names = new Set<string>();
  for (const pkg of requestedByAuthor(trace))
    for (const file of trace.packages.files(pkg))
      if (isCommandPath(file) && baseName(file).startsWith(prefix)) names.add(baseName(file));
  return [...names];
}

function isInstalledByName(trace: Trace, command: RootPath): boolean {
  const owner = trace.packages.owner(command);
  return owner !== undefined && owner.section !== 'vcs' && requestedByAuthor(trace).has(owner);
}

/** The text of a program or source file in a language without a detector; undefined for all else. */
function foreignSource({ inode, path, role }: KeptFile): string | undefined {
  if (inode.type !== 'file' || inode.size > SOURCE_LIMIT) return undefined;
  if (!SOURCE.test(path) && (role !== 'program' || !isForeignScript(inode))) return undefined;
  return new TextDecoder().decode(readRange(inode, 0, inode.size));
}

function isForeignScript(inode: FileInode): boolean {
  const shebang = parseShebang(readRange(inode, 0, 512));
  if (shebang === undefined) return false;
  return !READ.has(grammarOf(baseName(readerOf(shebang)))?.language);
}

function isOfTheAuthor(trace: Trace, command: RootPath): boolean {
  const owner = trace.packages.owner(command);
  if (owner !== undefined) return requestedByAuthor(trace).has(owner);
  const inode = trace.rootfs.lookup(command);
  return (
    inode !== undefined && originOf(trace, inode) !== 'base' && trace.packages.listedBy(command).length === 0
  );
}
