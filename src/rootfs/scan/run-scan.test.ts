import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { FormatError, IntegrityError } from '../../errors.ts';
import { DEFAULT_LIMITS } from '../../io/limits.ts';
import { openUnnamed } from '../../io/spool.ts';
import { digestOf } from '../../oci/digest.ts';
import type { TarMember } from '../../tar/header-chain.ts';
import { HeaderReplay } from '../../tar/header-replay.ts';
import { tarOf } from '../../testing/tar-builder.ts';
import { LayerContent } from './layer-content.ts';
import { runRefill, runScan } from './run-scan.ts';
import type { ScanJob, ScanMessage, StoredFile } from './scan-job.ts';
import { send } from './stored-stream.ts';

const folder = mkdtempSync(join(tmpdir(), 'oslim-scan-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Larger than a hole must be, and no two blocks alike. */
const large = (seed: number): Uint8Array =>
  Buffer.alloc(100_000, Buffer.from(`${seed} of the large files, `));

const tar = tarOf([
  { name: 'usr', type: 'directory' },
  { name: './usr/include/huge.h', content: large(1) },
  { name: 'usr/bin/program', content: large(2), xattrs: { 'security.capability': Uint8Array.of(1, 0x80) } },
  { name: 'usr/lib/libx.a', content: large(3) },
  { name: `usr/share/doc/${'long/'.repeat(40)}README`, content: 'small' },
  { name: 'usr/lib/gcc/cc1', content: large(4) },
]);

function jobOf(
  stored: Uint8Array,
  promised = { digest: digestOf(stored), size: stored.length },
): ScanJob<StoredFile> & { readonly spool: number } {
  const path = join(folder, `${Math.random()}`);
  writeFileSync(path, Buffer.concat([Buffer.from('before'), stored, Buffer.from('behind')]));
  return {
    stored: { fd: openSync(path, 'r'), offset: 6, size: stored.length, promised },
    subject: 'layer 1',
    algorithm: 'sha256',
    limits: DEFAULT_LIMITS,
    spool: openUnnamed(),
  };
}

async function scanned(job: ScanJob) {
  const replay = new HeaderReplay(DEFAULT_LIMITS);
  const members: TarMember[] = [];
  let done: (ScanMessage & { readonly kind: 'done' }) | undefined;
  let read = 0;
  await runScan(job, (message) => {
    if (message.kind === 'headers') members.push(...replay.take(message.blocks, message.offsets));
    if (message.kind === 'read') read += message.bytes;
    if (message.kind === 'done') done = message;
  });
  if (done === undefined) throw new Error('the scan did not say that it is done');
  return { members, done, read };
}

describe('a layer that another thread reads', () => {
  test('has the entries, the digest and the contents that it has here; what is unlikely is read when it is asked for', async () => {
    const stored = gzipSync(tar);
    const job = jobOf(stored);
    const { members, done, read } = await scanned(job);
    expect(read).toBe(stored.length);
    expect(done).toMatchObject({ size: tar.length, digest: digestOf(tar) });
    expect(done.holes).toHaveLength(6);
    let refills = 0;
    const content = new LayerContent(job.spool);
    content.complete(done.size, done.holes, () => {
      refills++;
    });
    const contentOf = (name: string): Uint8Array => {
      const member = members.find(({ entry }) => entry.name === name);
      return content.read(member?.dataOffset ?? -1, member?.storedSize ?? 0);
    };
    expect(members.map(({ entry }) => entry.name)).toHaveLength(6);
    expect(members[2]?.entry.xattrs.get('security.capability')).toEqual(Uint8Array.of(1, 0x80));
    expect(Buffer.compare(contentOf('usr/bin/program'), large(2))).toBe(0);
    expect(refills).toBe(0);
    content.complete(done.size, done.holes, () => {
      refills++;
    });
    await runRefill(job, () => undefined);
    expect(Buffer.compare(contentOf('usr/lib/libx.a'), large(3))).toBe(0);
    expect(refills).toBe(1);
    expect(Buffer.compare(contentOf('./usr/include/huge.h'), large(1))).toBe(0);
    expect(Buffer.compare(contentOf('usr/lib/gcc/cc1'), large(4))).toBe(0);
    expect(refills).toBe(1);
    expect(Buffer.compare(content.read(0, tar.length), tar)).toBe(0);
    content.close();
    closeSync(job.stored.fd);
  });

  test('is not spooled when it is a plain tar, and is hashed once when its blob is the tar', async () => {
    const job = { ...jobOf(tar), spool: undefined, algorithm: undefined };
    const { members, done } = await scanned(job);
    expect(members).toHaveLength(6);
    expect(done).toMatchObject({ size: tar.length, digest: undefined });
  });

  test('comes as a stream, with all of its contents, because it comes once', async () => {
    const stored = gzipSync(tar);
    const { port1: here, port2: there } = new MessageChannel();
    const spool = openUnnamed();
    const chunks = async function* () {
      for (let at = 0; at < stored.length; at += 1000) yield stored.subarray(at, at + 1000);
    };
    const sending = send(chunks(), here, new AbortController().signal);
    const { done, members } = await scanned({ ...jobOf(stored), stored: { port: there }, spool });
    await sending;
    here.close();
    expect(members).toHaveLength(6);
    expect(done).toMatchObject({ size: tar.length, digest: digestOf(tar) });
    expect(done.holes).toHaveLength(0);
    const spooled = Buffer.alloc(tar.length);
    readSync(spool, spooled);
    expect(Buffer.compare(spooled, tar)).toBe(0);
    closeSync(spool);
  });

  const damages: readonly {
    readonly summary: string;
    readonly job: () => ScanJob;
    readonly error: unknown;
  }[] = [
    {
      summary: 'a blob that is not the one that was promised',
      job: () => jobOf(gzipSync(tar), { digest: digestOf(tar), size: gzipSync(tar).length }),
      error: IntegrityError,
    },
    {
      summary: 'a blob that is cut off',
      job: () => jobOf(gzipSync(tar).subarray(0, 500)),
      error: FormatError,
    },
    { summary: 'a blob that is no tar', job: () => jobOf(gzipSync(large(1))), error: FormatError },
  ];
  test.each(damages)('$summary is an error', async ({ job, error }) => {
    await expect(scanned(job())).rejects.toBeInstanceOf(error);
  });
});
