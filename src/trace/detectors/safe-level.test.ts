import { describe, expect, it } from 'vitest';
import { type MemoryFile, memoryRootfs } from '../../testing/memory-rootfs.ts';
import { traceOf } from '../../testing/trace-of.ts';
import { copied } from './application.ts';
import { safeLevelDetector } from './safe-level.ts';
import { scriptDetectors } from './scripts.ts';

const STANZA = 'Status: install ok installed\nArchitecture: all\nVersion: 1\n';

/** Base: a shell, an Essential and an important tool; above it a server, its dependency, its plugin and a compiler. */
const FILES: Readonly<Record<string, MemoryFile>> = {
  '/var/lib/dpkg/status': [
    `Package: dash\nEssential: yes\n${STANZA}`,
    `Package: coretools\nEssential: yes\nDepends: libcore\n${STANZA}`,
    `Package: libcore\n${STANZA}`,
    `Package: basetool\nPriority: important\n${STANZA}`,
    `Package: server\nDepends: lib\nRecommends: extra\n${STANZA}`,
    `Package: lib\n${STANZA}`,
    `Package: extra\n${STANZA}`,
    `Package: plugin\n${STANZA}`,
    `Package: gcc\nSection: devel\n${STANZA}`,
  ].join('\n'),
  '/var/lib/apt/extended_states':
    'Package: lib\nArchitecture: all\nAuto-Installed: 1\n\nPackage: extra\nArchitecture: all\nAuto-Installed: 1\n',
  '/var/lib/dpkg/info/dash.list': '/.\n/usr/bin/dash\n',
  '/var/lib/dpkg/info/coretools.list': '/.\n/usr/bin/ls\n/usr/share/locale/de/LC_MESSAGES/core.mo\n',
  '/var/lib/dpkg/info/libcore.list': '/.\n/usr/share/core/data\n',
  '/var/lib/dpkg/info/basetool.list': '/.\n/usr/bin/basetool\n',
  '/var/lib/dpkg/info/server.list':
    '/.\n/usr/bin/server\n/usr/bin/serverctl\n/usr/share/doc/server/copyright\n/usr/share/locale/de/LC_MESSAGES/server.mo\n',
  '/var/lib/dpkg/info/lib.list': '/.\n/usr/bin/libtool-script\n/usr/share/lib/data\n',
  '/var/lib/dpkg/info/extra.list': '/.\n/usr/bin/extra\n',
  '/var/lib/dpkg/info/plugin.list': '/.\n/usr/lib/plugin/run\n/var/cache/plugin\n',
  '/var/lib/dpkg/info/gcc.list': '/.\n/usr/bin/gcc\n',
  '/usr/bin/dash': 'ELF',
  '/usr/bin/sh': { link: 'dash' },
  '/usr/bin/ls': 'ELF',
  '/usr/share/locale/de/LC_MESSAGES/core.mo': 'x',
  '/usr/share/core/data': 'x',
  '/usr/bin/basetool': 'ELF',
  '/usr/bin/server': { content: 'ELF', layer: 1, mode: 0o755 },
  '/usr/bin/serverctl': { content: '#!/usr/bin/sh\nls\n', layer: 1, mode: 0o755 },
  '/usr/share/doc/server/copyright': { content: 'x', layer: 1 },
  '/usr/share/locale/de/LC_MESSAGES/server.mo': { content: 'x', layer: 1 },
  '/usr/bin/libtool-script': { content: '#!/usr/bin/sh\nbasetool\n', layer: 1, mode: 0o755 },
  '/usr/share/lib/data': { content: 'x', layer: 1 },
  '/usr/bin/extra': { content: 'ELF', layer: 1, mode: 0o755 },
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

async function files(cmd: string[], level: 'default' | 'safe') {
  const detectors = [...scriptDetectors(), copied, safeLevelDetector()];
  const { paths } = await traceOf(memoryRootfs(FILES), { Cmd: cmd }, detectors, { level, layers: LAYERS });
  return paths;
}

/** Of the packages that the author installed by name and of what they depend on. */
const INSTALLED = [
  '/opt/big/model.bin',
  '/usr/bin/libtool-script',
  '/usr/bin/server',
  '/usr/bin/serverctl',
  '/usr/lib/plugin/run',
  '/usr/local/bin/own',
  '/usr/share/lib/data',
  '/usr/share/locale/de/LC_MESSAGES/server.mo',
  '/var/cache/plugin',
];

describe('safe-level', () => {
  it('keeps what was installed by name, what that requires, and what no package brought', async () => {
    const kept = await files(['/usr/bin/server'], 'safe');
    expect(kept).toEqual(expect.arrayContaining(INSTALLED));
    expect(kept).not.toContain('/usr/bin/extra');
    expect(kept).not.toContain('/usr/bin/gcc');
  });

  it('keeps what a packaged script calls, and no basic system for its shell', async () => {
    const kept = await files(['/usr/bin/server'], 'safe');
    expect(kept).toEqual(
      [...INSTALLED, '/usr/bin/dash', '/usr/bin/ls', '/usr/bin/sh', '/usr/share/core/data'].sort(),
    );
  });

  it('keeps the Essential packages and what they require where a shell runs, in the languages that Env selects', async () => {
    const kept = await files(['sh', '-c', 'server "$1"'], 'safe');
    expect(kept).toEqual(expect.arrayContaining([...INSTALLED, '/usr/bin/ls', '/usr/share/core/data']));
    expect(kept).not.toContain('/usr/bin/basetool');
    expect(kept).not.toContain('/usr/share/locale/de/LC_MESSAGES/core.mo');
  });

  it('keeps nothing at other levels', async () => {
    expect(await files(['/usr/bin/server'], 'default')).toEqual(['/usr/bin/server']);
  });
});
