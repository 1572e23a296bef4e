import { describe, expect, it } from 'vitest';
import { type MemoryFile, memoryRootfs } from '../../testing/memory-rootfs.ts';
import { traceOf } from '../../testing/trace-of.ts';
import type { Detector } from '../detector.ts';
import { declaredCommandsDetector } from './declared-commands.ts';

const STANZA = 'Status: install ok installed\nArchitecture: all\nVersion: 1\n';
const MODULE = '/usr/lib/python3/dist-packages/scan.py';

const FILES: Readonly<Record<string, MemoryFile>> = {
  '/var/lib/dpkg/status': [
    `Package: scan\nDepends: ocr, bash, libweb\nSuggests: cleaner\n${STANZA}`,
    `Package: libweb\nSection: perl\n${STANZA}`,
    `Package: ocr\n${STANZA}`,
    `Package: cleaner\n${STANZA}`,
    `Package: bash\nEssential: yes\n${STANZA}`,
    `Package: other\n${STANZA}`,
  ].join('\n'),
  '/var/lib/dpkg/info/scan.list': `/.\n${MODULE}\n`,
  '/var/lib/dpkg/info/ocr.list': '/.\n/usr/bin/ocr\n/usr/bin/ocr-train\n',
  '/var/lib/dpkg/info/cleaner.list': '/.\n/usr/bin/cleaner\n',
  '/var/lib/dpkg/info/bash.list': '/.\n/usr/bin/bash\n',
  '/var/lib/dpkg/info/libweb.list': '/.\n/usr/bin/GET\n',
  '/usr/bin/GET': 'ELF',
  '/var/lib/dpkg/info/other.list': '/.\n/usr/bin/other\n',
  '/usr/bin/app': 'ELF',
  '/usr/bin/ocr': 'ELF',
  '/usr/bin/ocr-train': 'ELF',
  '/usr/bin/cleaner': 'ELF',
  '/usr/bin/bash': 'ELF',
  '/usr/bin/other': 'ELF',
};

const imports: Detector = {
  name: 'test',
  start: (trace) => void trace.keep(MODULE, { detector: 'test', detail: 'imported', certainty: 'exact' }),
};

describe('declared-commands', () => {
  const rows: { summary: string; source: string; kept: string[] }[] = [
    { summary: 'a command in a list', source: "run(['ocr', '--version'])", kept: ['/usr/bin/ocr'] },
    { summary: 'a command line', source: 'x = "cleaner --all"', kept: ['/usr/bin/cleaner'] },
    { summary: 'no word of prose, and no part of a name', source: 'ocr "ocr_x" # the ocr', kept: [] },
    { summary: 'no command that the package does not declare', source: "run('other')", kept: [] },
    { summary: 'no tool beside a library', source: "run('GET')", kept: [] },
    { summary: 'no Essential command', source: "run('bash')", kept: [] },
  ];
  it.each(rows)('keeps $summary', async ({ source, kept }) => {
    const rootfs = memoryRootfs({ ...FILES, [MODULE]: source });
    const { paths } = await traceOf(rootfs, { Cmd: ['app'] }, [imports, declaredCommandsDetector()]);
    expect(paths.filter((path) => path.startsWith('/usr/bin/') && path !== '/usr/bin/app')).toEqual(kept);
  });
});
