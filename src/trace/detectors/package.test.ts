import { describe, expect, it } from 'vitest';
import { type MemoryFile, memoryRootfs } from '../../testing/memory-rootfs.ts';
import { traceOf } from '../../testing/trace-of.ts';
import { packageDetector } from './package.ts';

/** Returns a dpkg database of these packages, with the given fields and files. */
function dpkg(
  packages: Readonly<Record<string, { readonly fields?: string; readonly files: readonly string[] }>>,
) {
  const status = Object.entries(packages).map(
    ([name, { fields = '' }]) =>
      `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n${fields}`,
  );
  const files: Record<string, MemoryFile> = { '/var/lib/dpkg/status': status.join('\n') };
  for (const [name, row] of Object.entries(packages)) {
    files[`/var/lib/dpkg/info/${name}.list`] = ['/.', ...row.files].join('\n');
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

  it('leaves a package to the detector that claims it', async () => {
    const files = dpkg({ server: { files: ['/usr/bin/server', '/etc/server.conf'] } });
    const { paths } = await traceOf(memoryRootfs(files), { Cmd: ['/usr/bin/server'] }, [
      packageDetector([(pkg) => pkg.name === 'server']),
    ]);
    expect(paths).toEqual(['/usr/bin/server']);
  });
});
