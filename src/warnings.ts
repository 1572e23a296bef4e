/** Warning is something the user should know that did not stop the work; `--strict` turns it into an error. */
export interface Warning {
  readonly code: WarningCode;
  /** One line. */
  readonly message: string;
  /** The path inside the image that it is about. */
  readonly path?: string;
}

export type WarningCode =
  | 'LIBRARY_MISSING'
  | 'COMMAND_MISSING'
  | 'SYMBOL_VERSION_MISSING'
  | 'UNFOLLOWED'
  | 'WIDENED'
  | 'PACKED_PROGRAM'
  | 'PLATFORM_MISMATCH'
  | 'PLATFORM_SKIPPED'
  | 'ENTRY_SKIPPED'
  | 'UNREADABLE'
  | 'REGISTRY'
  | 'LAZY'
  | 'PACKAGE_DATABASE';

/** Warnings collects warnings in the order they arise, each once. */
export class Warnings {
  readonly #seen = new Map<string, Warning>();

  add(code: WarningCode, message: string, path?: string): void {
    const key = `${code}\0${message}\0${path ?? ''}`;
    if (this.#seen.has(key)) return;
    this.#seen.set(key, path === undefined ? { code, message } : { code, message, path });
  }

  list(): readonly Warning[] {
    return [...this.#seen.values()];
  }
}
