import { buildLdSoCache } from '../cache-builder.ts';
import { buildElf, type ElfSpec } from '../elf-builder.ts';
import { buildGlibcLoader } from '../loader-builder.ts';
import type { TarSpec } from '../tar-builder.ts';
import { type HostileCase, imageWith, type Refusal, type Result, SLIM } from './hostile-case.ts';

const INTERP = '/lib64/ld-linux-x86-64.so.2';
const LOADER: TarSpec = { name: INTERP.slice(1), content: buildGlibcLoader({ type: 3 }), mode: 0o755 };

function elf(
  name: string,
  summary: string,
  app: () => Uint8Array,
  expect: Refusal | Result,
  more: readonly TarSpec[] = [],
): HostileCase {
  return {
    name: `elf-${name}`,
    summary,
    input: () => imageWith([[{ name: 'app', content: app(), mode: 0o755 }, LOADER, ...more]]),
    command: SLIM,
    expect,
  };
}

const dynamic = (spec: ElfSpec): Uint8Array => buildElf({ interp: INTERP, ...spec });
const refused = (says: RegExp, error: Refusal['error'] = 'ImageError'): Refusal => ({ error, says });

function patched(spec: ElfSpec, patch: (bytes: Buffer) => void): Uint8Array {
  const bytes = Buffer.from(dynamic(spec));
  patch(bytes);
  return bytes;
}

/** A program whose every library is another end of one name of a megabyte. */
function overlapping(count: number): Uint8Array {
  const bytes = Buffer.from(
    dynamic({ needed: ['l'.repeat(1_000_000), ...Array.from({ length: count }, () => 'x')] }),
  );
  let end = 1;
  for (let at = bytes.length - 16; at >= 0 && end <= count; at -= 8) {
    if (bytes.readBigUInt64LE(at) === 1n && bytes.readBigUInt64LE(at + 8) > 1_000_000n)
      bytes.writeBigUInt64LE(BigInt(end++), at + 8);
  }
  return bytes;
}

const cacheOf = (content: Uint8Array): readonly TarSpec[] => [{ name: 'etc/ld.so.cache', content }];

