import { gzipSync } from 'node:zlib';
import { ZstdCodec } from 'zstd-codec';
import { digestOf } from '../../oci/digest.ts';
import { entryBytes, type TarSpec } from '../tar-builder.ts';

/** A blob with a table of contents, and the annotations by which its manifest vouches for that. */
export interface TabledLayer {
  readonly blob: Uint8Array;
  readonly annotations: Readonly<Record<string, string>>;
  readonly mediaType: string;
  /** What the blob inflates to. */
  readonly tar: Uint8Array;
}

export type TocRecord = Record<string, unknown>;

interface TabledOptions {
  /** Bytes of a chunk; by default a file is one. */
  readonly chunkSize?: number;
  /** Changes the table before it is written: so that it disagrees with the tar. */
  readonly patch?: (records: TocRecord[]) => TocRecord[];
  /** Changes the blob behind the back of its table. */
  readonly damage?: (blob: Buffer) => void;
}

const TYPES: Readonly<Record<string, string>> = {
  file: 'reg',
  directory: 'dir',
  symlink: 'symlink',
  hardlink: 'hardlink',
  'character-device': 'char',
  'block-device': 'block',
  fifo: 'fifo',
};

/** Returns what compresses with zstd; to be awaited once. */
export async function zstdCompressor(): Promise<(bytes: Uint8Array) => Uint8Array> {
  return await new Promise((resolve) => {
    ZstdCodec.run(({ Simple }) => {
      const simple = new Simple();
      resolve((bytes) => simple.compress(bytes, 3));
    });
  });
}

/** Returns an eStargz layer (stargz-snapshotter, docs/estargz.md). */
export function stargzOf(specs: readonly TarSpec[], options: TabledOptions = {}): TabledLayer {
  const { parts, records, tar } = framesOf(specs, (bytes) => gzipSync(bytes), options);
  const json = tocJson(records, options);
  const toc = entryBytes({ name: 'stargz.index.json', content: json });
  const offset = parts.reduce((sum, { length }) => sum + length, 0);
  const end = Buffer.alloc(1024);
  const blob = Buffer.concat([...parts, gzipSync(Buffer.concat([toc, end])), footerOf(offset)]);
  options.damage?.(blob);
  return {
    blob,
    annotations: { 'containerd.io/snapshot/stargz/toc.digest': digestOf(json) },
    mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
    tar: Buffer.concat([tar, toc, end]),
  };
}

/** Returns a zstd:chunked layer as podman writes it (containers/storage, pkg/chunked). */
export function chunkedOf(
  specs: readonly TarSpec[],
  compress: (bytes: Uint8Array) => Uint8Array,
  options: TabledOptions = {},
): TabledLayer {
  const { parts, records, tar } = framesOf(specs, compress, options);
  const end = Buffer.alloc(1024);
  parts.push(Buffer.from(compress(end)));
  const json = tocJson(records, options);
  const stored = compress(json);
  const offset = parts.reduce((sum, { length }) => sum + length, 0) + 8;
  const blob = Buffer.concat([...parts, skippable(stored)]);
  options.damage?.(blob);
  const prefix = 'io.github.containers.zstd-chunked.';
  return {
    blob,
    annotations: {
      [`${prefix}manifest-checksum`]: digestOf(stored),
      [`${prefix}manifest-position`]: `${offset}:${stored.length}:${json.length}:1`,
    },
    mediaType: 'application/vnd.oci.image.layer.v1.tar+zstd',
    tar: Buffer.concat([tar, end]),
  };
}

function tocJson(records: TocRecord[], { patch }: TabledOptions): Buffer {
  return Buffer.from(JSON.stringify({ version: 1, entries: patch?.(records) ?? records }));
}

/** Compresses headers and every chunk of contents by themselves, and writes down where each is. */
function framesOf(
  specs: readonly TarSpec[],
  compress: (bytes: Uint8Array) => Uint8Array,
  { chunkSize = Number.POSITIVE_INFINITY }: TabledOptions,
): { parts: Buffer[]; records: TocRecord[]; tar: Uint8Array } {
  const parts: Buffer[] = [];
  const records: TocRecord[] = [];
  const tars: Uint8Array[] = [];
  let pending: Buffer = Buffer.alloc(0);
  let offset = 0;
  const put = (bytes: Uint8Array): void => {
    const stored = Buffer.from(compress(bytes));
    parts.push(stored);
    offset += stored.length;
  };
  for (const spec of specs) {
    const bytes = Buffer.from(entryBytes(spec));
    tars.push(bytes);
    const content = Buffer.from(spec.content ?? '');
    const record = recordOf(spec, content);
    if (content.length === 0) {
      records.push(record);
      pending = Buffer.concat([pending, bytes]);
      continue;
    }
    const padded = content.length + ((512 - (content.length % 512)) % 512);
    const at = bytes.length - padded;
    put(Buffer.concat([pending, bytes.subarray(0, at)]));
    pending = bytes.subarray(at + content.length);
    for (let start = 0; start < content.length; start += chunkSize) {
      const chunk = content.subarray(start, start + chunkSize);
      const place = { offset, chunkDigest: digestOf(chunk), chunkOffset: start, chunkSize: chunk.length };
      records.push({ ...(start === 0 ? record : { type: 'chunk', name: spec.name }), ...place });
      put(chunk);
    }
  }
  if (pending.length > 0) put(pending);
  return { parts, records, tar: Buffer.concat(tars) };
}

function recordOf(spec: TarSpec, content: Uint8Array): TocRecord {
  const { name, type = 'file', target, mode, uid, gid, mtime = 0, devMajor, devMinor, xattrs } = spec;
  return {
    type: TYPES[type],
    name,
    linkName: target,
    mode: mode ?? (type === 'directory' ? 0o755 : 0o644),
    size: content.length || undefined,
    uid,
    gid,
    modtime: new Date(mtime * 1000).toISOString().replace('.000Z', 'Z'),
    devMajor,
    devMinor,
    xattrs: xattrs && Object.fromEntries(Object.entries(xattrs).map(([key, value]) => [key, base64(value)])),
  };
}

function base64(value: string | Uint8Array): string {
  return Buffer.from(value as string).toString('base64');
}

/** An empty gzip member whose extra field has the offset of the table. */
export function footerOf(offset: number): Buffer {
  const extra = Buffer.from(`SG\x16\0${offset.toString(16).padStart(16, '0')}STARGZ`, 'latin1');
  const header = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 26, 0]);
  const empty = Buffer.from([1, 0, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([header, extra, empty]);
}

function skippable(bytes: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32LE(0x184d2a50, 0);
  header.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
}
