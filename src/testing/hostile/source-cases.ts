import { deflateRawSync } from 'node:zlib';
import { buildElf } from '../elf-builder.ts';
import type { TarSpec } from '../tar-builder.ts';
import { type HostileCase, imageWith, type Refusal, type Result, SLIM } from './hostile-case.ts';

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
