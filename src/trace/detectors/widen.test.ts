import { describe, expect, it } from 'vitest';
import { type MemoryFile, memoryRootfs } from '../../testing/memory-rootfs.ts';
import { traceOf } from '../../testing/trace-of.ts';
import type { Detector } from '../detector.ts';
import { widenDetector } from './widen.ts';

const STANZA = 'Status: install ok installed\nArchitecture: all\nVersion: 1\n';

/** Base: an Essential package; above it make, a compiler with headers, and documentation. */
const FILES: Readonly<Record<string, MemoryFile>> = {
  '/var/lib/dpkg/status': [
    `Package: coreutils\nEssential: yes\n${STANZA}`,
    `Package: make\n${STANZA}`,
    `Package: libx-dev\nSection: libdevel\n${STANZA}`,
    `Package: gcc\nSection: devel\n${STANZA}`,
    `Package: make-doc\nSection: doc\n${STANZA}`,
  ].join('\n'),
  '/var/lib/dpkg/info/coreutils.list': '/.\n/usr/bin/login\n/usr/bin/mkdir\n',
  '/var/lib/dpkg/info/make.list': '/.\n/usr/bin/make\n',
  '/var/lib/dpkg/info/libx-dev.list': '/.\n/usr/include/x.h\n',
  '/var/lib/dpkg/info/gcc.list': '/.\n/usr/bin/gcc\n',
  '/var/lib/dpkg/info/make-doc.list': '/.\n/usr/share/info/make.info\n',
  '/usr/bin/mkdir': 'ELF',
  '/usr/bin/login': 'ELF',
  '/usr/bin/make': { content: 'ELF', layer: 1, mode: 0o755 },
  '/usr/bin/gcc': { content: 'ELF', layer: 1, mode: 0o755 },
  '/usr/bin/cc': { link: 'gcc', layer: 1 },
  '/usr/include/x.h': { content: 'x', layer: 1 },
  '/usr/share/info/make.info': { content: 'x', layer: 1 },
  '/usr/bin/app': { content: 'ELF', layer: 1, mode: 0o755 },
};
const LAYERS = [
  { kind: 'base', createdBy: '' },
  { kind: 'built', createdBy: 'RUN apt-get install' },
] as const;

async function trace(cmd: string, more: readonly Detector[] = []) {
  const { paths, warnings } = await traceOf(memoryRootfs(FILES), { Cmd: [cmd] }, [...more, widenDetector()], {
    layers: LAYERS,
  });
  return { paths, codes: warnings.map(({ code }) => code) };
}

describe('widen', () => {
  it('keeps what was installed, compilers and headers too, for a build whose recipes its user brings', async () => {
    const { paths, codes } = await trace('make');
    expect(paths).toEqual([
      '/usr/bin/app',
      '/usr/bin/cc',
      '/usr/bin/gcc',
      '/usr/bin/login',
      '/usr/bin/make',
      '/usr/bin/mkdir',
      '/usr/include/x.h',
    ]);
    expect(codes).toEqual(['WIDENED']);
  });

  it('keeps nothing more where another process calls make', async () => {
    const calls: Detector = {
      name: 'test',
      invoke({ program }, tracer) {
        if (program !== '/usr/bin/app') return;
        tracer.run(['make'], { detector: 'test', from: program, detail: 'runs make', certainty: 'exact' });
      },
    };
    const { paths } = await trace('app', [calls]);
    expect(paths).toEqual(['/usr/bin/app', '/usr/bin/make']);
  });

  it('keeps the basic commands for a script that cannot be followed, and no sessions for the login among them', async () => {
    const script: Detector = {
      name: 'test',
      start: ({ warnings }) => void warnings.add('UNFOLLOWED', 'cannot follow', '/usr/bin/app'),
    };
    const { paths, codes } = await trace('app', [script]);
    expect(paths).toEqual(['/usr/bin/app', '/usr/bin/login', '/usr/bin/mkdir']);
    expect(codes).toEqual(['UNFOLLOWED', 'WIDENED']);
  });
});
