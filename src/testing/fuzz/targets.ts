import { gzipSync } from 'node:zlib';
import { OslimError } from '../../errors.ts';
import { decompressed } from '../../io/decompress.ts';
import { DEFAULT_LIMITS } from '../../io/limits.ts';
import { memoryAccess } from '../../io/random-access.ts';
import { zstdFrames } from '../../io/zstd-frames.ts';
import { parseLdSoCache } from '../../ldso/ld-so-cache.ts';
import { parseImageConfig } from '../../oci/config.ts';
import { digestOf, parseDigest } from '../../oci/digest.ts';
import { parseManifestOrIndex } from '../../oci/manifest.ts';
import { defaultOutputName, formatReference, parseReference } from '../../oci/reference.ts';
import { openPackages } from '../../packages/package-index.ts';
import { RpmHeader } from '../../packages/rpm-header.ts';
import { packageOfHeader, pathsOfHeader } from '../../packages/rpm-package.ts';
import { applyChanges } from '../../rootfs/apply-layer.ts';
import { type Change, changeOf } from '../../rootfs/change.ts';
import { Directory } from '../../rootfs/directory.ts';
import type { RootPath } from '../../rootfs/root-path.ts';
import { indexTar, TarParser } from '../../tar/reader.ts';
import { scriptDetectors } from '../../trace/detectors/scripts.ts';
import { parseKeepList } from '../../trace/keep-list.ts';
import { scanSource as scanJavaScript } from '../../trace/languages/node/scan-source.ts';
import { scanSource as scanPython } from '../../trace/languages/python/scan-source.ts';
import { processSpecOf } from '../../trace/process-spec.ts';
import { parseManifestJson } from '../../transport/docker-archive/manifest-json.ts';
import { parseOutputLocation, parseSourceLocation } from '../../transport/location.ts';
import { parseChallenges } from '../../transport/registry/challenge.ts';
import { parseRetryAfter } from '../../transport/registry/retry.ts';
import { parseWarnings } from '../../transport/registry/warning-header.ts';
import { Warnings } from '../../warnings.ts';
import { buildLdSoCache } from '../cache-builder.ts';
import { readWholly } from '../elf-fuzz.ts';
import { ELF_SEEDS } from '../elf-seeds.ts';
import { type MemoryFile, memoryRootfs } from '../memory-rootfs.ts';
import { entryBytes, extensionBytes, paxRecord, tarOf } from '../tar-builder.ts';
import { traceOf } from '../trace-of.ts';

/** FuzzTarget is one reader of hostile bytes: whatever they are, nothing but an OslimError may come out, and soon. */
export interface FuzzTarget {
  readonly name: string;
  /** Which sources its branches are counted of. */
  readonly covers: RegExp;
  readonly seeds: () => readonly (Uint8Array | string)[];
  /** Words of the format, for mutations. */
  readonly words: readonly string[];
  readonly run: (bytes: Uint8Array) => unknown;
}

const utf8 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

/** Runs each step by itself: what the first refuses does not keep the bytes from the second. */
function each(...steps: readonly (() => unknown)[]): void {
  for (const step of steps) {
    try {
      step();
    } catch (error) {
      if (!(error instanceof OslimError)) throw error;
    }
  }
}

/** Bounds for inputs of kilobytes: what is more than these is found as what is more than the real ones. */
const LIMITS = { ...DEFAULT_LIMITS, layerBytes: 1 << 20, entries: 1000 };

const TAR_SEED = [
  { name: 'd/', type: 'directory' as const },
  { name: 'd/f', content: 'contents', mode: 0o4755, xattrs: { 'user.a': 'b' } },
  { name: 'l', type: 'symlink' as const, target: 'd/../d' },
  { name: 'l/h', type: 'hardlink' as const, target: 'd/f' },
  { name: 'l/.wh.f' },
  { name: 'd/.wh..wh..opq' },
  { name: 'tty', type: 'character-device' as const, devMajor: 4 },
  { name: 'x'.repeat(120), mtime: -1 },
];
const sparse = (records: readonly (readonly [string, string])[], content: string): Uint8Array =>
  entryBytes({ name: 's', content, pax: records });

