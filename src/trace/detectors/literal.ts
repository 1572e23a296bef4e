import type { Package } from '../../packages/package.ts';
import { classOf } from '../../packages/package-classes.ts';
import type { FileInode } from '../../rootfs/inode.ts';
import { baseName, isWithin, parentPath, type RootPath, rootPath } from '../../rootfs/root-path.ts';
import type { Rootfs } from '../../rootfs/rootfs.ts';
import { grammarOf } from '../commands/interpreters.ts';
import type { Detector, KeptFile } from '../detector.ts';
import type { ElfFacts } from '../elf-facts.ts';
import type { KeepReason } from '../keep-graph.ts';
import { isLibcData, isLibcFile } from '../knowledge/libc-files.ts';
import { SASL_AUXPROP } from '../knowledge/library-data.ts';
import {
  isCommandPath,
  isIntegrationPath,
  isLibraryDirectory,
  isSourceFile,
} from '../knowledge/payload-paths.ts';
import type { Trace } from '../trace.ts';
import type { PackageClaim } from './package.ts';

const NAME = 'literal';

/** Bytes of a directory that an application's own program spells. */
const DIRECTORY_LIMIT = 64e6;

/** Functions that start a program: exec(3), posix_spawn(3), system(3), popen(3), glib's g_spawn and GSubprocess. */
const STARTERS =
  /^(?:exec[lv]p?e?|execvpe|execveat|fexecve|posix_spawnp?|system|popen|g_spawn_\w+|g_subprocess_\w+)$/;
/** Those of them that look the name up in PATH. */
const PATH_STARTERS = /^(?:execlp|execvpe?|posix_spawnp|g_spawn_\w+|g_subprocess_\w+)$/;
/**
 * Bytes of another command of a program's own package that its name alone speaks for where nothing looks names up in PATH: a
 * program compares its own name with such words as well (redis-server is redis-check-aof under another name).
 */
const OWN_COMMAND_LIMIT = 1e6;

/** Keeps the files that programs and libraries spell by absolute path in their read-only data. */
export function literalDetector(facts: ElfFacts, claims: readonly PackageClaim[] = []): Detector {
  return {
    name: NAME,
    detect(file, trace) {
      if (trace.options.level === 'minimal' || file.inode.type !== 'file' || isLibcFile(file.path)) return;
      const elf = facts.of(file.inode);
      if (elf === undefined) return;
      const owner = trace.packages.owner(file.path);
      const isClaimed = owner !== undefined && claims.some((claim) => claim(owner));
      const reader = new LiteralReader(trace, file, facts.imports(file.inode), isClaimed);
      for (const { text, terminated } of facts.strings(file.inode, reader.shortest)) {
        if (terminated) reader.read(text);
        else reader.readRun(text);
      }
    },
  };
}

/** Reads one ELF file's strings. */
class LiteralReader {
  readonly #trace: Trace;
  readonly #file: KeptFile;
  readonly #owner: Package | undefined;
  readonly #isProgram: boolean;
  readonly #isApplication: boolean;
  readonly #starts: boolean;
  readonly #startsByName: boolean;
  /** An interpreter spells the directories of its library, of which its language's detector knows more. */
  readonly #isClaimed: boolean;
  #declaredPackages: readonly Package[] | undefined;
  /** A text says nothing more the second time, and a hostile file says it half a million times. */
  readonly #seen = new Set<string>();

  constructor(trace: Trace, file: KeptFile, imports: ReadonlySet<string>, isClaimed: boolean) {
    this.#isClaimed = isClaimed;
    this.#trace = trace;
    this.#file = file;
    this.#owner = trace.packages.owner(file.path);
    this.#isProgram = file.role === 'program';
    this.#isApplication = this.#owner === undefined;
    this.#starts = [...imports].some((name) => STARTERS.test(name));
    this.#startsByName = [...imports].some((name) => PATH_STARTERS.test(name));
  }

  /** Length of the shortest text worth reading, in bytes: names of commands (ssh, gcc) are shorter than paths. */
  get shortest(): number {
    return this.#starts && this.#isProgram && this.#owner !== undefined ? 3 : 4;
  }

