import { describe, expect, it } from 'vitest';
import { type MemoryFile, memoryRootfs } from '../../testing/memory-rootfs.ts';
import { traceOf } from '../../testing/trace-of.ts';
import { copied, unowned } from './application.ts';

const DPKG = {
  '/var/lib/dpkg/status': 'Package: base\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n',
  '/var/lib/dpkg/info/base.list':
    '/.\n/usr\n/usr/bin\n/usr/bin/tool\n/usr/lib/base\n/usr/lib/base/run\n/usr/lib/base/data\n',
  '/usr/bin/tool': 'ELF',
  '/usr/lib/base/run': 'ELF',
  '/usr/lib/base/data': 'x',
};

describe('copied, then changed', () => {
  it("keeps what a later RUN changed in a directory of the author's (`chmod +x`), and nothing else that RUN made", async () => {
    const rootfs = memoryRootfs({
      ...DPKG,
      '/app/server': { content: 'ELF', mode: 0o755 },
      '/usr/lib/jobs/helpers.sh': { content: 'x', layer: 1 },
      '/usr/lib/jobs/sessions.awk': { content: 'x', layer: 2, mode: 0o755 },
      '/usr/lib/made/cache': { content: 'x', layer: 2 },
    });
    const { paths } = await traceOf(rootfs, { Cmd: ['/app/server'] }, [copied], {
      layers: [
        { kind: 'base', createdBy: '' },
        { kind: 'copied', createdBy: 'COPY jobs /usr/lib/jobs' },
        { kind: 'built', createdBy: 'RUN chmod 755 /usr/lib/jobs/*.awk' },
      ],
    });
    expect(paths).toEqual(['/app/server', '/usr/lib/jobs/helpers.sh', '/usr/lib/jobs/sessions.awk']);
  });
});

describe('unowned', () => {
  it('keeps the tree of WorkingDir with its sources, without leftovers and repositories', async () => {
    const rootfs = memoryRootfs({
      ...DPKG,
      '/app/server': { content: 'ELF', mode: 0o755 },
      '/app/main.go': 'package main',
      '/app/views/index.html': '<p>',
      '/app/.git/HEAD': 'ref',
      '/app/.gitignore': '*.o',
      '/app/README.md': 'shown',
      '/app/server.o': 'ELF',
    });
    const { paths } = await traceOf(rootfs, { Cmd: ['./server'], WorkingDir: '/app' }, [unowned]);
    expect(paths).toEqual([
      '/app',
      '/app/README.md',
      '/app/main.go',
      '/app/server',
      '/app/views',
      '/app/views/index.html',
    ]);
  });

  it('leaves sources out of a tree that has too many of them', async () => {
    const rootfs = memoryRootfs({
      '/app/server': { content: 'ELF', mode: 0o755 },
      '/app/vendor/all.go': 'x'.repeat(17_000_000),
      '/app/logo.svg': '<svg>',
    });
    const { paths } = await traceOf(rootfs, { Cmd: ['./server'], WorkingDir: '/app' }, [unowned]);
    expect(paths).toEqual(['/app', '/app/logo.svg', '/app/server', '/app/vendor']);
  });

  it('keeps the tree above the bin directory of a program that no package owns', async () => {
    const rootfs = memoryRootfs({
      ...DPKG,
      '/opt/tool/bin/run': 'ELF',
      '/opt/tool/share/table': 'x',
      '/opt/other/x': 'y',
    });
    const { paths } = await traceOf(rootfs, { Cmd: ['/opt/tool/bin/run'] }, [unowned]);
    expect(paths).toEqual([
      '/opt/tool',
      '/opt/tool/bin',
      '/opt/tool/bin/run',
      '/opt/tool/share',
      '/opt/tool/share/table',
    ]);
  });

  it("leaves a package's directory to the package rule, and system directories alone", async () => {
    const rootfs = memoryRootfs({ ...DPKG, '/srv/x': 'y' });
    const owned = await traceOf(rootfs, { Cmd: ['/usr/lib/base/run'], WorkingDir: '/srv' }, [unowned]);
    expect(owned.paths).toEqual(['/usr/lib/base/run']);
  });

  it('keeps nothing of it at level minimal', async () => {
    const rootfs = memoryRootfs({ '/app/server': { content: 'ELF', mode: 0o755 }, '/app/x': 'y' });
    const { paths } = await traceOf(rootfs, { Cmd: ['/app/server'] }, [unowned], { level: 'minimal' });
    expect(paths).toEqual(['/app/server']);
  });
});

describe('copied', () => {
  const LAYERS = [
    { kind: 'base', createdBy: '' },
    { kind: 'copied', createdBy: 'COPY . /' },
    { kind: 'built', createdBy: 'RUN make' },
  ] as const;

  const rows: { summary: string; files: Record<string, MemoryFile>; kept: string[] }[] = [
    {
      summary: 'what COPY brought, though a package lists it (a replaced conffile)',
      files: { '/usr/lib/base/data': { content: 'new', layer: 1 } },
      kept: ['/usr/lib/base/data'],
    },
    {
      summary: 'no command that COPY brought',
      files: { '/usr/local/bin/tool': { content: '#!/bin/sh', layer: 1 } },
      kept: [],
    },
    {
      summary: 'what RUN wrote by hand where authors write, and nothing of a package',
      files: {
        '/etc/own.conf': { content: 'x', layer: 2 },
        '/usr/lib/base/data': { content: 'new', layer: 2 },
      },
      kept: ['/etc/own.conf'],
    },
  ];
  it.each(rows)('keeps $summary', async ({ files, kept }) => {
    const rootfs = memoryRootfs({ ...DPKG, ...files });
    const { paths } = await traceOf(rootfs, { Cmd: ['/usr/bin/tool'] }, [copied], { layers: LAYERS });
    expect(paths.filter((path) => path !== '/usr/bin/tool')).toEqual(kept);
  });
});
