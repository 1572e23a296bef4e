import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { type MemoryFile, memoryRootfs } from '../../testing/memory-rootfs.ts';
import { traceOf } from '../../testing/trace-of.ts';
import type { Level } from '../trace.ts';
import { pythonDetector } from './python.ts';

const LIB = '/usr/local/lib/python3.12';
const SITE = `${LIB}/site-packages`;

/** A small installation: what it has beyond os.py stands for the rest. */
const BASE: Readonly<Record<string, MemoryFile>> = {
  '/usr/local/bin/python3.12': 'ELF',
  '/usr/local/bin/python3': { link: 'python3.12' },
  [`${LIB}/os.py`]: 'import stat\ndef popen():\n    import subprocess',
  [`${LIB}/stat.py`]: '',
  [`${LIB}/site.py`]: 'import os\ndef interactive():\n    import readline, pydoc',
  [`${LIB}/subprocess.py`]: '',
  [`${LIB}/pydoc.py`]: '',
  [`${LIB}/json/__init__.py`]: 'from .decoder import D',
  [`${LIB}/json/decoder.py`]: '',
  [`${LIB}/json/tool.py`]: 'if __name__ == "__main__":\n    import argparse',
  [`${LIB}/argparse.py`]: '',
  [`${LIB}/unittest/__init__.py`]: '',
  [`${LIB}/sysconfig.py`]: '',
  [`${LIB}/_sysconfigdata__x86_64-linux-gnu.py`]: '',
  [`${LIB}/lib-dynload/_ssl.cpython-312-x86_64-linux-gnu.so`]: 'so',
  [`${LIB}/lib-dynload/_bz2.cpython-312-x86_64-linux-gnu.so`]: 'so',
  [`${LIB}/__pycache__/os.cpython-312.pyc`]: 'pyc',
};

/** What is kept of the installation whatever the program is. */
const ALWAYS = [
  `${LIB}/os.py`,
  `${LIB}/stat.py`,
  `${LIB}/site.py`,
  `${LIB}/subprocess.py`,
  `${LIB}/lib-dynload`,
];

interface Case {
  readonly summary: string;
  readonly files: Readonly<Record<string, MemoryFile>>;
  readonly cmd: readonly string[];
  readonly env?: readonly string[];
  readonly level?: Level;
  /** Beyond the interpreter, its start-up and directories. */
  readonly kept: readonly string[];
}

function distribution(
  name: string,
  files: Readonly<Record<string, MemoryFile>>,
  extra = '',
): Record<string, MemoryFile> {
  const record = Object.keys(files).map((path) => `${path},sha256=x,1`);
  return {
    ...Object.fromEntries(Object.entries(files).map(([path, content]) => [`${SITE}/${path}`, content])),
    [`${SITE}/${name}-1.0.dist-info/METADATA`]: `Name: ${name}\n${extra}`,
    [`${SITE}/${name}-1.0.dist-info/RECORD`]: record.join('\n'),
  };
}

const INFO = (name: string): string[] => [
  `${SITE}/${name}-1.0.dist-info/METADATA`,
  `${SITE}/${name}-1.0.dist-info/RECORD`,
];

