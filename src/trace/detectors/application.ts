import type { Inode } from '../../rootfs/inode.ts';
import { baseName, isWithin, parentPath, type RootPath } from '../../rootfs/root-path.ts';
import type { Detector, KeptFile } from '../detector.ts';
import type { KeepReason } from '../keep-graph.ts';
import {
  isBuildLeftover,
  isCommandPath,
  isLeftoverDirectory,
  isMaintenancePath,
  isSourceFile,
} from '../knowledge/payload-paths.ts';
import { isInNodeModules } from '../languages/node/node-packages.ts';
import { originOf } from '../layer-origin.ts';
import type { Trace } from '../trace.ts';

/** Bytes of one COPY or ADD that are kept without anything else speaking for them. */
const COPIED_LIMIT = 16e6;

/** Bytes of sources that one application's tree may have: beyond them they are what was compiled, and not what is served or shown. */
const SOURCES_LIMIT = 16e6;

/** Directories that belong to the system: what lies directly in them is not an application's tree. */
const SYSTEM_DIRECTORIES = new Set(
  [
    '/',
    '/bin',
    '/boot',
    '/dev',
    '/etc',
    '/home',
    '/lib',
    '/lib32',
    '/lib64',
    '/media',
    '/mnt',
    '/opt',
    '/proc',
    '/root',
    '/run',
  ]
    .concat([
      '/sbin',
      '/srv',
      '/sys',
      '/tmp',
      '/usr',
      '/var',
      '/usr/bin',
      '/usr/sbin',
      '/usr/lib',
      '/usr/lib64',
      '/usr/libexec',
    ])
    .concat([
      '/usr/share',
      '/usr/local',
      '/usr/local/bin',
      '/usr/local/sbin',
      '/usr/local/lib',
      '/usr/local/share',
      '/usr/local/etc',
    ])
    .concat([
      '/usr/src',
      '/usr/include',
      '/usr/games',
      '/var/lib',
      '/var/log',
      '/var/cache',
      '/var/spool',
      '/var/tmp',
      '/var/www',
    ]),
);

/**
 * Places below which nothing but an image's author makes files that no package owns: accounts' homes, hand-written
 * configuration, site content and state (FHS 3.0, 3.7, 3.8, 3.17 and 4.9).
 */
const AUTHORED =
  /^\/(?:etc|home|root|srv|data|usr\/local\/etc|var\/www|var\/log|var\/lib|var\/spool|var\/opt)\//;

/** What the maintainer scripts of packages and package managers make below such places; sources as in payload-paths. */
const GENERATED =
  /^\/etc\/(?:alternatives|rc[\dS]?\.d|init\.d|systemd|ssl\/certs|ca-certificates|python3(?:\.\d+)?|X11|xml|sgml|skel|cron\.\w+|opt)\/|^\/etc\/(?:(?:passwd|group|shadow|gshadow|subuid|subgid)-?|\.pwd\.lock|ld\.so\.cache|mtab|machine-id|resolv\.conf|hostname|hosts|environment|shells|ca-certificates\.conf)$|^\/var\/log\/(?:apt\/|(?:dpkg|alternatives|bootstrap|faillog|lastlog|fontconfig|btmp|wtmp|tallylog|installer)(?:\.log)?$)|^\/var\/lib\/(?:dpkg|apt|apk|rpm|dnf|pacman|systemd|ucf|pam|python|xml-core|sgml-base|polkit-1|ghostscript|texmf|ispell|emacsen-common|initramfs-tools|locales|vim|shells\.state)(?:\/|$)/;

