import { describe, expect, it } from 'vitest';
import { Linker } from '../../ldso/linker.ts';
import { buildElf } from '../../testing/elf-builder.ts';
import { type MemoryFile, memoryRootfs } from '../../testing/memory-rootfs.ts';
import { traceOf } from '../../testing/trace-of.ts';
import { ElfFacts } from '../elf-facts.ts';
import { phpDetector } from './php.ts';

const CONSTANTS = '\0/etc/php/8.2/cli\0/etc/php/8.2/cli/conf.d\0/usr/lib/php/20220829\0.:/usr/share/php\0';

const BASE: Readonly<Record<string, MemoryFile>> = {
  '/usr/bin/php8.2': buildElf({ rodata: CONSTANTS }),
  '/usr/bin/php': { link: 'php8.2' },
  '/etc/php/8.2/cli/php.ini': '; extension=never\nauto_prepend_file = "/etc/prepend.php"\n',
  '/etc/php/8.2/cli/conf.d/20-mbstring.ini': { link: '/etc/php/8.2/mods-available/mbstring.ini' },
  '/etc/php/8.2/mods-available/mbstring.ini': 'extension=mbstring.so\n',
  '/etc/php/8.2/mods-available/never.ini': 'extension=never\n',
  '/etc/prepend.php': '<?php',
  '/usr/lib/php/20220829/mbstring.so': 'so',
  '/usr/lib/php/20220829/never.so': 'so',
  '/usr/share/php/Pear/Log.php': "<?php include 'Pear/Log/file.php';",
  '/usr/share/php/Pear/Log/file.php': '<?php',
  '/usr/share/php/Never.php': '<?php',
};

const ALWAYS = [
  '/etc/php/8.2/cli/conf.d/20-mbstring.ini',
  '/etc/php/8.2/cli/php.ini',
  '/etc/php/8.2/mods-available/mbstring.ini',
  '/etc/prepend.php',
  '/usr/lib/php/20220829/mbstring.so',
];

interface Case {
  readonly summary: string;
  readonly files?: Readonly<Record<string, MemoryFile>>;
  readonly cmd: readonly string[];
  readonly cwd?: string;
  /** Beyond the interpreter and what is always kept, and without directories. */
  readonly kept: readonly string[];
}

const CASES: readonly Case[] = [
  {
    summary: 'the configuration that is enabled is kept, with the extensions that it loads',
    cmd: ['php', '-r', '1;'],
    kept: [],
  },
  {
    summary: 'extensions may be asked for on the command line',
    cmd: ['php', '-d', 'extension=never', '-r', '1;'],
    kept: ['/usr/lib/php/20220829/never.so'],
  },
  {
    summary: 'an application is kept whole, and what it includes from include_path is followed',
    files: {
      '/srv/shop/index.php': "<?php require __DIR__ . '/vendor/autoload.php'; include 'Pear/Log.php';",
      '/srv/shop/vendor/autoload.php': '<?php',
      '/srv/shop/vendor/x/src/Handler.php': '<?php',
      '/srv/shop/vendor/x/tests/HandlerTest.php': '<?php',
      '/srv/shop/templates/page.twig': 'page',
    },
    cmd: ['php', '/srv/shop/index.php'],
    kept: [
      '/srv/shop/index.php',
      '/srv/shop/templates/page.twig',
      '/srv/shop/vendor/autoload.php',
      '/srv/shop/vendor/x/src/Handler.php',
      '/usr/share/php/Pear/Log.php',
      '/usr/share/php/Pear/Log/file.php',
    ],
  },
  {
    summary: 'the built-in server serves a directory',
    files: { '/app/public/index.php': '<?php', '/app/public/style.css': '' },
    cmd: ['php', '-S', '0.0.0.0:80', '-t', 'public', 'public/index.php'],
    cwd: '/app',
    kept: ['/app/public/index.php', '/app/public/style.css'],
  },
  {
    summary: 'a server runs what its clients ask for: what lies where servers look',
    files: {
      '/usr/sbin/php-fpm8.2': buildElf({ rodata: CONSTANTS }),
      '/var/www/html/index.php': '<?php',
      '/home/me/other.php': '<?php',
    },
    cmd: ['/usr/sbin/php-fpm8.2', '-F'],
    kept: ['/usr/sbin/php-fpm8.2', '/var/www/html/index.php'],
  },
];

describe('phpDetector', () => {
  it.each(CASES)('$summary', async ({ files, cmd, cwd = '/', kept }) => {
    const rootfs = memoryRootfs({ ...BASE, ...files });
    const linker = new Linker({ rootfs });
    const config = { Cmd: cmd, WorkingDir: cwd };
    const detectors = [phpDetector(new ElfFacts(linker.lookup.elves))];
    const { paths, warnings } = await traceOf(rootfs, config, detectors, { linker });
    const found = paths.filter(
      (path) => rootfs.resolve(path)?.inode.type === 'file' && !/\/bin\/php/.test(path),
    );
    expect(found).toEqual([...ALWAYS, ...kept].sort());
    expect(warnings).toEqual([]);
  });
});
