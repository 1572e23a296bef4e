import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { TarSpec } from '../tar-builder.ts';
import { type HostileCase, imageWith, type Refusal, type Result, SLIM } from './hostile-case.ts';

function packages(
  name: string,
  summary: string,
  files: () => readonly TarSpec[],
  expect: Refusal | Result = {},
  advisory?: string,
): HostileCase {
  return {
    name: `packages-${name}`,
    summary,
    ...(advisory === undefined ? {} : { advisory }),
    input: () => imageWith([files()]),
    command: [...SLIM, '--sbom', 'cyclonedx=OUT/bom.json'],
    expect,
  };
}

const STATUS = 'var/lib/dpkg/status';
const LIST = (name: string): string => `var/lib/dpkg/info/${name}.list`;
const paragraph = (members: string): string =>
  `Package: p\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n${members}\n`;
const status = (content: string | Uint8Array): TarSpec => ({ name: STATUS, content });
const APK = 'lib/apk/db/installed';
const RPM = 'var/lib/rpm/rpmdb.sqlite';

/** The rpm database of a test, changed by `change`. */
function rpm(change: (bytes: Buffer) => Uint8Array | undefined): readonly TarSpec[] {
  // From the repository, wherever this was compiled to.
  const bytes = gunzipSync(readFileSync('testdata/packages/rpmdb.sqlite.gz'));
  return [{ name: RPM, content: change(bytes) ?? bytes }];
}