/** Keeps what COPY and ADD brought, and what RUN made by hand, as data: the author put it there on purpose. */
export const copied: Detector = {
  name: 'copied',
  start(trace) {
    if (trace.options.level === 'minimal') return;
    // A directory of the host has no history, and walking a whole machine for nothing takes minutes.
    const isSafe = trace.options.level === 'safe';
    const isSquashed = trace.layers.every(({ kind }) => kind === 'base');
    if (isSquashed && !isSafe) return;
    const trees = copiedDirectories(trace);
    const found = new Map<string, { layer: number; bytes: number; sources: number; paths: RootPath[] }>();
    for (const [path, inode] of trace.rootfs.walk()) {
      const kind = originOf(trace, inode);
      if (isSafe && (kind !== 'base' || isSquashed) && keepAtSafe(trace, path, inode)) continue;
      if (kind !== 'copied' && !(kind === 'built' && isAuthored(trace, path, trees))) continue;
      // A file of COPY is the author's even where a package lists its path: a replaced conffile (pool.d/www.conf).
      if (
        kind === 'copied' && inode.type === 'file' ? !isBrought(path) : !isApplicationData(trace, path, inode)
      )
        continue;
      // One large state directory must not cost the configuration that the same RUN wrote.
      const group = kind === 'copied' ? `${inode.layer}` : `${inode.layer} ${path.split('/', 4).join('/')}`;
      const row = found.get(group) ?? { layer: inode.layer, bytes: 0, sources: 0, paths: [] };
      const size = inode.type === 'file' ? inode.size : 0;
      if (isSourceFile(baseName(path))) row.sources += size;
      else row.bytes += size;
      row.paths.push(path);
      found.set(group, row);
    }
    for (const { layer, bytes, sources, paths } of found.values()) {
      if (bytes > COPIED_LIMIT) continue;
      const withSources = bytes + sources <= COPIED_LIMIT;
      const detail = `brought by ${shorten(trace.layers[layer]?.createdBy ?? 'COPY')}`;
      for (const path of paths) {
        if (!withSources && isSourceFile(baseName(path))) continue;
        const why: KeepReason = { detector: 'copied', detail, certainty: 'inferred' };
        trace.keep(path, why, { follow: leadsToData(trace, path) });
      }
    }
  },
};

/** State of package managers, and what they wrote about their work. */
const MANAGED =
  /^\/var\/(?:lib\/(?:dpkg|apt|apk|rpm|dnf|pacman|ucf|systemd)|cache\/(?:apt|debconf|dnf|apk|ldconfig|man)|log\/(?:apt|installer))(?:\/|$)|^\/var\/log\/(?:dpkg|alternatives|bootstrap)\.log$|^\/etc\/(?:apt|dpkg|systemd|rc[\dS]?\.d)\//;

/**
 * At `--level safe`, whatever the author brought above the base without a package, commands as programs: files, directories,
 * what maintainer scripts generated, and settings of the base's packages that were changed.
 */
function keepAtSafe(trace: Trace, path: RootPath, inode: Inode): boolean {
  if (
    isCompiledModule(trace, path) ||
    MANAGED.test(path) ||
    path.split('/').some(isLeftoverDirectory) ||
    isMaintenancePath(path)
  )
    return false;
  if (trace.packages.listedBy(path).length > 0 && !(path.startsWith('/etc/') && inode.type === 'file'))
    return false;
  const why = {
    detector: 'copied',
    detail: 'brought above the base (--level safe)',
    certainty: 'inferred',
  } as const;
  trace.keep(path, why, { role: isCommandPath(path) ? 'program' : 'data' });
  return true;
}

/** Python writes what it compiled of a package's module beside it; what is kept for the module is for its detector (PEP 3147). */
function isCompiledModule(trace: Trace, path: RootPath): boolean {
  const [, directory, name] = /^(.*)\/__pycache__\/([^/.]+)[^/]*\.pyc$/.exec(path) ?? [];
  return directory !== undefined && trace.packages.listedBy(`${directory}/${name}.py` as RootPath).length > 0;
}

/** A link to data needs its target (/etc/mysql/my.cnf, by way of /etc/alternatives); one to a command calls nothing. */
function leadsToData(trace: Trace, path: RootPath): boolean {
  const target = trace.rootfs.file(path);
  return target !== undefined && !isCommandPath(target.path) && (target.inode.mode & 0o111) === 0;
}

