import { describe, expect, it } from 'vitest';
import { rootPath } from '../rootfs/root-path.ts';
import { memoryRootfs } from '../testing/memory-rootfs.ts';
import { Warnings } from '../warnings.ts';
import { openPackages, type PackageIndex } from './package-index.ts';

const ADMIN = '/var/lib/dpkg';

const STATUS = `Package: libc6
Status: install ok installed
Architecture: amd64
Multi-Arch: same
Source: glibc
Version: 2.36-9
Section: libs
Priority: optional
Installed-Size: 12
Depends: libgcc-s1
Description: GNU C Library
 A long text:
 .
 with a colon.

Package: libc6
Status: install ok installed
Architecture: i386
Multi-Arch: same
Source: glibc
Version: 2.36-9

Package: libc-bin
Essential: yes
Status: install ok installed
Architecture: amd64
Source: glibc (2.36-8)
Version: 2.36-9
Depends: libc6 (>> 2.36), libc6 (<< 2.37)

Package: dash
Essential: yes
Status: install ok half-configured
Architecture: amd64
Version: 0.5.12-2
Pre-Depends: libc6 (>= 2.34)

Package: bash
Status: install ok installed
Architecture: amd64
Version: 5.2

Package: mawk
Status: install ok installed
Architecture: amd64
Version: 1.3
Provides: awk

Package: app
Status: install ok installed
Architecture: amd64
Version: 1:1.0
Section: contrib/net
Depends: awk:any, default-mta | dash | bash [amd64], missing
Recommends: bash
Conffiles:
 /etc/app.conf d41d8cd98f00b204e9800998ecf8427e
 /etc/old conf d41d8cd98f00b204e9800998ecf8427e obsolete

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1
`;

const ROOTFS = {
  '/bin': { link: 'usr/bin' },
  '/lib': { link: 'usr/lib' },
  '/usr/lib/x86_64-linux-gnu/libc.so.6': 'libc',
  '/usr/lib/x86_64-linux-gnu/libc.so': { link: 'libc.so.6' },
  '/usr/lib/i386-linux-gnu/libc.so.6': 'libc',
  '/usr/share/doc/libc6/copyright': 'text',
  '/usr/bin/sh': { link: 'dash' },
  '/usr/bin/sh.distrib': { link: 'bash' },
  '/usr/bin/dash': 'dash',
  '/usr/bin/bash': 'bash',
  '/usr/bin/mawk': 'mawk',
  '/usr/bin/awk': { link: '/etc/alternatives/awk' },
  '/etc/alternatives/awk': { link: '/bin/mawk' },
  '/etc/app.conf': '',
  '/var/lib/app': { directory: true as const },
  '/usr/bin/loop': { link: 'loop' },
  [`${ADMIN}/status`]: STATUS,
  [`${ADMIN}/info/libc6:amd64.list`]:
    '/.\n/lib\n/lib/x86_64-linux-gnu\n/lib/x86_64-linux-gnu/libc.so.6\n/usr\n/usr/share\n/usr/share/doc\n/usr/share/doc/libc6\n/usr/share/doc/libc6/copyright\n',
  [`${ADMIN}/info/libc6:i386.list`]:
    '/.\n/lib\n/lib/i386-linux-gnu\n/lib/i386-linux-gnu/libc.so.6\n/usr/share/doc/libc6/copyright\n',
  [`${ADMIN}/info/dash.list`]:
    '/.\n/bin\n/bin/dash\n/bin/sh\n/usr\n/usr/share\n/usr/share/man/man1/dash.1.gz\n',
  [`${ADMIN}/info/bash.list`]: '/.\n/bin\n/bin/bash\n/bin/sh\n',
  [`${ADMIN}/info/mawk.list`]: '/.\n/usr\n/usr/bin\n/usr/bin/mawk\n',
  [`${ADMIN}/info/app.md5sums`]: 'd41d8cd98f00b204e9800998ecf8427e  var/lib/app/data\n',
  [`${ADMIN}/diversions`]: '/bin/sh\n/bin/sh.distrib\ndash\n/usr/bin/x\n/usr/bin/x.real\n:\n',
  [`${ADMIN}/alternatives/awk`]:
    'auto\n/usr/bin/awk\nnawk\n/usr/bin/nawk\n\n/usr/bin/mawk\n5\n/usr/bin/mawk\n/usr/bin/gawk\n10\n\n\n',
};

