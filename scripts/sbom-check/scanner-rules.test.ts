import { describe, expect, it } from 'vitest';
import { openPackages } from '../../src/packages/package-index.ts';
import { trimDatabase } from '../../src/packages/trim.ts';
import { rootPath } from '../../src/rootfs/root-path.ts';
import { memoryRootfs } from '../../src/testing/memory-rootfs.ts';
import { Warnings } from '../../src/warnings.ts';
import { syftPackages, trivyFiles, trivyPackages } from './scanner-rules.js';

/** As Debian 12 has them, cut to the fields that scanners read. */
const LIBC = `Package: libc6
Status: install ok installed
Priority: optional
Section: libs
Installed-Size: 12986
Maintainer: GNU Libc Maintainers <debian-glibc@lists.debian.org>
Architecture: amd64
Multi-Arch: same
Source: glibc
Version: 2.36-9+deb12u14
Depends: libgcc-s1, libcrypt1 (>= 1:4.4.10-10~)
Conffiles:
 /etc/ld.so.conf.d/x86_64-linux-gnu.conf d4e7a7b88a71b5ffd9e2644e71a0cfab
Description: GNU C Library: Shared libraries
 Contains the standard libraries that are used by nearly all programs.
 .
 A second paragraph.`;
const APT = `Package: apt
Status: install ok installed
Architecture: amd64
Version: 2.6.1
Description: commandline package manager`;
const PURGED = `Package: old
Status: deinstall ok config-files
Architecture: amd64
Version: 1`;

const FILES = {
  '/usr/lib/x86_64-linux-gnu/libc.so.6': 'x',
  '/etc/ld.so.conf.d/x86_64-linux-gnu.conf': 'x',
  '/usr/bin/apt': 'x',
  '/usr/share/doc/libc6/copyright': 'x',
  '/lib': { link: 'usr/lib' },
};
const LIST =
  '/.\n/lib\n/lib/x86_64-linux-gnu\n/lib/x86_64-linux-gnu/libc.so.6\n/usr/share/doc/libc6\n/usr/share/doc/libc6/copyright\n';

/** Returns the database of a slim image in which these paths are kept, as scanners open it. */
async function trimmed(files: Parameters<typeof memoryRootfs>[0], kept: readonly string[]) {
  const rootfs = memoryRootfs(files);
  const index = await openPackages(rootfs, new Warnings());
  const { overrides } = await trimDatabase(index, new Set(kept.map((path) => rootPath(path))), rootfs);
  return new Map([...overrides].map(([path, bytes]) => [path.slice(1), Buffer.from(bytes).toString()]));
}

describe('the trimmed database of dpkg', () => {
  const rows = [
    {
      summary: 'status and info/',
      files: {
        ...FILES,
        '/var/lib/dpkg/status': `${LIBC}\n\n${PURGED}\n\n${APT}\n`,
        '/var/lib/dpkg/info/libc6:amd64.list': LIST,
        '/var/lib/dpkg/info/apt.list': '/usr/bin/apt\n',
      },
    },
    {
      summary: 'status.d, as distroless has it',
      files: {
        ...FILES,
        '/var/lib/dpkg/status.d/libc6': `${LIBC.replace(/Status.*\n/, '')}\n`,
        '/var/lib/dpkg/status.d/libc6.md5sums':
          'd41d8cd98f00b204e9800998ecf8427e  usr/lib/x86_64-linux-gnu/libc.so.6\n',
        '/var/lib/dpkg/status.d/apt': APT,
        '/var/lib/dpkg/status.d/apt.md5sums': 'd41d8cd98f00b204e9800998ecf8427e  usr/bin/apt\n',
      },
    },
  ];
  it.each(rows)('is read by trivy and by syft: $summary', async ({ files }) => {
    const database = await trimmed(files, ['/usr/lib/x86_64-linux-gnu/libc.so.6']);
    const expected = new Set(['libc6 2.36-9+deb12u14 amd64']);
    expect(trivyPackages(database)).toEqual(expected);
    expect(syftPackages(database)).toEqual(expected);
  });

  it('gives trivy the files that are there, and no directories', async () => {
    const database = await trimmed(rows[0]?.files ?? {}, [
      '/lib',
      '/usr/lib/x86_64-linux-gnu',
      '/usr/lib/x86_64-linux-gnu/libc.so.6',
    ]);
    expect(trivyFiles(database, 'libc6', 'amd64')).toEqual(['/lib/x86_64-linux-gnu/libc.so.6']);
  });
});
