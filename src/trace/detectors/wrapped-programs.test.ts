import { expect, it } from 'vitest';
import { dpkgDatabase } from '../../testing/dpkg-files.ts';
import { memoryRootfs } from '../../testing/memory-rootfs.ts';
import { traceOf } from '../../testing/trace-of.ts';
import { wrappedPrograms } from './wrapped-programs.ts';

const PROGRAM = { content: 'ELF', mode: 0o755 };
const FILES = {
  ...dpkgDatabase({
    common: { files: ['/usr/bin/dump', '/usr/share/common/wrapper'] },
    'client-15': {
      fields: 'Depends: common\n',
      files: ['/usr/lib/db/15/bin/dump', '/usr/lib/db/15/bin/load', '/usr/share/doc/dump'],
    },
    stranger: { files: ['/usr/lib/stranger/dump'] },
  }),
  '/usr/bin/dump': { link: '../share/common/wrapper' },
  '/usr/bin/wrapper': { link: '../share/common/wrapper' },
  '/usr/share/common/wrapper': { content: '#!/usr/bin/perl\n', mode: 0o755 },
  '/usr/lib/db/15/bin/dump': PROGRAM,
  '/usr/lib/db/15/bin/load': PROGRAM,
  '/usr/share/doc/dump': 'text',
  '/usr/lib/stranger/dump': PROGRAM,
};

it.each([
  { called: 'dump', expected: ['/usr/bin/dump', '/usr/lib/db/15/bin/dump', '/usr/share/common/wrapper'] },
  { called: 'wrapper', expected: ['/usr/bin/wrapper', '/usr/share/common/wrapper'] },
])(
  'starts the program of related packages that a script stands before as $called',
  async ({ called, expected }) => {
    const config = { Cmd: [called], Env: ['PATH=/usr/bin'] };
    const { paths } = await traceOf(memoryRootfs(FILES), config, [wrappedPrograms]);
    expect(paths).toEqual(expected);
  },
);
