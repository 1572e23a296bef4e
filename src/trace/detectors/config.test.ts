import { describe, expect, it } from 'vitest';
import { type MemoryFile, memoryRootfs } from '../../testing/memory-rootfs.ts';
import { traceOf } from '../../testing/trace-of.ts';
import type { Detector } from '../detector.ts';
import { config } from './config.ts';

const START = '/etc/app/app.conf';
const named: Detector = {
  name: 'test',
  start(trace) {
    trace.keep(START, { detector: 'test', detail: 'an argument', certainty: 'exact' }, { role: 'config' });
  },
};

async function keptWith(
  text: string,
  files: Readonly<Record<string, MemoryFile>>,
): Promise<readonly string[]> {
  const rootfs = memoryRootfs({ [START]: text, '/bin/sh': 'ELF', '/bin/app': 'ELF', ...files });
  const started = new Set<string>();
  const starts: Detector = { name: 'starts', invoke: ({ program }) => void started.add(program) };
  const { paths } = await traceOf(rootfs, { Cmd: ['/bin/app'] }, [named, config, starts]);
  return paths
    .filter((path) => path !== START && path !== '/bin/app')
    .map((path) => (started.has(path) ? `${path} started` : path));
}

describe('config', () => {
  const rows: { summary: string; text: string; files: Record<string, MemoryFile>; kept: string[] }[] = [
    {
      summary: 'files that it names, and the directory of one to be made',
      text: 'certificate = "/srv/cert.pem";\nother /srv/none\n',
      files: { '/srv/cert.pem': 'x' },
      kept: ['/srv', '/srv/cert.pem'],
    },
    {
      summary: 'includes by glob, and what the included files name',
      text: 'include /etc/app/conf.d/*.conf;',
      files: {
        '/etc/app/conf.d/a.conf': 'data /srv/a',
        '/etc/app/conf.d/README': '/srv/b',
        '/srv/a': '1',
        '/srv/b': '2',
      },
      kept: ['/etc/app/conf.d', '/etc/app/conf.d/a.conf', '/srv/a'],
    },
    {
      summary: "includes relative to the file's own directory",
      text: 'include mime.types;\n!include "more/x.yml"\n',
      files: { '/etc/app/mime.types': 'text/html html;', '/etc/app/more/x.yml': 'a: 1' },
      kept: ['/etc/app/mime.types', '/etc/app/more/x.yml'],
    },
    {
      summary: 'the directory of a log that is to be made',
      text: 'log /var/log/app/error.log',
      files: { '/var/log/app': { directory: true } },
      kept: ['/var/log/app'],
    },
    {
      summary: 'nothing that a comment shows',
      text: '# ca /srv/example.pem\n; /srv/example.pem',
      files: { '/srv/example.pem': 'x' },
      kept: [],
    },
    {
      summary: 'no shell and no command, however often they are named',
      text: 'shell /bin/sh\npath /usr/bin/tool',
      files: { '/usr/bin/tool': 'ELF' },
      kept: [],
    },
    {
      summary: 'a directory below /etc with everything in it, but not what is only available',
      text: 'confdir /etc/app/sites',
      files: { '/etc/app/sites/one': 'x /srv/one', '/srv/one': '', '/etc/app/mods-available/m': 'x' },
      kept: ['/etc/app/sites', '/etc/app/sites/one', '/srv/one'],
    },
    {
      summary: 'what is available when a link enables it',
      text: 'include /etc/app/enabled/*.load',
      files: {
        '/etc/app/enabled/one.load': { link: '../mods-available/one.load' },
        '/etc/app/mods-available/one.load': 'load /opt/app/one.so',
        '/etc/app/mods-available/two.load': 'load /opt/app/two.so',
        '/opt/app/one.so': '1',
        '/opt/app/two.so': '2',
      },
      kept: [
        '/etc/app/enabled',
        '/etc/app/enabled/one.load',
        '/etc/app/mods-available/one.load',
        '/opt/app/one.so',
      ],
    },
    {
      summary: 'the compiled form of a table that it names',
      text: 'alias_maps = hash:/etc/aliases',
      files: { '/etc/aliases': 'a: b', '/etc/aliases.db': 'x' },
      kept: ['/etc/aliases', '/etc/aliases.db'],
    },
    {
      summary: "the author's programs that it names, and those in a directory that it names",
      text: 'exec "/opt/count" 7\ncgi /srv/cgi-bin/\n',
      files: {
        '/opt/count': { content: '#!/bin/sh', mode: 0o755 },
        '/srv/cgi-bin/form': { content: '#!/usr/bin/perl', mode: 0o755 },
        '/srv/cgi-bin/form.html': '<p>',
      },
      kept: ['/opt/count started', '/srv/cgi-bin', '/srv/cgi-bin/form started', '/srv/cgi-bin/form.html'],
    },
    {
      summary: "no program of another package's",
      text: 'helper /usr/lib/other/helper\n',
      files: {
        '/usr/lib/other/helper': { content: '#!/bin/sh', mode: 0o755 },
        '/var/lib/dpkg/status':
          'Package: other\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n',
        '/var/lib/dpkg/info/other.list': '/.\n/usr/lib/other/helper\n',
      },
      kept: ['/usr/lib/other/helper'],
    },
    {
      summary: 'nothing of a binary file',
      text: 'a\0/srv/cert.pem',
      files: { '/srv/cert.pem': 'x' },
      kept: [],
    },
  ];
  it.each(rows)('keeps $summary', async ({ text, files, kept }) => {
    expect(await keptWith(text, files)).toEqual(kept);
  });
});
