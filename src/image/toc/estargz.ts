import { FormatError } from '../../errors.ts';
import type { Limits } from '../../io/limits.ts';
import { TarParser } from '../../tar/reader.ts';

/** Bytes of the footer that ends an eStargz blob (stargz-snapshotter, docs/estargz.md "Footer"). */
export const FOOTER_BYTES = 51;

const TOC_NAME = 'stargz.index.json';
/** gzip's magic, deflate, FEXTRA (RFC 1952 section 2.3). */
const GZIP_EXTRA = Uint8Array.of(0x1f, 0x8b, 8, 4);
const EXTRA_AT = 10;

/** Returns the offset of the table in a blob of `blobSize` bytes, from the blob's last bytes. Throws FormatError. */
export function tocOffsetOf(footer: Uint8Array, blobSize: number): number {
  const bytes = Buffer.from(footer);
  const extra = bytes.subarray(EXTRA_AT);
  const isFooter =
    bytes.length === FOOTER_BYTES &&
    GZIP_EXTRA.every((byte, at) => bytes[at] === byte) &&
    extra.readUInt16LE(0) === 26 &&
    extra.toString('latin1', 2, 4) === 'SG' &&
    extra.readUInt16LE(4) === 22;
  const match = /^([0-9a-f]{16})STARGZ$/.exec(isFooter ? extra.toString('latin1', 6, 28) : '');
  const offset = Number.parseInt(match?.[1] ?? '', 16);
  if (!(offset < blobSize - FOOTER_BYTES))
    throw malformed(`its last ${FOOTER_BYTES} bytes are no eStargz footer`);
  return offset;
}

/** Returns the JSON of a table from the inflated tar that it is stored in. Throws FormatError. */
export function tocJsonOf(tar: Uint8Array, limits: Limits): Uint8Array {
  const parts: Uint8Array[] = [];
  let isToc = false;
  const parser = new TarParser(
    {
      entry({ entry }) {
        isToc = entry.name === TOC_NAME && entry.type === 'file';
      },
      data(chunk) {
        if (isToc) parts.push(chunk);
      },
    },
    limits,
  );
  parser.write(tar);
  parser.end();
  if (parts.length === 0) throw malformed(`there is no ${TOC_NAME} where its footer leads`);
  return Buffer.concat(parts);
}

function malformed(reason: string): FormatError {
  return new FormatError('eStargz', 0, `cannot find the table of contents of a layer: ${reason}`);
}