/** ELF files and the files that loaders read. */
export const ELF_CASES: readonly HostileCase[] = [
  elf(
    'needed-climbs',
    'a library above the root is one inside',
    () => dynamic({ needed: ['../../../../etc/passwd'] }),
    refused(/cannot/),
  ),
  elf(
    'needed-absolute',
    'a library that only this host has',
    () => dynamic({ needed: ['/usr/lib/x86_64-linux-gnu/libc.so.6'] }),
    refused(/cannot/),
  ),
  elf(
    'needed-hostile',
    'a library called like an escape sequence',
    () => dynamic({ needed: ['\u001b[2J\u0007<script>'] }),
    refused(/cannot/),
  ),
  elf('needed-itself', 'a program that needs itself', () => dynamic({ needed: ['/app'] }), {}),
  elf(
    'needed-many',
    'a program that needs three thousand libraries, whose names are ends of one megabyte',
    () => overlapping(3000),
    refused(/limit elfNameBytes/, 'LimitError'),
  ),
  elf(
    'needed-circle',
    'libraries that need each other',
    () => dynamic({ needed: ['a.so'], runpath: '/l' }),
    {},
    [
      { name: 'l/a.so', content: buildElf({ soname: 'a.so', needed: ['b.so'], runpath: '/l' }) },
      { name: 'l/b.so', content: buildElf({ soname: 'b.so', needed: ['a.so', 'b.so'], runpath: '/l' }) },
    ],
  ),
  elf(
    'runpath-long',
    'a RUNPATH of a hundred thousand directories',
    () => dynamic({ needed: ['x.so'], runpath: '/a:'.repeat(100_000) }),
    refused(/cannot/),
  ),
  elf(
    'runpath-origin',
    'a RUNPATH of ten thousand times $ORIGIN',
    () => dynamic({ needed: ['x.so'], runpath: '$ORIGIN/'.repeat(10_000) }),
    refused(/cannot/),
  ),
  elf(
    'interp-missing',
    'a loader that only this host has',
    () => buildElf({ interp: '/usr/bin/../lib/ld-linux.so.2' }),
    refused(/cannot/),
  ),
  elf('interp-itself', 'a program that is its own loader', () => buildElf({ interp: '/app' }), {}),
  elf(
    'interp-long',
    'a loader with a name of two megabytes',
    () => buildElf({ interp: 'x'.repeat(2_000_000) }),
    refused(/is a damaged ELF file/),
  ),
  elf(
    'interp-hostile',
    'a loader called like an escape sequence',
    () => buildElf({ interp: '/\u001b[2J' }),
    refused(/cannot/),
  ),
  elf('interp-script', 'a loader that is a text', () => buildElf({ interp: '/loader' }), refused(/cannot/), [
    { name: 'loader', content: '#!/app\n', mode: 0o755 },
  ]),
  elf(
    'truncated',
    'a program of twenty bytes',
    () => dynamic({}).subarray(0, 20),
    refused(/is a damaged ELF file/),
  ),
  elf(
    'truncated-dynamic',
    'a program cut off in its dynamic section',
    () => dynamic({ needed: ['x'] }).subarray(0, 4200),
    refused(/is a damaged ELF file/),
  ),
  elf(
    'class-unknown',
    'a program of 128 bits',
    () => patched({}, (bytes) => void bytes.writeUInt8(3, 4)),
    refused(/is a damaged ELF file/),
  ),
  elf(
    'phdrs-many',
    '65,535 program headers that are not there',
    () => patched({}, (bytes) => void bytes.writeUInt16LE(0xffff, 56)),
    refused(/is a damaged ELF file/),
  ),
  elf(
    'phdr-offset-huge',
    'program headers at 2^63',
    () => patched({}, (bytes) => void bytes.writeBigUInt64LE(1n << 63n, 32)),
    refused(/is a damaged ELF file/),
  ),
  elf(
    'sections-lie',
    'section headers at 2^60, which nobody needs',
    () =>
      patched({}, (bytes) => {
        bytes.writeBigUInt64LE(1n << 60n, 40);
        bytes.writeUInt16LE(0xffff, 60);
      }),
    {},
  ),
  elf(
    'notes-overlap',
    'notes of eight megabytes under a note that promises 4 GiB',
    () => dynamic({ notes: [{ owner: 'FDO', type: 0x407c0c0a, desc: Buffer.alloc(8_000_000, '[') }] }),
    {},
  ),
  elf(
    'dlopen-note-deep',
    'a dlopen note of a hundred thousand brackets',
    () => dynamic({ notes: [{ owner: 'FDO', type: 0x407c0c0a, desc: Buffer.from('['.repeat(100_000)) }] }),
    {},
  ),
  elf(
    'dlopen-note-many',
    'a dlopen note of three thousand libraries',
    () =>
      dynamic({
        notes: [
          {
            owner: 'FDO',
            type: 0x407c0c0a,
            desc: Buffer.from(
              JSON.stringify(
                Array.from({ length: 3000 }, (_, at) => ({ soname: [`l${at}.so`], priority: 'required' })),
              ),
            ),
          },
        ],
      }),
    {},
  ),
  elf(
    'strings-many',
    'five megabytes of text that looks like paths',
    () => dynamic({ rodata: '/etc/secret/\0'.repeat(400_000) }),
    {},
  ),
  elf('strings-one', 'one string of ten megabytes', () => dynamic({ rodata: '/'.repeat(10_000_000) }), {}),
  elf(
    'big-endian',
    'a program of another byte order',
    () => buildElf({ data: 'msb', interp: INTERP, needed: ['x'] }),
    refused(/cannot/, ['ImageError', 'FormatError']),
  ),
  elf(
    'upx',
    'a packed program whose packing is garbage',
    () => Buffer.concat([buildElf({ dynamic: false }), Buffer.from('UPX!'.repeat(1000))]),
    {},
  ),
  elf(
    'cache-garbage',
    'an ld.so.cache of random bytes',
    () => dynamic({ needed: ['x.so'] }),
    refused(/cannot/),
    cacheOf(Buffer.alloc(100_000, 0xd3)),
  ),
  elf(
    'cache-count-lie',
    'an ld.so.cache of four billion entries',
    () => dynamic({ needed: ['x.so'] }),
    refused(/cannot/),
    cacheOf(
      (() => {
        const bytes = Buffer.from(buildLdSoCache({ lines: [{ name: 'x.so', path: '/x.so' }] }));
        bytes.writeUInt32LE(0xffff_ffff, 20);
        return bytes;
      })(),
    ),
  ),
  elf(
    'cache-overlap',
    'an ld.so.cache whose every entry is one string of a megabyte',
    () => dynamic({ needed: ['x.so'] }),
    refused(/cannot/),
    cacheOf(
      (() => {
        const count = 40_000;
        const bytes = Buffer.alloc(48 + count * 24 + 1_000_000, 'x');
        bytes.write('glibc-ld.so.cache1.1', 0, 'latin1');
        bytes.writeUInt32LE(count, 20);
        bytes.writeUInt32LE(1_000_000, 24);
        bytes.fill(0, 28, 48);
        for (let at = 0; at < count; at++) {
          bytes.fill(0, 48 + at * 24, 72 + at * 24);
          bytes.writeUInt32LE(48 + count * 24, 48 + at * 24 + 4);
          bytes.writeUInt32LE(48 + count * 24 + 1, 48 + at * 24 + 8);
        }
        return bytes;
      })(),
    ),
  ),
  elf(
    'cache-path-climbs',
    'an ld.so.cache that leads above the root',
    () => dynamic({ needed: ['x.so'] }),
    refused(/cannot/),
    cacheOf(buildLdSoCache({ lines: [{ name: 'x.so', path: '/../../../../etc/passwd' }] })),
  ),
  elf(
    'cache-large',
    'an ld.so.cache of seventeen megabytes',
    () => dynamic({ needed: ['x.so'] }),
    refused(/limit ldSoCacheBytes/, 'LimitError'),
    cacheOf(Buffer.alloc(17 << 20)),
  ),
  elf('preload-hostile', 'an ld.so.preload of a hundred thousand names', () => dynamic({}), {}, [
    { name: 'etc/ld.so.preload', content: '/x '.repeat(100_000) },
  ]),
  elf('nsswitch-hostile', 'an nsswitch.conf of a million services', () => dynamic({}), {}, [
    { name: 'etc/nsswitch.conf', content: `passwd: ${'x '.repeat(1_000_000)}\n` },
  ]),
];
