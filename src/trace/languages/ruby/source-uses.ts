import { parentPath, type RootPath } from '../../../rootfs/root-path.ts';
import type { KeepReason } from '../../keep-graph.ts';
import { isCommandPath, isIntegrationPath } from '../../knowledge/payload-paths.ts';
import { namedLibraries } from '../named-libraries.ts';
import type { RubySurroundings } from './ruby-surroundings.ts';
import type { RubySource } from './scan-source.ts';

/** Bytes of a directory that a program's own code names. */
const DIRECTORY_LIMIT = 64e6;
/** What makes ruby use a shell (process.c, rb_exec_fillarg). */
const SHELL_METACHARACTERS = /[*?{}[\]<>()~&|\\$;'`"\n#=%]/;

/** Words with which a shell text begins that are no commands of PATH. */
const SHELL_WORD = /^(?:cd|if|for|while|set|export|exec|test|\[|[A-Z_]+=\S*)$/;

interface User {
  /** Undefined for code of a command line. */
  readonly file: RootPath | undefined;
  readonly isOwn: boolean;
}

/** Keeps what a source uses besides features: the programs it starts and the paths it spells. */
export function keepUses(
  { trace, cwd, env }: RubySurroundings,
  source: RubySource,
  { file, isOwn }: User,
): void {
  const why = (detail: string): KeepReason => ({
    detector: 'ruby',
    ...(file === undefined ? {} : { from: file }),
    detail,
    certainty: 'inferred',
  });
  for (const command of source.commands) {
    const words = command.split(/\s+/);
    const [name = ''] = words;
    const owner = file === undefined ? undefined : trace.packages.owner(file);
    const found = trace.findCommand(name, { cwd, env });
    const target = found && trace.packages.owner(found.file.path);
    const isRelated =
      owner !== undefined &&
      target !== undefined &&
      trace.packages.dependencies(owner, { recommends: true }).includes(target);
    // Text in backticks that begins with no command is prose of a template or a comment.
    if (found === undefined ? !isOwn || !SHELL_WORD.test(name) : !isOwn && !isRelated) continue;
    const argv = SHELL_METACHARACTERS.test(command) ? ['/bin/sh', '-c', command] : words;
    trace.run(argv, why(`starts ${name}`), { cwd, env });
  }
  for (const name of source.sharedLibraries) {
    for (const path of namedLibraries(trace.rootfs, name)) trace.keep(path, why(`loads the library ${name}`));
  }
  for (const text of source.strings) {
    if (text.startsWith('/')) keepAbsolute(text);
    else if (isOwn && /^[\w.@+-]+(?:\/[\w.@+-]+)*$/.test(text) && /[./]/.test(text)) keepRelative(text);
  }

  function keepAbsolute(text: string): void {
    if (text.length < 4 || /^\/(?:proc|sys|dev)(?:\/|$)|\s/.test(text) || isIntegrationPath(text)) return;
    const found = trace.rootfs.resolve(text);
    if (found === undefined) return;
    if (found.inode.type === 'directory') keepDirectory(found.path, text);
    else if (!isCommandPath(found.path) && !isCommandPath(text)) trace.keep(text, why(`spells ${text}`));
    else if (isOwn && !/sh$/.test(text)) trace.run([text], why(`spells the program ${text}`));
  }

  function keepDirectory(directory: RootPath, text: string): void {
    if (!isOwn || directory.split('/').length <= 2 || isCommandPath(`${directory}/x`)) return;
    trace.keep(directory, why(`spells ${text}`));
    if (trace.packages.owners(directory).length > 0 || /^\/(?:usr|var|etc)(?:\/[^/]+){1,2}$/.test(directory))
      return;
    if (trace.rootfs.treeBytes(directory) <= DIRECTORY_LIMIT)
      trace.keepTree(directory, why(`spells the directory ${text}`));
  }

  function keepRelative(text: string): void {
    for (const directory of new Set([cwd, ...(file === undefined ? [] : [parentPath(file)])])) {
      if (directory === '/' || isCommandPath(`${directory}/x`) || trace.packages.owners(directory).length > 0)
        continue;
      const found = trace.rootfs.resolve(text, { cwd: directory });
      if (found?.inode.type === 'file') trace.keep(text, why(`spells ${text}`), { cwd: directory });
    }
  }
}