async function open(files: Parameters<typeof memoryRootfs>[0]): Promise<[PackageIndex, Warnings]> {
  const warnings = new Warnings();
  return [await openPackages(memoryRootfs(files), warnings), warnings];
}

const fullName = (pkg: { name: string; architecture: string } | undefined) =>
  pkg && `${pkg.name}:${pkg.architecture}`;

describe('openPackages on a dpkg database', async () => {
  const [index, warnings] = await open(ROOTFS);

  it('lists what is installed, whatever stage its configuration is at', () => {
    expect(index.list().map(fullName)).toEqual([
      'libc6:amd64',
      'libc6:i386',
      'libc-bin:amd64',
      'dash:amd64',
      'bash:amd64',
      'mawk:amd64',
      'app:amd64',
    ]);
    expect(warnings.list()).toEqual([]);
  });

  it('reads the fields of a package', () => {
    expect(index.get('libc6')).toEqual({
      manager: 'dpkg',
      name: 'libc6',
      version: '2.36-9',
      architecture: 'amd64',
      source: 'glibc',
      depends: [['libgcc-s1']],
      preDepends: [],
      recommends: [],
      suggests: [],
      provides: [],
      essential: false,
      section: 'libs',
      priority: 'optional',
      conffiles: [],
      description: 'GNU C Library',
      installedSize: 12288,
    });
    expect(index.get('app')).toMatchObject({
      section: 'net',
      conffiles: ['/etc/app.conf', '/etc/old conf'],
      depends: [['awk'], ['default-mta', 'dash', 'bash'], ['missing']],
    });
    expect(index.get('libc-bin')).toMatchObject({ essential: true, sourceVersion: '2.36-8' });
    expect(fullName(index.get('libc6:i386'))).toBe('libc6:i386');
  });

  const OWNERS: readonly { summary: string; path: string; owner: string | undefined }[] = [
    { summary: 'a path as it is listed', path: '/lib/x86_64-linux-gnu/libc.so.6', owner: 'libc6:amd64' },
    {
      summary: 'the merged-usr name of a listed path',
      path: '/usr/lib/x86_64-linux-gnu/libc.so.6',
      owner: 'libc6:amd64',
    },
    { summary: 'the unmerged name of a path listed below /usr', path: '/bin/mawk', owner: 'mawk:amd64' },
    {
      summary: 'the list of another architecture',
      path: '/usr/lib/i386-linux-gnu/libc.so.6',
      owner: 'libc6:i386',
    },
    { summary: 'an alternatives link leads to its owner', path: '/usr/bin/awk', owner: 'mawk:amd64' },
    {
      summary: 'a link nobody lists leads to its owner',
      path: '/usr/lib/x86_64-linux-gnu/libc.so',
      owner: 'libc6:amd64',
    },
    { summary: 'a diverted path belongs to the diverting package', path: '/bin/sh', owner: 'dash:amd64' },
    {
      summary: 'the other package owns where it was diverted to',
      path: '/usr/bin/sh.distrib',
      owner: 'bash:amd64',
    },
    {
      summary: 'a file two architectures share has the first as its owner',
      path: '/usr/share/doc/libc6/copyright',
      owner: 'libc6:amd64',
    },
    { summary: 'a directory of one package', path: '/usr/share/doc/libc6', owner: 'libc6:amd64' },
    { summary: 'a directory that packages share has no owner', path: '/usr/share', owner: undefined },
    { summary: 'a link to itself has no owner', path: '/usr/bin/loop', owner: undefined },
    { summary: 'a file nobody lists has no owner', path: '/var/lib/app', owner: undefined },
    { summary: 'a conffile of a package without a list', path: '/etc/app.conf', owner: 'app:amd64' },
    { summary: 'a path that does not exist has no owner', path: '/nowhere/at/all', owner: undefined },
  ];
  it.each(OWNERS)('owner: $summary', ({ path, owner }) => {
    expect(fullName(index.owner(rootPath(path)))).toBe(owner);
  });

  it('gives the files and directories that are there, by their real paths', () => {
    const libc = index.get('libc6');
    const dash = index.get('dash');
    if (libc === undefined || dash === undefined) throw new Error('the fixture has libc6 and dash');
    expect(index.files(libc)).toEqual([
      '/usr/lib/x86_64-linux-gnu/libc.so.6',
      '/usr/share/doc/libc6/copyright',
    ]);
    expect(index.directories(libc)).toEqual([
      '/',
      '/usr',
      '/usr/lib',
      '/usr/lib/x86_64-linux-gnu',
      '/usr/share',
      '/usr/share/doc',
      '/usr/share/doc/libc6',
    ]);
    expect(index.files(dash)).toEqual(['/usr/bin/dash', '/usr/bin/sh']);
  });

  it('resolves dependencies through provides, alternatives and architectures', () => {
    const of = (name: string) => index.get(name) ?? expect.fail(`no ${name}`);
    const names = (packages: Iterable<{ name: string; architecture: string }>) => [...packages].map(fullName);
    expect(names(index.dependencies(of('libc-bin')))).toEqual(['libc6:amd64']);
    expect(names(index.dependencies(of('app')))).toEqual(['mawk:amd64', 'dash:amd64', 'bash:amd64']);
    expect(names(index.dependencies(of('app'), { recommends: true }))).toContain('bash:amd64');
    expect(names(index.dependencyClosure([of('app')]))).toEqual([
      'app:amd64',
      'mawk:amd64',
      'dash:amd64',
      'bash:amd64',
      'libc6:amd64',
    ]);
    const closure = index.dependencyClosure([of('app')], { accept: (pkg) => pkg.name !== 'dash' });
    expect(names(closure)).not.toContain('libc6:amd64');
    expect(names(index.providers('awk'))).toEqual(['mawk:amd64']);
    expect(names(index.providers('/bin/awk'))).toEqual(['mawk:amd64']);
    expect(names(index.sameSource(of('libc6')))).toEqual(['libc6:i386', 'libc-bin:amd64']);
  });

  it('reads the groups of update-alternatives', () => {
    expect(index.alternatives()).toEqual([
      {
        name: 'awk',
        mode: 'auto',
        link: '/usr/bin/awk',
        slaves: [{ name: 'nawk', link: '/usr/bin/nawk' }],
        choices: [
          { path: '/usr/bin/mawk', priority: 5, slaves: ['/usr/bin/mawk'] },
          { path: '/usr/bin/gawk', priority: 10, slaves: [undefined] },
        ],
      },
    ]);
  });
});

describe('openPackages', () => {
  it('has an empty index for a rootfs without a database', async () => {
    const [index, warnings] = await open({ '/bin/sh': '' });
    expect(index.list()).toEqual([]);
    expect(index.owner(rootPath('/bin/sh'))).toBeUndefined();
    expect(warnings.list()).toEqual([]);
  });

  it('reads status.d with its md5sums as distroless writes them', async () => {
    const [index] = await open({
      [`${ADMIN}/status.d/libssl3`]: 'Package: libssl3\nVersion: 3.0\nArchitecture: amd64\nSource: openssl',
      [`${ADMIN}/status.d/libssl3.md5sums`]: 'd41d8cd98f00b204e9800998ecf8427e  usr/lib/libssl.so.3.0\n',
      '/usr/lib/libssl.so.3.0': '',
      '/usr/lib/libssl.so.3': { link: 'libssl.so.3.0' },
    });
    expect(index.owner(rootPath('/usr/lib/libssl.so.3.0'))?.source).toBe('openssl');
    expect(index.owner(rootPath('/usr/lib/libssl.so.3'))?.name).toBe('libssl3');
  });
});