const CASES: readonly Case[] = [
  {
    summary: 'a script keeps its imports, lazy ones too, and no developer tools of the library',
    files: { '/app/main.py': 'import json\ndef f():\n    import _ssl' },
    cmd: ['python3', '/app/main.py'],
    kept: [
      `${LIB}/json/__init__.py`,
      `${LIB}/json/decoder.py`,
      `${LIB}/lib-dynload/_ssl.cpython-312-x86_64-linux-gnu.so`,
    ],
  },
  {
    summary: 'the main body of a standard module counts only when it is what runs',
    files: {},
    cmd: ['python3', '-m', 'json.tool'],
    kept: [`${LIB}/argparse.py`, `${LIB}/json/__init__.py`, `${LIB}/json/decoder.py`, `${LIB}/json/tool.py`],
  },
  {
    summary: 'an application may import a developer tool',
    files: { '/app/main.py': 'import unittest' },
    cmd: ['python3', '/app/main.py'],
    kept: [`${LIB}/unittest/__init__.py`],
  },
  {
    summary: 'modules beside the script, and a package of the application whole with its data',
    files: {
      '/app/main.py': 'import helper\nfrom pkg import run',
      '/app/helper.py': '',
      '/app/unused.py': '',
      '/app/pkg/__init__.py': '',
      '/app/pkg/run.py': 'from . import inner',
      '/app/pkg/inner.py': '',
      '/app/pkg/migrations/0001.py': 'import json',
      '/app/pkg/t/x.html': '<p>',
      '/app/pkg/tests/test_x.py': '',
    },
    cmd: ['python3', '/app/main.py'],
    kept: [
      '/app/helper.py',
      '/app/pkg/__init__.py',
      '/app/pkg/inner.py',
      '/app/pkg/migrations/0001.py',
      '/app/pkg/run.py',
      '/app/pkg/t/x.html',
      `${LIB}/json/__init__.py`,
      `${LIB}/json/decoder.py`,
    ],
  },
  {
    summary:
      'a distribution is kept whole, without tests, stubs and sources of extensions, with what it requires',
    files: {
      ...distribution(
        'Foo_Lib',
        {
          'foo/__init__.py': '',
          'foo/data.json': '{}',
          'foo/x.pyi': '',
          'foo/_c.c': '',
          'foo/_c.cpython-312-x86_64-linux-gnu.so': 'so',
          'foo/_c.cpython-39-x86_64-linux-gnu.so': 'so',
          'foo/tests/test_a.py': '',
        },
        'Requires-Dist: bar >=1\nRequires-Dist: pytest; extra == "test"\n',
      ),
      ...distribution('bar', { 'bar.py': '' }),
      ...distribution('pytest', { 'pytest.py': '' }),
      ...distribution('other', { 'other.py': '' }),
      '/app/main.py': 'import foo',
    },
    cmd: ['python3', '/app/main.py'],
    kept: [
      ...INFO('Foo_Lib'),
      ...INFO('bar'),
      `${SITE}/bar.py`,
      `${SITE}/foo/__init__.py`,
      `${SITE}/foo/_c.cpython-312-x86_64-linux-gnu.so`,
      `${SITE}/foo/data.json`,
    ],
  },
  {
    summary: 'literals of application code that name modules count, words that are standard modules do not',
    files: {
      '/app/main.py': 'import settings',
      '/app/settings.py': 'APPS = ["plugin.apps.Config", "json", "no.such"]',
      ...distribution('plugin', { 'plugin/__init__.py': '', 'plugin/apps.py': '' }),
    },
    cmd: ['python3', '/app/main.py'],
    kept: ['/app/settings.py', ...INFO('plugin'), `${SITE}/plugin/__init__.py`, `${SITE}/plugin/apps.py`],
  },
  {
    summary: 'entry points are kept with the distribution that asks for their group',
    files: {
      ...distribution('host', { 'host.py': 'entry_points(group="host.plugins")' }),
      ...distribution('plug', { 'plug.py': '' }),
      [`${SITE}/plug-1.0.dist-info/entry_points.txt`]: '[host.plugins]\nx = plug:main\n',
      '/app/main.py': 'import host',
    },
    cmd: ['python3', '/app/main.py'],
    kept: [
      ...INFO('host'),
      ...INFO('plug'),
      `${SITE}/host.py`,
      `${SITE}/plug-1.0.dist-info/entry_points.txt`,
      `${SITE}/plug.py`,
    ],
  },
  {
    summary:
      'a script that setuptools made leads to its entry point, and to no other distribution with commands',
    files: {
      '/srv/bin/tool': "#!/usr/bin/python3\nload_entry_point('tool==1.0', 'console_scripts', 'tool')()",
      ...distribution('tool', { 'tool.py': 'import json' }),
      [`${SITE}/tool-1.0.dist-info/entry_points.txt`]: '[console_scripts]\ntool = tool:main\n',
      ...distribution('other', { 'other.py': '' }),
      [`${SITE}/other-1.0.dist-info/entry_points.txt`]: '[console_scripts]\nother = other:main\n',
    },
    cmd: ['python3', '/srv/bin/tool'],
    kept: [
      ...INFO('tool'),
      `${LIB}/json/__init__.py`,
      `${LIB}/json/decoder.py`,
      `${SITE}/tool-1.0.dist-info/entry_points.txt`,
      `${SITE}/tool.py`,
    ],
  },
  {
    summary: 'what six.moves leads to',
    files: { '/app/main.py': 'from vendored.six.moves import cPickle, queue', [`${LIB}/queue.py`]: '' },
    cmd: ['python3', '/app/main.py'],
    kept: [`${LIB}/queue.py`],
  },
  {
    summary: 'a module that the environment or an argument names',
    files: { '/app/web/__init__.py': '', '/app/web/wsgi.py': '', '/app/conf.py': '', '/app/serve.py': '' },
    cmd: ['python3', '/app/serve.py', 'web.wsgi:app'],
    env: ['SETTINGS=conf'],
    kept: ['/app/conf.py', '/app/web/__init__.py', '/app/web/wsgi.py'],
  },
  {
    summary: 'a virtual environment leads to its base, and shuts out the base’s own packages',
    files: {
      '/opt/v/bin/python': { link: '/usr/local/bin/python3' },
      '/opt/v/pyvenv.cfg': 'home = /usr/local/bin\ninclude-system-site-packages = false\n',
      '/opt/v/lib/python3.12/site-packages/dep.py': 'import json.decoder',
      [`${SITE}/dep.py`]: '',
      [`${SITE}/outer.py`]: '',
      '/app/main.py': 'import dep, outer',
    },
    cmd: ['/opt/v/bin/python', '/app/main.py'],
    kept: [
      `${LIB}/json/__init__.py`,
      `${LIB}/json/decoder.py`,
      '/opt/v/bin/python',
      '/opt/v/lib/python3.12/site-packages/dep.py',
      '/opt/v/pyvenv.cfg',
    ],
  },
  {
    summary: '.pth files and editable finders lead to sources elsewhere',
    files: {
      [`${SITE}/proj.pth`]: '/src/proj\n',
      [`${SITE}/__editable__.ed.pth`]: 'import __editable___ed_finder; __editable___ed_finder.install()\n',
      [`${SITE}/__editable___ed_finder.py`]: "MAPPING: dict[str, str] = {'ed': '/src/ed/lib/ed'}\n",
      '/src/proj/proj_mod.py': '',
      '/src/ed/lib/ed/__init__.py': '',
      '/app/main.py': 'import proj_mod, ed',
    },
    cmd: ['python3', '/app/main.py'],
    kept: [
      '/src/ed/lib/ed',
      '/src/ed/lib/ed/__init__.py',
      '/src/proj',
      '/src/proj/proj_mod.py',
      `${SITE}/__editable___ed_finder.py`,
      `${SITE}/__editable__.ed.pth`,
      `${SITE}/proj.pth`,
    ],
  },
  {
    summary: 'what the library builds a name for, and what a changed sys.path leads to',
    files: {
      '/app/bin/run.py':
        'import sys, sysconfig\nsys.path.insert(0, os.path.join(here, "..", "lib"))\nimport late',
      '/app/lib/late.py': '',
    },
    cmd: ['python3', '/app/bin/run.py'],
    kept: ['/app/lib/late.py', `${LIB}/_sysconfigdata__x86_64-linux-gnu.py`, `${LIB}/sysconfig.py`],
  },
  {
    summary: 'an archive of sources with a shebang line',
    files: {
      '/app/tool.pyz': Buffer.concat([
        Buffer.from('#!/usr/bin/env python3\n'),
        zipSync({ '__main__.py': Buffer.from('import json') }),
      ]),
    },
    cmd: ['python3', '/app/tool.pyz'],
    kept: ['/app/tool.pyz', `${LIB}/json/__init__.py`, `${LIB}/json/decoder.py`],
  },
  {
    summary: 'code of the command line',
    files: {},
    cmd: ['python3', '-c', 'import json'],
    kept: [`${LIB}/json/__init__.py`, `${LIB}/json/decoder.py`],
  },
  {
    summary: 'minimal keeps modules one by one',
    files: {
      '/app/main.py': 'import foo.a',
      ...distribution('foo', { 'foo/__init__.py': '', 'foo/a.py': '', 'foo/b.py': 'import json' }),
    },
    cmd: ['python3', '/app/main.py'],
    level: 'minimal',
    kept: [`${SITE}/foo/__init__.py`, `${SITE}/foo/a.py`],
  },
];

