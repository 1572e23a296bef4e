import { FormatError, UnsupportedError } from '../../errors.ts';
import { isRecord, type JsonObject, optionalString } from '../../oci/json.ts';
import type { TarEntry, TarEntryType } from '../../tar/entry.ts';

const TYPES: Readonly<Record<string, TarEntryType>> = {
  reg: 'file',
  dir: 'directory',
  symlink: 'symlink',
  hardlink: 'hardlink',
  char: 'character-device',
  block: 'block-device',
  fifo: 'fifo',
};

const MODE_BITS = 0o7777;
const MAX_ID = 0xffffffff;
const NO_XATTRS: ReadonlyMap<string, Uint8Array> = new Map();
/** Go's zero time: whoever wrote the table knew none. */
const NO_TIME = '0001-01-01T00:00:00Z';

/** Returns the tar entry that a member of a table's `entries` tells of (not a chunk). Throws FormatError, UnsupportedError. */
export function tarEntryOf(record: JsonObject): TarEntry {
  const name = nameOf(record);
  const spelled = optionalString(record, 'type') ?? '';
  const type = Object.hasOwn(TYPES, spelled) ? TYPES[spelled] : undefined;
  if (type === undefined)
    throw new UnsupportedError(
      `cannot read table of contents: no entry type ${JSON.stringify(spelled)} is known`,
    );
  return {
    name,
    type,
    // Some writers leave stat(2)'s bits for the type of the file in.
    mode: numberOf(record, 'mode') & MODE_BITS,
    uid: numberOf(record, 'uid', MAX_ID),
    gid: numberOf(record, 'gid', MAX_ID),
    mtime: timeOf(optionalString(record, 'modtime') ?? NO_TIME),
    size: type === 'file' ? numberOf(record, 'size') : 0,
    linkname: type === 'hardlink' || type === 'symlink' ? (optionalString(record, 'linkName') ?? '') : '',
    devMajor: numberOf(record, 'devMajor'),
    devMinor: numberOf(record, 'devMinor'),
    xattrs: xattrsOf(record.xattrs),
  };
}

export function nameOf(record: JsonObject): string {
  const { name } = record;
  if (typeof name !== 'string') throw malformed('an entry has no name');
  return name;
}

/** Returns a member that is a whole number from 0 to `max`; absent is 0. Throws FormatError. */
export function numberOf(record: JsonObject, key: string, max = Number.MAX_SAFE_INTEGER): number {
  const value = record[key] ?? 0;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= max) return value;
  throw malformed(
    `member "${key}" of ${JSON.stringify(String(record.name).slice(0, 100))} is no such number`,
  );
}

export function malformed(reason: string): FormatError {
  return new FormatError('table of contents', 0, `cannot read table of contents: ${reason}`);
}

/** Returns nanoseconds since the epoch (RFC 3339, with at most nanoseconds). */
function timeOf(text: string): bigint {
  if (text === NO_TIME) return 0n;
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text);
  const milliseconds = match === null ? Number.NaN : Date.parse(`${match[1]}${match[3]}`);
  if (Number.isNaN(milliseconds)) throw malformed(`${JSON.stringify(text.slice(0, 100))} is no time`);
  return BigInt(milliseconds) * 1_000_000n + BigInt((match?.[2] ?? '').padEnd(9, '0'));
}

/** Values are base64, as Go writes bytes. */
function xattrsOf(value: unknown): ReadonlyMap<string, Uint8Array> {
  if (value === undefined || value === null) return NO_XATTRS;
  if (!isRecord(value)) throw malformed('extended attributes are no object');
  const xattrs = new Map<string, Uint8Array>();
  for (const [name, text] of Object.entries(value)) {
    if (typeof text !== 'string' && text !== null) throw malformed('an extended attribute is no text');
    xattrs.set(name, Buffer.from(text ?? '', 'base64'));
  }
  return xattrs.size === 0 ? NO_XATTRS : xattrs;
}
