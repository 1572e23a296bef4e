import { joinPath, type RootPath } from '../../../rootfs/root-path.ts';
import { isConfigurationPath, keepOperand } from '../../commands/operands.ts';
import type { Invocation } from '../../detector.ts';
import type { KeepReason } from '../../keep-graph.ts';
import { PLACE_PROPERTIES } from '../../knowledge/java.ts';
import { isLeftoverDirectory } from '../../knowledge/payload-paths.ts';
import type { Trace } from '../../trace.ts';
import { ClassPath, isBroad } from './class-path.ts';
import type { JavaCommand } from './java-command.ts';
import { keepLinkedTree } from './linked-tree.ts';

/** Bytes of a directory that a system property names: a server's home. */
const DIRECTORY_LIMIT = 256e6;

/** What a start of a Java program tells of the program. */
export interface JavaStart {
  /** With dots; undefined where it is not to be told. */
  readonly mainClass: string | undefined;
  /** The archive of `-jar`, links resolved. */
  readonly mainArchive: RootPath | undefined;
}

/** Keeps what the command line of a Java program names: class path, modules, agents, directories of properties. */
export function keepStart(trace: Trace, command: JavaCommand, { cwd, program }: Invocation): JavaStart {
  const why = (detail: string): KeepReason => ({
    detector: 'java',
    from: program,
    detail,
    certainty: 'exact',
  });
  const classPath = new ClassPath(trace, cwd, why);
  const { kind, value, properties } = command;
  const isJar = kind === 'jar' && value !== undefined;
  // `-jar` replaces the class path; without one the working directory is it (java(1), "-classpath").
  const entries = isJar
    ? [value]
    : kind === 'class' && command.classPath.length === 0
      ? ['.']
      : command.classPath;
  for (const entry of [...entries, ...command.bootPath, ...command.agents]) classPath.add(entry);
  if (kind === 'file' && value !== undefined)
    trace.keep(value, why('compiled when it is run'), { cwd, role: 'program' });
  for (const entry of command.modulePath) classPath.addModules(entry);
  for (const name of ['java.ext.dirs', 'java.endorsed.dirs']) {
    for (const directory of properties.get(name)?.split(':') ?? [])
      if (directory !== '') classPath.addArchivesIn(directory);
  }
  for (const agent of command.nativeAgents)
    if (agent.includes('/')) trace.keep(agent, why('a native agent'), { cwd });
  for (const [name, path] of properties) keepProperty(trace, name, path, cwd, why(`the property ${name}`));
  keepOptionPaths(trace, command, cwd, why);
  const mainArchive = isJar ? trace.rootfs.file(value, cwd)?.path : undefined;
  return {
    mainArchive,
    mainClass: mainClassOf(command, mainArchive && classPath.manifests.get(mainArchive)),
  };
}

/** Spring Boot's loader is the Main-Class of an archive whose program is its Start-Class. */
function mainClassOf(
  { kind, value }: JavaCommand,
  manifest: ReadonlyMap<string, string> | undefined,
): string | undefined {
  if (kind === 'class') return value;
  if (kind === 'module') return value?.split('/')[1];
  return manifest?.get('start-class') ?? manifest?.get('main-class');
}

/** A property may name a file, a list of them, or the home of a server that reads it from there. */
function keepProperty(trace: Trace, name: string, value: string, cwd: RootPath, why: KeepReason): void {
  for (const item of value.split(/[:,]/)) {
    // `file:/etc/x`, `file:///etc/x` come apart at their colon.
    const path = item.replace(/^\/\/(?=\/)/, '');
    const isRelative = /^\.{0,2}[\w.-]+\/[\w./-]+$/.test(path);
    if (!path.startsWith('/') && !isRelative) continue;
    const found = trace.rootfs.resolve(path, { cwd });
    if (found?.inode.type !== 'directory' || PLACE_PROPERTIES.test(name)) {
      keepOperand(trace, path, cwd, why);
      continue;
    }
    trace.keep(path, why, { cwd });
    if (isBroad(found.path) || trace.rootfs.treeBytes(found.path) > DIRECTORY_LIMIT) continue;
    keepLinkedTree(trace, found.path, why, {
      filter: (entry) => !isLeftoverDirectory(entry.slice(entry.lastIndexOf('/') + 1)),
      role: (entry) => (isConfigurationPath(entry) ? 'config' : 'data'),
    });
  }
}

/** `-Xlog:gc:file=/var/log/x`, `-XX:HeapDumpPath=/dumps`, `-javaagent:x.jar=/etc/agent.yml`: files, or places for them. */
function keepOptionPaths(
  trace: Trace,
  { options }: JavaCommand,
  cwd: RootPath,
  why: (detail: string) => KeepReason,
): void {
  for (const { name, value } of options) {
    if (!/^-(?:X|javaagent:|agentlib:|agentpath:)/.test(name)) continue;
    for (const [path] of `${name}=${value ?? ''}`.matchAll(/(?<=[:=,])\/[^\s:=,;]+/g))
      keepOperand(trace, path, cwd, why(`named by ${name}`));
  }
}

/** Returns where a launcher that is no part of a runtime finds one: JAVA_HOME, its options, the usual directories. */
export function runtimeDirectories(trace: Trace, { argv, env }: Invocation): readonly RootPath[] {
  const named = ['-home', '-java-home'].flatMap((name) => {
    const at = argv.indexOf(name);
    const value = at < 0 ? undefined : argv[at + 1];
    return value === undefined ? [] : [value];
  });
  const usual = ['/usr/lib/jvm', '/opt/java'].flatMap((directory) =>
    trace.rootfs.list(directory).map((name) => joinPath(directory as RootPath, name)),
  );
  const home = env.get('JAVA_HOME');
  return [...named, ...(home ? [home] : []), '/usr/lib/jvm/default-java', ...usual] as RootPath[];
}
