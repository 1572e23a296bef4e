import { describe, expect, it } from 'vitest';
import { Linker } from '../../ldso/linker.ts';
import { buildElf } from '../../testing/elf-builder.ts';
import { type MemoryFile, memoryRootfs } from '../../testing/memory-rootfs.ts';
import { traceOf } from '../../testing/trace-of.ts';
import type { Detector } from '../detector.ts';
import { ElfFacts } from '../elf-facts.ts';
import type { Level } from '../trace.ts';
import { perlDetector } from './perl.ts';

const CORE = '/usr/share/perl/5.36';
const ARCH = '/usr/lib/x86_64-linux-gnu/perl/5.36';
const VENDOR = '/usr/share/perl5';

/** A perl whose constants name its @INC, the core modules that it loads itself, and some that it does not. */
const BASE: Readonly<Record<string, MemoryFile>> = {
  '/usr/bin/perl': buildElf({
    rodata: `\0${ARCH}\0${VENDOR}\0/etc/perl\0${CORE}\0/usr/share/nothing/perl5\0`,
  }),
  [`${CORE}/strict.pm`]: 'package strict;',
  [`${CORE}/Carp.pm`]: 'package Carp; sub f { require Carp::Heavy }',
  [`${ARCH}/Config.pm`]: "version => '5.36.0', archname => 'x86_64-linux-gnu',",
  [`${CORE}/JSON/PP.pm`]: 'package JSON::PP; use JSON::PP::Boolean; use Test::More;\n__END__\nuse Never;',
  [`${CORE}/JSON/PP/Boolean.pm`]: '1;',
  [`${CORE}/Test/More.pm`]: '1;',
  [`${CORE}/Never.pm`]: '1;',
  [`${CORE}/Pod/Usage.pm`]: '=head1 X\n\nuse Never;\n\n=cut\n$f = \'Pod::Text\'; eval "use base $f"',
  [`${CORE}/Pod/Text.pm`]: '1;',
  [`${ARCH}/List/Util.pm`]: 'require XSLoader;',
  [`${ARCH}/auto/List/Util/Util.so`]: 'so',
  [`${CORE}/unicore/Name.pl`]: 'names',
  [`${CORE}/_charnames.pm`]: 'do "unicore/Name.pl"',
};

/** What is kept whatever the program is. */
const ALWAYS = ['/usr/bin/perl', `${CORE}/Carp.pm`, `${CORE}/strict.pm`, `${ARCH}/Config.pm`];

interface Case {
  readonly summary: string;
  readonly files?: Readonly<Record<string, MemoryFile>>;
  readonly cmd: readonly string[];
  readonly env?: readonly string[];
  readonly cwd?: string;
  readonly level?: Level;
  /** Beyond what is always kept, and without directories. */
  readonly kept: readonly string[];
}

const DBI = {
  [`${VENDOR}/DBI.pm`]: 'package DBI; sub install { my $class = "DBD::$driver"; eval "require $class" }',
  [`${VENDOR}/DBD/SQLite.pm`]: 'use List::Util;',
  '/var/lib/dpkg/status':
    'Package: libdbi-perl\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n\n' +
    'Package: perl-base\nStatus: install ok installed\nVersion: 1\nArchitecture: all\nSource: perl\n',
  '/var/lib/dpkg/info/libdbi-perl.list': `${VENDOR}/DBI.pm\n${VENDOR}/DBI/Data.txt\n/usr/share/man/man3/DBI.3pm.gz\n`,
  '/usr/share/man/man3/DBI.3pm.gz': 'man',
  [`${VENDOR}/DBI/Data.txt`]: { link: '/usr/share/javascript/data.js' },
  '/usr/share/javascript/data.js': 'data',
};

