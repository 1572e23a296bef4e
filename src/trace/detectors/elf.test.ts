import { describe, expect, it } from 'vitest';
import { Linker } from '../../ldso/linker.ts';
import { buildElf } from '../../testing/elf-builder.ts';
import { buildGlibcLoader } from '../../testing/loader-builder.ts';
import { memoryRootfs } from '../../testing/memory-rootfs.ts';
import { traceOf } from '../../testing/trace-of.ts';
import type { Detector } from '../detector.ts';
import { ElfFacts } from '../elf-facts.ts';
import { elfDetector } from './elf.ts';

const INTERP = '/lib64/ld-linux-x86-64.so.2';

/** A program whose configuration, which no test reads, makes it open a library by its path. */
const FILES = {
  [INTERP]: { content: buildGlibcLoader({ type: 3 }), mode: 0o755 },
  '/usr/bin/app': buildElf({ interp: INTERP, needed: [] }),
  '/opt/lib/plugin.so': buildElf({ soname: 'plugin.so', needed: ['libhost.so.1'] }),
  '/opt/lib/host/libhost.so.1': buildElf({ soname: 'libhost.so.1' }),
};

async function warningsWith(kept: readonly string[]): Promise<readonly string[]> {
  const rootfs = memoryRootfs(FILES);
  const linker = new Linker({ rootfs });
  const keeper: Detector = {
    name: 'keeper',
    start(trace) {
      for (const path of kept) trace.keep(path, { detector: 'keeper', detail: 'kept', certainty: 'exact' });
    },
  };
  const detectors = [keeper, elfDetector(new ElfFacts(linker.lookup.elves))];
  const { warnings } = await traceOf(rootfs, { Cmd: ['app'] }, detectors, { linker });
  return warnings.map(({ message }) => message);
}

describe('a library whose search path does not hold what it needs', () => {
  it('is complete where the process may have loaded that by its path', async () => {
    expect(await warningsWith(['/opt/lib/plugin.so', '/opt/lib/host/libhost.so.1'])).toEqual([]);
  });

  it('lacks it where nothing of that name is kept', async () => {
    expect(await warningsWith(['/opt/lib/plugin.so'])).toEqual([
      'libhost.so.1, needed by /opt/lib/plugin.so, is not in the image',
    ]);
  });
});

describe('a plugin', () => {
  const rodata = '\0libicuuc.so.%s\0';
  const runpath = '/opt/lib';
  const rootfs = memoryRootfs({
    ...FILES,
    '/opt/lib/plugin.so': buildElf({ soname: 'plugin.so', runpath, needed: ['liblinked.so'] }),
    '/opt/lib/spelling.so': buildElf({ soname: 'spelling.so', runpath, rodata }),
    '/opt/lib/liblinked.so': buildElf({ soname: 'liblinked.so', runpath, rodata }),
    '/opt/lib/libicuuc.so.72': buildElf({ soname: 'libicuuc.so.72' }),
  });

  it.each([
    { plugin: '/opt/lib/spelling.so', summary: 'brings the libraries that it spells', brings: true },
    { plugin: '/opt/lib/plugin.so', summary: 'is not asked what its libraries spell', brings: false },
  ])('$summary', async ({ plugin, brings }) => {
    const linker = new Linker({ rootfs });
    const why = { detector: 'keeper', detail: 'kept', certainty: 'exact' } as const;
    const keeper: Detector = { name: 'keeper', start: (trace) => void trace.keep(plugin, why) };
    const detectors = [keeper, elfDetector(new ElfFacts(linker.lookup.elves))];
    const { paths } = await traceOf(rootfs, { Cmd: ['app'] }, detectors, { linker });
    expect(paths.includes('/opt/lib/libicuuc.so.72')).toBe(brings);
  });
});

describe('a damaged ELF file', () => {
  const rootfs = memoryRootfs({ ...FILES, '/usr/bin/cut': FILES['/usr/bin/app'].subarray(0, 40) });
  const linker = new Linker({ rootfs });
  const elf = elfDetector(new ElfFacts(linker.lookup.elves));

  it('is refused where it is the process: the original cannot start either', async () => {
    await expect(traceOf(rootfs, { Entrypoint: ['/usr/bin/cut'] }, [elf], { linker })).rejects.toThrow(
      /cannot load "\/usr\/bin\/cut": it is a damaged ELF file/,
    );
  });

  it('is a warning where something else may start it', async () => {
    const starter: Detector = {
      name: 'starter',
      start: (trace) => {
        trace.run(['/usr/bin/cut'], { detector: 'starter', detail: 'started', certainty: 'inferred' });
      },
    };
    const { warnings } = await traceOf(rootfs, { Cmd: ['/usr/bin/app'] }, [elf, starter], { linker });
    expect(warnings.map(({ code }) => code)).toContain('UNREADABLE');
  });
});
