import { describe, expect, it } from 'vitest';
import { Linker } from '../../ldso/linker.ts';
import { type DpkgPackage, dpkgDatabase } from '../../testing/dpkg-files.ts';
import { buildElf } from '../../testing/elf-builder.ts';
import { buildGlibcLoader } from '../../testing/loader-builder.ts';
import { type MemoryFile, memoryRootfs } from '../../testing/memory-rootfs.ts';
import { traceOf } from '../../testing/trace-of.ts';
import type { Detector } from '../detector.ts';
import { ElfFacts } from '../elf-facts.ts';
import { libraryData } from './library-data.ts';
import { literalDetector } from './literal.ts';
import { scriptDetectors } from './scripts.ts';
import { shellLineDetector } from './shell-line.ts';
import { siblingsDetector } from './siblings.ts';
import { toolchainDetector } from './toolchain.ts';

interface Row {
  readonly summary: string;
  readonly files: Readonly<Record<string, MemoryFile>>;
  readonly packages?: Readonly<Record<string, DpkgPackage>>;
  /** Beyond the program itself, directories and the package database left out. */
  readonly kept: readonly string[];
}

/** A program without libraries, with these imports and read-only strings. */
function program(imports: readonly string[], ...strings: readonly string[]): MemoryFile {
  const symbols = imports.map((name) => ({ name }));
  return { content: buildElf({ imports: symbols, rodata: `\0${strings.join('\0')}\0` }), mode: 0o755 };
}

async function keptBy(make: (facts: ElfFacts) => Detector, { files, packages = {} }: Row) {
  const rootfs = memoryRootfs({ ...dpkgDatabase(packages), ...files });
  const linker = new Linker({ rootfs });
  const config = { Cmd: ['app'], Env: ['PATH=/usr/bin'] };
  const { graph } = await traceOf(
    rootfs,
    config,
    [make(new ElfFacts(linker.lookup.elves)), ...scriptDetectors()],
    {
      linker,
    },
  );
  return [...graph.paths()]
    .filter((path) => rootfs.lookup(path)?.type !== 'directory' && path !== '/usr/bin/app')
    .sort();
}

const INTERP = '/lib64/ld-linux-x86-64.so.2';
const LOADER = { content: buildGlibcLoader({ type: 3 }), mode: 0o755 };
const TOOL = { content: 'tool', mode: 0o755 };

describe('shell-line', () => {
  const rows: readonly Row[] = [
    {
      summary: 'the shell of a program that calls system(3)',
      files: { '/usr/bin/app': program(['system']), '/bin/sh': TOOL },
      kept: ['/bin/sh'],
    },
    {
      summary: 'the commands of the lines that it spells with an option',
      files: {
        '/usr/bin/app': program(['popen'], 'locale -a', 'sort the list', 'remove -f'),
        '/bin/sh': TOOL,
        '/usr/bin/locale': TOOL,
        '/usr/bin/sort': TOOL,
      },
      kept: ['/bin/sh', '/usr/bin/locale'],
    },
    {
      summary: 'nothing for a program that starts nothing',
      files: { '/usr/bin/app': program(['open'], 'locale -a'), '/bin/sh': TOOL, '/usr/bin/locale': TOOL },
      kept: [],
    },
    {
      summary: 'no interpreter that its package does not depend on',
      files: { '/usr/bin/app': program(['system'], 'perl -e 1'), '/bin/sh': TOOL, '/usr/bin/perl': TOOL },
      packages: { app: { files: ['/usr/bin/app'] }, perl: { files: ['/usr/bin/perl'] } },
      kept: ['/bin/sh'],
    },
  ];
  it.each(rows)('keeps $summary', async (row) => {
    const kept = await keptBy(shellLineDetector, row);
    expect(kept).toEqual(row.kept);
  });
});

describe('literal', () => {
  const files = {
    '/usr/bin/app': program(['execve'], 'ssh', 'less', 'perl', 'other'),
    '/usr/bin/ssh': TOOL,
    '/usr/bin/perl': TOOL,
    '/usr/bin/other': TOOL,
  };
  const packages = {
    app: { fields: 'Depends: perl\nRecommends: ssh\n', files: ['/usr/bin/app'] },
    ssh: { files: ['/usr/bin/ssh'] },
    perl: { files: ['/usr/bin/perl'] },
    other: { files: ['/usr/bin/other'] },
  };
  it.each<Row>([
    {
      summary: 'commands by name of packages that its own declares, but no interpreter',
      files,
      packages,
      kept: ['/usr/bin/ssh'],
    },
    {
      summary: 'no command for a program that starts nothing',
      files: { ...files, '/usr/bin/app': program(['open'], 'ssh') },
      packages,
      kept: [],
    },
    {
      summary: 'files by absolute path',
      files: { '/usr/bin/app': program([], '/opt/app/table', '/opt/none'), '/opt/app/table': 'x' },
      kept: ['/opt/app/table'],
    },
  ])('keeps $summary', async (row) => {
    const kept = await keptBy(literalDetector, row);
    expect(kept).toEqual(row.kept);
  });

  it('keeps another name of the program itself and does not start it', async () => {
    const rootfs = memoryRootfs({
      '/bin/busybox': program(['execve'], '/bin/login', '/usr/bin/mount'),
      '/bin/login': { link: 'busybox' },
      '/usr/bin/mount': TOOL,
    });
    const started: string[] = [];
    const watch: Detector = {
      name: 'watch',
      invoke: ({ invokedAs }) => void started.push(invokedAs),
    };
    const facts = new ElfFacts(new Linker({ rootfs }).lookup.elves);
    const { paths } = await traceOf(rootfs, { Cmd: ['/bin/busybox'] }, [literalDetector(facts), watch]);
    expect(paths).toEqual(['/bin/busybox', '/bin/login', '/usr/bin/mount']);
    expect(started).toEqual(['/bin/busybox', '/usr/bin/mount']);
  });
});

