import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { FormatError, IntegrityError, LimitError, TransportError, UnsupportedError } from '../errors.ts';
import { decompressed, detectCompression } from './decompress.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { verified } from './verify.ts';
import { inflatedByWorker } from './zstd.ts';
import { zstdFrames } from './zstd-frames.ts';

async function* cut(bytes: Uint8Array, step: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}

async function gathered(source: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks).toString('latin1');
}

const A = 'a'.repeat(70_000);
const B = 'b'.repeat(300);

/** A zstd frame of one RLE or raw block after another, made by hand (RFC 8878 section 3.1.1). */
function zstdFrame(...blocks: readonly { readonly byte: string; readonly length: number }[]): Uint8Array {
  const parts = blocks.map(({ byte, length }, i) => {
    const header = Buffer.alloc(4);
    header.writeUIntLE((i === blocks.length - 1 ? 1 : 0) + 2 + length * 8, 0, 3);
    header.write(byte, 3);
    return header;
  });
  // Window_Descriptor 0x50: 1 MiB.
  return Buffer.concat([Buffer.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x50), ...parts]);
}

const frameA = zstdFrame({ byte: 'a', length: 70_000 });
const frameB = zstdFrame({ byte: 'b', length: 100 }, { byte: 'b', length: 200 });
const skippable = Buffer.of(0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3);
const emptySkippable = Buffer.of(0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0);

/** What `zstd -9 --check` makes of 100,000 times "abc". */
const ZSTD_PROGRAM = Buffer.from(
  'KLUv/QRgXAAAGGFiYwEA+v/mbghEAAAAAQD9/+YOCEUAAAABAN0TdQcEScFxHg==',
  'base64',
);

const good = [
  { summary: 'nothing is nothing', bytes: Buffer.alloc(0), text: '' },
  { summary: 'plain bytes pass through', bytes: Buffer.from('plain'), text: 'plain' },
  { summary: 'a short start is plain', bytes: Buffer.of(0x1f), text: '\x1f' },
  { summary: 'one gzip member', bytes: gzipSync(A), text: A },
  {
    summary: 'concatenated gzip members (pigz, eStargz)',
    bytes: Buffer.concat([gzipSync(A), gzipSync(B), gzipSync('')]),
    text: A + B,
  },
  { summary: 'gzip padded with zeros', bytes: Buffer.concat([gzipSync(B), Buffer.alloc(3000)]), text: B },
  { summary: 'one zstd frame', bytes: frameA, text: A },
  {
    summary: 'several zstd frames (zstd:chunked)',
    bytes: Buffer.concat([frameA, frameB, frameA]),
    text: A + B + A,
  },
  {
    summary: 'skippable zstd frames before, between and after (pzstd)',
    bytes: Buffer.concat([skippable, frameA, emptySkippable, skippable, frameB, skippable]),
    text: A + B,
  },
];

const damaged = [
  {
    summary: 'gzip that is cut off',
    bytes: gzipSync(A).subarray(0, -3),
    error: /cut off at offset/,
  },
  {
    summary: 'a gzip header that is cut off',
    bytes: gzipSync(A).subarray(0, 5),
    error: /cut off at offset 5/,
  },
  { summary: 'gzip with a wrong checksum', bytes: altered(gzipSync(A), -7), error: /incorrect data check/ },
  {
    summary: 'a second gzip member that is none',
    bytes: Buffer.concat([gzipSync(A), Buffer.alloc(20, 7)]),
    error: /incorrect header/,
  },
  { summary: 'zstd that is cut off', bytes: frameA.subarray(0, -1), error: /cut off at offset 9/ },
  {
    summary: 'zstd whose second frame is cut off',
    bytes: Buffer.concat([frameA, frameB.subarray(0, 7)]),
    error: /cut off at offset 17/,
  },
  {
    summary: 'a skippable frame that is cut off',
    bytes: Buffer.concat([frameA, skippable.subarray(0, 9)]),
    error: /cut off/,
  },
  {
    summary: 'garbage after a zstd frame',
    bytes: Buffer.concat([frameA, Buffer.alloc(9)]),
    error: /no zstd frame/,
  },
  { summary: 'a zstd block of the reserved type', bytes: altered(frameA, 6, 0x07), error: /reserved type/ },
  { summary: 'a zstd header with a reserved bit', bytes: altered(frameA, 4, 0x08), error: /reserved bit/ },
  {
    summary: 'a zstd window larger than memory',
    bytes: altered(frameA, 5, 0xff),
    error: /cannot decompress/,
  },
];

