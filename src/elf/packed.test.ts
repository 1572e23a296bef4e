import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { memoryAccess } from '../io/random-access.ts';
import { buildElf } from '../testing/elf-builder.ts';
import { parseElf } from './elf-file.ts';
import { packedBy } from './packed.ts';

const sample = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../testdata/elf/${name}.bin`, import.meta.url)));

describe('packedBy', () => {
  it.each([
    { name: 'upx-dynamic.nrv2b', inside: 'dynamic' },
    { name: 'upx-dynamic.nrv2d', inside: 'dynamic' },
    { name: 'upx-dynamic.nrv2e', inside: 'dynamic' },
    { name: 'upx-dynamic.lzma', inside: 'dynamic' },
    { name: 'upx-static.nrv2e', inside: 'static' },
    { name: 'upx-static.lzma', inside: 'static' },
  ])('sees that the program inside of $name is $inside', ({ name, inside }) => {
    expect(packedBy(parseElf(memoryAccess(sample(name))))).toEqual({ name: 'UPX', inside });
  });

  it.each(['upx-dynamic.nrv2e', 'upx-dynamic.lzma', 'upx-dynamic.nrv2b'])(
    'says unknown where %s is damaged, and never fails',
    (name) => {
      const whole = sample(name);
      const seen = new Set<string | undefined>();
      for (let at = 0xf0; at < 0x200; at++) {
        const bytes = whole.map((byte, index) => (index === at ? byte ^ 0xff : byte));
        seen.add(packedBy(parseElf(memoryAccess(bytes)))?.inside);
        seen.add(packedBy(parseElf(memoryAccess(whole.slice(0, at))))?.inside);
      }
      expect(seen).toContain('unknown');
    },
  );

  it('takes no ordinary program for a packed one', () => {
    expect(packedBy(parseElf(memoryAccess(buildElf({ dynamic: false, type: 2 }))))).toBeUndefined();
    expect(packedBy(parseElf(memoryAccess(buildElf({ rodata: 'UPX!' }))))).toBeUndefined();
  });
});
