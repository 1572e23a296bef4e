import type { Inode } from '../rootfs/inode.ts';
import type { RootPath } from '../rootfs/root-path.ts';
import type { Trace } from './trace.ts';

/**
 * Role is what a kept file is to the process: `data` is only there to be read, `config` is text whose paths and
 * command lines count, `program` is executed. A file's role only rises.
 */
export type Role = 'data' | 'config' | 'program';

/** A file (of any type) that has just been kept, or whose role has just risen. */
export interface KeptFile {
  /** Without links on the way: the inode's own path. */
  readonly path: RootPath;
  readonly inode: Inode;
  readonly role: Role;
}

/** A word of a command line; undefined where reading cannot tell its value. */
export type Word = string | undefined;

/** A program being started: found, kept, with the arguments as far as they are known. */
export interface Invocation {
  /** The executable behind the name, links resolved. */
  readonly program: RootPath;
  /** The path that was executed, before links: what a multi-call program looks at. */
  readonly invokedAs: RootPath;
  /** With the program's own word first. */
  readonly argv: readonly Word[];
  readonly cwd: RootPath;
  readonly env: ReadonlyMap<string, string>;
}

/**
 * Detector knows one way in which files are needed. The tracer calls `start` once, `invoke` for every program
 * that is started, `detect` for every file that is kept or whose role rises, and `settle` each time the worklist
 * is empty, until nothing new comes. All of them may keep files and run programs through the Trace.
 */
export interface Detector {
  readonly name: string;
  start?(trace: Trace): void | Promise<void>;
  invoke?(invocation: Invocation, trace: Trace): void | Promise<void>;
  detect?(file: KeptFile, trace: Trace): void | Promise<void>;
  settle?(trace: Trace): void | Promise<void>;
}
