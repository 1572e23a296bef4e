import { isElf as hasElfMagic } from '../../elf/header.ts';
import { toolKindOf } from '../../packages/shells-and-managers.ts';
import type { FileInode, Inode } from '../../rootfs/inode.ts';
import { baseName, parentPath, type RootPath, rootPath } from '../../rootfs/root-path.ts';
import { readRange } from '../../rootfs/rootfs.ts';
import { grammarOf } from '../commands/interpreters.ts';
import { executablesIn } from '../commands/run-parts.ts';
import type { Detector } from '../detector.ts';
import type { KeepReason } from '../keep-graph.ts';
import {
  isCommandPath,
  isIntegrationPath,
  isLibraryDirectory,
  isSourceFile,
} from '../knowledge/payload-paths.ts';
import { originOf } from '../layer-origin.ts';
import { pathMatcher } from '../path-matcher.ts';
import type { Trace } from '../trace.ts';

const NAME = 'config';

/** Largest text that is read for paths, in bytes: configuration is small, databases are not. */
const MAX_CONFIG_BYTES = 1 << 20;
/** Bytes of a directory that configuration names. */
const DIRECTORY_LIMIT = 64e6;

/** Account files and tables of names and numbers: their words are not the configuration of anything. */
const NOT_CONFIGURATION =
  /^\/etc\/(?:passwd|group|shadow|gshadow|subuid|subgid|shells|services|protocols|rpc|mime\.types|magic|magic\.mime|fstab|mtab|motd|issue|bash\.bashrc|profile|skel\/.*|ld\.so\.(?:conf|cache).*|alternatives\/.*)-?$/;
const SKIPPED_NAME =
  /^(?:\..*|README.*|Makefile|.*\.(?:md|html?|css|js|png|jpe?g|svg|gz|pem|crt|key|dpkg-(?:old|dist|new))|.*~)$/i;

/** Paths as configuration spells them: up to white space, quotes and the usual separators; globs allowed. */
const PATH_TOKEN = /(?<![\w.~$}\])>])\/[\w.@%+*?~{}[\]=-]+(?:\/[\w.@%+*?~{}[\]=-]*)*/g;

/** What is opened for `hash:/etc/aliases` and the like: the table compiled from the named text (postmap(1), makemap(8), dbm). */
const TABLE_SUFFIXES: readonly string[] = ['.db', '.lmdb', '.cdb', '.dir', '.pag'];

