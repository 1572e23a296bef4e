import { describe, expect, it } from 'vitest';
import { memoryRootfs } from '../testing/memory-rootfs.ts';
import { findTools, toolKindOf } from './shells-and-managers.ts';

describe('toolKindOf', () => {
  it.each([
    ['sh', 'shell'],
    ['bash', 'shell'],
    ['bash-5.2', 'shell'],
    ['ksh93', 'shell'],
    ['busybox', 'shell'],
    ['apt-get', 'package-manager'],
    ['dnf5', 'package-manager'],
    ['dnf-3', 'package-manager'],
    ['pip3.11', 'package-manager'],
    ['gem3.1', 'package-manager'],
    ['npm', 'package-manager'],
    ['server', undefined],
    ['shred', undefined],
    ['rpmsg', undefined],
    ['sh.txt', undefined],
    ['', undefined],
  ])('%s is %s', (name, kind) => {
    expect(toolKindOf(name)).toBe(kind);
  });
});

describe('findTools', () => {
  it('finds commands and links to commands, not data, directories or links to nothing', () => {
    const rootfs = memoryRootfs({
      '/bin/dash': 'x',
      '/bin/sh': { link: 'dash' },
      '/usr/bin/bash': { link: '/nowhere' },
      '/usr/bin/apk': { content: 'x', mode: 0o644 },
      '/usr/lib/apt': { directory: true },
      '/usr/share/doc/zsh': { content: 'a text', mode: 0o644 },
      '/opt/busybox': { content: 'x', mode: 0o111 },
      '/usr/bin/dpkg': 'x',
    });
    const paths = [...rootfs.walk()].map(([path]) => path);
    expect(findTools(rootfs, paths).map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'shell /bin/dash',
      'shell /bin/sh',
      'shell /opt/busybox',
      'package-manager /usr/bin/dpkg',
    ]);
  });
});