function isAuthored(trace: Trace, path: RootPath, trees: ReadonlySet<RootPath>): boolean {
  if (trace.packages.listedBy(path).length > 0) return false;
  return trees.has(parentPath(path)) || (AUTHORED.test(path) && !GENERATED.test(path));
}

/** Directories of an application that COPY brought: what a later RUN changed there (`chmod +x`) is the author's as well. */
function copiedDirectories(trace: Trace): ReadonlySet<RootPath> {
  const found = new Set<RootPath>();
  // Walking the files takes a while, and a squashed image or a directory of the host has no such layer.
  if (!trace.layers.some(({ kind }) => kind === 'copied')) return found;
  for (const [path, inode] of trace.rootfs.walk()) {
    const directory = parentPath(path);
    if (inode.type !== 'file' || originOf(trace, inode) !== 'copied') continue;
    if (!SYSTEM_DIRECTORIES.has(directory) && trace.packages.listedBy(directory).length === 0)
      found.add(directory);
  }
  return found;
}

/**
 * Keeps the application's own tree, which no package owns: around WorkingDir, and around every program and
 * script that runs from a directory of its own. What reading cannot decide there, the tree answers.
 */
export const unowned: Detector = {
  name: 'unowned',
  start(trace) {
    if (trace.options.level === 'minimal') return;
    keepApplicationTree(trace, trace.process.cwd, undefined);
  },
  detect(file, trace) {
    if (trace.options.level === 'minimal' || file.role !== 'program' || isCommandPath(file.path)) return;
    if (trace.packages.owner(file.path) === undefined)
      keepApplicationTree(trace, applicationRoot(file.path), file);
  },
};

/** `/opt/tool/bin/x` belongs to `/opt/tool`; anything else to the directory it lies in. */
function applicationRoot(program: RootPath): RootPath {
  const directory = parentPath(program);
  return /^(?:s?bin|libexec|scripts?)$/.test(baseName(directory)) ? parentPath(directory) : directory;
}

function keepApplicationTree(trace: Trace, directory: RootPath, cause: KeptFile | undefined): void {
  const real = trace.rootfs.resolve(directory)?.path;
  if (real === undefined || SYSTEM_DIRECTORIES.has(real) || trace.packages.owners(real).length > 0) return;
  const why: KeepReason = {
    detector: 'unowned',
    ...(cause === undefined ? {} : { from: cause.path }),
    detail: cause === undefined ? 'tree of WorkingDir' : `tree of the program ${cause.path}`,
    certainty: 'inferred',
  };
  const withSources = sourceBytes(trace, real) <= SOURCES_LIMIT;
  trace.keepTree(real, why, {
    filter: (path) => {
      const inode = trace.rootfs.lookup(path);
      if (inode === undefined || (!withSources && isSourceFile(baseName(path)))) return false;
      return isApplicationData(trace, path, inode);
    },
  });
}

function sourceBytes(trace: Trace, directory: RootPath): number {
  let bytes = 0;
  for (const [path, inode] of trace.rootfs.walk(directory))
    if (inode.type === 'file' && isSourceFile(baseName(path)) && isBrought(path)) bytes += inode.size;
  return bytes;
}

/** Not a package's, not made by building, and not a command that nobody calls. */
function isApplicationData(trace: Trace, path: RootPath, inode: Inode): boolean {
  if (inode.type !== 'directory') return isBrought(path) && trace.packages.listedBy(path).length === 0;
  if (isInNodeModules(path)) return false;
  return !isLeftoverDirectory(baseName(path)) && !isWithin(path, '/var/lib/dpkg' as RootPath);
}

function isBrought(path: RootPath): boolean {
  // Installed modules are kept by what programs load: devDependencies alone can be hundreds of megabytes.
  if (isInNodeModules(path) || isCommandPath(path) || isWithin(path, '/var/lib/dpkg' as RootPath))
    return false;
  return !path.split('/').some(isLeftoverDirectory) && !isBuildLeftover(baseName(path));
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
}