/** Package databases that lie, climb, or take long. */
export const PACKAGE_CASES: readonly HostileCase[] = [
  packages(
    'list-climbs',
    'a package that lists files above the root',
    () => [status(paragraph('')), { name: LIST('p'), content: '/../../../etc/passwd\n/app\n../../victim\n' }],
    {},
    'CVE-2022-1664 (dpkg)',
  ),
  packages('list-through-links', 'a package that lists files behind links in a circle', () => [
    status(paragraph('')),
    { name: 'a', type: 'symlink', target: 'b' },
    { name: 'b', type: 'symlink', target: 'a' },
    { name: LIST('p'), content: '/a/x\n/b/y\n' },
  ]),
  packages('list-long-lines', 'a list with a line of ten megabytes', () => [
    status(paragraph('')),
    { name: LIST('p'), content: `/${'x'.repeat(10_000_000)}\n` },
  ]),
  packages('list-many-lines', 'a list of two hundred thousand files that are not there', () => [
    status(paragraph('')),
    { name: LIST('p'), content: '/usr/x\n'.repeat(200_000) },
  ]),
  packages('name-climbs', 'a package whose name is a path', () => [
    status('Package: ../../../../etc/passwd\nStatus: install ok installed\nVersion: 1\n'),
  ]),
  packages('name-hostile', 'a package with an escape sequence and HTML for a name', () => [
    status(
      'Package: \u001b[2J<script>alert(1)</script>\nStatus: install ok installed\nVersion: \u0007\nArchitecture: amd64\n',
    ),
    { name: LIST('\u001b[2J<script>alert(1)</script>'), content: '/app\n' },
  ]),
  packages('fields-of-blanks', 'a field of four megabytes of blanks', () => [
    status(paragraph(`Conffiles:\n /a${' '.repeat(4_000_000)}x\n`)),
  ]),
  packages('depends-of-bars', 'a field of half a million alternatives', () => [
    status(paragraph(`Depends: ${'a|'.repeat(500_000)}\n`)),
  ]),
  packages('depends-brackets', 'a relation of a million open brackets', () => [
    status(paragraph(`Depends: a ${'('.repeat(1_000_000)}\nSource: p ${'('.repeat(1_000_000)}\n`)),
  ]),
  packages('depends-circle', 'packages that depend on each other in a circle', () => [
    status(
      Array.from(
        { length: 500 },
        (_, at) =>
          `Package: p${at}\nStatus: install ok installed\nVersion: 1\nDepends: ${Array.from({ length: 100 }, (_, n) => `p${(at + n) % 500}`).join(', ')}\n`,
      ).join('\n'),
    ),
    { name: LIST('p0'), content: '/app\n' },
  ]),
  packages('many', 'fifty thousand packages', () => [
    status(
      Array.from(
        { length: 50_000 },
        (_, at) => `Package: p${at}\nStatus: install ok installed\nVersion: 1\n`,
      ).join('\n'),
    ),
  ]),
  packages('no-newline', 'a status of one line of five megabytes', () => [
    status('Package: p'.padEnd(5_000_000, 'x')),
  ]),
  packages('binary', 'a status of random bytes', () => [status(Buffer.alloc(100_000, 0xa7))]),
  packages('nul', 'a status with NUL', () => [
    status('Package: a\0b\nStatus: install ok installed\nVersion: 1\0\n'),
  ]),
  packages('status-directory', 'a status that is a directory', () => [
    { name: `${STATUS}/`, type: 'directory' },
  ]),
  packages('status-loop', 'a status that is a link to itself', () => [
    { name: STATUS, type: 'symlink', target: 'status' },
  ]),
  packages(
    'status-device',
    'a status that is a link to a device of the host without end',
    () => [{ name: STATUS, type: 'symlink', target: '/dev/zero' }],
    {},
    'CVE-2024-9676 (containers/storage)',
  ),
  packages('diversions-hostile', 'diversions that divert everything to each other', () => [
    status(paragraph('')),
    { name: LIST('p'), content: '/app\n' },
    { name: 'var/lib/dpkg/diversions', content: '/app\n/b\np\n/b\n/app\np\n:\n' },
  ]),
  packages('alternatives-loop', 'alternatives that lead to each other', () => [
    status(paragraph('')),
    { name: 'etc/alternatives/x', type: 'symlink', target: '/usr/bin/x' },
    { name: 'usr/bin/x', type: 'symlink', target: '/etc/alternatives/x' },
    { name: 'var/lib/dpkg/alternatives/x', content: `auto\n/usr/bin/x\n\n${'/x\n1\n'.repeat(50_000)}` },
  ]),
  packages(
    'apk-climbs',
    'apk directories above the root',
    () => [{ name: APK, content: 'P:p\nV:1\nF:../../etc\nR:passwd\nF:/\nR:app\n\n' }],
    {},
    'CVE-2018-1000849 (apk-tools)',
  ),
  packages('apk-without-fields', 'apk packages without names', () => [
    { name: APK, content: 'V:1\n\n\n\nP:\nV:\n\nX\n' },
  ]),
  packages('apk-many-lines', 'an apk package of three hundred thousand files', () => [
    { name: APK, content: `P:p\nV:1\nF:usr\n${'R:x\na:0:0:755\n'.repeat(300_000)}\n` },
  ]),
  packages('apk-depends', 'an apk package that depends on half a million blanks', () => [
    { name: APK, content: `P:p\nV:1\nD:${' '.repeat(500_000)}x\np:${'='.repeat(500_000)}\n\n` },
  ]),
  packages('rpm-garbage', 'an rpm database of random bytes', () => [
    { name: RPM, content: Buffer.alloc(65_536, 0x5a) },
  ]),
  packages('rpm-empty', 'an empty rpm database', () => [{ name: RPM, content: '' }]),
  packages('rpm-truncated', 'half an rpm database', () =>
    rpm((bytes) => bytes.subarray(0, bytes.length >> 1)),
  ),
  packages('rpm-page-size', 'an SQLite page size of 0', () =>
    rpm((bytes) => void bytes.writeUInt16BE(0, 16)),
  ),
  packages('rpm-pages-of-ones', 'an rpm database whose b-trees are overwritten', () =>
    rpm((bytes) => void bytes.fill(0xff, 4096, 12_288)),
  ),
  packages('rpm-root-page-loop', 'a b-tree whose page is its own child', () =>
    rpm((bytes) => {
      for (let at = 4096; at + 12 < bytes.length; at += 4096)
        if (bytes[at] === 5) bytes.writeUInt32BE(at / 4096 + 1, at + 8);
      return undefined;
    }),
  ),
  packages('rpm-header-counts', 'rpm headers whose counts are overwritten', () =>
    rpm((bytes) => {
      for (
        let at = bytes.indexOf(Buffer.from('8eade801', 'hex'));
        at >= 0;
        at = bytes.indexOf(Buffer.from('8eade801', 'hex'), at + 1)
      )
        bytes.writeUInt32BE(0xffff_ffff, at + 8);
      return undefined;
    }),
  ),
  packages('rpm-schema', 'a schema that is no SQL', () =>
    rpm((bytes) => {
      const at = bytes.indexOf('CREATE TABLE');
      bytes.write('CREATE VIEW ', at, 'latin1');
      return undefined;
    }),
  ),
  packages('rpm-berkeley', 'an rpm database in a form that is not read', () => [
    { name: 'var/lib/rpm/Packages', content: Buffer.alloc(4096, 1) },
  ]),
  packages(
    'accounts-large',
    'accounts of seventeen megabytes',
    () => [{ name: 'etc/passwd', content: Buffer.alloc(17 << 20, '\n') }],
    { error: 'LimitError', says: /limit textBytes/ },
  ),
  packages('accounts-many', 'a quarter of a million accounts', () => [
    { name: 'etc/passwd', content: 'a:x:0:0::/:/bin/sh\n'.repeat(250_000) },
  ]),
];
