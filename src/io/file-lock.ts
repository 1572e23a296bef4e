import { closeSync, mkdirSync, openSync, readFileSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { TransportError } from '../errors.ts';
import { attempt, isAlive, processScope, writeFully } from './atomic-file.ts';

export interface FileLockOptions {
  readonly signal?: AbortSignal | undefined;
  /** A lock is held for milliseconds: one as old as this was left by a process that nobody can ask any more. */
  readonly staleMs?: number;
}

const STALE_MS = 60_000;
const RETRY_MS = 10;

/**
 * Runs `step`, which cannot wait, while no other process (of this host or another) runs one for the same lock file,
 * and returns what it returns. The file is there only meanwhile; one that a killed process left is taken away. `destination`
 * names in messages what is being written. Throws TransportError when the lock cannot be had.
 */
export async function withFileLock<T>(
  file: string,
  destination: string,
  step: () => T,
  { signal, staleMs = STALE_MS }: FileLockOptions = {},
): Promise<T> {
  const deadline = Date.now() + 2 * staleMs;
  while (!attempt(destination, () => create(file))) {
    signal?.throwIfAborted();
    if (Date.now() > deadline) {
      throw new TransportError('destination', `cannot write "${destination}": another run is writing to it`, {
        advice: `if there is none, remove ${file}`,
      });
    }
    if (attempt(destination, () => isStale(file, staleMs))) attempt(destination, () => remove(file, staleMs));
    // Not in step with the others that wait.
    else await sleep(RETRY_MS * (0.5 + Math.random()));
  }
  try {
    return step();
  } finally {
    rmSync(file, { force: true });
  }
}

/** O_EXCL: whoever makes the file has the lock. */
function create(file: string): boolean {
  const fd = without('EEXIST', () => openSync(file, 'wx', 0o644));
  if (fd === undefined) return false;
  try {
    writeFully(fd, Buffer.from(holder()));
  } finally {
    closeSync(fd);
  }
  return true;
}

function holder(pid: number = process.pid): string {
  return `${processScope()} ${pid}\n`;
}

/** A process of this host can be asked after; of others, and of one that died before it wrote its name, only the age tells. */
function isStale(file: string, staleMs: number): boolean {
  const age = ageOf(file);
  const text = without('ENOENT', () => readFileSync(file, 'latin1'));
  if (age === undefined || text === undefined) return false;
  const pid = Number.parseInt(text.split(' ')[1] ?? '', 10);
  return age > staleMs || (text === holder(pid) && !isAlive(pid));
}

/** Removes a stale lock, one process at a time: the second would take away the new one of whoever was quicker. */
function remove(file: string, staleMs: number): void {
  const guard = `${file}.break`;
  if (without('EEXIST', () => mkdirSync(guard) ?? true) === undefined) {
    // Its maker was killed between two system calls.
    if ((ageOf(guard) ?? 0) > staleMs) without('ENOENT', () => rmdirSync(guard));
    return;
  }
  try {
    if (isStale(file, staleMs)) rmSync(file, { force: true });
  } finally {
    rmdirSync(guard);
  }
}

function ageOf(path: string): number | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? undefined : Date.now() - stat.mtimeMs;
}

/** Returns what `step` returns, or undefined when it fails with this code. */
function without<T>(code: string, step: () => T): T | undefined {
  try {
    return step();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === code) return undefined;
    throw error;
  }
}
