import type { HostileCase } from './hostile-case.ts';
import { dir, file, hard, link, links, UNSAFE, unplaced } from './link-entries.ts';

/** Hard links to what is outside, to what may not have two names, and to themselves. */
export const HARDLINK_CASES: readonly HostileCase[] = [
  links(
    'hardlink-outside',
    'a hard link to a file of the host',
    [[hard('a', '/etc/shadow')]],
    unplaced(/which is not there/),
    'CVE-2018-20834 (node-tar)',
  ),
  links(
    'hardlink-dotdot',
    'a hard link that climbs out',
    [[hard('a', '../../etc/shadow')]],
    UNSAFE,
    'CVE-2026-24842 (node-tar)',
  ),
  links(
    'hardlink-absolute',
    'a hard link with an absolute target means one inside',
    [[file('etc/x', 'x'), hard('a', '/etc/x')]],
    { tree: ['/a "x"', '/etc/', '/etc/x == /a'] },
    'CVE-2026-23745 (node-tar)',
  ),
  links(
    'hardlink-through-symlink',
    'a hard link through a link to the host',
    [[link('h', '/etc'), hard('a', 'h/shadow')]],
    unplaced(/which is not there/),
    'CVE-2021-21272 (oras)',
  ),
  links(
    'hardlink-to-symlink',
    'a hard link to a link does not follow it, and writing it follows nothing',
    [[link('l', '/etc/shadow'), hard('a', 'l')], [file('a', 'evil')]],
    { tree: ['/a "evil"', '/l -> /etc/shadow'] },
    'CVE-2021-32760 (containerd)',
  ),
  links(
    'hardlink-then-overwrite',
    'a file in the place of one name of an inode leaves the other as it is',
    [[file('b', 'good')], [hard('a', 'b'), file('a', 'evil')]],
    { tree: ['/a "evil"', '/b "good"'] },
    'CVE-2018-20834 (node-tar)',
  ),
  links('hardlink-to-itself', 'a hard link to itself', [[hard('a', 'a')]], unplaced(/which is not there/)),
  links(
    'hardlink-to-directory',
    'a hard link to a directory would be a circle',
    [[dir('d'), hard('d/up', 'd')]],
    unplaced(/which is a directory/),
  ),
  links('hardlink-to-root', 'a hard link to the root', [[hard('a', '/')]], unplaced(/which is not there/)),
  links(
    'hardlink-to-device',
    'a hard link to a device is the device',
    [[{ name: 'sda', type: 'block-device', devMajor: 8 }, hard('a', 'sda')]],
    { tree: ['/a block-device 8:0', '/sda == /a'] },
  ),
  links(
    'hardlink-through-chain',
    'a hard link through two links, each of which stays inside by itself',
    [[dir('a/b'), link('a/b/up', '..'), link('a/out', 'b/up/../../../etc'), hard('c', 'a/out/shadow')]],
    unplaced(/which is not there/),
    'CVE-2026-26960 (node-tar)',
  ),
  links(
    'hardlink-drive-relative',
    'a hard link to a path that a drive letter makes relative elsewhere',
    [[hard('a', 'C:../../etc/shadow')]],
    unplaced(/which is not there/),
    'CVE-2026-29786 (node-tar)',
  ),
  links(
    'hardlink-beside-the-process',
    'a hard link whose target is the name of a file where oslim is started',
    [[hard('a', 'package.json')]],
    unplaced(/which is not there/),
    'oras-go before 2.6.2',
  ),
];
