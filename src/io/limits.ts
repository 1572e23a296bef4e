import { LimitError } from '../errors.ts';

const MIB = 1 << 20;
const GIB = 1 << 30;

/**
 * Limits says how much of everything an input may be. The defaults are sizes that no honest image meets; each can be
 * raised (`--limit NAME=VALUE`, the library's `limits`). Bytes are bytes of the decompressed input.
 */
export interface Limits {
  /** Layers of one image. Docker itself stops at 127. */
  readonly layers: number;
  /** Decompressed bytes of one layer. */
  readonly layerBytes: number;
  /** Bytes that come out for each byte that is stored, judged once `RATIO_FREE_BYTES` have come out. */
  readonly compressionRatio: number;
  /** Entries of all layers together. */
  readonly entries: number;
  /** Bytes of one path inside the image; Linux's PATH_MAX is 4096. */
  readonly pathBytes: number;
  /** Components of one path inside the image. */
  readonly pathDepth: number;
  /** Bytes of one pax extended header, of one GNU long name, or of one sparse map. */
  readonly tarExtensionBytes: number;
  /** Bytes of the table of contents of one layer. */
  readonly tocBytes: number;
  /** Bytes of one image manifest or index. Registries take 4 MiB at most. */
  readonly manifestBytes: number;
  readonly configBytes: number;
  /** Manifests and indexes that are looked at to find one image. */
  readonly manifests: number;
  /** Indexes inside of indexes. */
  readonly indexDepth: number;
  /** Arrays and objects inside of each other in one JSON document. */
  readonly jsonDepth: number;
  /** Bytes of a file of the image that is read whole. */
  readonly fileBytes: number;
  /** Bytes of a file of the image that is read as text: accounts, settings, lists. */
  readonly textBytes: number;
  /** Bytes of a dynamic loader, which is searched for the directories that are compiled into it. */
  readonly loaderBytes: number;
  /** Entries of the dynamic section of one ELF file: one for each library, and some dozens. */
  readonly elfDynamicEntries: number;
  /** Dynamic symbols of one ELF file. */
  readonly elfSymbols: number;
  /** Symbol version records of one ELF file. */
  readonly elfVersionRecords: number;
  /** Bytes of all names of libraries, directories and versions that are read of one ELF file. */
  readonly elfNameBytes: number;
  /** Bytes of all names of symbols of one ELF file: they may overlap, and then be more than the file. */
  readonly elfSymbolNameBytes: number;
  /** Bytes of all notes of one ELF file; notes are metadata of some hundred bytes. */
  readonly elfNoteBytes: number;
  readonly ldSoCacheBytes: number;
  /** Bytes of one file of a package database: fifty times the largest seen in a distribution's image. */
  readonly packageDatabaseBytes: number;
  /** Packages of one database: a full distribution has fewer, and a hostile b-tree can repeat its pages without end. */
  readonly packages: number;
  /** Redirects of one request to a registry. */
  readonly redirects: number;
  /** Bytes of the answer of a registry's token server. */
  readonly tokenBytes: number;
  /** Bytes of the header fields of one answer of a registry. */
  readonly headerBytes: number;
}

export const DEFAULT_LIMITS: Limits = {
  layers: 1000,
  layerBytes: 256 * GIB,
  compressionRatio: 500,
  entries: 2_000_000,
  pathBytes: 4096,
  pathDepth: 256,
  tarExtensionBytes: 4 * MIB,
  tocBytes: 256 * MIB,
  manifestBytes: 8 * MIB,
  configBytes: 16 * MIB,
  manifests: 1000,
  indexDepth: 4,
  jsonDepth: 100,
  fileBytes: GIB,
  textBytes: 16 * MIB,
  loaderBytes: 64 * MIB,
  elfDynamicEntries: 1 << 16,
  elfSymbols: 1 << 20,
  elfVersionRecords: 1 << 16,
  elfNameBytes: 16 * MIB,
  elfSymbolNameBytes: 256 * MIB,
  elfNoteBytes: 16 * MIB,
  ldSoCacheBytes: 16 * MIB,
  packageDatabaseBytes: 256 * MIB,
  packages: 100_000,
  redirects: 5,
  tokenBytes: MIB,
  headerBytes: 32 << 10,
};

/** What was written here itself, and is read back to be compared, need not be bounded. */
export const NO_LIMITS: Limits = Object.freeze(
  Object.fromEntries(Object.keys(DEFAULT_LIMITS).map((name) => [name, Number.POSITIVE_INFINITY])),
) as unknown as Limits;

/** A short stream may be all zeros (a preallocated file): its ratio says nothing yet. */
export const RATIO_FREE_BYTES = 256 * MIB;

/** Is it the name of a limit? */
export function isLimitName(name: string): name is keyof Limits {
  return Object.hasOwn(DEFAULT_LIMITS, name);
}

/** Throws LimitError when `value` is more than the limit `name` allows; `subject` is what is read, for the message. */
export function checkLimit(limits: Limits, name: keyof Limits, value: number, subject: string): void {
  if (value > limits[name]) throw limitError(limits, name, subject, String(value));
}

/** Returns the error for a limit that is met; `value` is how much there is, in words where it is not known. */
export function limitError(
  limits: Limits,
  name: keyof Limits,
  subject: string,
  value = 'what it holds',
): LimitError {
  const max = limits[name];
  return new LimitError(
    name,
    max,
    `cannot read ${subject}: ${value} is more than the limit ${name} = ${max}`,
    { advice: `if you trust it, raise the limit: --limit ${name}=VALUE (limits.${name} of the library)` },
  );
}
