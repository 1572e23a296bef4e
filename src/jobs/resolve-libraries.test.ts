import { describe, expect, it } from 'vitest';
import { buildElf } from '../testing/elf-builder.ts';
import { buildGlibcLoader } from '../testing/loader-builder.ts';
import { GLIBC_LOADER } from '../testing/loader-cases.ts';
import { memoryRootfs } from '../testing/memory-rootfs.ts';
import { resolveLibraries } from './resolve-libraries.ts';

const ROOTFS = memoryRootfs({
  [GLIBC_LOADER]: buildGlibcLoader(),
  '/usr/bin/prog': buildElf({
    interp: GLIBC_LOADER,
    needed: ['liba.so.1', 'libgone.so'],
    rodata: '\0libmaybe.so\0',
  }),
  '/usr/bin/static': buildElf({ dynamic: false, type: 2 }),
  '/usr/bin/script': '#!/bin/sh\n',
  '/usr/bin/broken': buildElf({ interp: GLIBC_LOADER, needed: ['x'] }).slice(0, 300),
  '/usr/lib/liba.so.1': { link: 'liba.so.1.0' },
  '/usr/lib/liba.so.1.0': buildElf({ soname: 'liba.so.1', needed: ['libb.so'] }),
  '/usr/lib/libb.so': buildElf({ soname: 'libb.so' }),
  '/usr/lib/libmaybe.so': buildElf({ soname: 'libmaybe.so' }),
});

describe('resolveLibraries', () => {
  it('reports one file as `oslim ldd --json` prints it', () => {
    expect(resolveLibraries(ROOTFS, { paths: ['/usr/bin/prog'] })).toEqual({
      files: [
        {
          path: '/usr/bin/prog',
          interpreter: GLIBC_LOADER,
          libraries: [
            {
              soname: 'liba.so.1',
              path: '/usr/lib/liba.so.1',
              realPath: '/usr/lib/liba.so.1.0',
              how: 'default',
              requiredBy: '/usr/bin/prog',
              certainty: 'exact',
            },
            {
              soname: 'libb.so',
              path: '/usr/lib/libb.so',
              realPath: '/usr/lib/libb.so',
              how: 'default',
              requiredBy: '/usr/lib/liba.so.1',
              certainty: 'exact',
            },
            {
              soname: 'libmaybe.so',
              path: '/usr/lib/libmaybe.so',
              realPath: '/usr/lib/libmaybe.so',
              how: 'dlopen',
              requiredBy: '/usr/bin/prog',
              certainty: 'inferred',
            },
          ],
          missing: [expect.objectContaining({ soname: 'libgone.so', requiredBy: '/usr/bin/prog' })],
        },
      ],
    });
  });

  it('leaves out what is only inferred when asked to', () => {
    const [file] = resolveLibraries(ROOTFS, { paths: ['/usr/bin/prog'], inferred: false }).files;
    expect(file?.libraries.map(({ soname }) => soname)).toEqual(['liba.so.1', 'libb.so']);
  });

  it('goes through every file that a loader has something to do for', () => {
    const { files } = resolveLibraries(ROOTFS, { all: true });
    expect(files.map(({ path }) => path)).toEqual(['/usr/bin/prog', '/usr/lib/liba.so.1.0']);
  });

  it('gives a static program no interpreter and a library the loader of its architecture', () => {
    const { files } = resolveLibraries(ROOTFS, { paths: ['/usr/bin/static', '/usr/lib/liba.so.1'] });
    expect(files.map(({ interpreter }) => interpreter)).toEqual([null, GLIBC_LOADER]);
  });

  it('reports undefined symbols when asked to', () => {
    const rootfs = memoryRootfs({
      [GLIBC_LOADER]: buildGlibcLoader(),
      '/prog': buildElf({
        interp: GLIBC_LOADER,
        imports: [{ name: 'nobody_has_it' }, { name: 'weak_one', weak: true }],
      }),
    });
    expect(resolveLibraries(rootfs, { paths: ['/prog'], symbols: true }).files[0]?.undefinedSymbols).toEqual([
      { symbol: 'nobody_has_it', requiredBy: '/prog' },
    ]);
    expect(resolveLibraries(rootfs, { paths: ['/prog'] }).files[0]?.undefinedSymbols).toBeUndefined();
  });

  it.each([
    { path: '/usr/bin/script', reason: 'not an ELF file' },
    { path: '/usr/bin/none', reason: 'no such file' },
    { path: '/usr/bin/broken', reason: 'cannot read ELF' },
  ])('refuses $path: $reason', ({ path, reason }) => {
    expect(() => resolveLibraries(ROOTFS, { paths: [path] })).toThrow(reason);
  });
});