const CASES: readonly Case[] = [
  {
    summary:
      'a program keeps what it uses, without tests of the core, documentation and what follows __END__',
    files: { '/app/main.pl': 'use strict; use JSON::PP;' },
    cmd: ['perl', '/app/main.pl'],
    kept: ['/app/main.pl', `${CORE}/JSON/PP.pm`, `${CORE}/JSON/PP/Boolean.pm`],
  },
  {
    summary: 'a program may load tools of development itself, and their documentation loads nothing',
    cmd: ['perl', '-e', 'use Pod::Usage; pod2usage(1)'],
    kept: [`${CORE}/Pod/Text.pm`, `${CORE}/Pod/Usage.pm`],
  },
  {
    summary: 'modules come with their compiled part',
    cmd: ['perl', '-MList::Util=sum', '-e', 'print sum 1'],
    kept: [`${ARCH}/List/Util.pm`, `${ARCH}/auto/List/Util/Util.so`],
  },
  {
    summary: 'names of characters are read from a table',
    cmd: ['perl', '-e', 'print "\\N{GREEK SMALL LETTER ALPHA}"'],
    kept: [`${CORE}/_charnames.pm`, `${CORE}/unicore/Name.pl`],
  },
  {
    summary: 'a package of modules is kept whole, and what it loads by a computed name is followed',
    files: { ...DBI, '/app/main.pl': "use DBI; DBI->connect('dbi:SQLite:')" },
    cmd: ['perl', '/app/main.pl'],
    kept: [
      '/app/main.pl',
      `${ARCH}/List/Util.pm`,
      `${ARCH}/auto/List/Util/Util.so`,
      `${VENDOR}/DBD/SQLite.pm`,
      `${VENDOR}/DBI.pm`,
      `${VENDOR}/DBI/Data.txt`,
      '/usr/share/javascript/data.js',
    ],
  },
  {
    summary: 'a packing list says what was installed together',
    files: {
      [`${VENDOR}/Foo.pm`]: '1;',
      [`${VENDOR}/Foo/table.dat`]: 'table',
      [`${VENDOR}/auto/Foo/.packlist`]: `${VENDOR}/Foo.pm\n${VENDOR}/Foo/table.dat type=file\n/gone\n`,
    },
    cmd: ['perl', '-mFoo', '-e', '1'],
    kept: [`${VENDOR}/Foo.pm`, `${VENDOR}/Foo/table.dat`],
  },
  {
    summary: 'PERL5LIB and its directory for the architecture come first',
    files: {
      '/opt/lib/Own.pm': 'package Own; my $class = "Own::Part"; ',
      '/opt/lib/Own/Part.pm': 'use JSON::PP::Boolean;',
      '/opt/lib/x86_64-linux-gnu/Fast.pm': '1;',
    },
    cmd: ['perl', '-e', 'require Own; require Fast'],
    env: ['PERL5LIB=/opt/lib:/gone'],
    kept: [
      '/opt/lib/Own.pm',
      '/opt/lib/Own/Part.pm',
      '/opt/lib/x86_64-linux-gnu/Fast.pm',
      `${CORE}/JSON/PP/Boolean.pm`,
    ],
  },
  {
    summary: 'a library directory computed from the place of the program is found, with data and parts',
    files: {
      '/srv/shop/bin/shop': '#!/usr/bin/perl\nuse FindBin;\nuse lib "$FindBin::Bin/../lib";\nuse Shop;',
      '/srv/shop/lib/Shop.pm': 'package Shop; use JSON::PP;',
      '/srv/shop/lib/Shop/page.tt': 'page',
    },
    cmd: ['perl', '/srv/shop/bin/shop'],
    kept: [
      '/srv/shop/bin/shop',
      '/srv/shop/lib/Shop.pm',
      '/srv/shop/lib/Shop/page.tt',
      `${CORE}/JSON/PP.pm`,
      `${CORE}/JSON/PP/Boolean.pm`,
    ],
  },
  {
    summary: 'an application server is given its program as an argument or finds it by its name',
    files: {
      '/app/app.psgi': 'use lib "lib"; use Web;',
      '/app/lib/Web.pm': '1;',
      '/usr/bin/plackup': 'use strict;',
    },
    cmd: ['perl', '/usr/bin/plackup', '-p', '80'],
    cwd: '/app',
    kept: ['/app/app.psgi', '/app/lib/Web.pm', '/usr/bin/plackup'],
  },
  {
    summary: 'level minimal keeps what is loaded in so many words',
    files: { ...DBI, '/app/main.pl': 'use DBI;' },
    cmd: ['perl', '/app/main.pl'],
    level: 'minimal',
    kept: ['/app/main.pl', `${VENDOR}/DBI.pm`],
  },
];

async function trace(
  row: Pick<Case, 'files' | 'cmd' | 'env' | 'cwd' | 'level'>,
  others: readonly Detector[] = [],
) {
  const rootfs = memoryRootfs({ ...BASE, ...row.files });
  const linker = new Linker({ rootfs });
  const config = { Cmd: row.cmd, Env: row.env ?? [], WorkingDir: row.cwd ?? '/' };
  return traceOf(rootfs, config, [...others, perlDetector(new ElfFacts(linker.lookup.elves))], {
    linker,
    level: row.level ?? 'default',
  });
}

describe('perlDetector', () => {
  it.each(CASES)('$summary', async (row) => {
    const { paths, warnings } = await trace(row);
    const files = paths.filter((path) => /\.\w+$/.test(path) || /\/bin\//.test(path));
    expect(files).toEqual([...ALWAYS, ...row.kept].sort());
    expect(warnings).toEqual([]);
  });

  it('keeps the whole library where the program is not to be read, and says what that costs', async () => {
    const { paths, warnings } = await trace({ cmd: ['perl', '-'], files: DBI });
    expect(paths).toContain(`${CORE}/Never.pm`);
    expect(paths).toContain(`${VENDOR}/DBI.pm`);
    expect(paths).not.toContain(`${CORE}/Test/More.pm`);
    expect(warnings.map(({ code }) => code)).toEqual(['WIDENED']);
  });

  it('follows a library of perl that looks elsewhere than the perl that runs too, and the modules that came with who embeds it', async () => {
    const base = '/usr/lib/perl-base';
    const files = {
      '/usr/bin/perl': buildElf({ rodata: `\0${base}\0${ARCH}\0${VENDOR}\0${CORE}\0` }),
      '/usr/lib/libperl.so.5.36': buildElf({
        rodata: `\0${ARCH}\0${VENDOR}\0/usr/share/perl/current\0`,
      }),
      [`${base}/strict.pm`]: 'package strict;',
      '/usr/share/perl/current': { link: '5.36' },
      [`${base}/Config.pm`]: "version => '5.36.0', archname => 'x86_64-linux-gnu',",
      [`${VENDOR}/nginx.pm`]: 'package nginx; use List::Util;',
      '/var/lib/dpkg/status':
        'Package: mod-perl\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n',
      '/var/lib/dpkg/info/mod-perl.list': `${VENDOR}/nginx.pm\n`,
    };
    const server: Detector = {
      name: 'server',
      start(trace) {
        for (const path of ['/usr/lib/libperl.so.5.36', `${VENDOR}/nginx.pm`])
          trace.keep(path, { detector: 'server', detail: 'embeds it', certainty: 'exact' });
      },
    };
    const { paths } = await trace({ cmd: ['perl', '-e', '1'], files }, [server]);
    expect(paths).toEqual(
      expect.arrayContaining([
        `${base}/strict.pm`,
        `${CORE}/strict.pm`,
        '/usr/share/perl/current',
        `${ARCH}/List/Util.pm`,
      ]),
    );
  });
});
