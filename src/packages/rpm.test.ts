import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { rootPath } from '../rootfs/root-path.ts';
import { memoryRootfs } from '../testing/memory-rootfs.ts';
import { Warnings } from '../warnings.ts';
import { openPackages } from './package-index.ts';
import { trimDatabase } from './trim.ts';

const RPMDB = gunzipSync(readFileSync(new URL('../../testdata/packages/rpmdb.sqlite.gz', import.meta.url)));

const DATABASE = '/usr/lib/sysimage/rpm/rpmdb.sqlite';

const ROOTFS = {
  [DATABASE]: RPMDB,
  '/usr/lib/sysimage/rpm/rpmdb.sqlite-wal': '',
  '/var/lib/rpm': { link: '../../usr/lib/sysimage/rpm' },
  '/lib64': { link: 'usr/lib64' },
  '/usr/lib64/libmini.so.1': 'lib',
  '/usr/bin/mini': 'tool',
  '/usr/bin/other': 'other',
  '/etc/mini.conf': 'conf',
  '/etc/mini.d': { directory: true as const },
  '/usr/share/doc/minilib/README': 'doc',
};

async function open(files: Parameters<typeof memoryRootfs>[0]) {
  const warnings = new Warnings();
  const rootfs = memoryRootfs(files);
  return { rootfs, index: await openPackages(rootfs, warnings), warnings };
}

const codesOf = (warnings: Warnings) => warnings.list().map((warning) => warning.code);

describe('openPackages on an rpm database', async () => {
  const { index, rootfs, warnings } = await open(ROOTFS);
  const of = (name: string) => index.get(name) ?? expect.fail(`no ${name}`);
  const trimTo = async (...paths: string[]) =>
    trimDatabase(index, new Set(paths.map((path) => rootPath(path))), rootfs);

  it('reads packages from a database in write-ahead mode', () => {
    expect(index.list().map((pkg) => pkg.name)).toEqual(['minilib', 'minilib-tools', 'other']);
    expect(of('minilib')).toEqual({
      manager: 'rpm',
      name: 'minilib',
      version: '1:1.2-3',
      architecture: 'noarch',
      source: 'minilib',
      depends: [['config(minilib)']],
      preDepends: [],
      recommends: [],
      suggests: [],
      provides: ['config(minilib)', 'libmini.so.1()(64bit)', 'minilib', 'virtual-mini'],
      essential: false,
      section: 'System/Libraries',
      conffiles: ['/etc/mini.conf'],
      description: 'A small library',
      installedSize: 13,
    });
    expect(warnings.list()).toEqual([]);
  });

  it('leaves out what only scriptlets require, and reads weak and boolean dependencies', () => {
    expect(of('minilib-tools')).toMatchObject({
      depends: [['foo', 'bar'], ['/bin/sh'], ['libmini.so.1()(64bit)']],
      recommends: [['baz']],
      suggests: [['qux']],
    });
    expect(index.dependencies(of('minilib-tools'))).toEqual([of('minilib')]);
    expect(index.sameSource(of('minilib'))).toEqual([of('minilib-tools'), of('other')]);
  });

  it('knows owners and files', () => {
    expect(index.owner(rootPath('/lib64/libmini.so.1'))).toBe(of('minilib'));
    expect(index.files(of('minilib'))).toEqual([
      '/etc/mini.conf',
      '/usr/lib64/libmini.so.1',
      '/usr/share/doc/minilib/README',
    ]);
    expect(index.directories(of('minilib'))).toEqual(['/etc/mini.d']);
  });

  it('trims the database to the packages kept, reachable by both names, with the same bytes every time', async () => {
    const trimmed = await trimTo('/usr/bin/mini', '/usr/lib64/libmini.so.1');
    expect([...trimmed.overrides.keys()]).toEqual([DATABASE]);
    expect(trimmed.keep).toEqual(['/var/lib/rpm']);
    const bytes = trimmed.overrides.get(rootPath(DATABASE)) ?? expect.fail('no database');
    const again = await open({ ...ROOTFS, [DATABASE]: bytes });
    expect(again.index.list()).toEqual([of('minilib'), of('minilib-tools')]);
    expect(Buffer.from(bytes).includes('Another program')).toBe(false);
    const shuffled = await trimTo('/usr/lib64/libmini.so.1', '/usr/bin/mini');
    expect(Buffer.from(bytes).equals(shuffled.overrides.get(rootPath(DATABASE)) ?? Buffer.alloc(0))).toBe(
      true,
    );
  });

  it('has no database when no package is kept', async () => {
    expect((await trimTo('/etc/passwd', '/usr/share/doc/minilib/README')).overrides.size).toBe(0);
  });
});

describe('an rpm database that cannot be read', () => {
  it.each([
    { file: 'Packages', name: 'Berkeley DB' },
    { file: 'Packages.db', name: 'ndb' },
  ])('says so of $name', async ({ file, name }) => {
    const { index, warnings } = await open({ [`/var/lib/rpm/${file}`]: 'bytes' });
    expect(index.list()).toEqual([]);
    expect(warnings.list()).toEqual([
      {
        code: 'PACKAGE_DATABASE',
        message: `the rpm database is in the ${name} format, which is not read: nobody owns a file`,
        path: `/var/lib/rpm/${file}`,
      },
    ]);
  });

  it('says so of a write-ahead log that is not empty', async () => {
    const { index, warnings } = await open({ ...ROOTFS, '/usr/lib/sysimage/rpm/rpmdb.sqlite-wal': 'frames' });
    expect(index.list().length).toBe(3);
    expect(codesOf(warnings)).toEqual(['PACKAGE_DATABASE']);
  });

  it.each([
    { summary: 'an empty file', bytes: Buffer.alloc(0) },
    { summary: 'other bytes', bytes: Buffer.alloc(8192, 'x') },
    { summary: 'only the first page', bytes: RPMDB.subarray(0, 4096) },
    { summary: 'half of the pages', bytes: RPMDB.subarray(0, RPMDB.length / 2) },
    { summary: 'a cut header', bytes: RPMDB.subarray(0, 50) },
  ])('warns of $summary', async ({ bytes }) => {
    const { index, warnings } = await open({ ...ROOTFS, [DATABASE]: bytes });
    expect(index.list()).toEqual([]);
    expect(codesOf(warnings)).toContain('PACKAGE_DATABASE');
  });

  it('throws nothing for altered bytes anywhere', async () => {
    for (let at = 16; at < RPMDB.length; at += 12_289) {
      const bytes = Buffer.from(RPMDB);
      bytes.fill(0xa5, at, at + 64);
      const { index, rootfs } = await open({ ...ROOTFS, [DATABASE]: bytes });
      await trimDatabase(index, new Set([rootPath('/usr/bin/mini')]), rootfs);
      expect(index.list().length).toBeLessThanOrEqual(3);
    }
  });
});