/** Directives that read another file relative to the configuration's own directory or to its parent. */
const RELATIVE_INCLUDE =
  /^\s*(?:[.!@]?include(?:dir|_try|_optional|Optional)?|source|read|\.include|import|load_module)\b[\s=:]+["']?([\w.@+*?[\]-][\w./@+*?[\]-]*)/gim;

/** Keeps the files and directories that configuration names, and follows its includes. */
export const config: Detector = {
  name: NAME,
  detect(file, trace) {
    if (trace.options.level === 'minimal' || file.role !== 'config' || file.inode.type !== 'file') return;
    const text = configText(trace, file.path, file.inode);
    if (text === undefined) return;
    for (const [token] of text.matchAll(PATH_TOKEN)) readPath(trace, file.path, token);
    for (const match of text.matchAll(RELATIVE_INCLUDE)) readInclude(trace, file.path, match[1] ?? '');
  },
};

function configText(trace: Trace, path: RootPath, inode: FileInode): string | undefined {
  if (inode.size === 0 || inode.size > MAX_CONFIG_BYTES) return undefined;
  if (NOT_CONFIGURATION.test(path) || SKIPPED_NAME.test(baseName(path))) return undefined;
  const bytes = trace.rootfs.read(inode);
  if (bytes.includes(0)) return undefined;
  return withoutComments(new TextDecoder().decode(bytes));
}

/** Whole-line comments show examples; what they name is not configured. */
function withoutComments(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s*(?:#|;|\/\/)/.test(line))
    .join('\n');
}

function why(from: RootPath, detail: string): KeepReason {
  return { detector: NAME, from, detail, certainty: 'inferred' };
}

function readPath(trace: Trace, from: RootPath, token: string): void {
  const path = token.replace(/[.,;:'")}\]]+$/, '');
  if (path.length < 3 || /^\/(?:proc|sys|dev)(?:\/|$)/.test(path) || isIntegrationPath(path)) return;
  if (/[*?[{]/.test(path)) {
    readGlob(trace, from, path);
    return;
  }
  for (const suffix of TABLE_SUFFIXES) trace.keep(`${path}${suffix}`, why(from, `names the table ${path}`));
  const found = trace.rootfs.resolve(path);
  if (found === undefined) keepParent(trace, from, path);
  else if (found.inode.type === 'directory') readDirectory(trace, from, path, found.path);
  else if (isAuthorsProgram(trace, found.path, found.inode)) {
    trace.run([path], why(from, `names the program ${path}`));
  } else if (!isCommandPath(found.path) && !isCommandPath(path) && !isSourceFile(baseName(found.path))) {
    trace.keep(path, why(from, `names ${path}`), {
      role: found.path.startsWith('/etc/') ? 'config' : 'data',
    });
  }
}

function readInclude(trace: Trace, from: RootPath, pattern: string): void {
  for (const base of [parentPath(from), parentPath(parentPath(from))]) {
    const path = rootPath(pattern, base);
    if (/[*?[]/.test(pattern)) readGlob(trace, from, path);
    else if (trace.rootfs.resolve(path) !== undefined) readPath(trace, from, path);
  }
}

/** Expands a glob in its last component, or in the whole path below its first fixed directory. */
function readGlob(trace: Trace, from: RootPath, pattern: string): void {
  const fixed = parentPath(rootPath(pattern.slice(0, pattern.search(/[*?[{]/) + 1)));
  if (fixed === '/' || fixed.split('/').length < 3) return;
  const base = trace.rootfs.resolve(fixed);
  if (base?.inode.type !== 'directory') return;
  trace.keep(fixed, why(from, `includes ${pattern}`));
  const matches = pathMatcher([`${base.path}${pattern.slice(fixed.length)}`]);
  for (const [path, inode] of trace.rootfs.walk(base.path)) {
    if (inode.type !== 'directory' && matches(path))
      trace.keep(path, why(from, `includes ${pattern}`), { role: 'config' });
  }
}

function readDirectory(trace: Trace, from: RootPath, path: string, real: RootPath): void {
  if (real.split('/').length < 3 || isCommandPath(`${real}/x`) || isLibraryDirectory(real)) return;
  trace.keep(path, why(from, `names ${path}`));
  if (/^\/(?:usr|var|etc)\/[^/]+$/.test(real) && !real.startsWith('/etc/')) return;
  if (trace.rootfs.treeBytes(real) > DIRECTORY_LIMIT) return;
  trace.keepTree(real, why(from, `names the directory ${path}`), {
    filter: (entry) => !isIntegrationPath(entry) && !/-available$/.test(parentPath(entry)),
    role: () => (real.startsWith('/etc/') ? 'config' : 'data'),
  });
  runPrograms(trace, from, real);
}

/** Starts the author's executables in a directory that configuration names: CGI programs, hooks. */
function runPrograms(trace: Trace, from: RootPath, directory: RootPath): void {
  for (const path of executablesIn(trace.rootfs, directory, true)) {
    const found = trace.rootfs.file(path);
    if (found !== undefined && isAuthorsProgram(trace, found.path, found.inode))
      trace.run([path], why(from, `names the directory of the program ${path}`));
  }
}

/**
 * An executable that no package owns, or that COPY put in a package's place, is named to be started; one of a package needs
 * a better reason, as configuration names many a helper of other set-ups. Shells and interpreters are named as somebody's
 * login shell or default, and so are commands of the base.
 */
function isAuthorsProgram(trace: Trace, path: RootPath, inode: Inode): boolean {
  if (inode.type !== 'file' || (inode.mode & 0o111) === 0 || /\.so(?:\.|$)/.test(path)) return false;
  const origin = originOf(trace, inode);
  if (trace.packages.owner(path) !== undefined && origin !== 'copied') return false;
  if (isCommandPath(path) && (origin === 'base' || isSharedTool(baseName(path)))) return false;
  return startsAsProgram(readRange(inode, 0, 4));
}

function isSharedTool(name: string): boolean {
  return grammarOf(name) !== undefined || toolKindOf(name) !== undefined;
}

function startsAsProgram(magic: Uint8Array): boolean {
  return hasElfMagic(magic) || (magic[0] === 0x23 && magic[1] === 0x21);
}

/** A log, socket or pid file that the program will make needs its directory. */
function keepParent(trace: Trace, from: RootPath, path: string): void {
  const parent = parentPath(rootPath(path));
  if (!/^\/(?:run|var|opt|srv|data)(?:\/|$)/.test(parent)) return;
  if (trace.rootfs.resolve(parent)?.inode.type === 'directory')
    trace.keep(parent, why(from, `names ${path}, to be made`));
}
