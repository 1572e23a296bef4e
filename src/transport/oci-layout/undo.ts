import { existsSync, mkdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { attempt } from '../../io/atomic-file.ts';

/** Makes a directory and those above it. */
export function makeDirectories(path: string, undo: Undo): void {
  if (existsSync(path)) return;
  makeDirectories(dirname(path), undo);
  attempt(path, () => {
    try {
      mkdirSync(path);
      undo.directory(path);
    } catch (error) {
      // Another run was quicker.
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
  });
}

/** Undo removes what a failed write has made; directories the last first, so that they are empty when their turn comes. */
export class Undo {
  readonly #files: string[] = [];
  readonly #directories: string[] = [];

  file(path: string): void {
    this.#files.push(path);
  }

  directory(path: string): void {
    this.#directories.push(path);
  }

  removeFiles(): void {
    for (const path of this.#files.splice(0)) removeQuietly(() => rmSync(path));
  }

  removeDirectories(): void {
    for (const path of this.#directories.reverse()) removeQuietly(() => rmdirSync(path));
  }
}

function removeQuietly(remove: () => void): void {
  try {
    remove();
  } catch {
    // Another run has put something into it meanwhile, or the disk fails: the first error is the one to tell.
  }
}
