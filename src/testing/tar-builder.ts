import type { TarEntryType } from '../tar/entry.ts';
import { encodeName } from '../tar/name.ts';

/** TarSpec describes one entry plainly; everything has a default but the name. Nothing is checked: hostile tars are the point. */
export interface TarSpec {
  readonly name: string;
  readonly type?: TarEntryType;
  /** Text or bytes of a file. */
  readonly content?: string | Uint8Array;
  /** Where a symbolic or hard link leads. */
  readonly target?: string;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Whole seconds; negative ones and those beyond 33 bits are written in base-256. */
  readonly mtime?: number;
  readonly devMajor?: number;
  readonly devMinor?: number;
  readonly xattrs?: Readonly<Record<string, string | Uint8Array>>;
  /** Records of a pax header before the entry, in this order; keys may repeat. */
  readonly pax?: readonly (readonly [string, string | Uint8Array])[];
  /** Overrides the typeflag that `type` gives. */
  readonly typeflag?: string;
  /** Overrides the size in the header: a lie, unless `content` is that long. */
  readonly size?: number;
  /** ustar by default. */
  readonly dialect?: 'ustar' | 'gnu' | 'v7';
  /** Changes the header block before its checksum is made. */
  readonly patch?: (block: Buffer) => void;
}

const TYPEFLAGS: Readonly<Record<TarEntryType, string>> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  'character-device': '3',
  'block-device': '4',
  directory: '5',
  fifo: '6',
};

/** Returns a tar of `entries`, in their order, with its two blocks of zeros. */
export function tarOf(entries: readonly TarSpec[]): Uint8Array {
  return Buffer.concat([...entries.map(entryBytes), Buffer.alloc(1024)]);
}

/** Returns one entry's blocks: extension headers, header and padded contents. */
export function entryBytes(spec: TarSpec): Uint8Array {
  const content = bytesOf(spec.content ?? '');
  const records = paxRecordsOf(spec);
  const parts =
    records.length > 0
      ? [extensionBytes('x', Buffer.concat(records.map(([key, value]) => paxRecord(key, value))))]
      : [];
  return Buffer.concat([...parts, headerBlock(spec, content.length), pad(content)]);
}

/** Returns an extension header ('x', 'g', 'L', 'K') with its contents. */
export function extensionBytes(typeflag: string, contents: string | Uint8Array): Uint8Array {
  const bytes = bytesOf(contents);
  return Buffer.concat([headerBlock({ name: '././@PaxHeader', typeflag }, bytes.length), pad(bytes)]);
}

/** Returns one pax record with its right length. */
export function paxRecord(key: string, value: string | Uint8Array): Uint8Array {
  const body = Buffer.concat([
    Buffer.from(' '),
    Buffer.from(key),
    Buffer.from('='),
    bytesOf(value),
    Buffer.from('\n'),
  ]);
  let length = body.length + 1;
  while (String(length).length + body.length !== length) length = String(length).length + body.length;
  return Buffer.concat([Buffer.from(String(length)), body]);
}

/** Returns one header block of 512 bytes with a right checksum. */
export function headerBlock(spec: TarSpec, contentSize: number): Uint8Array {
  const block = Buffer.alloc(512);
  put(block, 0, 100, encodeName(spec.name));
  numeric(block, 100, 8, spec.mode ?? (spec.type === 'directory' ? 0o755 : 0o644));
  numeric(block, 108, 8, spec.uid ?? 0);
  numeric(block, 116, 8, spec.gid ?? 0);
  numeric(block, 124, 12, spec.size ?? contentSize);
  numeric(block, 136, 12, spec.mtime ?? 0);
  block.write(spec.typeflag ?? TYPEFLAGS[spec.type ?? 'file'], 156, 1, 'latin1');
  put(block, 157, 100, encodeName(spec.target ?? ''));
  const dialect = spec.dialect ?? 'ustar';
  if (dialect !== 'v7') {
    block.write(dialect === 'gnu' ? 'ustar  \0' : 'ustar\x0000', 257, 'latin1');
    numeric(block, 329, 8, spec.devMajor ?? 0);
    numeric(block, 337, 8, spec.devMinor ?? 0);
  }
  spec.patch?.(block);
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function paxRecordsOf(spec: TarSpec): [string, string | Uint8Array][] {
  const records: [string, string | Uint8Array][] = (spec.pax ?? []).map(([key, value]) => [key, value]);
  for (const [key, value] of Object.entries(spec.xattrs ?? {})) records.push([`SCHILY.xattr.${key}`, value]);
  if (encodeName(spec.name).length > 100) records.push(['path', encodeName(spec.name)]);
  if (encodeName(spec.target ?? '').length > 100) records.push(['linkpath', encodeName(spec.target ?? '')]);
  return records;
}

/** Octal where it fits, else GNU's base-256. */
function numeric(block: Buffer, at: number, length: number, value: number): void {
  if (value >= 0 && value < 8 ** (length - 1)) {
    block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1');
    return;
  }
  let rest = BigInt.asUintN(length * 8, BigInt(value));
  for (let i = length - 1; i >= 0; i--) {
    block[at + i] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  block[at] = (block[at] ?? 0) | 0x80;
}

function put(block: Buffer, at: number, length: number, bytes: Uint8Array): void {
  block.set(bytes.subarray(0, length), at);
}

function pad(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}

function bytesOf(value: string | Uint8Array): Uint8Array {
  return typeof value === 'string' ? Buffer.from(value) : value;
}