describe('library-data', () => {
  const registry = '/usr/lib/x86_64-linux-gnu/girepository-1.0/Pango-1.0.typelib';
  const library = '/usr/lib/x86_64-linux-gnu/libgirepository-1.0.so.1';
  const opens: Detector = {
    name: 'opens',
    start(trace) {
      for (const path of [library, '/usr/lib/x86_64-linux-gnu/libfontconfig.so.1'])
        trace.keep(path, { detector: 'opens', detail: 'needed', certainty: 'exact' });
    },
  };
  it('keeps what a library reads, and the libraries that its registry names', async () => {
    const rootfs = memoryRootfs({
      [INTERP]: LOADER,
      '/usr/bin/app': TOOL,
      [library]: buildElf({ soname: 'libgirepository-1.0.so.1', runpath: '/usr/lib/x86_64-linux-gnu' }),
      '/usr/lib/x86_64-linux-gnu/libfontconfig.so.1': buildElf({ soname: 'libfontconfig.so.1' }),
      '/usr/lib/x86_64-linux-gnu/libpango-1.0.so.0': buildElf({ soname: 'libpango-1.0.so.0' }),
      [registry]: 'GOBJ\0libpango-1.0.so.0\0libabsent.so.1\0',
      '/usr/share/fonts/a.ttf': 'font',
      '/etc/fonts/fonts.conf': '<dir>/usr/share/fonts</dir>',
      '/usr/share/icons/b.png': 'x',
    });
    const linker = new Linker({ rootfs });
    const { paths } = await traceOf(rootfs, { Cmd: ['/usr/bin/app'] }, [opens, libraryData], { linker });
    expect(paths).toEqual(
      expect.arrayContaining(['/etc/fonts/fonts.conf', '/usr/share/fonts/a.ttf', registry]),
    );
    expect(paths).toContain('/usr/lib/x86_64-linux-gnu/libpango-1.0.so.0');
    expect(paths).not.toContain('/usr/share/icons/b.png');
  });
});

describe('toolchain', () => {
  it('keeps headers and what the compiler depends on, when a compiler runs', async () => {
    const packages = {
      gcc: { fields: 'Depends: cpp\nRecommends: libc-dev\n', files: ['/usr/bin/gcc'] },
      cpp: { files: ['/usr/lib/gcc/cc1', '/usr/share/doc/cpp/NEWS'] },
      'libc-dev': { fields: 'Section: libdevel\n', files: ['/usr/include/stdio.h'] },
      other: { files: ['/usr/share/other'] },
    };
    const files = {
      '/usr/bin/app': { link: 'gcc' },
      '/usr/bin/gcc': TOOL,
      '/usr/lib/gcc/cc1': TOOL,
      '/usr/share/doc/cpp/NEWS': 'x',
      '/usr/include/stdio.h': 'x',
      '/usr/share/other': 'x',
    };
    const kept = await keptBy(toolchainDetector, { summary: '', files, packages, kept: [] });
    expect(kept).toEqual(['/usr/bin/gcc', '/usr/include/stdio.h', '/usr/lib/gcc/cc1']);
  });
});

describe('siblings', () => {
  const root: Detector = {
    name: 'root',
    start(trace) {
      trace.run(['app'], { detector: 'root', detail: 'Cmd', certainty: 'exact' });
    },
  };
  it('keeps small commands of the package with their links when their libraries are kept anyhow', async () => {
    const packages = {
      app: { files: ['/usr/bin/app', '/usr/bin/app-identify', '/usr/bin/app-large', '/usr/bin/app-lacks'] },
    };
    const rootfs = memoryRootfs({
      ...dpkgDatabase(packages),
      [INTERP]: LOADER,
      '/usr/bin/app': program([]),
      '/usr/bin/app-identify': program([]),
      '/usr/bin/identify': { link: '/etc/alternatives/identify' },
      '/etc/alternatives/identify': { link: '/usr/bin/app-identify' },
      '/usr/bin/app-large': { content: buildElf({ rodata: 'x'.repeat(300 << 10) }), mode: 0o755 },
      '/usr/bin/app-lacks': { content: buildElf({ interp: INTERP, needed: ['libnone.so'] }), mode: 0o755 },
      '/usr/bin/unrelated': program([]),
    });
    const linker = new Linker({ rootfs });
    const detectors = [root, siblingsDetector(new ElfFacts(linker.lookup.elves))];
    const { graph } = await traceOf(rootfs, { Cmd: ['app'], Env: ['PATH=/usr/bin'] }, detectors, { linker });
    const kept = [...graph.paths()].filter((path) => rootfs.lookup(path)?.type !== 'directory').sort();
    expect(kept).toEqual([
      '/etc/alternatives/identify',
      '/usr/bin/app',
      '/usr/bin/app-identify',
      '/usr/bin/identify',
    ]);
  });
});
