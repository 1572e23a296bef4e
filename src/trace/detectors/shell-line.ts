import { baseName, type RootPath } from '../../rootfs/root-path.ts';
import { grammarOf } from '../commands/interpreters.ts';
import { splitWords } from '../commands/split-words.ts';
import type { Detector, KeptFile } from '../detector.ts';
import type { ElfFacts } from '../elf-facts.ts';
import type { KeepReason } from '../keep-graph.ts';
import { isLibcFile } from '../knowledge/libc-files.ts';
import type { Trace } from '../trace.ts';

const NAME = 'shell-line';

/** What system(3) and popen(3) run, on every Linux C library. */
const SHELL = '/bin/sh';

/** Functions that give a line to the shell. */
const BY_SHELL: ReadonlySet<string> = new Set(['system', 'popen']);
/** Functions that split a line themselves (GLib, "Spawning Processes"). */
const BY_ITSELF: ReadonlySet<string> = new Set(['g_spawn_command_line_sync', 'g_spawn_command_line_async']);

/**
 * A command and an option of its, maybe behind `exec`: `rm -rf vmod_cache`, `locale -a`. Words alone are mostly messages and
 * names of functions; an option behind the name of a command that the image has hardly ever is.
 */
const COMMAND_LINE = /^(?:exec )?[a-z/][\w./+-]+ (?:[^%\s]\S* )*?-{1,2}[A-Za-z]/;

/**
 * Keeps the shell for programs that call system(3) or popen(3), and the commands of the lines that they spell. A library
 * counts when it is built from the same source as a program that runs, or is the application's own.
 */
export function shellLineDetector(facts: ElfFacts): Detector {
  const sources = new Set<string>();
  const waiting = new Map<RootPath, KeptFile>();
  return {
    name: NAME,
    detect(file, trace) {
      if (trace.options.level === 'minimal' || file.inode.type !== 'file' || isLibcFile(file.path)) return;
      if (facts.of(file.inode) === undefined || isInterpreter(file)) return;
      const owner = trace.packages.owner(file.path);
      if (file.role === 'program' && owner !== undefined) sources.add(owner.source);
      waiting.set(file.path, file);
    },
    settle(trace) {
      for (const [path, file] of waiting) {
        const owner = trace.packages.owner(file.path);
        if (file.role !== 'program' && owner !== undefined && !sources.has(owner.source)) continue;
        waiting.delete(path);
        readLines(file, trace, facts);
      }
    },
  };
}

/** Interpreters and their libraries offer system() to programs: what a program does with it, its own detector reads. */
function isInterpreter({ path }: KeptFile): boolean {
  const name = baseName(path)
    .replace(/^lib/, '')
    .replace(/-?\.so.*$/, '');
  return grammarOf(name) !== undefined;
}

function readLines(file: KeptFile, trace: Trace, facts: ElfFacts): void {
  if (file.inode.type !== 'file') return;
  const imports = facts.imports(file.inode);
  const usesShell = [...BY_SHELL].find((name) => imports.has(name));
  const splits = [...BY_ITSELF].some((name) => imports.has(name));
  if (usesShell !== undefined)
    trace.keep(SHELL, why(file, `${usesShell}(3) starts ${SHELL}`), { role: 'program' });
  if (usesShell === undefined && !splits) return;
  for (const { text } of facts.strings(file.inode)) {
    if (text.length > 512 || !COMMAND_LINE.test(text) || !startsKnownCommand(file, trace, text)) continue;
    const line = usesShell === undefined ? splitWords(text) : [SHELL, '-c', text];
    trace.run(line, why(file, `spells the command line ${text}`));
  }
}

/** An interpreter is too much for what may be a message: it counts where the package depends on it. */
function startsKnownCommand(file: KeptFile, trace: Trace, line: string): boolean {
  const [name = ''] = line.replace(/^exec /, '').split(' ');
  const found = trace.findCommand(name);
  if (found === undefined) return false;
  if (grammarOf(baseName(found.file.path)) === undefined) return true;
  const owner = trace.packages.owner(file.path);
  const interpreter = trace.packages.owner(found.file.path);
  if (owner === undefined || interpreter === undefined) return owner === undefined;
  return trace.packages.dependencies(owner).includes(interpreter);
}

function why(file: KeptFile, detail: string): KeepReason {
  return { detector: NAME, from: file.path, detail, certainty: 'inferred' };
}