  read(text: string): void {
    if (this.#seen.has(text)) return;
    this.#seen.add(text);
    if (text.startsWith('/')) {
      this.#readAbsolute(text);
      // A linker merges tails: "gpg-connect-agent" may exist only as the end of "/tools/gpg-connect-agent".
      if (this.#starts && this.#isProgram) this.#readCommandName(text.slice(text.lastIndexOf('/') + 1));
    } else if (this.#isApplication && this.#isProgram && text.includes('/')) this.#readRelative(text);
    else if (this.#starts && this.#isProgram) this.#readCommandName(text);
  }

  /**
   * Reads a run of literals without ends between them, as Go and Rust keep them: at each slash, the longest path
   * that the image has. Directories would be hit by every longer path, so only files count.
   */
  readRun(text: string): void {
    if (!this.#isProgram) return;
    for (let at = text.indexOf('/'); at >= 0; at = text.indexOf('/', at + 1)) {
      const path = longestPath(this.#trace.rootfs, text, at);
      if (path !== undefined) this.#readAbsolute(path);
    }
  }

  #readAbsolute(text: string): void {
    // "/etc/x.conf:/etc/y", "/usr/sbin/sendmail -t", "file:%s /etc/x" are not paths as they stand.
    const path = /^\/[^\s:;,"'<>|()*?%$\\]*/.exec(text)?.[0] ?? '';
    const rest = text.slice(path.length);
    if (path.length < 4 || path.length > 4096) return;
    const found = this.#trace.rootfs.resolve(path);
    if (found === undefined) {
      if (rest === '') this.#keepParent(path);
      return;
    }
    if (
      isIntegrationPath(found.path) ||
      isLibcFile(found.path) ||
      isLibcData(found.path) ||
      /^\/(?:proc|sys|dev)(?:\/|$)/.test(path)
    )
      return;
    if (found.inode.type === 'directory') {
      if (rest === '') this.#directory(path, found.path);
    } else if (found.inode.type === 'file') {
      this.#plainFile(path, found.path, found.inode);
    }
  }

  #plainFile(path: string, real: RootPath, inode: FileInode): void {
    const trace = this.#trace;
    if (isCommandPath(real) || isCommandPath(path) || (this.#starts && isExecutable(real, inode))) {
      // Nine of ten command names in libraries are messages: only programs start their package's commands.
      if (!this.#isProgram) return;
      // busybox spells /bin/login for its getty: another name of the program itself is no start of a login server.
      if (real === this.#file.path) trace.keep(path, this.#why(`spells its own name ${path}`));
      else if (this.#isApplication || this.#isRelated(real)) {
        trace.run([path], this.#why(`spells the program ${path}`));
      }
      return;
    }
    if (isSourceFile(baseName(real))) return;
    const isConfig = this.#isProgram && real.startsWith('/etc/');
    trace.keep(path, this.#why(`spells ${path}`), { role: isConfig ? 'config' : 'data' });
  }

  /** A program's own package, and those it declares to need: others are examples and messages. */
  #isRelated(path: RootPath): boolean {
    const owner = this.#owner;
    const target = this.#trace.packages.owner(path);
    if (owner === undefined || target === undefined) return owner === undefined;
    if (target === owner || target.source === owner.source) return true;
    return this.#starts && this.#declared(owner).includes(target);
  }

  #directory(path: string, real: RootPath): void {
    const trace = this.#trace;
    if (isBroadDirectory(real)) return;
    if (!this.#isClaimed && this.#isPluginDirectory(real)) {
      trace.keepTree(real, this.#why(`spells the plugin directory ${path}`), {
        filter: (entry) => !SASL_AUXPROP.test(entry),
      });
      return;
    }
    if (!this.#isProgram) return;
    trace.keep(path, this.#why(`spells ${path}`));
    const isOwn = this.#isApplication && this.#isProgram && trace.packages.owner(real) === undefined;
    if (isOwn && trace.rootfs.treeBytes(real) <= DIRECTORY_LIMIT) {
      trace.keepTree(real, this.#why(`spells the directory ${path}`), {
        filter: (entry) => !isSourceFile(baseName(entry)) && trace.packages.owner(entry) === undefined,
      });
    }
  }

  /** A directory outside the search path that holds shared objects is where somebody dlopens by globbing. */
  #isPluginDirectory(real: RootPath): boolean {
    const trace = this.#trace;
    if (
      /\/(?:gconv|audit)$/.test(real) ||
      isLibraryDirectory(real) ||
      isWithin(real, '/usr/local' as RootPath)
    )
      return false;
    const names = trace.rootfs.list(real);
    const objects = names.filter((name) => /\.so(?:\.[\w.]+)?$/.test(name));
    return (
      objects.length > 0 &&
      objects.length * 3 >= names.length &&
      trace.rootfs.treeBytes(real) <= DIRECTORY_LIMIT
    );
  }

  /** `/run/x.pid` that does not exist yet needs its directory. */
  #keepParent(path: string): void {
    if (!this.#isProgram) return;
    const parent = this.#trace.rootfs.resolve(parentPath(rootPath(path)));
    if (parent?.inode.type !== 'directory' || parent.path === '/' || isIntegrationPath(path)) return;
    if (!/^\/(?:run|var|tmp|opt|srv|etc|data)(?:\/|$)/.test(parent.path)) return;
    this.#trace.keep(parentPath(rootPath(path)), this.#why(`may make ${path}`));
  }

  /** `templates/index.html`: from WorkingDir, or beside the program. */
  #readRelative(text: string): void {
    if (text.length < 4 || text.length > 255 || !/^(?:\.{1,2}\/)?[\w.@+-]+(?:\/[\w.@+-]+)*$/.test(text))
      return;
    for (const cwd of [this.#trace.process.cwd, parentPath(this.#file.path)]) {
      const found = this.#trace.rootfs.resolve(text, { cwd });
      if (found?.inode.type !== 'file' || isSourceFile(baseName(found.path)) || isCommandPath(found.path))
        continue;
      this.#trace.keep(text, this.#why(`spells ${text}`), { cwd });
    }
  }

  /**
   * The bare name of a command, in a program that starts programs: of its own package, or of one that this declares to
   * work with (git and ssh). Interpreters are called by scripts; there their name alone says too little.
   */
  #readCommandName(text: string): void {
    if (this.#owner === undefined || !/^[a-z][\w.+-]{1,40}$/.test(text) || grammarOf(text) !== undefined)
      return;
    const found = this.#trace.findCommand(text);
    if (found === undefined || !this.#isDeclared(found.file.path)) return;
    const isOwn = this.#trace.packages.owner(found.file.path) === this.#owner;
    const size = found.file.inode.type === 'file' ? found.file.inode.size : 0;
    if (isOwn && !this.#startsByName && size > OWN_COMMAND_LIMIT) return;
    this.#trace.run([text], this.#why(`spells the command ${text}`));
  }

  #isDeclared(command: RootPath): boolean {
    const owner = this.#owner;
    const target = this.#trace.packages.owner(command);
    if (owner === undefined || target === undefined) return false;
    if (target === owner) return true;
    return this.#declared(owner).includes(target) && classOf(target) === 'ordinary';
  }

  #declared(owner: Package): readonly Package[] {
    this.#declaredPackages ??= this.#trace.packages.dependencies(owner, { recommends: true });
    return this.#declaredPackages;
  }

  #why(detail: string): KeepReason {
    return { detector: NAME, from: this.#file.path, detail, certainty: 'inferred' };
  }
}

/** Returns the longest path of a file in `rootfs` that is spelled at `text[at]`, a slash. */
function longestPath(rootfs: Rootfs, text: string, at: number): string | undefined {
  let directory = '';
  for (let start = at + 1; ; ) {
    const slash = text.indexOf('/', start);
    const names = rootfs.list(directory || '/');
    if (slash > start && slash - start < 256 && names.includes(text.slice(start, slash))) {
      directory += `/${text.slice(start, slash)}`;
      start = slash + 1;
      continue;
    }
    if (directory === '') return undefined;
    const spelled = names.filter((name) => text.startsWith(name, start));
    const longest = spelled.reduce((best, name) => (name.length > best.length ? name : best), '');
    const path = `${directory}/${longest}`;
    return longest !== '' && rootfs.file(path) !== undefined ? path : undefined;
  }
}

/** Directories so wide that their name says nothing about what is wanted of them. */
function isBroadDirectory(path: RootPath): boolean {
  return (
    path.split('/').length <= 2 ||
    isCommandPath(`${path}/x`) ||
    /^\/(?:usr|var)\/[^/]+$/.test(path) ||
    /^\/usr\/(?:lib|local|share)\/[^/]*-linux-[^/]*$/.test(path)
  );
}

/** Shared objects often have execute permission, and nobody executes them. */
function isExecutable(path: RootPath, inode: FileInode): boolean {
  return (inode.mode & 0o111) !== 0 && !/\.so(?:\.[\w.]+)?$/.test(path);
}
