import { describe, expect, it } from 'vitest';
import { type MemoryFile, memoryRootfs } from '../../testing/memory-rootfs.ts';
import { traceOf } from '../../testing/trace-of.ts';
import { copied } from './application.ts';
import { safeLevelDetector } from './safe-level.ts';

const STANZA = 'Status: install ok installed\nArchitecture: all\nVersion: 1\n';

/** Base: an Essential shell and a tool; above it a server with a dependency of the base, a plugin and a compiler. */
const FILES: Readonly<Record<string, MemoryFile>> = {
  '/var/lib/dpkg/status': [
    `Package: sh\nEssential: yes\n${STANZA}`,
    `Package: basetool\n${STANZA}`,
    `Package: server\nDepends: basetool\n${STANZA}`,
    `Package: plugin\n${STANZA}`,
    `Package: gcc\nSection: devel\n${STANZA}`,
  ].join('\n'),
  '/var/lib/dpkg/info/sh.list': '/.\n/usr/bin/sh\n/usr/bin/ls\n',
  '/var/lib/dpkg/info/basetool.list': '/.\n/usr/bin/basetool\n',
  '/var/lib/dpkg/info/server.list': '/.\n/usr/bin/server\n/usr/share/doc/server/copyright\n',
  '/var/lib/dpkg/info/plugin.list': '/.\n/usr/lib/plugin/run\n/var/cache/plugin\n',
  '/var/lib/dpkg/info/gcc.list': '/.\n/usr/bin/gcc\n',
  '/usr/bin/sh': 'ELF',
  '/usr/bin/ls': 'ELF',
  '/usr/bin/basetool': 'ELF',
  '/usr/bin/server': { content: 'ELF', layer: 1, mode: 0o755 },
  '/usr/share/doc/server/copyright': { content: 'x', layer: 1 },
  '/var/cache/plugin': { directory: true, uid: 33 },
  '/usr/lib/plugin/run': { content: 'x', layer: 1 },
  '/usr/bin/gcc': { content: 'ELF', layer: 1, mode: 0o755 },
  '/usr/local/bin/own': { content: 'ELF', layer: 1, mode: 0o755 },
  '/opt/big/model.bin': { content: 'x', layer: 1 },
};
const LAYERS = [
  { kind: 'base', createdBy: '' },
  { kind: 'built', createdBy: 'RUN apt-get install' },
] as const;

async function files(cmd: string, level: 'default' | 'safe') {
  const { paths } = await traceOf(memoryRootfs(FILES), { Cmd: [cmd] }, [copied, safeLevelDetector()], {
    level,
    layers: LAYERS,
  });
  return paths;
}

describe('safe-level', () => {
  it('keeps what was installed above the base, its dependencies, and what no package brought', async () => {
    expect(await files('/usr/bin/server', 'safe')).toEqual([
      '/opt/big/model.bin',
      '/usr/bin/basetool',
      '/usr/bin/server',
      '/usr/lib/plugin/run',
      '/usr/local/bin/own',
      '/var/cache/plugin',
    ]);
  });

  it('keeps the Essential packages where a shell runs', async () => {
    expect(await files('/usr/bin/sh', 'safe')).toEqual(
      expect.arrayContaining(['/usr/bin/ls', '/usr/bin/sh', '/usr/lib/plugin/run']),
    );
  });

  it('keeps nothing at other levels', async () => {
    expect(await files('/usr/bin/server', 'default')).toEqual(['/usr/bin/server']);
  });
});
