import { describe, expect, it } from 'vitest';
import { type MemoryFile, memoryRootfs } from '../../testing/memory-rootfs.ts';
import { traceOf } from '../../testing/trace-of.ts';
import { scriptDetectors } from './scripts.ts';

const ELF = '\x7fELF\0';

/** Traces the command line in `files`; returns what is kept, without the shell's and the command's own path. */
async function kept(files: Record<string, MemoryFile>, argv: string[], cwd = '/') {
  const rootfs = memoryRootfs(files);
  const config = { Entrypoint: argv, WorkingDir: cwd, Env: ['PATH=/usr/local/bin:/usr/sbin:/usr/bin:/bin'] };
  const { paths, warnings } = await traceOf(rootfs, config, scriptDetectors());
  return { paths, warnings: warnings.map(({ message }) => message) };
}

const SH = {
  '/bin/sh': ELF,
  '/usr/bin/env': ELF,
  '/usr/bin/python3': ELF,
  '/usr/bin/tool': ELF,
  '/usr/bin/cat': ELF,
};

const SHEBANG_ROWS: readonly [string, string, string[]][] = [
  ['an interpreter', '#!/bin/sh\ntool\n', ['/bin/sh', '/usr/bin/tool']],
  ['an interpreter with an argument', '#!/bin/sh -e\ntool\n', ['/bin/sh', '/usr/bin/tool']],
  ['blanks around it, and a carriage return', '#! \t/bin/sh \t\r\ntool\n', ['/bin/sh', '/usr/bin/tool']],
  ['env', '#!/usr/bin/env python3\ntool\n', ['/usr/bin/env', '/usr/bin/python3']],
  ['env -S', '#!/usr/bin/env -S python3 -u\n', ['/usr/bin/env', '/usr/bin/python3']],
  [
    'env with an assignment',
    '#!/usr/bin/env -S A=1 sh\ntool\n',
    ['/bin/sh', '/usr/bin/env', '/usr/bin/tool'],
  ],
  ['no first line: the shell', 'tool\n', ['/bin/sh', '/usr/bin/tool']],
  ['nothing that a shell would read', '\x00\x01\n', []],
  ['python given by a path is not a shell', '#!/usr/bin/python3\ntool\n', ['/usr/bin/python3']],
];

describe('script', () => {
  it.each(SHEBANG_ROWS)('%s', async (_summary, text, expected) => {
    const { paths } = await kept({ ...SH, '/run.me': { content: text, mode: 0o755 } }, ['/run.me']);
    expect(paths).toEqual([...expected, '/run.me'].sort());
  });

  it('follows a hook of the author’s own that an entrypoint puts into place', async () => {
    const { paths } = await kept(
      {
        ...SH,
        '/usr/bin/ln': ELF,
        '/start': {
          content: '#!/bin/sh\nfor hook in /opt/hooks/*; do ln -s "$hook" /srv/; done\n',
          mode: 0o755,
        },
        '/opt/hooks/check': { content: '#!/bin/sh\ntool\n', mode: 0o755 },
        '/opt/hooks/notes': 'tool',
      },
      ['/start'],
    );
    expect(paths).toContain('/usr/bin/tool');
  });

  it('says which interpreter is not there', async () => {
    const { warnings } = await kept({ '/x': '#!/opt/none -x\n' }, ['/x']);
    expect(warnings).toEqual(['cannot find "/opt/none", the interpreter of "/x"']);
  });

  it('follows a script that an interpreter is given by that interpreter alone', async () => {
    const { paths } = await kept({ ...SH, '/app/x.py': '#!/usr/bin/env python3.9\n' }, [
      'python3',
      '/app/x.py',
    ]);
    expect(paths).toEqual(['/app/x.py', '/usr/bin/python3']);
  });

  it('keeps an interpreter that is itself a script, with its own', async () => {
    const files = { ...SH, '/usr/bin/start': '#!/bin/sh\ntool "$1"\n', '/app/x': '#!/usr/bin/start\n' };
    const { paths } = await kept(files, ['/app/x']);
    expect(paths).toEqual(['/app/x', '/bin/sh', '/usr/bin/start', '/usr/bin/tool']);
  });
});

describe('scripts that would start each other for ever', () => {
  it.each<[string, Record<string, MemoryFile>]>([
    ['a shell that is a text', { '/bin/sh': 'tool' }],
    ['a shell that is its own interpreter', { '/bin/sh': '#!/bin/sh\ntool\n' }],
    ['two interpreters of each other', { '/bin/sh': '#!/bin/b\n', '/bin/b': '#!/bin/sh\n' }],
    ['a script that starts itself with one word more', { ...SH, '/x': '#!/bin/sh\nexec /x more "$@"\n' }],
  ])('ends for %s', async (_, files) => {
    const { paths } = await kept({ ...files, '/a': '#!/bin/sh\n/x\n' }, ['/a']);
    expect(paths).toContain('/bin/sh');
  });
});