function altered(bytes: Uint8Array, at: number, value?: number): Uint8Array {
  const copy = Buffer.from(bytes);
  const index = at < 0 ? copy.length + at : at;
  copy[index] = value ?? (copy[index] ?? 0) ^ 1;
  return copy;
}

describe('decompressed', () => {
  test.each(good)('$summary', async ({ bytes, text }) => {
    for (const step of [1, 1 << 20])
      expect(await gathered(decompressed(cut(bytes, step), 'layer'))).toBe(text);
  });

  test.each(damaged)('refuses $summary', async ({ bytes, error }) => {
    for (const step of [1, 1 << 20]) {
      const reading = gathered(decompressed(cut(bytes, step), 'layer 1'));
      await expect(reading).rejects.toThrow(error);
      await expect(reading).rejects.toThrow(FormatError);
      await expect(reading).rejects.toThrow(/^cannot decompress layer 1: [^\n]+$/);
    }
  });

  test.each([
    { name: 'bzip2', bytes: Buffer.from('BZh91AY&SY') },
    { name: 'xz', bytes: Buffer.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0) },
  ])('does not support $name, and says so', async ({ name, bytes }) => {
    await expect(gathered(decompressed(cut(bytes, 3), 'layer 1'))).rejects.toThrow(
      `cannot decompress layer 1: ${name} is not supported`,
    );
    await expect(gathered(decompressed(cut(bytes, 3), 'layer 1'))).rejects.toThrow(UnsupportedError);
  });

  test('reads what the zstd program writes, and checks its checksum', async () => {
    expect(await gathered(decompressed(cut(ZSTD_PROGRAM, 9), 'layer'))).toBe('abc'.repeat(100_000));
    const reading = gathered(decompressed(cut(altered(ZSTD_PROGRAM, -1), 9), 'layer'));
    await expect(reading).rejects.toThrow(FormatError);
  });

  test('inflates zstd in a worker alike, which is what Node before 22.15 gets', async () => {
    const bytes = Buffer.concat([skippable, frameA, frameB]);
    expect(await gathered(inflatedByWorker(zstdFrames(cut(bytes, 5), 'layer'), 'layer'))).toBe(A + B);
    const broken = altered(Buffer.concat([frameA, zstdFrame({ byte: 'x', length: 1 << 20 })]), 0);
    await expect(gathered(inflatedByWorker(zstdFrames(cut(broken, 5), 'layer'), 'layer'))).rejects.toThrow(
      FormatError,
    );
  });

  test('windows of 32 MiB (skopeo) inflate in a worker, beside small ones', async () => {
    const roomy = Buffer.from(
      zstdFrame(...Array.from({ length: 80 }, () => ({ byte: 'w', length: 131_072 }))),
    );
    roomy[5] = 0x78;
    const bytes = Buffer.concat([frameA, roomy, frameB, roomy]);
    const text = `${A}${'w'.repeat(80 * 131_072)}${B}${'w'.repeat(80 * 131_072)}`;
    const inflated = await gathered(inflatedByWorker(zstdFrames(cut(bytes, 64), 'layer'), 'layer'));
    expect(inflated === text).toBe(true);
  });

  test.each([
    { summary: 'its exponent and mantissa', header: [0x00, 0x79], window: (32 << 20) + (4 << 20) },
    { summary: 'a single segment of one byte', header: [0x20, 200], window: 200 },
    { summary: 'of two bytes, which count from 256', header: [0x60, 1, 1], window: 513 },
    { summary: 'of four bytes', header: [0xa0, 0, 0, 0, 1], window: 1 << 24 },
    {
      summary: 'of eight bytes, behind a dictionary ID',
      header: [0xe2, 7, 7, 0, 0, 0, 2, 0, 0, 0, 0],
      window: 2 << 24,
    },
  ])('a zstd frame says its window: $summary', async ({ header, window }) => {
    const bytes = Buffer.of(0x28, 0xb5, 0x2f, 0xfd, ...header, 1, 0, 0);
    for (const step of [1, 3, 100]) {
      const pieces: unknown[] = [];
      for await (const piece of zstdFrames(cut(bytes, step), 'layer')) pieces.push(piece.windowBytes);
      expect(pieces[0]).toBe(window);
    }
  });

  test('a window beyond 128 MiB is refused on every Node', async () => {
    const bytes = Buffer.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x90, 1, 0, 0);
    const reading = gathered(decompressed(cut(bytes, 3), 'layer'));
    await expect(reading).rejects.toThrow('its window of 268435456 bytes is larger than 134217728');
    await expect(reading).rejects.toThrow(FormatError);
  });

  test.each([
    { name: 'gzip', bomb: gzipSync(Buffer.alloc(20_000_000)) },
    { name: 'zstd', bomb: rleBomb(20_000_000) },
  ])('a $name bomb is refused after the limit, not after memory', async ({ bomb }) => {
    const limits = { ...DEFAULT_LIMITS, layerBytes: 1_000_000 };
    await expect(gathered(decompressed(cut(bomb, 4096), 'layer', limits))).rejects.toThrow(LimitError);
  });

  test('a bomb within the limit of bytes is refused by its ratio', async () => {
    const reading = async (): Promise<void> => {
      for await (const _chunk of decompressed(cut(rleBomb(400 << 20), 1 << 16), 'layer')) {
        // Only its length counts.
      }
    };
    await expect(reading()).rejects.toThrow(/compressionRatio/);
  });

  test("the source's own errors come through as they are", async () => {
    const failure = new TransportError('source', 'cannot read "x": EIO');
    for (const start of [
      gzipSync(A).subarray(0, 40),
      frameA.subarray(0, 8),
      Buffer.from('plain, long enough'),
    ]) {
      const source = async function* (): AsyncGenerator<Uint8Array> {
        yield start;
        throw failure;
      };
      await expect(gathered(decompressed(source(), 'layer'))).rejects.toBe(failure);
    }
  });

  test('a source is read and so verified to its end, also behind padding', async () => {
    const bytes = Buffer.concat([gzipSync(B), Buffer.alloc(200_000)]);
    const source = verified(cut(bytes, 1000), { size: bytes.length + 1 }, 'blob');
    await expect(gathered(decompressed(source, 'layer'))).rejects.toThrow(IntegrityError);
  });

  test.each([gzipSync(A), frameA, Buffer.from('plain text')])(
    'a consumer that stops closes the source (%#)',
    async (bytes) => {
      let isClosed = false;
      const source = async function* (): AsyncGenerator<Uint8Array> {
        try {
          for (;;) yield bytes;
        } finally {
          isClosed = true;
        }
      };
      for await (const _chunk of decompressed(source(), 'layer')) break;
      await expect.poll(() => isClosed).toBe(true);
    },
  );
});

/** Blocks of 128 KiB in four bytes each. */
function rleBomb(size: number): Uint8Array {
  return zstdFrame(
    ...Array.from({ length: Math.ceil(size / 131_072) }, () => ({ byte: '\0', length: 131_072 })),
  );
}

test('detectCompression knows formats by their first bytes', () => {
  expect(detectCompression(gzipSync(''))).toBe('gzip');
  expect(detectCompression(frameA)).toBe('zstd');
  expect(detectCompression(skippable)).toBe('zstd');
  expect(detectCompression(Buffer.from('usr/bin/'))).toBe('none');
  expect(detectCompression(Buffer.alloc(0))).toBe('none');
});
