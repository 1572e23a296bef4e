import { baseName, parentPath, type RootPath, rootPath } from '../../../rootfs/root-path.ts';
import { grammarOf } from '../../commands/interpreters.ts';
import { isConfigurationPath } from '../../commands/operands.ts';
import { splitWords } from '../../commands/split-words.ts';
import type { KeepReason } from '../../keep-graph.ts';
import { isCommandPath, isIntegrationPath, isSourceFile } from '../../knowledge/payload-paths.ts';
import type { Trace } from '../../trace.ts';
import { isBroad } from './class-path.ts';
import type { CodeFacts } from './code-facts.ts';

/** Bytes of a directory that code spells. */
const DIRECTORY_LIMIT = 64e6;
/** Words of a command line that a class spells behind the command's name. */
const MAX_WORDS = 8;

/** Keeps the files and directories that code spells by absolute path. */
export function keepSpelledPaths(trace: Trace, facts: CodeFacts, from: RootPath): void {
  for (const path of facts.paths) {
    if (path.length < 4 || isIntegrationPath(path) || /^\/(?:proc|sys|dev)(?:\/|$)/.test(path)) continue;
    const found = trace.rootfs.resolve(path);
    const reason = inferred(from, `spells ${path}`);
    if (found === undefined) keepPlaceOf(trace, path, reason);
    else if (found.inode.type === 'directory') keepSpelledDirectory(trace, path, found.path, reason);
    // Commands are kept where something starts them.
    else if (!isCommandPath(path) && !isCommandPath(found.path) && !isSourceFile(baseName(found.path)))
      trace.keep(path, reason, { role: isConfigurationPath(found.path) ? 'config' : 'data' });
  }
}

/** `/var/log/app/app.log` that does not exist yet needs its directory. */
function keepPlaceOf(trace: Trace, path: string, reason: KeepReason): void {
  const parent = parentPath(rootPath(path));
  if (!/^\/(?:run|var|opt|srv|data)\/./.test(parent)) return;
  if (trace.rootfs.resolve(parent)?.inode.type === 'directory') trace.keep(parent, reason);
}

function keepSpelledDirectory(trace: Trace, path: string, real: RootPath, reason: KeepReason): void {
  if (isBroad(real)) return;
  trace.keep(path, reason);
  const isOwn = trace.packages.owners(real).length === 0;
  if (!isOwn || trace.rootfs.treeBytes(real) > DIRECTORY_LIMIT) return;
  trace.keepTree(real, reason, {
    filter: (entry) => !isSourceFile(baseName(entry)) && trace.packages.listedBy(entry).length === 0,
  });
}

/** Runs the commands that classes spell which start programs; says so when an application's own class spells none. */
export function runSpelledCommands(trace: Trace, facts: CodeFacts, from: RootPath): void {
  const unknown: string[] = [];
  for (const { name, strings, isOwn, isSplit } of facts.starting) {
    const className = name.replaceAll('/', '.');
    const reason = inferred(from, `${className} starts it`);
    const lines = commandLines(strings, isSplit);
    const possible = lines.filter(([command = '']) => isOwn || isPlainCommand(command));
    const started = possible.filter((argv) => trace.run(argv, reason) !== undefined);
    if (isOwn && started.length === 0) unknown.push(className);
  }
  const [first, ...others] = unknown;
  // A distribution's archive says in its package's dependencies what it starts.
  if (first === undefined || trace.packages.owner(from) !== undefined) return;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  trace.warnings.add('UNFOLLOWED', `cannot tell what class ${first}${more} starts`, from);
}

/** A library may know of any program; of those that it spells in full only a tool is taken at its word. */
function isPlainCommand(command: string): boolean {
  return command.startsWith('/') && grammarOf(baseName(command)) === undefined;
}

/** Each string that may be a command's name, with the strings behind it as its arguments. */
function commandLines(strings: readonly string[], isSplit: boolean): string[][] {
  return strings.flatMap((text, index) => {
    const words = isSplit ? splitWords(text) : [text];
    const [first = ''] = words;
    if (!/^(?:\.{0,2}\/)?[\w.+-]+(?:\/[\w.+-]+)*$/.test(first) || first.length < 2) return [];
    return [words.length > 1 ? words : [first, ...strings.slice(index + 1, index + MAX_WORDS)]];
  });
}

function inferred(from: RootPath, detail: string): KeepReason {
  return { detector: 'java', from, detail, certainty: 'inferred' };
}
