import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { FormatError, IntegrityError } from '../errors.ts';
import { type Expected, verified } from './verify.ts';

const text = 'contents';
const hex = (algorithm: string): string => createHash(algorithm).update(text).digest('hex');

async function read(expected: Expected, chunks = [...text]): Promise<string> {
  const source = async function* (): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield Buffer.from(chunk);
  };
  let result = '';
  for await (const chunk of verified(source(), expected, 'blob x')) result += Buffer.from(chunk).toString();
  return result;
}

test.each<Expected>([
  {},
  { size: 8 },
  { digest: `sha256:${hex('sha256')}` },
  { digest: `sha512:${hex('sha512')}`, size: 8 },
])('passes what is as expected: %j', async (expected) => {
  expect(await read(expected)).toBe(text);
});

test.each<Expected & { readonly message: RegExp }>([
  { size: 7, message: /^cannot trust blob x: expected 7 bytes, got more than 7 bytes$/ },
  { size: 9, message: /expected 9 bytes, got 8 bytes/ },
  { digest: `sha256:${'0'.repeat(64)}`, message: /expected sha256:0+, got sha256:/ },
  { digest: `sha256:${hex('sha256').toUpperCase()}`, message: /expected/ },
])('refuses what is not: %j', async ({ message, ...expected }) => {
  await expect(read(expected)).rejects.toThrow(IntegrityError);
  await expect(read(expected)).rejects.toThrow(message);
});

test('stops an endless source at the size', async () => {
  let given = 0;
  const endless = async function* (): AsyncGenerator<Uint8Array> {
    for (;;) {
      given++;
      yield Buffer.alloc(10);
    }
  };
  const reading = async (): Promise<void> => {
    for await (const _chunk of verified(endless(), { size: 25 }, 'blob')) {
      // Only how much is asked for counts.
    }
  };
  await expect(reading()).rejects.toThrow(IntegrityError);
  expect(given).toBe(3);
});

test.each(['md5:00', 'sha256', ''])('refuses a digest that it cannot check: %j', async (digest) => {
  await expect(read({ digest })).rejects.toThrow(FormatError);
});
