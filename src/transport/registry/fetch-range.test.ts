import { afterEach, beforeEach, expect, test } from 'vitest';
import { IntegrityError, RegistryError, UnsupportedError } from '../../errors.ts';
import { parseReference } from '../../oci/reference.ts';
import { resetAfter, send } from '../../testing/registry/fault.ts';
import { readAll, sampleBytes } from '../../testing/registry/sample-image.ts';
import { TestRegistry } from '../../testing/registry/test-registry.ts';
import { fetchRange } from './fetch-range.ts';
import { RegistryContext } from './registry-context.ts';
import type { Repository } from './repository.ts';

const bytes = sampleBytes(100_000, 'range');
let registry: TestRegistry;
let context: RegistryContext;
let repository: Repository;
let blob: { readonly digest: `sha256:${string}`; readonly size: number };

beforeEach(async () => {
  registry = await TestRegistry.start();
  const digest = registry.store.putBlob('app', bytes) as `sha256:${string}`;
  blob = { digest, size: bytes.length };
  context = new RegistryContext({ env: {}, rules: [], network: { attempts: 3, backoffMs: 1 } });
  const [place] = context.pullRepositories(parseReference(`${registry.host}/app:x`));
  if (place === undefined) throw new Error('no place');
  repository = await place.open();
});

afterEach(async () => {
  await context.close();
  await registry.close();
});

/** Answers a request for a blob with these header fields. */
function answering(status: number, headers: Record<string, string>, body = bytes.subarray(10, 20)): void {
  registry.fail({ on: /\/blobs\//, deliver: (_, response) => send({ status, headers, body }, response) });
}

const read = (start: number, end: number): Promise<Buffer> =>
  readAll(fetchRange(repository, blob, start, end));

test('a range is what was asked for, and nothing else is sent', async () => {
  expect(Buffer.compare(await read(10, 20), bytes.subarray(10, 20))).toBe(0);
  expect(registry.seenLike(/\/blobs\//).map(({ range }) => range)).toEqual(['bytes=10-19']);
});

test('a transfer that breaks goes on where it ended', async () => {
  registry.fail({ on: /\/blobs\//, times: 1, deliver: resetAfter(30_000) });
  expect(Buffer.compare(await read(100, 90_000), bytes.subarray(100, 90_000))).toBe(0);
  const [, again] = registry.seenLike(/\/blobs\//);
  expect(again?.range).toMatch(/^bytes=[1-9]\d*-89999$/);
});

test('a server without ranges is said so, and its whole blob not taken', async () => {
  registry.store.hasRanges = false;
  await expect(read(10, 20)).rejects.toBeInstanceOf(UnsupportedError);
});

test('a range behind the end is refused by the registry', async () => {
  const error: unknown = await read(100_000, 100_010).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(RegistryError);
  expect(error).toMatchObject({ failure: { status: 416 } });
});

test.each([
  { summary: 'without a Content-Range', headers: {} },
  { summary: 'of another place', headers: { 'content-range': 'bytes 11-20/100000' } },
  { summary: 'longer than asked for', headers: { 'content-range': 'bytes 10-20/100000' } },
  { summary: 'in several parts', headers: { 'content-type': 'multipart/byteranges; boundary=x' } },
])('a part $summary is a RegistryError', async ({ headers }) => {
  answering(206, headers as Record<string, string>);
  await expect(read(10, 20)).rejects.toBeInstanceOf(RegistryError);
});

test('more bytes than announced are a RegistryError', async () => {
  answering(206, { 'content-range': 'bytes 10-19/100000' }, bytes.subarray(10, 30));
  await expect(read(10, 20)).rejects.toBeInstanceOf(RegistryError);
});

test('a part of a blob of another size is an IntegrityError', async () => {
  answering(206, { 'content-range': 'bytes 10-19/100001' });
  await expect(read(10, 20)).rejects.toBeInstanceOf(IntegrityError);
});
