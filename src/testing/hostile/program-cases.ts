import { deflateRawSync } from 'node:zlib';
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
    {},
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
  elf('truncated', 'a program of twenty bytes', () => dynamic({}).subarray(0, 20), {}),
  elf(
    'truncated-dynamic',
    'a program cut off in its dynamic section',
    () => dynamic({ needed: ['x'] }).subarray(0, 4200),
    {},
  ),
  elf(
    'class-unknown',
    'a program of 128 bits',
    () => patched({}, (bytes) => void bytes.writeUInt8(3, 4)),
    {},
  ),
  elf(
    'phdrs-many',
    '65,535 program headers that are not there',
    () => patched({}, (bytes) => void bytes.writeUInt16LE(0xffff, 56)),
    {},
  ),
  elf(
    'phdr-offset-huge',
    'program headers at 2^63',
    () => patched({}, (bytes) => void bytes.writeBigUInt64LE(1n << 63n, 32)),
    {},
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

function source(
  name: string,
  summary: string,
  program: string,
  content: () => string | Uint8Array,
  argument = '/srv/main',
  expect: Refusal | Result = {},
): HostileCase {
  const interpreter: TarSpec = {
    name: `usr/bin/${program}`,
    content: buildElf({ dynamic: false, type: 2 }),
    mode: 0o755,
  };
  return {
    name: `source-${name}`,
    summary,
    input: () =>
      imageWith([[interpreter, { name: argument.slice(1), content: content(), mode: 0o755 }]], {
        config: {
          Entrypoint: program === 'java' ? ['java', '-jar', argument] : [`/usr/bin/${program}`, argument],
          Env: ['PATH=/usr/bin'],
        },
      }),
    command: [...SLIM, '--sbom', 'cyclonedx=OUT/bom.json'],
    expect,
  };
}

interface Member {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A zip of deflated members; `copies` directory entries point at each. */
function zip(members: readonly Member[], copies = 1): Uint8Array {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const { name, bytes } of members) {
    const data = deflateRawSync(bytes, { level: 9 });
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(8, 8);
    local.writeUInt32LE(data.length, 18);
    local.writeUInt32LE(bytes.length, 22);
    local.writeUInt16LE(name.length, 26);
    for (let copy = 0; copy < copies; copy++) {
      const alias = copy === 0 ? name : `${copy}-${name}`;
      const entry = Buffer.alloc(46);
      entry.writeUInt32LE(0x02014b50, 0);
      entry.writeUInt16LE(8, 10);
      entry.writeUInt32LE(data.length, 20);
      entry.writeUInt32LE(bytes.length, 24);
      entry.writeUInt16LE(alias.length, 28);
      entry.writeUInt32LE(at, 42);
      central.push(entry, Buffer.from(alias));
    }
    locals.push(local, Buffer.from(name), data);
    at += 30 + name.length + data.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE((members.length * copies) & 0xffff, 8);
  end.writeUInt16LE((members.length * copies) & 0xffff, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, directory, end]);
}

/** Sources and archives of languages: nested without end, or made to take long. */
export const SOURCE_CASES: readonly HostileCase[] = [
  source(
    'node-nested',
    'JavaScript nested twenty thousand deep',
    'node',
    () => `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    '/srv/main.js',
  ),
  source(
    'node-nested-functions',
    'functions in functions',
    'node',
    () => `${'(()=>'.repeat(20_000)}1${')'.repeat(20_000)}`,
    '/srv/main.js',
  ),
  source(
    'node-sum',
    'a sum of a hundred thousand texts',
    'node',
    () => `require(${"'a'+".repeat(100_000)}'b')`,
    '/srv/main.js',
  ),
  source(
    'node-regex',
    'a template of two hundred thousand holes',
    'node',
    () => `\`${'#{a}'.replace('#', '$').repeat(200_000)}\``,
    '/srv/main.js',
  ),
  source(
    'node-quotes',
    'JavaScript of half a million quotes',
    'node',
    () => "'".repeat(499_999),
    '/srv/main.js',
  ),
  source(
    'node-manifest-deep',
    'a package.json that is a million brackets',
    'node',
    () => '['.repeat(1_000_000),
    '/srv/package.json',
  ),
  source(
    'python-nested',
    'Python nested fifty thousand deep',
    'python3',
    () => `import os\nx = ${'('.repeat(50_000)}1${')'.repeat(50_000)}\n`,
    '/srv/main.py',
  ),
  source(
    'python-quotes',
    'Python of half a million quotes',
    'python3',
    () => `x = ${'"'.repeat(500_001)}`,
    '/srv/main.py',
  ),
  source(
    'python-lines',
    'a line continued two hundred thousand times',
    'python3',
    () => `import \\\n${'a,\\\n'.repeat(200_000)}b\n`,
    '/srv/main.py',
  ),
  source(
    'python-blanks',
    'a statement of a million blanks',
    'python3',
    () => `import${' '.repeat(1_000_000)}os\nfrom${'\t'.repeat(1_000_000)}x import y\n`,
    '/srv/main.py',
  ),
  source(
    'perl-nested',
    'Perl of brackets and quotes',
    'perl',
    () => `use ${'qw('.repeat(50_000)}\n${'q{'.repeat(50_000)}`,
    '/srv/main.pl',
  ),
  source(
    'ruby-nested',
    'Ruby of brackets and quotes',
    'ruby',
    () => `require ${'"#{'.repeat(50_000)}\n`,
    '/srv/main.rb',
  ),
  source(
    'php-nested',
    'PHP of brackets and quotes',
    'php',
    () => `<?php require ${'('.repeat(50_000)}'x'.${'"'.repeat(50_000)}`,
    '/srv/main.php',
  ),
  source(
    'shell-here-documents',
    'fifty thousand here-documents',
    'sh',
    () => `${'cat <<A <<B\n'.repeat(25_000)}`,
    '/srv/main.sh',
  ),
  source(
    'shell-nested',
    'a script nested twenty thousand deep',
    'sh',
    () => `${'if { ( '.repeat(20_000)}`,
    '/srv/main.sh',
  ),
  source(
    'shell-substitutions',
    'a script of substitutions in quotes in substitutions',
    'sh',
    () => '"$(echo '.repeat(20_000),
    '/srv/main.sh',
  ),
  source(
    'shell-arithmetic',
    'arithmetic nested thirty thousand deep',
    'sh',
    () => `: $((${'('.repeat(30_000)}1${')'.repeat(30_000)}))\n`,
    '/srv/main.sh',
  ),
  source(
    'shell-parameters',
    'parameters in parameters',
    'sh',
    () => `: ${'${a:-'.repeat(20_000)}x${'}'.repeat(20_000)}\n`,
    '/srv/main.sh',
  ),
  source(
    'shell-cases',
    'a case of a hundred thousand patterns',
    'sh',
    () => `case $1 in ${'a|'.repeat(100_000)}b) /app ;; esac\n`,
    '/srv/main.sh',
  ),
  source(
    'shell-functions',
    'functions that call each other in all ways',
    'sh',
    () =>
      `${Array.from(
        { length: 60 },
        (_, at) => `f${at}() { f${(at + 1) % 60}; f${(at + 7) % 60}; f${(at * 3) % 60}; }`,
      ).join('\n')}\nf0\n`,
    '/srv/main.sh',
  ),
  source(
    'shebang-long',
    'a first line of two megabytes',
    'sh',
    () => `#!${'/'.repeat(2_000_000)}\n`,
    '/srv/main.sh',
  ),
  source(
    'jar-bomb',
    'a jar with a member of 300 MB of zeros',
    'java',
    () =>
      zip([
        { name: 'META-INF/MANIFEST.MF', bytes: Buffer.from('Main-Class: A\n') },
        { name: 'A.class', bytes: Buffer.alloc(300 << 20) },
      ]),
    '/srv/app.jar',
  ),
  source(
    'jar-nested-bomb',
    'jars in jars, the innermost 200 MB of zeros',
    'java',
    () =>
      zip([
        {
          name: 'lib/b.jar',
          bytes: zip([
            { name: 'lib/c.jar', bytes: zip([{ name: 'x.jar', bytes: Buffer.alloc(200 << 20) }]) },
          ]),
        },
      ]),
    '/srv/app.jar',
  ),
  source(
    'jar-overlap',
    'a jar whose twenty thousand members are one and the same 2 MB',
    'java',
    () => zip([{ name: 'A.class', bytes: Buffer.alloc(2 << 20, 0xca) }], 20_000),
    '/srv/app.jar',
  ),
  source('jar-garbage', 'a jar that is no zip', 'java', () => Buffer.alloc(100_000, 0x50), '/srv/app.jar'),
  source(
    'jar-climbs',
    'a jar whose members climb out',
    'java',
    () =>
      zip([
        { name: '../../../victim', bytes: Buffer.from('x') },
        {
          name: 'META-INF/MANIFEST.MF',
          bytes: Buffer.from(`Class-Path: ${'../'.repeat(100)}etc/passwd\nMain-Class: A\n`),
        },
      ]),
    '/srv/app.jar',
  ),
];
