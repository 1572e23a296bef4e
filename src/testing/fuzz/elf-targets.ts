import { parseLdSoCache } from '../../ldso/ld-so-cache.ts';
import { buildLdSoCache } from '../cache-builder.ts';
import { readWholly } from '../elf-fuzz.ts';
import { ELF_SEEDS } from '../elf-seeds.ts';
import { each, type FuzzTarget } from './fuzz-target.ts';

export const elfTarget: FuzzTarget = {
  name: 'elf',
  covers: /\/src\/elf\//,
  seeds: () => ELF_SEEDS.map(({ bytes }) => bytes),
  words: [
    '\x7fELF\x02\x01\x01',
    '\0\0\0\0\0\0\0\0',
    'UPX!',
    '\x01\0\0\0\0\0\0\0',
    '\xff\xff\xff\x6f',
    '$ORIGIN',
  ],
  run: (bytes) => readWholly(bytes),
};

export const ldSoCacheTarget: FuzzTarget = {
  name: 'ld-so-cache',
  covers: /\/src\/ldso\/ld-so-cache/,
  seeds: () =>
    (['old', 'new', 'mixed'] as const).flatMap((format) =>
      (['lsb', 'msb'] as const).map((data) =>
        buildLdSoCache({
          format,
          data,
          lines: [
            { name: 'libc.so.6', path: '/lib/libc.so.6' },
            { name: 'libm.so.6', path: '/lib/v3/libm.so.6', hwcaps: 'x86-64-v3' },
            { name: 'libm.so.6', path: '/lib/libm.so.6', hwcap: 5n },
          ],
        }),
      ),
    ),
  words: ['ld.so-1.7.0\0', 'glibc-ld.so.cache1.1', '\x74\x21\xa4\xea', '\0\0\0\x40'],
  run: (bytes) =>
    each(
      () => parseLdSoCache(bytes, true),
      () => parseLdSoCache(bytes, false),
    ),
};