const COMMAND_ROWS: readonly [string, Record<string, MemoryFile>, string[], string[]][] = [
  ['a wrapper', {}, ['env', 'A=1', 'tool'], ['/usr/bin/env', '/usr/bin/tool']],
  ['shell form', {}, ['/bin/sh', '-c', 'exec tool < /etc/hosts; cat'], ['/bin/sh', '/usr/bin/tool']],
  [
    'a script for sh without a first line',
    { '/a.sh': 'tool' },
    ['sh', '/a.sh'],
    ['/a.sh', '/bin/sh', '/usr/bin/tool'],
  ],
  [
    'a script for sh found through PATH',
    { '/usr/bin/b.sh': 'tool' },
    ['sh', 'b.sh'],
    ['/bin/sh', '/usr/bin/b.sh', '/usr/bin/tool'],
  ],
  [
    'configuration given by an option',
    { '/etc/x.conf': '' },
    ['tool', '--config=/etc/x.conf'],
    ['/etc/x.conf', '/usr/bin/tool'],
  ],
  [
    'glued to an option letter',
    { '/etc/x.conf': '' },
    ['tool', '-c/etc/x.conf'],
    ['/etc/x.conf', '/usr/bin/tool'],
  ],
  [
    'a directory with what is in it',
    { '/srv/www/index.html': '' },
    ['tool', '/srv/www'],
    ['/srv/www', '/srv/www/index.html', '/usr/bin/tool'],
  ],
  [
    'of a directory to be owned the entry',
    { '/srv/www/index.html': '', '/bin/chown': ELF },
    ['chown', 'x', '/srv/www'],
    ['/bin/chown', '/srv/www'],
  ],
  [
    'the login shell of an account where it is none',
    {
      '/bin/useradd': ELF,
      '/bin/false': { content: ELF, mode: 0o755 },
      '/bin/bash': { content: ELF, mode: 0o755 },
    },
    ['sh', '-c', 'useradd --shell /bin/false a; useradd -s /bin/bash b'],
    ['/bin/false', '/bin/sh', '/bin/useradd'],
  ],
  ['a command that a command looks at is data', {}, ['cat', '/usr/bin/tool'], ['/usr/bin/cat']],
  [
    'an unknown starter',
    { '/init': { content: ELF, mode: 0o755 } },
    ['/init', '/usr/bin/tool', '-x'],
    ['/init', '/usr/bin/tool'],
  ],
  [
    'run-parts',
    {
      '/bin/run-parts': ELF,
      '/etc/d/one': '#!/bin/sh\ntool\n',
      '/etc/d/two.x': '#!/bin/sh\ncat\n',
      '/etc/d/three': '',
    },
    ['run-parts', '/etc/d'],
    ['/bin/run-parts', '/bin/sh', '/etc/d', '/etc/d/one', '/usr/bin/tool'],
  ],
  [
    'a busybox shell',
    { '/bin/busybox': ELF, '/bin/ls': { link: 'busybox' }, '/bin/rm': { link: 'busybox' } },
    ['busybox', 'sh', '-c', 'ls'],
    ['/bin/busybox', '/bin/ls'],
  ],
  [
    'hard links of one file',
    { '/bin/box': ELF, '/bin/ls': { hardLink: '/bin/box' } },
    ['sh', '-c', 'ls'],
    ['/bin/ls', '/bin/sh'],
  ],
  [
    'npm start',
    {
      '/app/package.json': '{"scripts":{"prestart":"cat","start":"serve -p 80"}}',
      '/app/node_modules/.bin/serve': { link: '../serve/cli.js' },
      '/app/node_modules/serve/cli.js': { content: '#!/usr/bin/env node\n', mode: 0o755 },
      '/usr/bin/npm': ELF,
      '/usr/bin/node': ELF,
    },
    ['npm', '--prefix', '/app', 'start'],
    [
      '/app',
      '/app/node_modules/.bin/serve',
      '/app/node_modules/serve/cli.js',
      '/app/package.json',
      '/bin/sh',
      '/usr/bin/cat',
      '/usr/bin/env',
      '/usr/bin/node',
      '/usr/bin/npm',
    ],
  ],
  [
    'node --run',
    { '/package.json': '{"scripts":{"go":"tool"}}', '/usr/bin/node': ELF },
    ['node', '--run', 'go'],
    ['/bin/sh', '/package.json', '/usr/bin/node', '/usr/bin/tool'],
  ],
  [
    'a package.json that is none',
    { '/package.json': '{', '/usr/bin/npm': ELF },
    ['npm', 'start'],
    ['/package.json', '/usr/bin/npm'],
  ],
];

describe('command', () => {
  it.each(COMMAND_ROWS)('%s', async (_summary, files, argv, expected) => {
    expect((await kept({ ...SH, ...files }, argv)).paths).toEqual(expect.arrayContaining(expected));
    const unwanted = (await kept({ ...SH, ...files }, argv)).paths.filter((path) => !expected.includes(path));
    // Directories on the way are no excess.
    expect(unwanted.filter((path) => !expected.some((other) => other.startsWith(`${path}/`)))).toEqual([]);
  });
});
