import { describe, expect, it } from 'vitest';
import { FormatError, LimitError } from '../errors.ts';
import { memoryAccess } from '../io/random-access.ts';
import { buildElf } from '../testing/elf-builder.ts';
import { fuzzElf, readWholly } from '../testing/elf-fuzz.ts';
import { ELF_SEEDS } from '../testing/elf-seeds.ts';
import { parseElf } from './elf-file.ts';
import { verneedOf } from './versions.ts';

function patched(edit: (view: DataView) => void): Uint8Array {
  const bytes = buildElf({
    needed: ['liba.so'],
    interp: '/lib/ld.so',
    imports: [{ name: 'f', version: 'A', from: 'liba.so' }],
  });
  edit(new DataView(bytes.buffer));
  return bytes;
}

describe('a malformed ELF file', () => {
  it.each(ELF_SEEDS)('cut anywhere is refused or read, never a crash: $summary', ({ bytes }) => {
    let refused = 0;
    for (let length = 0; length < bytes.length; length += length < 1024 ? 1 : 97) {
      if (readWholly(bytes.slice(0, length)) === 'refused') refused++;
    }
    expect(refused).toBeGreaterThan(1000);
  });

  it.each([
    { summary: 'no magic', bytes: new TextEncoder().encode('#!/bin/sh\n'), reason: 'no ELF magic' },
    { summary: 'nothing at all', bytes: new Uint8Array(0), reason: 'no ELF magic' },
    { summary: 'magic alone', bytes: Uint8Array.of(0x7f, 0x45, 0x4c, 0x46), reason: 'too short' },
    { summary: 'class 3', bytes: patched((view) => view.setUint8(4, 3)), reason: 'class 3' },
    { summary: 'byte order 0', bytes: patched((view) => view.setUint8(5, 0)), reason: 'byte order 0' },
    {
      summary: 'program headers behind the end',
      bytes: patched((view) => view.setBigUint64(32, 1n << 60n, true)),
      reason: 'outside of the file',
    },
    {
      summary: '65535 program headers',
      bytes: patched((view) => view.setUint16(56, 0xffff, true)),
      reason: 'outside of the file',
    },
    {
      summary: 'program headers of another size',
      bytes: patched((view) => view.setUint16(54, 32, true)),
      reason: 'their size is 32',
    },
    {
      summary: 'an interpreter of a gigabyte',
      bytes: patched((view) => view.setBigUint64(64 + 56 + 32, 1n << 30n, true)),
      reason: 'a name of 1073741824 bytes',
    },
    {
      summary: 'an interpreter without end',
      bytes: patched((view) => view.setBigUint64(64 + 56 + 32, 4n, true)),
      reason: 'has no end',
    },
  ])('is refused with its place: $summary', ({ bytes, reason }) => {
    const parse = () => parseElf(memoryAccess(bytes));
    expect(parse).toThrow(FormatError);
    expect(parse).toThrow(reason);
  });

  it('whose version records never end is refused', () => {
    // Every word is 4: each record, and each list inside of a record, goes on 4 bytes further.
    const rodata = Buffer.alloc(1 << 20, Uint8Array.of(4, 0, 0, 0));
    const spec = { needed: ['liba.so'], imports: [{ name: 'f', version: 'A', from: 'liba.so' }], rodata };
    const bytes = buildElf(spec);
    const start = Buffer.from(bytes).indexOf(rodata.subarray(0, 64));
    const tag = Buffer.from(bytes).lastIndexOf(Uint8Array.of(0xfe, 0xff, 0xff, 0x6f, 0, 0, 0, 0));
    new DataView(bytes.buffer).setBigUint64(tag + 8, BigInt(start), true);
    expect(() => verneedOf(parseElf(memoryAccess(bytes)))).toThrow(LimitError);
  });

  it('mutated at random gives nothing but typed errors, quickly', () => {
    const counts = fuzzElf(
      ELF_SEEDS.map(({ bytes }) => bytes),
      1500,
      20240101,
    );
    expect(counts.inputs).toBe(1500);
    expect(counts.parsed).toBeGreaterThan(300);
    expect(counts.refused).toBeGreaterThan(100);
    expect(counts.slowestMs).toBeLessThan(2000);
  });
});
