import { OslimError } from '../../errors.ts';
import { openPackages } from '../../packages/package-index.ts';
import { RpmHeader } from '../../packages/rpm-header.ts';
import { packageOfHeader, pathsOfHeader } from '../../packages/rpm-package.ts';
import type { RootPath } from '../../rootfs/root-path.ts';
import { Warnings } from '../../warnings.ts';
import { type MemoryFile, memoryRootfs } from '../memory-rootfs.ts';
import { each, type FuzzTarget } from './fuzz-target.ts';

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

export const rpmTarget: FuzzTarget = {
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
};

export const dpkgTarget: FuzzTarget = {
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
};

export const apkTarget: FuzzTarget = {
  name: 'apk',
  covers: /\/src\/packages\/(?:apk|database-file|package-index|ownership)/,
  seeds: () => [APK],
  words: ['P:', 'V:', 'D:', 'p:', 'F:', 'R:', 'a:0:0:755', 'Z:', '\n\n', '../', '!', '>=', 'so:', 'cmd:'],
  run: (bytes) => readDatabase({ '/lib/apk/db/installed': bytes }),
};