function readTar(bytes: Uint8Array): void {
  const changes: Change[] = [];
  const content = memoryAccess(bytes);
  each(
    () => {
      const parser = new TarParser(
        {
          entry(member) {
            const change = changeOf(member, 0, content, LIMITS);
            if (change !== undefined) changes.push(change);
          },
        },
        LIMITS,
      );
      // In two pieces: a header that is cut by a chunk goes another way.
      const middle = bytes.length >> 1;
      parser.write(bytes.subarray(0, middle));
      parser.write(bytes.subarray(middle));
      parser.end();
    },
    () => [...indexTar(content, LIMITS)].length,
    () => applyChanges(new Directory(), changes),
  );
}

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const middle = bytes.length >> 1;
  if (middle > 0) yield bytes.subarray(0, middle);
  if (bytes.length > 0) yield bytes.subarray(middle);
}

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  try {
    for await (const _chunk of stream) {
      // What is in it is others' to read.
    }
  } catch (error) {
    if (!(error instanceof OslimError)) throw error;
  }
}

/** Nothing but gzip: the other formats have targets of their own, or are refused. */
function inflate(bytes: Uint8Array): Promise<void> {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const input = isGzip ? bytes : Buffer.concat([Buffer.of(0x1f, 0x8b), bytes]);
  return drain(decompressed(chunks(input), 'input', LIMITS));
}

const EMPTY = digestOf(Buffer.alloc(0));
const MANIFEST = JSON.stringify({
  schemaVersion: 2,
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: EMPTY, size: 2 },
  layers: [{ mediaType: 'x', digest: EMPTY, size: 3, urls: ['http://x'], annotations: { a: 'b' } }],
});
const INDEX = JSON.stringify({
  schemaVersion: 2,
  manifests: [
    {
      digest: EMPTY,
      size: 1,
      platform: { os: 'linux', architecture: 'arm', variant: 'v7', 'os.features': ['x'] },
    },
  ],
});
const CONFIG = JSON.stringify({
  architecture: 'amd64',
  os: 'linux',
  created: '2024-01-01T00:00:00Z',
  config: {
    User: 'a:b',
    Env: ['PATH=/bin', 'A=b'],
    Entrypoint: ['/a'],
    Cmd: ['b'],
    Volumes: { '/v': {} },
    WorkingDir: '/w',
    Labels: { a: 'b' },
    Healthcheck: { Test: ['CMD-SHELL', 'x'] },
    Shell: ['/bin/sh'],
  },
  rootfs: { type: 'layers', diff_ids: [EMPTY] },
  history: [{ created_by: 'x', empty_layer: true }],
});

function readDocuments(bytes: Uint8Array): void {
  each(
    () => parseManifestOrIndex(bytes),
    () => processSpecOf(parseImageConfig(bytes).config),
    () => parseManifestJson(bytes),
  );
}

function readNames(bytes: Uint8Array): void {
  const text = utf8(bytes);
  each(
    () => formatReference(defaultOutputName(parseReference(text))),
    () => parseDigest(text),
    () => parseSourceLocation(`docker-archive:${text}`),
    () => parseOutputLocation(`oci:${text}`),
    () => parseKeepList(text),
  );
}

function readFields(bytes: Uint8Array): void {
  const text = utf8(bytes);
  each(
    () => parseChallenges(text.split('\n')),
    () => parseWarnings(text.split('\n')),
    () => parseRetryAfter(text, 0),
  );
}

const STATUS = `Package: p
Status: install ok installed
Architecture: amd64
Version: 1:2-3
Source: s (4)
Depends: a (>= 1) | b:any, c [amd64]
Provides: d
Conffiles:
 /etc/a 0123456789abcdef0123456789abcdef obsolete
Installed-Size: 5
Description: x
 y

Package: a
Version: 1
`;
const APK = `C:Q1abc=
P:musl
V:1.2-r3
A:x86_64
I:5
T:the libc
o:musl
D:so:libc.so=1 !x y>=2
p:so:a=1 cmd:b=2
F:lib
R:ld-musl.so
a:0:0:755
Z:Q1x=
F:etc

P:b
V:1

`;

async function readDatabase(files: Readonly<Record<string, MemoryFile>>): Promise<void> {
  try {
    const rootfs = memoryRootfs({ '/app': 'x', '/etc/a': 'x', ...files });
    const packages = await openPackages(rootfs, new Warnings());
    for (const path of ['/app', '/etc/a', '/lib/ld-musl.so'] as RootPath[]) packages.owner(path);
  } catch (error) {
    if (!(error instanceof OslimError)) throw error;
  }
}

const texts = (...values: readonly string[]): Buffer =>
  Buffer.from(values.map((value) => `${value}\0`).join(''));
const numbers = (...values: readonly number[]): Buffer =>
  Buffer.concat(values.map((value) => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value)));

