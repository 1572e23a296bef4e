/** What kind of damage a finding is. */
export type FindingCode =
  | 'DIGEST'
  | 'DAMAGED'
  | 'ENTRYPOINT'
  | 'NOT_EXECUTABLE'
  | 'INTERPRETER'
  | 'ARCHITECTURE'
  | 'LIBRARY_MISSING'
  | 'LOAD_ERROR'
  | 'SYMBOL_VERSION'
  | 'UNDEFINED_SYMBOL'
  | 'DANGLING_LINK'
  | 'USER'
  | 'WORKDIR'
  | 'DIFFERENT_CONFIG'
  | 'DIFFERENT_FILE'
  | 'DIFFERENT_LIBRARY';

/** Finding is one thing that is wrong with an image. */
export interface Finding {
  readonly code: FindingCode;
  /** One line. */
  readonly message: string;
  /** The path in the image that it is about. */
  readonly path?: string;
  /** What to do, one line. */
  readonly advice: string;
}
