import { describe, expect, it } from 'vitest';
import { FormatError, OslimError } from '../errors.ts';
import { buildLdSoCache } from '../testing/cache-builder.ts';
import { type CacheRules, compareNames, lookupCache } from './cache-lookup.ts';
import { parseLdSoCache } from './ld-so-cache.ts';

const LINES = [
  { name: 'liba.so.1', path: '/lib/liba.so.1' },
  { name: 'libb.so.2', path: '/opt/libb.so.2' },
  { name: 'libb.so.2', path: '/opt/glibc-hwcaps/x86-64-v3/libb.so.2', hwcaps: 'x86-64-v3' },
  { name: 'libb.so.2', path: '/opt/glibc-hwcaps/x86-64-v2/libb.so.2', hwcaps: 'x86-64-v2' },
];
const RULES: CacheRules = {
  defaultFlags: 0x303,
  acceptedFlags: [0x303],
  hwcapBits: 0n,
  hwcaps: [],
  prefersDefaultFlags: false,
};

describe('parseLdSoCache', () => {
  it.each([
    { format: 'new', data: 'lsb' },
    { format: 'new', data: 'msb' },
    { format: 'mixed', data: 'lsb' },
    { format: 'mixed', data: 'msb' },
  ] as const)('reads the $format format, $data', ({ format, data }) => {
    const cache = parseLdSoCache(buildLdSoCache({ format, data, lines: LINES }), data === 'lsb');
    expect(cache.format).toBe('new');
    const hwcaps = format === 'new' ? ['x86-64-v3', 'x86-64-v2'] : ['', ''];
    expect(cache.entries.map(({ name, path, hwcaps: level }) => [name, path, level])).toEqual([
      ['libb.so.2', '/opt/glibc-hwcaps/x86-64-v3/libb.so.2', hwcaps[0]],
      ['libb.so.2', '/opt/glibc-hwcaps/x86-64-v2/libb.so.2', hwcaps[1]],
      ['libb.so.2', '/opt/libb.so.2', undefined],
      ['liba.so.1', '/lib/liba.so.1', undefined],
    ]);
    expect([...cache.variants]).toEqual(['libb.so.2']);
  });

  it('reads the old format', () => {
    const cache = parseLdSoCache(buildLdSoCache({ format: 'old', lines: LINES.slice(0, 2) }), true);
    expect(cache.entries.map(({ path }) => path)).toEqual(['/opt/libb.so.2', '/lib/liba.so.1']);
  });

  it.each([
    { summary: 'no cache at all', bytes: new Uint8Array(100) },
    { summary: 'empty', bytes: new Uint8Array(0) },
    { summary: 'of another byte order', bytes: buildLdSoCache({ data: 'msb', lines: LINES }) },
    { summary: 'shorter than its entries', bytes: buildLdSoCache({ lines: LINES }).slice(0, 80) },
  ])('refuses a file that is $summary', ({ bytes }) => {
    expect(() => parseLdSoCache(bytes, true)).toThrow(FormatError);
  });

  it.each(['old', 'new', 'mixed'] as const)('survives the %s format cut and altered anywhere', (format) => {
    const whole = buildLdSoCache({ format, lines: LINES });
    for (let at = 0; at < whole.length; at++) {
      for (const bytes of [
        whole.slice(0, at),
        whole.map((byte, index) => (index === at ? byte ^ 0xff : byte)),
      ]) {
        try {
          lookupCache(parseLdSoCache(bytes, true), 'libb.so.2', RULES);
        } catch (error) {
          expect(error).toBeInstanceOf(OslimError);
        }
      }
    }
  });
});

describe('lookupCache', () => {
  const cache = parseLdSoCache(buildLdSoCache({ lines: LINES }), true);

  it.each([
    { summary: 'the baseline takes no variant', hwcaps: [], path: '/opt/libb.so.2' },
    {
      summary: 'the best variant wins',
      hwcaps: ['x86-64-v3', 'x86-64-v2'],
      path: '/opt/glibc-hwcaps/x86-64-v3/libb.so.2',
    },
    {
      summary: 'only active variants count',
      hwcaps: ['x86-64-v2'],
      path: '/opt/glibc-hwcaps/x86-64-v2/libb.so.2',
    },
  ])('$summary', ({ hwcaps, path }) => {
    expect(lookupCache(cache, 'libb.so.2', { ...RULES, hwcaps })?.path).toBe(path);
  });

  it('finds every one of many names', () => {
    const lines = Array.from({ length: 300 }, (_, index) => ({
      name: `lib${index}.so.${index % 12}`,
      path: `/l/${index}`,
    }));
    const many = parseLdSoCache(buildLdSoCache({ lines }), true);
    for (const { name, path } of lines) expect(lookupCache(many, name, RULES)).toEqual({ path });
    expect(lookupCache(many, 'lib300.so.0', RULES)).toBeUndefined();
  });

  it('leaves out entries of other architectures and legacy hwcaps that the processor lacks', () => {
    const mixed = parseLdSoCache(
      buildLdSoCache({
        lines: [
          { name: 'libx.so', path: '/32', flags: 3 },
          { name: 'libx.so', path: '/avx512', hwcap: 4n },
          { name: 'libx.so', path: '/plain' },
        ],
      }),
      true,
    );
    expect(lookupCache(mixed, 'libx.so', RULES)?.path).toBe('/plain');
    expect(lookupCache(mixed, 'libx.so', { ...RULES, hwcapBits: 6n })?.path).toBe('/avx512');
  });

  it.each([
    { summary: 'the first, before 2.33', prefersDefaultFlags: true, second: 0x903, path: '/one' },
    {
      summary: 'the first, since 2.33 (libvpx in vfp/neon of Debian armhf)',
      prefersDefaultFlags: false,
      second: 0x903,
      path: '/one',
    },
    { summary: 'one of the default flags, before 2.33', prefersDefaultFlags: true, second: 3, path: '/two' },
    {
      summary: 'the first whatever follows, since 2.33',
      prefersDefaultFlags: false,
      second: 3,
      path: '/one',
    },
  ])('of entries whose flags are compatible takes $summary', ({ prefersDefaultFlags, second, path }) => {
    const lines = [
      { name: 'libx.so', path: '/one', flags: 0x903 },
      { name: 'libx.so', path: '/two', flags: second },
    ];
    const armhf = { ...RULES, defaultFlags: 3, acceptedFlags: [0x903, 3], prefersDefaultFlags };
    expect(lookupCache(parseLdSoCache(buildLdSoCache({ lines }), true), 'libx.so', armhf)?.path).toBe(path);
  });
});

describe('compareNames', () => {
  it.each([
    ['libx.so.10', 'libx.so.9', 1],
    ['libx.so.9', 'libx.so.10', -1],
    ['libx.so.01', 'libx.so.1', 0],
    ['libx.so', 'libx.so.1', -1],
    ['liba', 'lib1', -1],
    ['lib1', 'liba', 1],
  ] as const)('orders %s against %s as ldconfig does', (a, b, sign) => {
    expect(Math.sign(compareNames(a, b))).toBe(sign);
  });
});