/** A header with a name, numbers and paths: tag, type, count and data of each field. */
function rpmHeader(): Uint8Array {
  const fields: readonly (readonly [number, number, number, Buffer])[] = [
    [1116, 4, 2, numbers(0, 1)],
    [1009, 4, 1, numbers(100)],
    [1048, 4, 2, numbers(0, 512)],
    [1037, 4, 2, numbers(1, 0)],
    [1000, 6, 1, texts('pkg')],
    [1001, 6, 1, texts('1.0')],
    [1002, 6, 1, texts('2')],
    [1044, 6, 1, texts('pkg-1.0-2.src.rpm')],
    [1117, 8, 2, texts('a', 'b')],
    [1118, 8, 2, texts('/x/', '/y/')],
    [1049, 8, 2, texts('libc.so.6()(64bit)', '(a or b)')],
    [1047, 8, 1, texts('pkg')],
  ];
  let at = 0;
  const entries = fields.map(([tag, type, count, data]) => {
    const entry = numbers(tag, type, at, count);
    at += data.length;
    return entry;
  });
  return Buffer.concat([numbers(fields.length, at), ...entries, ...fields.map(([, , , data]) => data)]);
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the texts are the shell's and JavaScript's own.
const SHELL = [
  '#!/bin/sh -e',
  'set -eu; x=${1:-/app/a}; y="$x/$(basename "$0")"',
  'f() { local z=$1; case "$z" in -*|--x=*) exec /app "$@" ;; *) echo "${z%%/*}" ;; esac; }',
  'if [ "${x#-}" != "$x" ] && command -v app >/dev/null; then set -- app "$@"; fi',
  'for i in /etc/*.d a{1..3} b{c,d}; do . "$i" || :; done',
  'while read -r l; do eval "$l"; done <<X',
  '$((1 + 2)) `id`',
  'X',
  'trap \'f x\' EXIT; exec env -i A=b app "$@"',
  '',
].join('\n');
const PYTHON = [
  '#!/usr/bin/env python3',
  '# -*- coding: utf-8 -*-',
  '"""doc""" ; import os.path as p, sys',
  'from . import (a, b as c,  # x',
  '    d)',
  'from ..x.y import *',
  'try:',
  "    import importlib; importlib.import_module(f'm.{a}')",
  'except ImportError: pass',
  'if TYPE_CHECKING:',
  '    import t',
  "def g(): return open(r'/etc/x' \"y\"), subprocess.run(['ls', '-l']), ctypes.CDLL('libm.so.6')",
  "if __name__ == '__main__': g()",
  '',
].join('\n');
const JAVASCRIPT = [
  '#!/usr/bin/env node',
  "'use strict'; const a = require('./a' + '.js'), b = require(`../${x}/b`);",
  "import c, { d as e } from 'c/f'; export * from \"./g.mjs\"; import('h').then(({ i }) => i?.());",
  "const { execFile } = require('child_process'); execFile('ls', ['-l']);",
  "fs.readFileSync(path.join(__dirname, 'x.txt')); process.dlopen(module, require.resolve('z.node'));",
  '/* y */ class K { static #m = /["\']/g.test("") }',
  '',
].join('\n');

const PARSERS: readonly FuzzTarget[] = [
  {
    name: 'tar',
    covers: /\/src\/(?:tar\/(?!encode)|rootfs\/(?:change|apply-layer))/,
    seeds: () => [
      tarOf(TAR_SEED),
      Buffer.concat([
        extensionBytes('L', 'long\0'),
        extensionBytes('x', paxRecord('size', '3')),
        entryBytes({ name: 'a', content: 'abc', size: 0 }),
        extensionBytes('g', paxRecord('a', 'b')),
      ]),
      sparse(
        [
          ['GNU.sparse.major', '1'],
          ['GNU.sparse.minor', '0'],
          ['GNU.sparse.realsize', '10'],
          ['GNU.sparse.name', 'n'],
        ],
        '1\n0\n3\n'.padEnd(512, '\0').concat('abc'),
      ),
      sparse(
        [
          ['GNU.sparse.map', '0,3,7,1'],
          ['GNU.sparse.size', '10'],
        ],
        'abcd',
      ),
      sparse(
        [
          ['GNU.sparse.offset', '0'],
          ['GNU.sparse.numbytes', '3'],
          ['GNU.sparse.size', '10'],
          ['mtime', '-1.5'],
        ],
        'abc',
      ),
      entryBytes({
        name: 's',
        typeflag: 'S',
        dialect: 'gnu',
        content: 'abc',
        patch(block) {
          block.write('00000000000\x0000000000003\0', 386, 'latin1');
          block.write('00000000012\0', 483, 'latin1');
        },
      }),
      entryBytes({ name: 'v/', dialect: 'v7', uid: 2 ** 31 }),
    ],
    words: [
      'ustar\x0000',
      'ustar  \0',
      '../',
      '/',
      '.wh.',
      '.wh..wh..opq',
      '.wh..wh.plnk/',
      'x',
      'g',
      'L',
      'K',
      'S',
      '11 path=a\n',
      '13 size=123\n',
      '25 SCHILY.xattr.user.a=b\n',
      '22 GNU.sparse.major=1\n',
      '\0\0\0\0\0\0\0\0',
    ],
    run: readTar,
  },
  {
    name: 'gzip',
    covers: /\/src\/io\/(?:decompress|pump)/,
    seeds: () => [
      gzipSync('x'),
      gzipSync(tarOf(TAR_SEED)),
      Buffer.concat([gzipSync('a'), gzipSync(''), gzipSync('b'), Buffer.alloc(20)]),
      Buffer.from('1f8b081c000000000003040061626364610062004b04000043beb7e801000000', 'hex'),
    ],
    words: ['\x1f\x8b\x08', '\0\0\0\0', '\x03\0'],
    run: inflate,
  },
  {
    name: 'zstd',
    covers: /\/src\/io\/zstd-frames/,
    seeds: () => [
      Buffer.from('28b52ffd0038', 'hex'),
      Buffer.from('28b52ffd2401090000610000', 'hex'),
      Buffer.from('502a4d180300000061626328b52ffd0058190000616263', 'hex'),
      Buffer.from('28b52ffd0038020010610b000062', 'hex'),
    ],
    words: ['\x28\xb5\x2f\xfd', '\x50\x2a\x4d\x18', '\x01\0\0', '\x02\0\x10'],
    run: (bytes) => drain(zstdFrames(chunks(bytes), 'input')),
  },
  {
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
  },
  {
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
  },
  {
    name: 'manifest',
    covers:
      /\/src\/(?:oci\/(?:json|manifest|config|descriptor|digest|media-type)|transport\/docker-archive\/manifest-json|trace\/process-spec)/,
    seeds: () => [
      MANIFEST,
      INDEX,
      CONFIG,
      '[{"Config":"a.json","RepoTags":["a:b"],"Layers":["c/layer.tar"]}]',
    ],
    words: [
      'null',
      'true',
      '[]',
      '{}',
      '""',
      '"manifests":',
      '"layers":',
      '"config":',
      '"mediaType":',
      '"size":',
      '"digest":',
      '"sha512:',
      '"__proto__":',
      '\\u0000',
      '1e400',
      '[[[[[[[[',
    ],
    run: readDocuments,
  },
  {
    name: 'reference',
    covers: /\/src\/(?:oci\/(?:reference|digest)|transport\/location|trace\/keep-list)/,
    seeds: () => [
      'redis',
      'localhost:5000/a/b:c',
      `docker.io/library/a@${EMPTY}`,
      '[::1]:5/a',
      'docker://a',
      'oci:dir:ref',
      '/a/b\nopenat(AT_FDCWD, "/etc/x", O_RDONLY) = 3\n{"kept":[]}',
    ],
    words: [
      '/',
      ':',
      '@',
      'sha256:',
      '..',
      'docker.io/',
      '[::1]',
      '-',
      '__',
      'openat(',
      'execve("',
      '= 3',
      '= -1 ENOENT',
    ],
    run: readNames,
  },
  {
    name: 'challenge',
    covers: /\/src\/transport\/registry\/(?:challenge|warning-header|retry)/,
    seeds: () => [
      'Bearer realm="https://a/token",service="b",scope="repository:c:pull,push"',
      'Basic realm=x, Bearer realm="\\"y\\""',
      '299 - "old" "Wed, 21 Oct 2015 07:28:00 GMT", 199 a:1 "b"',
      'Wed, 21 Oct 2015 07:28:00 GMT',
      '120',
    ],
    words: ['Bearer ', 'Basic ', 'realm=', '="', '"', ',', '\\', 'a68==', '299 - "', ' GMT'],
    run: readFields,
  },
  {
    name: 'rpm',
    covers: /\/src\/packages\/rpm-(?:header|package)/,
    seeds: () => [rpmHeader()],
    words: [
      '\0\0\x03\xe8',
      '\0\0\0\x06',
      '\0\0\0\x08',
      '\0\0\0\x04',
      '(',
      ')',
      ' or ',
      ' if ',
      '()(64bit)',
      '.src.rpm',
    ],
    run: (bytes) =>
      each(
        () => packageOfHeader(new RpmHeader(bytes)),
        () => [...pathsOfHeader(new RpmHeader(bytes))].length,
      ),
  },
];

const TEXTS: readonly FuzzTarget[] = [
  {
    name: 'dpkg',
    covers: /\/src\/packages\/(?:dpkg|paragraph|alternatives|ownership|real-paths|package-index)/,
    seeds: () => [STATUS, '/a\n/b\np\n', '/.\n/etc\n/etc/a\n/app\n'],
    words: [
      'Package: p\n',
      'Status: ',
      'Version: ',
      'Depends: ',
      'Conffiles:\n ',
      '\n\n',
      '\n ',
      ' | ',
      ', ',
      '(',
      '[',
      ':any',
      '/../',
      ' obsolete',
      '0123456789abcdef0123456789abcdef',
    ],
    run: (bytes) =>
      readDatabase({
        '/var/lib/dpkg/status': bytes,
        '/var/lib/dpkg/info/p.list': bytes,
        '/var/lib/dpkg/diversions': bytes,
        '/var/lib/dpkg/info/p.md5sums': bytes,
        '/var/lib/dpkg/alternatives/x': bytes,
      }),
  },
  {
    name: 'apk',
    covers: /\/src\/packages\/(?:apk|database-file|package-index|ownership)/,
    seeds: () => [APK],
    words: ['P:', 'V:', 'D:', 'p:', 'F:', 'R:', 'a:0:0:755', 'Z:', '\n\n', '../', '!', '>=', 'so:', 'cmd:'],
    run: (bytes) => readDatabase({ '/lib/apk/db/installed': bytes }),
  },
  {
    name: 'shell',
    covers: /\/src\/trace\/shell\//,
    seeds: () => [SHELL],
    words: [
      '$(',
      ')',
      '`',
      '"',
      "'",
      '${',
      '}',
      '$((',
      '))',
      '<<A\n',
      '\nA\n',
      'if ',
      'then ',
      'fi\n',
      'case x in ',
      'esac',
      'for i in ',
      'do ',
      'done',
      '{a,b}',
      '[[ ',
      ' ]]',
      '&&',
      '||',
      '|',
      ';;',
      'eval ',
      'exec ',
      '. ',
      'set -- ',
      '*',
      '\\\n',
      'f() {',
      '$@',
      '%%',
      '##',
      '//',
    ],
    run: async (bytes) => {
      const rootfs = memoryRootfs({ '/entry': bytes, '/bin/sh': 'x', '/bin/app': 'x', '/etc/a.d': 'x' });
      const config = { Entrypoint: ['/bin/sh', '/entry'], Cmd: ['-x', 'y'], Env: ['PATH=/bin'] };
      try {
        await traceOf(rootfs, config, scriptDetectors());
      } catch (error) {
        if (!(error instanceof OslimError)) throw error;
      }
    },
  },
  {
    name: 'python',
    covers: /\/src\/trace\/languages\/python\/(?:scan-source|logical-lines|source-|imports|strings)/,
    seeds: () => [PYTHON],
    words: [
      'import ',
      'from ',
      ' as ',
      '(',
      ')',
      '\\\n',
      '"""',
      "'''",
      '#',
      '\n    ',
      'f"{',
      '}"',
      'if TYPE_CHECKING:',
      'def ',
      'class ',
      '.',
      '*',
      ',',
      ';',
      'r"',
      'try:',
      'except ',
    ],
    run: (bytes) => scanPython(utf8(bytes)),
  },
  {
    name: 'javascript',
    covers: /\/src\/trace\/languages\/node\/(?:scan-source|static-value|scan-text)/,
    seeds: () => [JAVASCRIPT],
    words: [
      'require(',
      'import ',
      ' from ',
      'import(',
      ')',
      '`${',
      '}`',
      "'",
      '"',
      '/*',
      '*/',
      '//',
      '=>',
      '{',
      '}',
      '[',
      ']',
      '?.',
      'process.',
      '__dirname',
      '+',
      'async ',
      'await ',
      '/[/]/g',
    ],
    run: (bytes) => scanJavaScript(utf8(bytes)),
  },
];
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the texts are the shell's and JavaScript's own.

/** Every reader that is fuzzed. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [...PARSERS, ...TEXTS];
