// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are JavaScript's of the image, not TypeScript's.
import { describe, expect, it } from 'vitest';
import { dpkgDatabase } from '../../testing/dpkg-files.ts';
import { type MemoryFile, memoryRootfs } from '../../testing/memory-rootfs.ts';
import { traceOf } from '../../testing/trace-of.ts';
import type { Detector } from '../detector.ts';
import type { Level } from '../trace.ts';
import { spelledCommands } from './spelled-commands.ts';

function above(content: string): MemoryFile {
  return { content, layer: 1, mode: 0o755 };
}

const FILES: Readonly<Record<string, MemoryFile>> = {
  ...dpkgDatabase({
    'openssh-client': { files: ['/usr/bin/ssh'] },
    bc: { files: ['/usr/bin/bc-helper'] },
    coreutils: { files: ['/usr/bin/join'] },
    tcl: { files: ['/usr/bin/tclsh'] },
  }),
  '/var/lib/apt/extended_states': 'Package: bc\nArchitecture: amd64\nAuto-Installed: 1\n',
  '/bin/sh': { content: 'sh', mode: 0o755 },
  '/usr/bin/ssh': above('ssh'),
  '/usr/bin/bc-helper': above('bc'),
  '/usr/bin/tclsh': above('tclsh'),
  '/usr/bin/join': { content: 'join', mode: 0o755 },
  '/usr/local/bin/menu.sh': above('#!/bin/sh\n'),
  '/usr/local/bin/unused': above('x'),
  '/home/robot/lib/robot.tcl': { content: 'proc menu {} { spawn menu.sh }\n', layer: 1 },
};

function loader(paths: readonly string[]): Detector {
  return {
    name: 'loader',
    start(trace) {
      for (const path of paths)
        trace.keep(path, { detector: 'loader', detail: 'loaded', certainty: 'inferred' });
    },
  };
}

async function startedBy(
  source: string,
  level: Level = 'default',
  loaded: readonly string[] = [],
): Promise<readonly string[]> {
  const rootfs = memoryRootfs({ ...FILES, '/usr/local/bin/app': above(source) });
  const { paths } = await traceOf(
    rootfs,
    { Cmd: ['app'], Env: ['PATH=/usr/local/bin:/usr/bin'] },
    [spelledCommands, loader(loaded)],
    {
      layers: [
        { kind: 'base', createdBy: '' },
        { kind: 'built', createdBy: 'RUN apt-get install' },
      ],
      level,
    },
  );
  return paths.filter((path) => path !== '/usr/local/bin/app');
}

describe('commands that a script spells whose language is not read', () => {
  it('are started: the author’s own, and those of packages installed by name', async () => {
    const source = '#!/usr/bin/env -S tclsh\nspawn menu.sh\nset x [join $y ssh]; bc-helper\n';
    expect(await startedBy(source)).toEqual(['/usr/bin/ssh', '/usr/local/bin/menu.sh']);
  });

  it.each(['spawn -noecho join 5', 'exec join', 'os.execute("join x")', 'io.popen("join")', 'system "join"'])(
    'are started behind a word that starts programs, whosever they are: %s',
    async (line) => {
      const started = await startedBy(`#!/usr/bin/tclsh\n${line}\n`);
      expect(started.filter((path) => path !== '/bin/sh')).toEqual(['/usr/bin/join']);
    },
  );

  it('are started out of what such a script loads', async () => {
    expect(
      await startedBy('#!/usr/bin/tclsh\npackage require robot\n', 'default', ['/home/robot/lib/robot.tcl']),
    ).toEqual(['/home/robot/lib/robot.tcl', '/usr/local/bin/menu.sh']);
  });

  it('bring the shell where a call gives it lines', async () => {
    expect(await startedBy('#!/usr/bin/lua\nio.popen("join a")')).toContain('/bin/sh');
    expect(await startedBy('#!/usr/bin/lua\nlocal system = 1')).not.toContain('/bin/sh');
  });

  it('are left to the detector of a language that has one', async () => {
    expect(await startedBy('#!/usr/bin/python3\n# menu.sh ssh\n')).toEqual([]);
  });

  it('are not looked for at --level minimal', async () => {
    expect(await startedBy('#!/usr/bin/tclsh\nspawn menu.sh\n', 'minimal')).toEqual([]);
  });
});

describe('commands that an application’s own files quote', () => {
  const rows: { summary: string; file: string; content: string; started: string[] }[] = [
    {
      summary: 'a table of tools',
      file: '/app/run.py',
      content: 'TOOLS = {"net": "ssh", "x": "join"}',
      started: ['/usr/bin/ssh'],
    },
    {
      summary: 'the first word of a command line',
      file: '/app/a.php',
      content: "const TOOL = 'ssh -V';",
      started: ['/usr/bin/ssh'],
    },
    {
      summary: 'a value of settings',
      file: '/app/a.yml',
      content: 'tools:\n  - x: ssh\n',
      started: ['/usr/bin/ssh'],
    },
    {
      summary: 'a name with a hole',
      file: '/app/a.js',
      content: 'run(`ssh${kind}`)',
      started: ['/usr/bin/ssh'],
    },
    { summary: 'none in passing', file: '/app/a.py', content: '# uses ssh\nx = "by ssh"', started: [] },
    {
      summary: 'none in a manifest',
      file: '/app/package.json',
      content: '{"keywords":["ssh"]}',
      started: [],
    },
    { summary: 'none of somebody else', file: '/app/node_modules/x/a.js', content: '"ssh"', started: [] },
  ];
  it.each(rows)('are started when installed by name: $summary', async ({ file, content, started }) => {
    const rootfs = memoryRootfs({
      ...FILES,
      '/usr/local/bin/app': above('ELF'),
      [file]: { content, layer: 1 },
    });
    const { paths } = await traceOf(
      rootfs,
      { Cmd: ['app'], Env: ['PATH=/usr/local/bin:/usr/bin'] },
      [spelledCommands, loader([file])],
      {
        layers: [
          { kind: 'base', createdBy: '' },
          { kind: 'built', createdBy: 'RUN apt-get install' },
        ],
      },
    );
    expect(paths.filter((path) => path !== '/usr/local/bin/app' && path !== file)).toEqual(started);
  });
});
