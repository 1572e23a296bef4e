import { describe, expect, it } from 'vitest';
import { rootPath } from '../rootfs/root-path.ts';
import { memoryRootfs } from '../testing/memory-rootfs.ts';
import { Warnings } from '../warnings.ts';
import { openPackages } from './package-index.ts';
import { trimDatabase } from './trim.ts';

const ADMIN = '/var/lib/dpkg';
const SUM = 'd41d8cd98f00b204e9800998ecf8427e';

const NGINX = `Package: nginx
Status: install ok installed
Architecture: amd64
Version: 1.22
Conffiles:
 /etc/nginx/nginx.conf ${SUM}
 /etc/nginx/mime.types ${SUM}
Description: web server
 Long text.`;

const LIBC = `Package: libc6
Status: install ok installed
Architecture: amd64
Multi-Arch: same
Version: 2.36`;

const BASE = `Package: base-files
Essential: yes
Status: install ok installed
Architecture: amd64
Version: 12`;

const ROOTFS = {
  [`${ADMIN}/status`]: `${NGINX}\n\n${LIBC}\n\n${BASE}\n`,
  [`${ADMIN}/info/nginx.list`]:
    '/.\n/etc\n/etc/nginx\n/etc/nginx/nginx.conf\n/etc/nginx/mime.types\n/usr\n/usr/sbin\n/usr/sbin/nginx\n',
  [`${ADMIN}/info/nginx.md5sums`]: `${SUM}  usr/sbin/nginx\n${SUM}  usr/share/doc/nginx/copyright\n`,
  [`${ADMIN}/info/format`]: '1\n',
  [`${ADMIN}/info/nginx.postinst`]: '#!/bin/sh\n',
  [`${ADMIN}/info/libc6:amd64.list`]:
    '/lib\n/lib/x86_64-linux-gnu\n/lib/x86_64-linux-gnu/libc.so.6\n/lib/x86_64-linux-gnu/libm.so.6\n',
  [`${ADMIN}/info/libc6:amd64.md5sums`]: `${SUM}  lib/x86_64-linux-gnu/libc.so.6\n${SUM}  lib/x86_64-linux-gnu/libm.so.6\n`,
  [`${ADMIN}/info/base-files.list`]: '/lib\n/etc\n/etc/debian_version\n/usr/share/doc/base-files/README\n',
  '/lib': { link: 'usr/lib' },
  '/usr/lib/x86_64-linux-gnu/libc.so.6': '',
  '/usr/lib/x86_64-linux-gnu/libm.so.6': '',
  '/usr/sbin/nginx': '',
  '/etc/nginx/nginx.conf': '',
  '/etc/nginx/mime.types': '',
  '/etc/debian_version': '12.5\n',
  '/usr/share/doc/base-files/README': '',
};

async function trim(kept: readonly string[], files: Parameters<typeof memoryRootfs>[0] = ROOTFS) {
  const rootfs = memoryRootfs(files);
  const index = await openPackages(rootfs, new Warnings());
  const trimmed = await trimDatabase(index, new Set(kept.map((path) => rootPath(path))), rootfs);
  const text = [...trimmed.overrides].map(([path, bytes]) => [path, Buffer.from(bytes).toString()]);
  return { keep: trimmed.keep, files: Object.fromEntries(text) };
}

describe('trimDatabase on a dpkg database', () => {
  it('cuts paragraphs, conffiles, lists and checksums to what is kept', async () => {
    const kept = [
      '/etc',
      '/etc/nginx',
      '/etc/nginx/nginx.conf',
      '/usr/sbin/nginx',
      '/lib',
      '/usr/lib/x86_64-linux-gnu/libc.so.6',
    ];
    expect(await trim(kept)).toEqual({
      files: {
        [`${ADMIN}/info/libc6:amd64.list`]: '/lib\n/lib/x86_64-linux-gnu/libc.so.6\n',
        [`${ADMIN}/info/libc6:amd64.md5sums`]: `${SUM}  lib/x86_64-linux-gnu/libc.so.6\n`,
        [`${ADMIN}/info/nginx.list`]: '/etc\n/etc/nginx\n/etc/nginx/nginx.conf\n/usr/sbin/nginx\n',
        [`${ADMIN}/info/nginx.md5sums`]: `${SUM}  usr/sbin/nginx\n`,
        [`${ADMIN}/status`]: `${NGINX.replace(` /etc/nginx/mime.types ${SUM}\n`, '')}\n\n${LIBC}\n`,
      },
      keep: ['/etc/debian_version', `${ADMIN}/info/format`],
    });
  });

  it('drops the Conffiles field with its last line', async () => {
    const { files } = await trim(['/usr/sbin/nginx']);
    expect(files[`${ADMIN}/status`]).not.toContain('Conffiles');
    expect(files[`${ADMIN}/status`]).toContain('Description: web server\n Long text.\n');
  });

  it.each([
    { summary: 'only documentation', kept: ['/usr/share/doc/base-files/README'] },
    { summary: 'only directories', kept: ['/etc', '/usr', '/usr/sbin'] },
    { summary: 'a link to a directory', kept: ['/lib'] },
    { summary: 'nothing', kept: [] },
  ])('has no package of which is kept: $summary', async ({ kept }) => {
    expect(await trim(kept)).toEqual({ files: {}, keep: [] });
  });

  it('gives the same bytes whatever order the paths came in', async () => {
    const kept = ['/usr/sbin/nginx', '/etc/debian_version', '/usr/lib/x86_64-linux-gnu/libc.so.6'];
    expect(JSON.stringify(await trim([...kept].reverse()))).toBe(JSON.stringify(await trim(kept)));
  });

  it('gives a trimmed database that says the same of what is kept', async () => {
    const { files } = await trim(['/usr/sbin/nginx', '/usr/lib/x86_64-linux-gnu/libc.so.6']);
    const again = await trim(['/usr/sbin/nginx', '/usr/lib/x86_64-linux-gnu/libc.so.6'], {
      ...ROOTFS,
      ...files,
    });
    expect(again.files).toEqual(files);
  });

  it('keeps the form of status.d, and the link by which the database is reached', async () => {
    const { files, keep } = await trim(['/usr/lib/libssl.so.3'], {
      '/var/lib/dpkg': { link: '/usr/lib/sysimage/dpkg' },
      '/usr/lib/sysimage/dpkg/status.d/libssl3': 'Package: libssl3\nVersion: 3.0\nArchitecture: amd64',
      '/usr/lib/sysimage/dpkg/status.d/libssl3.md5sums': `${SUM}  usr/lib/libssl.so.3\n${SUM}  usr/lib/libcrypto.so.3\n`,
      '/usr/lib/sysimage/dpkg/status.d/tzdata': 'Package: tzdata\nVersion: 2024a\nArchitecture: all\n',
      '/usr/lib/libssl.so.3': '',
    });
    expect(files).toEqual({
      '/usr/lib/sysimage/dpkg/status.d/libssl3': 'Package: libssl3\nVersion: 3.0\nArchitecture: amd64\n',
      '/usr/lib/sysimage/dpkg/status.d/libssl3.md5sums': `${SUM}  usr/lib/libssl.so.3\n`,
    });
    expect(keep).toEqual(['/var/lib/dpkg']);
  });
});
