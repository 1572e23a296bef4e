import { describe, expect, it } from 'vitest';
import { memoryAccess, type RandomAccess } from '../io/random-access.ts';
import { buildElf } from '../testing/elf-builder.ts';
import { ELF_SEEDS } from '../testing/elf-seeds.ts';
import { parseElf } from './elf-file.ts';
import { buildIdOf, dlopenNotesOf, packageNoteOf, x86IsaNeeded } from './notes.ts';
import { stringsOf } from './strings.ts';
import { definedSymbols, importsOf } from './symbols.ts';
import { verdefOf, verneedOf } from './versions.ts';

describe.each(ELF_SEEDS)('parseElf of a $summary file', ({ bytes, spec }) => {
  const elf = parseElf(memoryAccess(bytes));

  it('reads header and dynamic section', () => {
    expect(elf).toMatchObject({
      class: spec.class ?? 64,
      data: spec.data ?? 'lsb',
      machine: spec.machine,
      type: 3,
      interp: '/lib64/ld-linux-x86-64.so.2',
      soname: 'libself.so.1',
      needed: ['libone.so.1'],
      auxiliary: ['libaux.so'],
      filter: ['libfilter.so'],
      rpath: '/opt/rpath',
      runpath: '$ORIGIN/../lib:/opt/run',
      flags1: 0x8000001,
      audit: 'libaudit.so',
      depaudit: 'libdepaudit.so',
      isDynamic: true,
    });
    expect(elf.dependencies.map(({ tag }) => tag)).toEqual(['needed', 'auxiliary', 'filter']);
  });

  it('reads versions', () => {
    expect(verneedOf(elf)).toEqual([
      {
        file: 'libone.so.1',
        versions: [
          { name: 'GLIBC_2.2.5', weak: false, index: 3 },
          { name: 'ONE_3', weak: true, index: 4 },
        ],
      },
    ]);
    expect(verdefOf(elf)).toEqual([
      { name: 'libself.so.1', base: true, index: 1 },
      { name: 'SELF_1', base: false, index: 2 },
    ]);
  });

  it('reads symbols without section headers', () => {
    expect(importsOf(elf)).toEqual([
      { name: 'malloc', weak: false, version: 'GLIBC_2.2.5', hidden: false },
      { name: 'maybe', weak: true, version: 'ONE_3', hidden: false },
      { name: 'plain', weak: false, hidden: false },
    ]);
    expect(definedSymbols(elf)).toEqual([
      { name: 'self_open', weak: false, version: 'SELF_1', hidden: false },
      { name: 'self_close', weak: false, hidden: false },
    ]);
  });

  it('reads notes', () => {
    expect(buildIdOf(elf)).toBe('deadbeef');
    expect(packageNoteOf(elf)).toEqual({ type: 'deb', name: 'self' });
    expect(dlopenNotesOf(elf)).toEqual([
      { soname: ['libdl.so.9', 'libdl.so.8'], priority: 'suggested', feature: 'f' },
      { soname: ['libreq.so'], priority: 'required' },
    ]);
  });

  it('finds literals, not the names of symbols', () => {
    const found = [...stringsOf(elf)].map(
      ({ text, terminated }) => `${text}${terminated ? '' : ' (no end)'}`,
    );
    expect(found).toEqual(
      expect.arrayContaining(['/etc/self.conf', 'libplugin.so.2', 'not a path', '/usr/share/self (no end)']),
    );
    expect(found).not.toContain('ab');
    expect(found).not.toContain('malloc');
    const paths = [...stringsOf(elf, { pathLike: true })].map(({ text }) => text);
    expect(paths).not.toContain('not a path');
    for (const { text, offset } of stringsOf(elf)) {
      expect(Buffer.from(bytes.subarray(offset, offset + text.length)).toString('latin1')).toBe(text);
    }
  });
});

describe('parseElf', () => {
  it('reads only what it needs of a large file', () => {
    const small = buildElf({ needed: ['liba.so'], interp: '/lib/ld.so' });
    let bytesRead = 0;
    const huge: RandomAccess = {
      size: 1e12,
      read(offset, length) {
        bytesRead += length;
        const out = new Uint8Array(length);
        if (offset < small.length) out.set(small.subarray(offset, Math.min(small.length, offset + length)));
        return out;
      },
    };
    expect(parseElf(huge).needed).toEqual(['liba.so']);
    expect(bytesRead).toBeLessThan(8192);
  });

  it('translates addresses by PT_LOAD, whatever p_offset of PT_DYNAMIC says', () => {
    const bytes = buildElf({ needed: ['liba.so'] });
    const view = new DataView(bytes.buffer);
    const dynamicPhdr = 64 + 2 * 56;
    expect(view.getUint32(dynamicPhdr, true)).toBe(2);
    view.setBigUint64(dynamicPhdr + 8, 0n, true);
    expect(parseElf(memoryAccess(bytes)).needed).toEqual(['liba.so']);
  });

  it('reads the processor level that x86 files need', () => {
    const elf = parseElf(memoryAccess(ELF_SEEDS[0]?.bytes ?? new Uint8Array()));
    expect(x86IsaNeeded(elf)).toBe(5);
  });

  it('takes strings across chunk borders whole', () => {
    const elf = parseElf(
      memoryAccess(buildElf({ rodata: `${'\0'.repeat((1 << 20) - 200)}${'/long'.repeat(100)}\0` })),
    );
    expect([...stringsOf(elf)].map(({ text }) => text)).toContain('/long'.repeat(100));
  });
});
