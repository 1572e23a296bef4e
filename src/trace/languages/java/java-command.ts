import { baseName, type RootPath } from '../../../rootfs/root-path.ts';
import type { Rootfs } from '../../../rootfs/rootfs.ts';
import {
  type InterpreterCall,
  type InterpreterOption,
  interpreterCall,
} from '../../commands/interpreter-call.ts';
import { splitWords } from '../../commands/split-words.ts';
import type { Invocation, Word } from '../../detector.ts';
import { LAUNCHERS } from '../../knowledge/java.ts';

/** JavaCommand is what a Java runtime was asked to run, with what its environment adds. */
export interface JavaCommand extends Pick<InterpreterCall, 'kind' | 'value' | 'args'> {
  /** All options: of the command line, of argument files, of the environment. */
  readonly options: readonly InterpreterOption[];
  /** Entries of the class path, as given; none for `-jar`, whose file is the class path. */
  readonly classPath: readonly string[];
  readonly modulePath: readonly string[];
  /** System properties: `-Dname=value`. */
  readonly properties: ReadonlyMap<string, string>;
  /** `-javaagent:FILE`. */
  readonly agents: readonly string[];
  /** `-agentpath:FILE`, `-agentlib:NAME`. */
  readonly nativeAgents: readonly string[];
  /** Entries behind the boot class path (`-Xbootclasspath/a:`). */
  readonly bootPath: readonly string[];
  /** Is a part of it not to be told, so that anything may be on its class path? */
  readonly isOpen: boolean;
}

/** Files that argument files may name again; the launcher itself does not follow them (java(1), "java @argfile"). */
const ARGUMENT_FILE = /^@[^@]/;

/** Returns what a launcher of Java programs was asked to run; undefined for other programs. */
export function javaCommand(invocation: Invocation, rootfs: Rootfs): JavaCommand | undefined {
  const launcher = LAUNCHERS.find(({ names }) => names.test(baseName(invocation.invokedAs)));
  if (launcher === undefined) return undefined;
  const { env, cwd } = invocation;
  const own = withoutOptions(invocation.argv.slice(1), launcher.ownOptions);
  const words = [...splitWords(env.get('JDK_JAVA_OPTIONS') ?? ''), ...own];
  const expanded = expandArgumentFiles(words, rootfs, cwd);
  const call = readCall(expanded);
  const options = [...environmentOptions(env), ...call.options];
  return { ...call, ...readOptions(options, env), options, isOpen: isOpen(call, expanded) };
}

/** Leaves out what a launcher of another grammar takes for itself, with its values. */
function withoutOptions(words: readonly Word[], names: ReadonlySet<string>): Word[] {
  return words.filter((word, index) => {
    const before = words[index - 1];
    return !(word !== undefined && names.has(word)) && !(before !== undefined && names.has(before));
  });
}

/** The launcher reads them up to the main class; what it reads of them are options and operands alike. */
function expandArgumentFiles(words: readonly Word[], rootfs: Rootfs, cwd: RootPath): Word[] {
  return words.flatMap((word) => {
    if (word === undefined || !ARGUMENT_FILE.test(word)) return [word];
    const found = rootfs.file(word.slice(1), cwd);
    const text = found === undefined ? undefined : new TextDecoder().decode(rootfs.read(found.inode));
    // java(1): a number sign begins a comment at white space.
    return text === undefined ? [word] : splitWords(text.replace(/(^|\s)#.*$/gm, '$1'));
  });
}

/** A word that is not to be told may stand for options: then what follows it is read as if it were not there. */
function readCall(words: readonly Word[]): InterpreterCall {
  const java = { program: '/java' as RootPath, invokedAs: '/java' as RootPath };
  const call = interpreterCall({ ...java, argv: ['java', ...words] });
  if (call !== undefined && (call.value !== undefined || !words.includes(undefined))) return call;
  const known = interpreterCall({ ...java, argv: ['java', ...words.filter((word) => word !== undefined)] });
  return known ?? { language: 'java', kind: 'none', value: undefined, options: [], args: [] };
}

/** A word that is not to be told is mostly $JAVA_OPTS; it may hold the class path only where no other is given. */
function isOpen(call: InterpreterCall, words: readonly Word[]): boolean {
  const paths = call.options.filter(({ name }) =>
    /^(?:-cp|-classpath|--class-path|-p|--module-path)$/.test(name),
  );
  if (call.kind !== 'none' && call.value === undefined) return true;
  if (paths.length > 0) return paths.some(({ value }) => value === undefined);
  const read = words.length - call.args.length;
  return call.kind !== 'jar' && words.slice(0, read).includes(undefined);
}

/** JVM options in the environment (JVM Tool Interface, "The JAVA_TOOL_OPTIONS Environment Variable"; HotSpot arguments.cpp). */
function environmentOptions(env: ReadonlyMap<string, string>): InterpreterOption[] {
  return ['JAVA_TOOL_OPTIONS', '_JAVA_OPTIONS'].flatMap((name) => {
    return [...readCall([...splitWords(env.get(name) ?? ''), '--version']).options];
  });
}

type Read = Omit<JavaCommand, 'kind' | 'value' | 'args' | 'options' | 'isOpen'>;

function readOptions(options: readonly InterpreterOption[], env: ReadonlyMap<string, string>): Read {
  const properties = new Map<string, string>();
  const paths: Record<'classPath' | 'modulePath' | 'bootPath', string[]> = {
    classPath: entriesOf(env.get('CLASSPATH')),
    modulePath: [],
    bootPath: [],
  };
  const agents: string[] = [];
  const nativeAgents: string[] = [];
  for (const { name, value } of options) {
    if (/^(?:-cp|-classpath|--class-path)$/.test(name)) paths.classPath = entriesOf(value);
    else if (/^(?:-p|--module-path|--upgrade-module-path)$/.test(name))
      paths.modulePath.push(...entriesOf(value));
    else if (name.startsWith('-Xbootclasspath/')) paths.bootPath.push(...entriesOf(name.slice(18)));
    else if (name.startsWith('-D')) properties.set(name.slice(2), value ?? '');
    else if (name.startsWith('-javaagent:')) agents.push(name.slice('-javaagent:'.length));
    else if (/^-agent(?:path|lib):/.test(name))
      nativeAgents.push(name.replace(/^[^:]*:/, '').replace(/,.*/, ''));
  }
  // -Djava.class.path is what the launcher itself makes of -cp.
  const named = properties.get('java.class.path');
  if (named !== undefined) paths.classPath = entriesOf(named);
  return { ...paths, properties, agents, nativeAgents };
}

/** An empty class path means the working directory, and so does an empty entry of one. */
function entriesOf(path: string | undefined): string[] {
  return path === undefined ? [] : path.split(':').map((entry) => (entry === '' ? '.' : entry));
}
