import type { TarSpec } from '../tar-builder.ts';
import { type HostileCase, imageWith, type Refusal, type Result } from './hostile-case.ts';

function links(
  name: string,
  summary: string,
  layers: readonly (readonly TarSpec[])[],
  expect: Refusal | Result,
  advisory?: string,
): HostileCase {
  return {
    name: `links-${name}`,
    summary,
    ...(advisory === undefined ? {} : { advisory }),
    input: () => imageWith(layers),
    expect,
  };
}

const file = (name: string, content = ''): TarSpec => ({ name, content });
const dir = (name: string): TarSpec => ({ name: `${name}/`, type: 'directory' });
const link = (name: string, target: string): TarSpec => ({ name, type: 'symlink', target });
const hard = (name: string, target: string): TarSpec => ({ name, type: 'hardlink', target });
const UNSAFE: Refusal = { error: 'UnsafePathError', says: /leaves the root/ };
const unplaced = (says: RegExp): Refusal => ({ error: 'ImageError', says });
const unhidden: Refusal = { error: 'UnsafePathError', says: /it does not name a file/ };

/** Paths that climb, links that lead out, whiteouts that hide too much. */
export const LINK_CASES: readonly HostileCase[] = [
  links(
    'dotdot',
    'an entry above the root',
    [[file('../victim', 'x')]],
    UNSAFE,
    'CVE-2007-4559 (Python tarfile)',
  ),
  links(
    'dotdot-deep',
    'an entry that climbs out after some directories',
    [[file('a/b/../../../victim', 'x')]],
    UNSAFE,
    'CVE-2007-4559 (Python tarfile)',
  ),
  links('dotdot-inside', 'an entry that climbs and stays inside', [[file('a/b/../../c', 'x')]], {
    tree: ['/c "x"'],
  }),
  links(
    'dotdot-after-absolute',
    'an absolute entry that climbs out',
    [[file('/../../victim', 'x')]],
    UNSAFE,
    'CVE-2014-9356 (Docker)',
  ),
  links(
    'absolute',
    'an absolute entry lands inside the root',
    [[file('/etc/cron.d/x', 'x')]],
    { tree: ['/etc/', '/etc/cron.d/', '/etc/cron.d/x "x"'] },
    'CVE-2021-32804 (node-tar)',
  ),
  links(
    'absolute-repeated',
    'an entry with a row of slashes, of which a sanitizer takes away one',
    [[file('////etc/x', 'x')]],
    { tree: ['/etc/', '/etc/x "x"'] },
    'CVE-2021-32804 (node-tar)',
  ),
  links(
    'absolute-of-the-host',
    'an absolute entry with the name of a file of this host',
    [[file('/tmp/victim', 'x')]],
    { tree: ['/tmp/', '/tmp/victim "x"'] },
    'CVE-2014-9356 (Docker)',
  ),
  links(
    'backslashes',
    'backslashes are characters of a name, not separators',
    [[file('..\\..\\victim', 'x')]],
    { tree: ['/..\\..\\victim "x"'] },
    'CVE-2021-37701 (node-tar)',
  ),
  links(
    'drive-letter',
    'a Windows drive is a name',
    [[file('C:../victim', 'x')]],
    { tree: ['/C:../', '/C:../victim "x"'] },
    'CVE-2021-37713 (node-tar)',
  ),
  links('unc', 'a UNC path is a path inside', [[file('//server/share/x', 'x')]], {
    tree: ['/server/', '/server/share/', '/server/share/x "x"'],
  }),
  links(
    'symlink-then-file',
    'a link to the host’s directory and a file through it, in one layer',
    [[link('x', '/etc'), file('x/passwd', 'evil')]],
    { tree: ['/etc/', '/etc/passwd "evil"', '/x -> /etc'] },
    'CVE-2011-5325 (BusyBox tar)',
  ),
  links(
    'symlink-then-file-above',
    'a link that climbs out and a file through it',
    [[link('x', '../../..'), file('x/victim', 'evil')]],
    { tree: ['/victim "evil"', '/x -> ../../..'] },
    'CVE-2025-45582 (GNU tar)',
  ),
  links(
    'symlink-in-lower-layer',
    'a link of one layer, a file through it of the next',
    [[link('x', '/root')], [file('x/.ssh/authorized_keys', 'evil')]],
    { tree: ['/root/', '/root/.ssh/', '/root/.ssh/authorized_keys "evil"', '/x -> /root'] },
    'CVE-2014-6407 (Docker)',
  ),
  links(
    'symlink-to-proc',
    'a file through a link to a descriptor of the process',
    [[link('x', '/proc/self/fd'), file('x/8', 'evil')]],
    { tree: ['/proc/', '/proc/self/', '/proc/self/fd/', '/proc/self/fd/8 "evil"', '/x -> /proc/self/fd'] },
    'CVE-2024-21626 (runc)',
  ),
  links(
    'symlink-to-root',
    'a link to the root and a file through it',
    [[link('x', '/'), file('x/etc/passwd', 'evil')]],
    { tree: ['/etc/', '/etc/passwd "evil"', '/x -> /'] },
  ),
  links(
    'symlink-to-dot',
    'a link to its own directory, two hundred times through it',
    [[link('x', '.'), file(`${'x/'.repeat(30)}f`, 'evil')]],
    { tree: ['/f "evil"', '/x -> .'] },
  ),
  links(
    'directory-then-symlink',
    'a directory, a link in its place, a file through it: the cache of made directories is stale',
    [[dir('x'), link('x', '/etc'), file('x/passwd', 'evil')]],
    { tree: ['/etc/', '/etc/passwd "evil"', '/x -> /etc'] },
    'CVE-2021-32803 (node-tar)',
  ),
  links(
    'symlink-and-unicode',
    'a link and a directory whose names are one in another normal form: two names',
    [[link('caf\u00e9', '/etc'), dir('cafe\u0301'), file('cafe\u0301/x', 'x')]],
    { has: ['"/cafe\u0301/x" "x"', '"/caf\u00e9" -> /etc'] },
    'CVE-2021-37712 (node-tar)',
  ),
  links(
    'symlink-and-case',
    'a link and a directory that differ in case: two names',
    [[link('LIB', '/etc'), dir('lib'), file('lib/x', 'x')]],
    { tree: ['/LIB -> /etc', '/lib/', '/lib/x "x"'] },
    'CVE-2021-37712 (node-tar)',
  ),
  links(
    'symlink-and-ligature',
    'names that fold to one on some file systems (ß and ss): two names',
    [[link('stra\u00dfe', '/etc'), dir('strasse'), file('strasse/x', 'x')]],
    { has: ['/strasse/x "x"'] },
    'CVE-2026-23950 (node-tar)',
  ),
  links(
    'symlink-loop',
    'links in a circle on the way of an entry',
    [[link('a', 'b'), link('b', 'a'), file('a/x', 'x')]],
    unplaced(/too many symbolic links/),
  ),
  links('symlink-loop-read', 'links in a circle that nobody walks', [[link('a', 'b'), link('b', 'a')]], {
    tree: ['/a -> b', '/b -> a'],
  }),
  links(
    'symlink-chain',
    'forty links in a row are followed, as by Linux',
    [
      [
        ...Array.from({ length: 39 }, (_, at) => link(`l${at}`, `l${at + 1}`)),
        link('l39', 'd'),
        dir('d'),
        file('l0/x', 'x'),
      ],
    ],
    { has: ['/d/x "x"'] },
  ),
  links(
    'symlink-chain-too-long',
    'forty-one links in a row are not',
    [
      [
        ...Array.from({ length: 40 }, (_, at) => link(`l${at}`, `l${at + 1}`)),
        link('l40', 'd'),
        dir('d'),
        file('l0/x', 'x'),
      ],
    ],
    unplaced(/too many symbolic links/),
  ),
  links(
    'symlink-doubling',
    'links of which each walks the next one twice: a way that doubles forty times',
    [
      [
        ...Array.from({ length: 40 }, (_, at) => link(`l${at}`, `l${at + 1}/../l${at + 1}`)),
        dir('l40'),
        file('l0/x', 'x'),
      ],
    ],
    unplaced(/too many symbolic links/),
  ),
  links('symlink-to-itself', 'a link to itself as the program', [[link('loop', 'loop')]], {
    tree: ['/loop -> loop'],
  }),
  links('symlink-empty', 'a link to nothing', [[link('a', '')]], {
    error: 'FormatError',
    says: /has no target/,
  }),
  links(
    'symlink-long',
    'a link target longer than Linux takes',
    [[{ name: 'a', type: 'symlink', target: 'x'.repeat(5000) }]],
    { error: 'LimitError', says: /limit pathBytes/ },
  ),
  links(
    'symlink-target-climbs',
    'a link far above the root is a link like any other',
    [[link('a', `${'../'.repeat(500)}etc/shadow`)]],
    { tree: [`/a -> ${'../'.repeat(500)}etc/shadow`] },
  ),
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
    'root-as-symlink',
    'the root itself as a link',
    [[link('.', '/etc')]],
    { error: 'UnsafePathError', says: /only a directory can be the root/ },
    'CVE-2021-29136 (umoci)',
  ),
  links(
    'root-as-file',
    'the root itself as a file',
    [[file('/', 'x')]],
    { error: 'UnsafePathError', says: /only a directory can be the root/ },
    'CVE-2021-29136 (umoci)',
  ),
  links(
    'root-as-hardlink',
    'the root itself as a hard link',
    [[hard('./', 'app')]],
    { error: 'UnsafePathError', says: /only a directory can be the root/ },
    'CVE-2021-29136 (umoci)',
  ),
  links(
    'root-mode',
    'the root’s mode and owner are the image’s, not the host’s',
    [[{ name: './', type: 'directory', mode: 0o777, uid: 1000 }]],
    { tree: [] },
    'CVE-2021-29136 (umoci)',
  ),
  links(
    'device-in-place',
    'a device of the host’s disk',
    [[{ name: 'dev/sda', type: 'block-device', devMajor: 8 }]],
    { tree: ['/dev/', '/dev/sda block-device 8:0'] },
  ),
  links('fifo', 'a fifo that a reader would wait on for ever', [[{ name: 'etc/passwd', type: 'fifo' }]], {
    tree: ['/etc/', '/etc/passwd fifo'],
  }),
  links(
    'accounts-are-a-link-out',
    'accounts behind a link to a device that never ends',
    [[link('etc/passwd', '/dev/zero'), link('etc/group', '../../../../dev/zero')]],
    { tree: ['/etc/', '/etc/group -> ../../../../dev/zero', '/etc/passwd -> /dev/zero'] },
    'CVE-2024-9676 (containers/storage)',
  ),
  links(
    'accounts-are-a-directory',
    'accounts that are a directory',
    [[dir('etc/passwd'), dir('etc/group'), dir('etc/ld.so.cache')]],
    { tree: ['/etc/', '/etc/group/', '/etc/ld.so.cache/', '/etc/passwd/'] },
  ),
  links(
    'depth',
    'a path of a thousand directories',
    [[file(`${'d/'.repeat(1000)}f`)]],
    { error: 'LimitError', says: /limit pathDepth/ },
    'CVE-2024-28863 (node-tar)',
  ),
  links('depth-allowed', 'a path of two hundred directories', [[file(`${'d/'.repeat(200)}f`, 'x')]], {
    has: [`/${'d/'.repeat(200)}f "x"`],
  }),
  links('path-long', 'a path longer than Linux takes', [[file('x'.repeat(4097))]], {
    error: 'LimitError',
    says: /limit pathBytes/,
  }),
  links(
    'whiteout-parent',
    'a whiteout of the directory above',
    [[file('d/a')], [file('d/.wh...')]],
    unhidden,
    'CVE-2014-9356 (Docker, whiteouts)',
  ),
  links('whiteout-self', 'a whiteout of its own directory', [[file('d/a')], [file('d/.wh..')]], unhidden),
  links('whiteout-root', 'a whiteout of the root', [[file('a')], [file('.wh..')]], unhidden),
  links(
    'whiteout-root-by-parent',
    'a whiteout of what is above the root',
    [[file('a')], [file('.wh...')]],
    unhidden,
  ),
  links('whiteout-nameless', 'a whiteout without a name', [[file('a')], [file('.wh.')]], unhidden),
  links('whiteout-outside', 'a whiteout of a file of the host', [[file('../.wh.victim')]], UNSAFE),
  links(
    'whiteout-through-symlink',
    'a whiteout through a link hides what is inside, not outside',
    [[dir('etc'), file('etc/a', 'x'), link('x', '/etc')], [file('x/.wh.a')]],
    { tree: ['/etc/', '/x -> /etc'] },
    'CVE-2014-6407 (Docker)',
  ),
  links(
    'whiteout-of-later-entry',
    'a whiteout in the middle of its own layer spares what that layer brings',
    [[file('a', 'old')], [file('a', 'new'), file('.wh.a')]],
    { tree: ['/a "new"'] },
  ),
  links(
    'opaque-root',
    'an opaque root hides all layers below, the program with them',
    [[file('.wh..wh..opq')]],
    unplaced(/cannot|app/),
  ),
  links(
    'opaque-through-symlink',
    'an opaque directory in the place of a link empties the link’s place alone',
    [
      [dir('usr'), dir('usr/lib'), file('usr/lib/a', 'x'), link('lib', 'usr/lib')],
      [dir('lib'), file('lib/.wh..wh..opq')],
    ],
    { tree: ['/lib/', '/usr/', '/usr/lib/', '/usr/lib/a "x"'] },
  ),
  links('file-as-directory', 'entries below a file', [[file('a', 'x'), file('a/b/c', 'y')]], {
    tree: ['/a/', '/a/b/', '/a/b/c "y"'],
  }),
  links(
    'directory-as-file',
    'a file in the place of a full directory',
    [[file('a/b/c', 'y')], [file('a', 'x')]],
    { tree: ['/a "x"'] },
  ),
  links('layer-in-layer', 'a layer inside a layer is a file', [[file('layer.tar', 'ustar')]], {
    tree: ['/layer.tar "ustar"'],
  }),
];
