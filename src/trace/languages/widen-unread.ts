import type { RootPath } from '../../rootfs/root-path.ts';
import type { InterpreterCall } from '../commands/interpreter-call.ts';
import { megabytes } from '../megabytes.ts';
import type { Trace } from '../trace.ts';

/** A started program of a language, as far as it can keep all that is installed for it; returns the bytes that were new. */
interface Started {
  keepAll(detail: string): number;
}

/** Keeps the whole library of a program that cannot be read, and says so: it may load anything that is installed. */
export function widenUnread(
  trace: Trace,
  started: Started,
  { kind, value }: InterpreterCall,
  program: RootPath,
  verb: 'imports' | 'loads',
): void {
  if (trace.options.level === 'minimal') return;
  const bytes = started.keepAll('the program cannot be read');
  trace.warnings.add(
    'WIDENED',
    `cannot tell what "${program}" ${verb} for ${unreadPart({ kind, value })}: its whole library is kept (${megabytes(bytes)})`,
    program,
  );
}

/** Returns what of a call could not be read, in words. */
export function unreadPart({ kind, value }: Pick<InterpreterCall, 'kind' | 'value'>): string {
  return kind === 'stdin' ? 'what is typed or piped into it' : `"${value ?? kind}"`;
}
