import { describe, expect, it } from 'vitest';
import { Linker } from '../../ldso/linker.ts';
import type { Package } from '../../packages/package.ts';
import type { RootPath } from '../../rootfs/root-path.ts';
import { dpkgDatabase } from '../../testing/dpkg-files.ts';
import { buildElf } from '../../testing/elf-builder.ts';
import { type MemoryFile, memoryRootfs } from '../../testing/memory-rootfs.ts';
import { traceOf } from '../../testing/trace-of.ts';
import type { Detector } from '../detector.ts';
import { ElfFacts } from '../elf-facts.ts';
import type { Level } from '../trace.ts';
import { requestedDetector } from './requested.ts';

function above(content: MemoryFile & (string | Uint8Array)): MemoryFile {
  return { content, layer: 1, mode: 0o755 };
}

const ELF = buildElf({ imports: [], rodata: '\0' });
const FILES: Readonly<Record<string, MemoryFile>> = {
  ...dpkgDatabase({
    app: { files: ['/usr/bin/app'] },
    jq: {
      fields: 'Depends: libjq1\n',
      files: ['/usr/bin/jq', '/usr/bin/jq-shell', '/usr/bin/jq-python', '/usr/share/doc/jq/README'],
    },
    theme: { files: ['/usr/share/themes/t/gtk.css', '/usr/share/perl5/T.pm'] },
    libx: { files: ['/usr/lib/libx.so.1'] },
    libjq1: { files: ['/usr/lib/libjq.so.1'] },
    locales: { files: ['/usr/share/i18n/charmaps/UTF-8.gz'] },
    base: { files: ['/usr/bin/base'] },
    gcc: { fields: 'Section: devel\n', files: ['/usr/bin/gcc'] },
    bash: { fields: 'Section: shells\n', files: ['/usr/bin/bash'] },
    python3: { files: ['/usr/bin/python3', '/usr/bin/pydoc'] },
  }),
  '/var/lib/apt/extended_states': 'Package: libjq1\nArchitecture: amd64\nAuto-Installed: 1\n',
  '/usr/bin/app': above('app'),
  '/usr/bin/jq': above(ELF),
  '/usr/bin/jq-shell': above('#!/bin/sh\n'),
  '/usr/bin/jq-python': above('#!/usr/bin/env app\n'),
  '/usr/share/doc/jq/README': above('x'),
  '/usr/share/themes/t/gtk.css': above('x'),
  '/usr/share/perl5/T.pm': above('x'),
  '/usr/lib/libx.so.1': above(ELF),
  '/usr/lib/libjq.so.1': above(ELF),
  '/usr/share/i18n/charmaps/UTF-8.gz': above('x'),
  '/usr/bin/base': { content: ELF, mode: 0o755 },
  '/usr/bin/sh': { content: ELF, mode: 0o755 },
  '/usr/bin/gcc': above(ELF),
  '/usr/bin/bash': above(ELF),
  '/usr/bin/python3': above(ELF),
  '/usr/bin/pydoc': above(ELF),
};

async function kept(
  level: Level,
  inferred = true,
  own: typeof FILES = {},
  others: readonly Detector[] = [],
): Promise<readonly string[]> {
  const rootfs = memoryRootfs({ ...FILES, ...own });
  const facts = new ElfFacts(new Linker({ rootfs }).lookup.elves);
  const claims = [({ name }: Package) => name === 'python3'];
  const { paths } = await traceOf(
    rootfs,
    { Cmd: ['app'], Env: ['PATH=/usr/bin'], WorkingDir: '/srv/app' },
    [...others, requestedDetector(facts, claims)],
    {
      level,
      inferred,
      layers: [
        { kind: 'base', createdBy: '' },
        { kind: 'built', createdBy: 'RUN apt-get install jq theme libx locales gcc bash python3' },
      ],
    },
  );
  return paths.filter((path) => rootfs.lookup(path as RootPath)?.type === 'file');
}

describe('requested', () => {
  it('keeps commands, data and libraries that were installed by name above the base, and scripts whose interpreter runs', async () => {
    expect(await kept('default')).toEqual([
      '/usr/bin/app',
      '/usr/bin/jq',
      '/usr/bin/jq-python',
      '/usr/lib/libx.so.1',
      '/usr/share/themes/t/gtk.css',
    ]);
  });

  it("keeps them behind a script of the author's that hands its arguments to a packaged program", async () => {
    const script = (line: string) => ({ '/usr/bin/app': above(`#!/bin/sh\n${line}\n`) });
    const unlisted = { '/var/lib/dpkg/info/app.list': '/.\n' };
    const ran: Detector = {
      name: 'ran',
      start(trace) {
        trace.run(['jq'], { detector: 'ran', detail: 'x', certainty: 'exact' });
      },
    };
    const forwards = script('case $1 in a) jq . ;; *) exec jq -r "$@" ;; esac');
    expect(await kept('default', true, { ...unlisted, ...forwards }, [ran])).toContain('/usr/lib/libx.so.1');
    const other = script('jq . && exec "$@"');
    expect(await kept('default', true, { ...unlisted, ...other }, [ran])).not.toContain('/usr/lib/libx.so.1');
  });

  it('keeps nothing beside an application, at the safe level only', async () => {
    const own = { '/srv/app/main.py': 'import this' };
    expect(await kept('default', true, own)).toEqual(['/usr/bin/app']);
    expect(await kept('safe', true, own)).toContain('/usr/bin/jq');
  });

  it.each([
    { summary: 'the bare promise', level: 'minimal', inferred: true },
    { summary: 'certainties only', level: 'default', inferred: false },
  ] as const)('keeps nothing for $summary', async ({ level, inferred }) => {
    expect(await kept(level, inferred)).toEqual(['/usr/bin/app']);
  });
});