describe('pythonDetector', () => {
  it.each(CASES)('$summary', async ({ files, cmd, env = [], level = 'default', kept }) => {
    const rootfs = memoryRootfs({ ...BASE, ...files });
    const config = {
      Cmd: [...cmd],
      Env: env.length > 0 ? ['PATH=/usr/local/bin', ...env] : ['PATH=/usr/local/bin'],
    };
    const { paths } = await traceOf(rootfs, config, [pythonDetector()], { level });
    const program = cmd[1]?.startsWith('/') ? cmd[1] : '';
    const others = paths.filter(
      (path) =>
        !ALWAYS.includes(path) &&
        !path.startsWith('/usr/local/bin/') &&
        (path !== program || path.endsWith('.pyz')),
    );
    expect(others).toEqual([...kept].sort());
    expect(paths).toEqual(expect.arrayContaining(ALWAYS));
  });

  it('runs what application code starts, through a shell only where it asks for one', async () => {
    const rootfs = memoryRootfs({
      ...BASE,
      '/bin/sh': 'ELF',
      '/usr/bin/convert': 'ELF',
      '/usr/bin/tar': 'ELF',
      '/app/a.py': 'import subprocess\nsubprocess.run(["convert", x])',
      '/app/b.py': 'import os\nos.system("tar c .")',
    });
    const run = async (file: string): Promise<readonly string[]> => {
      const config = { Cmd: ['python3', file], Env: ['PATH=/usr/local/bin:/usr/bin:/bin'] };
      const { paths } = await traceOf(rootfs, config, [pythonDetector()]);
      return paths.filter((path) => /^\/(?:usr\/)?bin\//.test(path));
    };
    expect(await run('/app/a.py')).toEqual(['/usr/bin/convert']);
    expect(await run('/app/b.py')).toEqual(['/bin/sh']);
  });

  it('widens to the whole library, and says so, for a program that it cannot read', async () => {
    const { paths, warnings } = await traceOf(
      memoryRootfs({ ...BASE, ...distribution('foo', { 'foo.py': '' }) }),
      { Cmd: ['python3'], Env: ['PATH=/usr/local/bin'] },
      [pythonDetector()],
    );
    expect(paths).toEqual(
      expect.arrayContaining([`${LIB}/argparse.py`, `${SITE}/foo.py`, `${LIB}/pydoc.py`]),
    );
    expect(paths).not.toContain(`${LIB}/unittest/__init__.py`);
    expect(paths.filter((path) => path.endsWith('.pyc'))).toEqual([]);
    expect(warnings.map(({ code }) => code)).toEqual(['WIDENED']);
  });

  it('warns about an interpreter without its standard library', async () => {
    const { warnings } = await traceOf(
      memoryRootfs({ '/usr/bin/python3': 'ELF' }),
      { Cmd: ['/usr/bin/python3', '-c', ''] },
      [pythonDetector()],
    );
    expect(warnings.map(({ code }) => code)).toEqual(['UNFOLLOWED']);
  });
});
