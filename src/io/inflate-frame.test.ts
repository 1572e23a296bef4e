import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { ZstdCodec } from 'zstd-codec';
import { FormatError } from '../errors.ts';
import { frameInflater, type InflateFrame } from './inflate-frame.ts';

const contents = [Buffer.alloc(0), Buffer.from('a'), Buffer.alloc(300_000, 'ab'), randomBytes(200_000)];

describe.each(['gzip', 'zstd'] as const)('%s', (kind) => {
  let inflate: InflateFrame;
  let compress: (bytes: Uint8Array) => Uint8Array;

  beforeAll(async () => {
    inflate = await frameInflater(kind);
    const zstd = await new Promise<{ compress(bytes: Uint8Array, level: number): Uint8Array }>((resolve) => {
      ZstdCodec.run(({ Simple }) => resolve(new Simple()));
    });
    compress = kind === 'gzip' ? gzipSync : (bytes) => zstd.compress(bytes, 3);
  });

  test('frames come out one after another, also after a damaged one', async () => {
    for (const content of contents) {
      expect(Buffer.compare(await inflate(compress(content), content.length), content)).toBe(0);
      const damaged = Buffer.from(compress(Buffer.alloc(5000, 'abc')));
      damaged.fill(0xff, 4);
      await expect(inflate(damaged, 5000)).rejects.toBeInstanceOf(FormatError);
    }
  });

  test('frames are inflated side by side', async () => {
    const many = Array.from({ length: 20 }, (_, i) => Buffer.alloc(i * 20_000, `${i}`));
    const inflated = await Promise.all(many.map((bytes) => inflate(compress(bytes), bytes.length)));
    expect(inflated.map((bytes, i) => Buffer.compare(bytes, many[i] ?? bytes))).toEqual(many.map(() => 0));
  });

  test('nothing is left behind that listens to the process', async () => {
    const count = () =>
      ['uncaughtException', 'unhandledRejection'].map((name) => process.listenerCount(name));
    const before = count();
    for (const size of [1000, 10 << 20])
      await inflate(kind === 'gzip' ? gzipSync('x') : zstdZeros(1, size > 1e6 ? 0x78 : 0x48), size);
    expect(count()).toEqual(before);
  });

  test('two frames come out as one', async () => {
    const both = Buffer.concat([compress(Buffer.from('one ')), compress(Buffer.from('two'))]);
    const inflated = await inflate(both, 4);
    // node:zlib stops after the first frame of zstd: what is behind it is not wanted.
    expect(Buffer.from(inflated).toString()).toMatch(kind === 'gzip' ? /^one two$/ : /^one (two)?$/);
  });

  test.runIf(kind === 'zstd')('a frame may have a window of 32 MiB, as podman writes tables', async () => {
    for (const window of [0x48, 0x78, 0x48])
      expect((await inflate(zstdZeros(40, window), 40 * (128 << 10))).length).toBe(40 * (128 << 10));
  });

  test('what inflates to far more than is wanted is refused', async () => {
    const bomb = kind === 'gzip' ? gzipSync(Buffer.alloc(40 << 20)) : zstdZeros(320);
    await expect(inflate(bomb, 10)).rejects.toBeInstanceOf(FormatError);
  });
});

/** A zstd frame of RLE blocks, each of which inflates to 128 KiB (RFC 8878 section 3.1.1.2). */
function zstdZeros(blocks: number, window = 0x48): Uint8Array {
  const parts = [Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, window)];
  for (let i = 1; i <= blocks; i++) {
    const header = ((128 << 10) << 3) | (1 << 1) | (i === blocks ? 1 : 0);
    parts.push(Uint8Array.of(header & 0xff, (header >> 8) & 0xff, header >> 16, 0));
  }
  return Buffer.concat(parts);
}
