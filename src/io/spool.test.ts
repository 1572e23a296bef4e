import { existsSync, mkdtempSync, openSync, readdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { InternalError, TransportError } from '../errors.ts';
import { Spool } from './spool.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

async function spooled(chunks: readonly Uint8Array[]): Promise<Spool> {
  const spool = new Spool();
  for (const chunk of chunks) await spool.append(chunk);
  await spool.finish();
  return spool;
}

describe('Spool', () => {
  test.each([0, 1, 1000, 131_072, 131_073, 10_000_000])(
    'gives %i bytes back, at any offset',
    async (size) => {
      const bytes = Buffer.from(Array.from({ length: Math.min(size, 1 << 16) }, (_, i) => i % 251));
      const chunks: Uint8Array[] = [];
      for (let left = size; left > 0; left -= bytes.length)
        chunks.push(bytes.subarray(0, Math.min(left, bytes.length)));
      const spool = await spooled(chunks);
      expect(spool.size).toBe(size);
      expect(Buffer.compare(spool.read(0, size), Buffer.concat(chunks))).toBe(0);
      if (size > 5)
        expect(Buffer.compare(spool.read(size - 5, 5), Buffer.concat(chunks).subarray(-5))).toBe(0);
      expect(() => spool.read(size, 1)).toThrow(InternalError);
      expect(() => spool.read(-1, 1)).toThrow(InternalError);
      spool.close();
      expect(() => spool.read(0, Math.min(size, 1))).toThrow(InternalError);
    },
  );

  test('its file has no name, so that nothing outlives the process', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'oslim-test-'));
    vi.stubEnv('TMPDIR', directory);
    const spool = await spooled([Buffer.alloc(1 << 20)]);
    expect(readdirSync(directory)).toEqual([]);
    spool.close();
    rmdirSync(directory);
  });

  test('a chunk in memory is a copy: the writer may use its buffer again', async () => {
    const chunk = Buffer.from('abc');
    const spool = new Spool();
    await spool.append(chunk);
    chunk.fill('x');
    await spool.finish();
    expect(Buffer.from(spool.read(0, 3)).toString()).toBe('abc');
    spool.close();
  });

  test('makes a fast writer wait, so that memory stays small', () => {
    const spool = new Spool();
    const promises = Array.from({ length: 8 }, () => spool.append(Buffer.alloc(1 << 20)));
    expect(promises.some((promise) => promise !== undefined)).toBe(true);
    spool.close();
  });

  test('a directory that cannot be written to is a TransportError that says what to do', async () => {
    vi.stubEnv('TMPDIR', '/dev/null/none');
    await expect(spooled([Buffer.alloc(1 << 20)])).rejects.toThrow(TransportError);
    await expect(spooled([Buffer.alloc(1 << 20)])).rejects.toMatchObject({
      advice: expect.stringContaining('TMPDIR'),
    });
  });

  test.runIf(existsSync('/dev/full'))('a full disk is a TransportError that says what to do', async () => {
    const spool = new Spool(() => openSync('/dev/full', 'r+'));
    const appended = async (): Promise<void> => {
      for (let i = 0; i < 12; i++) await spool.append(Buffer.alloc(1 << 20));
      await spool.finish();
    };
    await expect(appended()).rejects.toThrow(/cannot write temporary file .*ENOSPC/);
    spool.close();
  });

  test('may not be read before it is finished, nor written to after', async () => {
    const spool = new Spool();
    expect(() => spool.read(0, 0)).toThrow(InternalError);
    await spool.finish();
    expect(() => spool.append(Buffer.from('a'))).toThrow(InternalError);
  });
});
