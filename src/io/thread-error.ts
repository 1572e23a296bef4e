import {
  FormatError,
  ImageError,
  IntegrityError,
  InternalError,
  LimitError,
  OslimError,
  RegistryError,
  reasonOf,
  TransportError,
  UnsafePathError,
  UnsupportedError,
} from '../errors.ts';

const CLASSES: readonly { readonly name: string; readonly prototype: OslimError }[] = [
  FormatError,
  ImageError,
  IntegrityError,
  InternalError,
  LimitError,
  RegistryError,
  TransportError,
  UnsafePathError,
  UnsupportedError,
];

interface EncodedError {
  /** Name of its class; absent: it was none of ours. */
  readonly name?: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Returns an error as a value that can be posted to another thread, which loses classes. */
export function encodeError(error: unknown): EncodedError {
  if (!(error instanceof OslimError)) return { message: reasonOf(error), fields: {} };
  return { name: error.constructor.name, message: error.message, fields: { ...error } };
}

/** Returns the error that was encoded, of its class; one that was none of ours is an InternalError. */
export function decodeError(encoded: unknown): Error {
  const { name, message, fields } = encoded as EncodedError;
  const found = CLASSES.find((one) => one.name === name);
  if (found === undefined) return new InternalError(`cannot read in a thread: ${message}`);
  const error = new Error(message);
  Object.setPrototypeOf(error, found.prototype);
  return Object.assign(error, fields);
}
