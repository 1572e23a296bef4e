import { describe, expect, it } from 'vitest';
import { type DpkgPackage, dpkgDatabase } from '../../testing/dpkg-files.ts';
import { type MemoryFile, memoryRootfs } from '../../testing/memory-rootfs.ts';
import { traceOf } from '../../testing/trace-of.ts';
import { packageDetector } from './package.ts';

/** Returns a dpkg database of these packages, with their files; names ending in `.d` are directories. */
function dpkg(packages: Readonly<Record<string, DpkgPackage>>): Record<string, MemoryFile> {
  const files = dpkgDatabase(packages);
  for (const [name, row] of Object.entries(packages)) {
    for (const path of row.files) files[path] = path.endsWith('.d') ? { directory: true } : `of ${name}`;
  }
  return files;
}

async function kept(files: Readonly<Record<string, MemoryFile>>): Promise<readonly string[]> {
  const { paths } = await traceOf(memoryRootfs(files), { Cmd: ['server'], Env: ['PATH=/usr/bin'] }, [
    packageDetector([]),
  ]);
  return paths;
}

describe('package', () => {
  it("keeps the payload of a program's package, but no other command and no documentation", async () => {
    const files = dpkg({
      server: {
        files: [
          '/usr/bin/server',
          '/usr/bin/server-admin',
          '/etc/server.conf',
          '/usr/share/server/page',
          '/usr/share/doc/server/NEWS',
          '/etc/init.d/server',
        ],
      },
    });
    expect(await kept(files)).toEqual(['/etc/server.conf', '/usr/bin/server', '/usr/share/server/page']);
  });

  it('keeps a second command that is another name of the program', async () => {
    const files = {
      ...dpkg({ server: { files: ['/usr/bin/server', '/usr/bin/check'] } }),
      '/usr/bin/check': { link: 'server' },
    };
    expect(await kept(files)).toEqual(['/usr/bin/check', '/usr/bin/server']);
  });

  it('keeps extensions of other sources that were installed by name, and the index that names them', async () => {
    const files: Record<string, MemoryFile> = {};
    for (const [path, file] of Object.entries(
      dpkg({
        server: { files: ['/usr/bin/server', '/usr/share/server'] },
        maps: { fields: 'Source: gis\nDepends: server, maps-scripts\n', files: ['/usr/lib/server/maps.so'] },
        'maps-scripts': { fields: 'Source: gis\n', files: ['/usr/share/server/maps.sql'] },
        brought: { fields: 'Depends: server\n', files: ['/usr/share/brought/x'] },
        alone: { files: ['/usr/share/alone/x'] },
      }),
    ))
      files[path] = typeof file === 'string' && path.startsWith('/usr/') ? { content: file, layer: 1 } : file;
    files['/usr/share/server'] = { directory: true };
    files['/usr/share/server/index'] = { content: 'maps', layer: 1 };
    files['/var/lib/apt/extended_states'] = 'Package: brought\nArchitecture: amd64\nAuto-Installed: 1\n';
    const { paths } = await traceOf(
      memoryRootfs(files),
      { Cmd: ['server'], Env: ['PATH=/usr/bin'] },
      [packageDetector([])],
      {
        layers: [
          { kind: 'base', createdBy: '' },
          { kind: 'built', createdBy: 'RUN apt-get install server maps alone' },
        ],
      },
    );
    expect(paths).toEqual([
      '/usr/bin/server',
      '/usr/lib/server/maps.so',
      '/usr/share/server',
      '/usr/share/server/index',
      '/usr/share/server/maps.sql',
    ]);
  });

  it('keeps data packages that a companion depends on', async () => {
    const files = dpkg({
      server: { fields: 'Depends: server-common\n', files: ['/usr/bin/server'] },
      'server-common': { fields: 'Source: server\nDepends: pages\n', files: ['/etc/server/main.conf'] },
      pages: { files: ['/usr/share/pages/error'] },
    });
    files['/var/lib/dpkg/status'] = String(files['/var/lib/dpkg/status']).replace(
      /(Package: pages\n.*\nArchitecture: )amd64/,
      '$1all',
    );
    expect(await kept(files)).toEqual(['/etc/server/main.conf', '/usr/bin/server', '/usr/share/pages/error']);
  });

  it('follows dependencies of the same source, and leaves others', async () => {
    const files = dpkg({
      server: { fields: 'Depends: server-common, other\n', files: ['/usr/bin/server'] },
      'server-common': { fields: 'Source: server\n', files: ['/etc/server/main.conf'] },
      other: { files: ['/usr/lib/other/tool'] },
    });
    expect(await kept(files)).toEqual(['/etc/server/main.conf', '/usr/bin/server']);
  });

  it('keeps state directories with what postinst made in them', async () => {
    const files = {
      ...dpkg({ server: { files: ['/usr/bin/server', '/var/log/server.d'] } }),
      '/var/log/server.d/access.log': { link: '/dev/stdout' },
    };
    expect(await kept(files)).toEqual([
      '/usr/bin/server',
      '/var/log/server.d',
      '/var/log/server.d/access.log',
    ]);
  });

  it('leaves a package to the detector that claims it, but for the configuration of what runs', async () => {
    const files = dpkg({
      server: { files: ['/usr/bin/server', '/etc/server.conf', '/usr/share/server/data'] },
    });
    const { paths } = await traceOf(memoryRootfs(files), { Cmd: ['/usr/bin/server'] }, [
      packageDetector([(pkg) => pkg.name === 'server']),
    ]);
    expect(paths).toEqual(['/etc/server.conf', '/usr/bin/server']);
  });
});
