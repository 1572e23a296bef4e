import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TransportError } from '../errors.ts';
import { encodeName } from '../tar/name.ts';
import { dumpTree } from '../testing/tree-dump.ts';
import { Warnings } from '../warnings.ts';
import { openHostDirectory } from './host-directory.ts';
import { rootPath } from './root-path.ts';

const NOBODY = 65534;
let base: string;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'oslim-test-'));
});

afterEach(() => {
  rmSync(base, { recursive: true, force: true });
});

/** Runs `work` without root's right to read everything, also where the tests run as root. */
function unprivileged(work: () => void): void {
  if (process.getuid?.() !== 0) {
    work();
    return;
  }
  chmodSync(base, 0o755);
  process.seteuid?.(NOBODY);
  try {
    work();
  } finally {
    process.seteuid?.(0);
  }
}

/** The dump of the directory without owners and times, which are the machine's. */
function dump(): string[] {
  return dumpTree(openHostDirectory(base))
    .slice(1)
    .map((line) => line.replace(/ \d+:\d+/, '').replace(/ @\d+/, ''));
}

describe('openHostDirectory', () => {
  test('shows files, links, hard links, fifos and directories as they are', () => {
    mkdirSync(join(base, 'd'), { mode: 0o755 });
    writeFileSync(join(base, 'd/a'), 'x');
    chmodSync(join(base, 'd/a'), 0o4750);
    linkSync(join(base, 'd/a'), join(base, 'b'));
    symlinkSync('/etc/shadow', join(base, 'l'));
    execFileSync('sh', ['-c', 'mkfifo -m 640 "$0"', join(base, 'pipe')]);
    expect(dump()).toEqual([
      '/b: file 4750 2d711642',
      '/d/: directory 0755',
      '/d/a: hardlink /b',
      '/l: symlink /etc/shadow',
      '/pipe: fifo 0640',
    ]);
  });

  test('keeps times to the nanosecond that the filesystem gives', () => {
    writeFileSync(join(base, 'a'), '');
    utimesSync(join(base, 'a'), 0, 1.5);
    expect(openHostDirectory(base).lookup(rootPath('/a'))?.mtime).toBe(1_500_000_000n);
  });

  test('keeps names that are not UTF-8', () => {
    writeFileSync(Buffer.concat([Buffer.from(`${base}/`), encodeName('\udcff')]), 'x');
    expect(dump()).toEqual([expect.stringMatching(/^\/\\udcff: file/)]);
  });

  test('THIS WAS A PATH ESCAPE: links are resolved inside the directory', () => {
    symlinkSync('/', join(base, 'root'));
    symlinkSync('../../../..', join(base, 'up'));
    writeFileSync(join(base, 'only-here'), 'x');
    const rootfs = openHostDirectory(base);
    expect(rootfs.list('/root')).toEqual(['only-here', 'root', 'up']);
    expect(rootfs.list('/up/up')).toEqual(['only-here', 'root', 'up']);
    expect(rootfs.resolve('/root/etc/passwd')).toBeUndefined();
    expect(rootfs.root.get('..')).toBeUndefined();
    expect(rootfs.root.get('up/etc')).toBeUndefined();
  });

  test('a link that takes the place of a file is not followed', () => {
    writeFileSync(join(base, 'a'), 'x');
    const file = openHostDirectory(base).file('/a');
    rmSync(join(base, 'a'));
    symlinkSync('/etc/passwd', join(base, 'a'));
    expect(() => file?.inode.content.read(0, 1)).toThrow(TransportError);
  });

  test('another file in the place of the one looked up is refused', () => {
    writeFileSync(join(base, 'a'), 'x');
    const file = openHostDirectory(base).file('/a');
    writeFileSync(join(base, 'b'), 'y');
    execFileSync('mv', [join(base, 'b'), join(base, 'a')]);
    expect(() => file?.inode.content.read(0, 1)).toThrow(/another file has taken its place/);
  });

  test('a file that became shorter is an error, not a short read', () => {
    writeFileSync(join(base, 'a'), 'contents');
    const file = openHostDirectory(base).file('/a');
    truncateSync(join(base, 'a'), 3);
    expect(() => file?.inode.content.read(0, 8)).toThrow(/became shorter/);
  });

  test('leaves sockets out', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(base, 's'), resolve));
    expect(dump()).toEqual([]);
    await new Promise((resolve) => server.close(resolve));
  });

  test('stays on one filesystem: /proc is an empty directory', () => {
    const rootfs = openHostDirectory('/');
    expect(rootfs.lookup(rootPath('/proc'))?.type).toBe('directory');
    expect(rootfs.list('/proc')).toEqual([]);
    expect(rootfs.lookup(rootPath('/proc/self'))).toBeUndefined();
  });

  test('an unreadable file is an error only when it is read', () => {
    writeFileSync(join(base, 'a'), 'x');
    chmodSync(join(base, 'a'), 0);
    const file = openHostDirectory(base).file('/a');
    expect(file?.inode.size).toBe(1);
    unprivileged(() => expect(() => file?.inode.content.read(0, 1)).toThrow(TransportError));
  });

  test('a directory that may not be listed is empty, with a warning', () => {
    mkdirSync(join(base, 'd'), { mode: 0 });
    const warnings = new Warnings();
    unprivileged(() => expect(openHostDirectory(base, warnings).list('/d')).toEqual([]));
    expect(warnings.list()).toMatchObject([{ code: 'UNREADABLE' }]);
  });

  test.each(['missing', 'file'])('a %s in the place of the directory is a TransportError', (name) => {
    writeFileSync(join(base, 'file'), '');
    expect(() => openHostDirectory(join(base, name))).toThrow(TransportError);
  });
});
