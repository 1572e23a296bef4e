import { describe, expect, it } from 'vitest';
import { FormatError } from '../errors.ts';
import { rootPath } from '../rootfs/root-path.ts';
import { memoryRootfs } from '../testing/memory-rootfs.ts';
import { Warnings } from '../warnings.ts';
import { parseApkPackage } from './apk.ts';
import { openPackages } from './package-index.ts';
import { trimDatabase } from './trim.ts';

const MUSL = `C:Q1abc=
P:musl
V:1.2.4-r2
A:x86_64
S:400000
I:634880
T:the musl c library (libc) implementation
o:musl
t:1690000000
p:so:libc.musl-x86_64.so.1=1
F:lib
R:ld-musl-x86_64.so.1
a:0:0:755
Z:Q1ld=
R:libc.musl-x86_64.so.1
a:0:0:777
Z:Q1lc=
`;

const BUSYBOX = `P:busybox
V:1.36.1-r5
A:x86_64
o:busybox
D:so:libc.musl-x86_64.so.1 !conflicting musl>=1.2
p:/bin/sh cmd:busybox=1.36.1-r5
F:bin
R:busybox
a:0:0:755
Z:Q1bb=
F:etc
R:securetty
Z:Q1se=
F:var
F:var/tmp
M:0:0:1777
F:usr
F:usr/share
F:usr/share/doc
R:README
`;

const ROOTFS = {
  '/lib/apk/db/installed': `${MUSL}\n${BUSYBOX}\n`,
  '/lib/ld-musl-x86_64.so.1': 'ELF',
  '/lib/libc.musl-x86_64.so.1': { link: 'ld-musl-x86_64.so.1' },
  '/bin/busybox': 'ELF',
  '/bin/ls': { link: '/bin/busybox' },
  '/etc/securetty': '',
  '/usr/share/doc/README': '',
  '/var/tmp': { directory: true as const },
  '/etc/alpine-release': '3.18.4\n',
  '/etc/apk/repositories': 'main\n',
  '/usr/lib/os-release': 'ID=alpine\n',
  '/etc/os-release': { link: '../usr/lib/os-release' },
};

const open = (files: Parameters<typeof memoryRootfs>[0], warnings = new Warnings()) =>
  openPackages(memoryRootfs(files), warnings);

async function trim(kept: readonly string[], files: Parameters<typeof memoryRootfs>[0] = ROOTFS) {
  const rootfs = memoryRootfs(files);
  const index = await openPackages(rootfs, new Warnings());
  const { overrides, keep } = await trimDatabase(index, new Set(kept.map((path) => rootPath(path))), rootfs);
  return {
    keep,
    files: Object.fromEntries([...overrides].map(([path, bytes]) => [path, Buffer.from(bytes).toString()])),
  };
}

describe('openPackages on an apk database', async () => {
  const index = await open(ROOTFS);
  const of = (name: string) => index.get(name) ?? expect.fail(`no ${name}`);

  it('reads packages, dependencies and owners', () => {
    expect(of('musl')).toMatchObject({
      manager: 'apk',
      version: '1.2.4-r2',
      architecture: 'x86_64',
      source: 'musl',
      installedSize: 634880,
      description: 'the musl c library (libc) implementation',
      provides: ['so:libc.musl-x86_64.so.1'],
    });
    expect(of('busybox').depends).toEqual([['so:libc.musl-x86_64.so.1'], ['musl']]);
    expect(index.dependencies(of('busybox'))).toEqual([of('musl')]);
    expect(index.providers('/bin/sh')).toEqual([of('busybox')]);
    expect(index.owner(rootPath('/bin/ls'))).toBe(of('busybox'));
    expect(index.files(of('busybox'))).toEqual(['/bin/busybox', '/etc/securetty', '/usr/share/doc/README']);
    expect(index.directories(of('busybox'))).toContain('/var/tmp');
  });

  it('reads a database once that both names lead to', async () => {
    const merged = await open({
      '/lib': { link: 'usr/lib' },
      '/usr/lib/apk/db/installed': MUSL,
      '/usr/lib/ld-musl-x86_64.so.1': '',
    });
    expect(merged.list().map((pkg) => pkg.name)).toEqual(['musl']);
    expect(merged.owner(rootPath('/lib/ld-musl-x86_64.so.1'))?.name).toBe('musl');
  });
});

describe('trimDatabase on an apk database', () => {
  it('keeps the records of kept files, and of directories that hold them', async () => {
    const { files, keep } = await trim(['/bin', '/bin/busybox', '/lib/ld-musl-x86_64.so.1', '/var/tmp']);
    const busybox = BUSYBOX.slice(0, BUSYBOX.indexOf('F:etc'));
    const musl = MUSL.slice(0, MUSL.indexOf('R:libc'));
    expect(files).toEqual({ '/lib/apk/db/installed': `${musl}\n${busybox}F:var/tmp\nM:0:0:1777\n\n` });
    expect(keep).toEqual([
      '/etc/alpine-release',
      '/etc/apk/repositories',
      '/etc/os-release',
      '/usr/lib/os-release',
    ]);
  });

  it('leaves out a package of which only documentation and directories are kept', async () => {
    const { files } = await trim(['/lib/ld-musl-x86_64.so.1', '/usr/share/doc/README', '/bin', '/var/tmp']);
    expect(files['/lib/apk/db/installed']).not.toContain('P:busybox');
  });

  it('has no database when no package is kept', async () => {
    expect(await trim(['/etc/passwd'])).toEqual({ files: {}, keep: [] });
  });
});

describe('a malformed apk database', () => {
  it.each(['', 'P:x', 'V:1', 'P:\nV:1', 'nonsense', 'F:etc\nP:x\nV:1'])('refuses the block %j', (block) => {
    expect(() => parseApkPackage(block.split('\n'))).toThrow(FormatError);
  });

  it('leaves a bad block out with a warning and reads the others', async () => {
    const warnings = new Warnings();
    const index = await open({ '/lib/apk/db/installed': `X:nothing\n\n\n${MUSL}` }, warnings);
    expect(index.list().map((pkg) => pkg.name)).toEqual(['musl']);
    expect(warnings.list()).toEqual([
      {
        code: 'PACKAGE_DATABASE',
        message: 'cannot read an apk package "": it has no name or no version',
        path: '/lib/apk/db/installed',
      },
    ]);
  });

  it('takes every truncation', async () => {
    for (let length = 0; length < BUSYBOX.length; length++) {
      const index = await open({ '/lib/apk/db/installed': BUSYBOX.slice(0, length), '/bin/busybox': '' });
      expect(index.list().length).toBeLessThanOrEqual(1);
      expect(index.owner(rootPath('/etc/passwd'))).toBeUndefined();
    }
  });
});
