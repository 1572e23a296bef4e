import { describe, expect, it } from 'vitest';
import type { PackageManager } from './package.ts';
import { classOf, type PackageClass } from './package-classes.ts';

const ROWS: readonly { name: string; section?: string; manager?: PackageManager; class: PackageClass }[] = [
  { name: 'libc6-dbg', section: 'debug', class: 'debug' },
  { name: 'nginx-dbgsym', section: 'debug', class: 'debug' },
  { name: 'glibc-debuginfo', manager: 'rpm', class: 'debug' },
  { name: 'manpages-de', section: 'doc', class: 'documentation' },
  { name: 'gnuplot-data', section: 'doc', class: 'ordinary' },
  { name: 'git-man', section: 'doc', class: 'documentation' },
  { name: 'curl-doc', manager: 'apk', class: 'documentation' },
  { name: 'git-bash-completion', manager: 'apk', class: 'documentation' },
  { name: 'libc6-dev', section: 'libdevel', class: 'development' },
  { name: 'openssl-devel', manager: 'rpm', class: 'development' },
  { name: 'zlib-static', manager: 'apk', class: 'development' },
  { name: 'busybox-static', section: 'shells', class: 'shell' },
  { name: 'qemu-user-static', section: 'otherosfs', class: 'ordinary' },
  { name: 'apt', section: 'admin', class: 'package-manager' },
  { name: 'debconf', section: 'admin', class: 'package-manager' },
  { name: 'apk-tools', manager: 'apk', class: 'package-manager' },
  { name: 'dnf5-plugins', manager: 'rpm', class: 'package-manager' },
  { name: 'gcc-12', section: 'devel', class: 'toolchain' },
  { name: 'gcc-12-base', section: 'libs', class: 'ordinary' },
  { name: 'gcc-c++', manager: 'rpm', class: 'toolchain' },
  { name: 'g++', manager: 'apk', class: 'toolchain' },
  { name: 'libstdc++', manager: 'apk', class: 'ordinary' },
  { name: 'libgcc-12-dev', section: 'libdevel', class: 'development' },
  { name: 'openjdk-17-jdk-headless', section: 'java', class: 'toolchain' },
  { name: 'openjdk-17-jre-headless', section: 'java', class: 'ordinary' },
  { name: 'dash', section: 'shells', class: 'shell' },
  { name: 'busybox', manager: 'apk', class: 'shell' },
  { name: 'udev', section: 'admin', class: 'ordinary' },
  { name: 'makedev', section: 'admin', class: 'ordinary' },
  { name: 'nginx', section: 'httpd', class: 'ordinary' },
];

describe('classOf', () => {
  it.each(ROWS)('$name is $class', ({ manager, class: expected, ...pkg }) => {
    expect(classOf({ manager: manager ?? 'dpkg', ...pkg })).toBe(expected);
  });
});
