/** What an error may carry besides its message. */
interface ErrorOptions {
  readonly cause?: unknown;
  /** What the user can do next: one line, no full stop needed. */
  readonly advice?: string | undefined;
}

/**
 * OslimError is every error that this package throws on purpose; one subclass for each "who can act".
 * Messages are one line: `cannot <verb> "<subject>": <reason>`.
 */
export abstract class OslimError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly advice: string | undefined;

  constructor(code: Code, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.advice = options.advice;
    this.name = new.target.name;
  }
}

/** UsageError: an option or a reference that the user typed cannot be meant (exit status 2). */
export class UsageError extends OslimError<'USAGE'> {
  constructor(message: string, options?: ErrorOptions) {
    super('USAGE', message, options);
  }
}

/** FormatError: bytes that are not what their format (tar, ELF, JSON, …) says; `offset` is in bytes. */
export class FormatError extends OslimError<'FORMAT'> {
  readonly format: string;
  readonly offset: number;

  constructor(format: string, offset: number, message: string, options?: ErrorOptions) {
    super('FORMAT', message, options);
    this.format = format;
    this.offset = offset;
  }
}

/** IntegrityError: a digest or a size is not the one that was promised. */
export class IntegrityError extends OslimError<'INTEGRITY'> {
  readonly expected: string;
  readonly actual: string;

  constructor(subject: string, expected: string, actual: string, options?: ErrorOptions) {
    super('INTEGRITY', `cannot trust ${subject}: expected ${expected}, got ${actual}`, options);
    this.expected = expected;
    this.actual = actual;
  }
}

/** One element of the `errors` array of a registry's answer (distribution-spec, "Error Codes"). */
export interface RegistryErrorDetail {
  readonly code: string;
  readonly message: string;
}

/** What a registry answered; `url` holds no credentials and no query. */
interface RegistryFailure {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly errors: readonly RegistryErrorDetail[];
  readonly retryable: boolean;
  /** What its Retry-After asked for (RFC 9110, section 10.2.3), in milliseconds. */
  readonly retryAfterMs?: number;
}

/** RegistryError: a registry answered with a failure; `status` is 0 when it did not answer at all. */
export class RegistryError extends OslimError<'REGISTRY'> {
  readonly failure: RegistryFailure;

  constructor(message: string, failure: RegistryFailure, options?: ErrorOptions) {
    super('REGISTRY', message, options);
    this.failure = failure;
  }
}

/** ImageError: the image itself cannot be slimmed as asked (no such platform, entrypoint not in it, …). */
export class ImageError extends OslimError<'IMAGE'> {
  constructor(message: string, options?: ErrorOptions) {
    super('IMAGE', message, options);
  }
}

/** UnsafePathError: a name in an archive that would leave the root. */
export class UnsafePathError extends OslimError<'UNSAFE_PATH'> {
  readonly path: string;

  constructor(path: string, message: string, options?: ErrorOptions) {
    super('UNSAFE_PATH', message, options);
    this.path = path;
  }
}

/** LimitError: an input is larger than a named limit allows. */
export class LimitError extends OslimError<'LIMIT'> {
  readonly limit: string;
  readonly max: number;

  constructor(limit: string, max: number, message: string, options?: ErrorOptions) {
    super('LIMIT', message, options);
    this.limit = limit;
    this.max = max;
  }
}

/** UnsupportedError: valid input that oslim does not handle. */
export class UnsupportedError extends OslimError<'UNSUPPORTED'> {
  constructor(message: string, options?: ErrorOptions) {
    super('UNSUPPORTED', message, options);
  }
}

/** TransportError: reading the source or writing the destination failed on this host. */
export class TransportError extends OslimError<'TRANSPORT'> {
  readonly side: 'source' | 'destination';

  constructor(side: 'source' | 'destination', message: string, options?: ErrorOptions) {
    super('TRANSPORT', message, options);
    this.side = side;
  }
}

/** InternalError: cannot happen; a bug of oslim when it does. */
export class InternalError extends OslimError<'INTERNAL'> {
  constructor(message: string, options?: ErrorOptions) {
    super('INTERNAL', `internal error: ${message}`, options);
  }
}

/** Returns one line that says why, whatever was thrown: an Error's message, without its stack. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
