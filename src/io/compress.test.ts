import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ZstdCodec } from 'zstd-codec';
import { BLOCK_BYTES, type CompressionFormat, Compressor, compress } from './compress.ts';

/** Bytes that are neither all alike nor random: words of a small vocabulary. */
function sample(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let state = 1;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = at % 7 === 0 ? state >>> 24 : (state >>> 28) + 0x61;
  }
  return bytes;
}

async function compressed(
  chunks: Iterable<Uint8Array>,
  format: CompressionFormat,
  threads = 2,
): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of compress(chunks, { format, threads })) parts.push(part);
  return Buffer.concat(parts);
}

function* chunksOf(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('compress', () => {
  test.each([0, 1, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 3 * BLOCK_BYTES + 5])(
    'gzip of %d bytes can be read by zlib',
    async (length) => {
      const bytes = sample(length);
      const result = await compressed(chunksOf(bytes, 65_536), 'gzip');
      expect(gunzipSync(result).equals(bytes)).toBe(true);
    },
  );

  test('gzip bytes are those of the released versions, whatever the chunks and threads', async () => {
    const bytes = sample(2 * BLOCK_BYTES + 77);
    const one = await compressed([bytes], 'gzip', 1);
    for (const [size, threads] of [
      [1000, 1],
      [BLOCK_BYTES, 2],
      [1_500_000, 3],
    ] as const) {
      expect((await compressed(chunksOf(bytes, size), 'gzip', threads)).equals(one)).toBe(true);
    }
    expect(createHash('sha256').update(one).digest('hex')).toMatchInlineSnapshot(
      `"9c9a7bc4cacce5e43a41efbaa2a182d8f114241b407425899da885539095fb10"`,
    );
  });

  test('threads that ran before make the same bytes, and are left to whoever started them', async () => {
    const bytes = sample(5 * BLOCK_BYTES + 1);
    const expected = await compressed([bytes], 'gzip', 1);
    const compressor = new Compressor('gzip', 2);
    compressor.start();
    for (let run = 0; run < 2; run++) {
      const parts: Uint8Array[] = [];
      for await (const part of compress([bytes], { format: 'gzip', compressor })) parts.push(part);
      expect(Buffer.concat(parts).equals(expected)).toBe(true);
    }
    await compressor.close();
  });

  test('a gzip header has neither time nor operating system', async () => {
    const result = await compressed([Buffer.from('abc')], 'gzip');
    expect(result.subarray(0, 10).toString('hex')).toBe('1f8b08000000000000ff');
  });

  test('zstd frames can be read back and are the same with one thread and with three', async () => {
    const bytes = sample(2 * BLOCK_BYTES + 77);
    const one = await compressed([bytes], 'zstd', 1);
    expect((await compressed(chunksOf(bytes, 99_999), 'zstd', 3)).equals(one)).toBe(true);
    expect(createHash('sha256').update(one).digest('hex')).toMatchInlineSnapshot(
      `"43eb507a2befc61762ffb59a4fdf2962c6152334357133217eef6797817c7996"`,
    );
    expect(Buffer.from(await unzstd(one)).equals(bytes)).toBe(true);
  });

  test('an error of the source comes through', async () => {
    function* broken(): Generator<Uint8Array> {
      yield sample(3 * BLOCK_BYTES);
      throw new RangeError('broken source');
    }
    await expect(compressed(broken(), 'gzip')).rejects.toThrow('broken source');
  });

  test('a reader that stops early leaves no thread behind', async () => {
    const before = threadsAndPorts();
    for await (const part of compress([sample(5 * BLOCK_BYTES)], { format: 'gzip', threads: 2 })) {
      expect(part.length).toBeGreaterThan(0);
      break;
    }
    expect(threadsAndPorts()).toEqual(before);
  });
});

function threadsAndPorts(): string[] {
  return process.getActiveResourcesInfo().filter((name) => name === 'Worker' || name === 'MessagePort');
}

function unzstd(bytes: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve) => {
    ZstdCodec.run((binding) => resolve(new binding.Streaming().decompress(bytes)));
  });
}
