import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildElf } from '../testing/elf-builder.ts';
import { buildGlibcLoader, buildMuslLoader } from '../testing/loader-builder.ts';
import {
  filesOf,
  GLIBC_LOADER,
  LOADER_CASES,
  type LoaderCase,
  MUSL_LOADER,
} from '../testing/loader-cases.ts';
import { type MemoryFile, memoryRootfs } from '../testing/memory-rootfs.ts';
import { Linker } from './linker.ts';
import type { LoadResolution } from './resolution.ts';

const LOADERS = { [GLIBC_LOADER]: buildGlibcLoader(), [MUSL_LOADER]: buildMuslLoader() };

function linkerOf(
  files: Readonly<Record<string, MemoryFile>>,
  options: Partial<LoaderCase> & { readonly uid?: number } = {},
) {
  return new Linker({
    rootfs: memoryRootfs({ ...LOADERS, ...files }),
    env: new Map(Object.entries(options.env ?? {})),
    user: { uid: options.uid ?? 0, gid: 0 },
    ...(options.cpu === undefined ? {} : { cpu: options.cpu }),
  });
}

function listing({ libraries, missing }: LoadResolution): readonly string[] {
  return [
    ...libraries.map(({ soname, path }) => `${soname} => ${path}`),
    ...missing.map(({ soname }) => `${soname} => not found`),
  ];
}

describe('Linker', () => {
  it.each(LOADER_CASES)('$summary', (row) => {
    const cpu = row.cpu ?? (row.libc === 'musl' ? undefined : 'baseline');
    const linker = linkerOf(filesOf(row.files), { ...row, ...(cpu === undefined ? {} : { cpu }) });
    const resolution = linker.resolveProgram(row.subject ?? '/app/prog');
    expect([...listing(resolution)].sort()).toEqual([...row.expected].sort());
    const found = row.expected.filter((line) => !line.endsWith('not found'));
    expect(listing(resolution).slice(0, found.length)).toEqual(found);
    if (row.error === undefined) expect(resolution.error).toBeUndefined();
    else expect(resolution.error).toContain(row.error);
  });

  it('keeps every hwcaps variant beside the baseline when no processor is named', () => {
    const linker = linkerOf({
      '/app/prog': buildElf({ interp: GLIBC_LOADER, needed: ['liba.so'] }),
      '/usr/lib/liba.so': buildElf({ soname: 'liba.so' }),
      '/usr/lib/glibc-hwcaps/x86-64-v2/liba.so': buildElf({ soname: 'liba.so', needed: ['libv2.so'] }),
      '/usr/lib/glibc-hwcaps/x86-64-v3/liba.so': buildElf({ soname: 'liba.so' }),
      '/usr/lib/libv2.so': buildElf({ soname: 'libv2.so' }),
    });
    const { libraries } = linker.resolveProgram('/app/prog');
    expect(libraries.map(({ path, how, hwcaps }) => `${path} ${how} ${hwcaps}`)).toEqual([
      '/usr/lib/liba.so default undefined',
      '/usr/lib/glibc-hwcaps/x86-64-v2/liba.so hwcaps x86-64-v2',
      '/usr/lib/libv2.so hwcaps x86-64-v2',
      '/usr/lib/glibc-hwcaps/x86-64-v3/liba.so hwcaps x86-64-v3',
    ]);
  });

  it('keeps the legacy subdirectories of a loader before 2.37', () => {
    const linker = linkerOf({
      [GLIBC_LOADER]: buildGlibcLoader({ version: '2.31', hwcaps: '' }),
      '/app/prog': buildElf({ interp: GLIBC_LOADER, needed: ['liba.so'] }),
      '/usr/lib/liba.so': buildElf({ soname: 'liba.so' }),
      '/usr/lib/haswell/liba.so': buildElf({ soname: 'liba.so' }),
      '/usr/lib/haswell/avx512_1/liba.so': buildElf({ soname: 'liba.so' }),
    });
    const { libraries } = linker.resolveProgram('/app/prog');
    expect(libraries.map(({ path, hwcaps }) => `${path} ${hwcaps}`)).toEqual([
      '/usr/lib/liba.so undefined',
      '/usr/lib/haswell/liba.so x86-64-v3',
      '/usr/lib/haswell/avx512_1/liba.so x86-64-v4',
    ]);
  });

  it("ends the load over another byte order where the loader is not Debian's", () => {
    const linker = linkerOf({
      [GLIBC_LOADER]: buildGlibcLoader({ systemDirs: ['/lib64/', '/usr/lib64/'], lib: 'lib64' }),
      '/app/prog': buildElf({ interp: GLIBC_LOADER, needed: ['liba.so'] }),
      '/lib64/liba.so': buildElf({ soname: 'liba.so', data: 'msb', machine: 22 }),
      '/usr/lib64/liba.so': buildElf({ soname: 'liba.so' }),
    });
    expect(linker.resolveProgram('/app/prog').error).toBe(
      '/lib64/liba.so: ELF file data encoding not little-endian',
    );
  });

  it('says what was searched for a missing library, in order', () => {
    const linker = linkerOf({
      '/app/prog': buildElf({ interp: GLIBC_LOADER, needed: ['libno.so'], runpath: '$ORIGIN/lib' }),
    });
    expect(linker.resolveProgram('/app/prog').missing).toEqual([
      {
        soname: 'libno.so',
        requiredBy: '/app/prog',
        searched: [
          '/app/lib/libno.so',
          '/lib/x86_64-linux-gnu/libno.so',
          '/usr/lib/x86_64-linux-gnu/libno.so',
          '/lib/libno.so',
          '/usr/lib/libno.so',
        ],
      },
    ]);
  });

  it('records every link on the way to a library', () => {
    const linker = linkerOf({
      '/app/prog': buildElf({ interp: GLIBC_LOADER, needed: ['liba.so'] }),
      '/lib/liba.so': { link: 'liba.so.1' },
      '/lib/liba.so.1': { link: '/opt/real/liba.so.1.2' },
      '/opt/real': { link: '/opt/v2' },
      '/opt/v2/liba.so.1.2': buildElf({ soname: 'liba.so' }),
    });
    const [library] = linker.resolveProgram('/app/prog').libraries;
    expect(library).toMatchObject({ path: '/lib/liba.so', realPath: '/opt/v2/liba.so.1.2' });
    expect(library?.hops).toEqual(['/lib/liba.so', '/lib/liba.so.1', '/opt/real']);
  });

  it.each([
    { summary: 'root starts a setuid-root program', mode: 0o4755, uid: 0, path: '/env/liba.so' },
    {
      summary: 'another user starts a setuid-root program',
      mode: 0o4755,
      uid: 1000,
      path: '/usr/lib/liba.so',
    },
    { summary: 'an ordinary program', mode: 0o755, uid: 1000, path: '/env/liba.so' },
  ])('$summary: LD_LIBRARY_PATH decides $path, and the other answer is kept', ({ mode, uid, path }) => {
    const linker = linkerOf(
      {
        '/app/prog': { content: buildElf({ interp: GLIBC_LOADER, needed: ['liba.so'] }), mode },
        '/env/liba.so': buildElf({ soname: 'liba.so' }),
        '/usr/lib/liba.so': buildElf({ soname: 'liba.so' }),
      },
      { env: { LD_LIBRARY_PATH: '/env' }, uid },
    );
    const { libraries, alternatives } = linker.resolveProgram('/app/prog');
    expect(libraries.map((library) => library.path)).toEqual([path]);
    const other = path === '/env/liba.so' ? '/usr/lib/liba.so' : '/env/liba.so';
    expect(alternatives.map((library) => library.path)).toEqual(mode === 0o755 ? [] : [other]);
  });

  it('reports a version that the library found does not define', () => {
    const linker = linkerOf({
      '/app/prog': buildElf({
        interp: GLIBC_LOADER,
        needed: ['liba.so'],
        imports: [
          { name: 'old', version: 'A_1', from: 'liba.so' },
          { name: 'fresh', version: 'A_2', from: 'liba.so' },
          { name: 'maybe', version: 'A_3', from: 'liba.so', weak: true },
        ],
      }),
      '/lib/liba.so': buildElf({ soname: 'liba.so', exports: [{ name: 'old', version: 'A_1' }] }),
    });
    const program = linker.resolveProgram('/app/prog');
    expect(program.missingVersions).toEqual([
      { version: 'A_2', soname: 'liba.so', path: '/lib/liba.so', requiredBy: '/app/prog' },
    ]);
    expect(linker.undefinedSymbols(program)).toEqual([
      { symbol: 'fresh', version: 'A_2', requiredBy: '/app/prog' },
    ]);
  });

  it('searches for dlopen with the DT_RUNPATH of the caller, and does not list what is loaded', () => {
    const linker = linkerOf({
      '/app/prog': buildElf({ interp: GLIBC_LOADER, needed: ['liba.so'], rpath: '/r' }),
      '/r/liba.so': buildElf({ soname: 'liba.so', runpath: '/plugins' }),
      '/plugins/plugin.so': buildElf({ soname: 'plugin.so', needed: ['liba.so', 'libb.so'] }),
      '/r/libb.so': buildElf({ soname: 'libb.so' }),
    });
    const program = linker.resolveProgram('/app/prog');
    expect(listing(linker.resolveDlopen('plugin.so', program, '/r/liba.so'))).toEqual([
      'plugin.so => /plugins/plugin.so',
      'libb.so => /r/libb.so',
    ]);
    expect(listing(linker.resolveDlopen('plugin.so', program))).toEqual(['plugin.so => not found']);
    expect(linker.resolveDlopen('liba.so', program).libraries).toEqual([]);
  });

  it.each([
    { summary: 'root reads every candidate', uid: 0, mode: 0, path: '/secret/liba.so' },
    {
      summary: 'a User passes over a candidate that it may not read',
      uid: 1000,
      mode: 0o700,
      path: '/lib/liba.so',
    },
    { summary: 'a User takes what its group may read', uid: 1000, mode: 0o640, path: '/secret/liba.so' },
  ])('$summary', ({ uid, mode, path }) => {
    const linker = linkerOf(
      {
        '/app/prog': buildElf({ interp: GLIBC_LOADER, needed: ['liba.so'], rpath: '/secret:/lib' }),
        '/secret/liba.so': { content: buildElf({ soname: 'liba.so' }), mode },
        '/lib/liba.so': buildElf({ soname: 'liba.so' }),
      },
      { uid },
    );
    expect(linker.resolveProgram('/app/prog').libraries.map((library) => library.path)).toEqual([path]);
  });

  it('searches for the loader that the libc of an NSS module needs: a static program has none', () => {
    const linker = linkerOf({
      '/app/prog': buildElf({ dynamic: false, type: 2 }),
      '/lib/libnss_x.so.2': buildElf({ soname: 'libnss_x.so.2', needed: ['libc.so.6'] }),
      '/lib/libc.so.6': buildElf({ soname: 'libc.so.6', needed: ['ld-linux-x86-64.so.2'] }),
      '/lib/ld-linux-x86-64.so.2': buildGlibcLoader(),
    });
    const opened = linker.resolveDlopen('libnss_x.so.2', linker.resolveProgram('/app/prog'));
    expect(listing(opened)).toEqual([
      'libnss_x.so.2 => /lib/libnss_x.so.2',
      'libc.so.6 => /lib/libc.so.6',
      'ld-linux-x86-64.so.2 => /lib/ld-linux-x86-64.so.2',
    ]);
  });

  it('loads an audit library named by DT_AUDIT, found by the DT_RUNPATH of the program', () => {
    const linker = linkerOf({
      '/app/prog': buildElf({ interp: GLIBC_LOADER, audit: 'libaudit.so', runpath: '/r' }),
      '/r/libaudit.so': buildElf({ soname: 'libaudit.so' }),
    });
    expect(linker.resolveProgram('/app/prog').libraries).toMatchObject([
      { path: '/r/libaudit.so', how: 'audit' },
    ]);
  });

  it.each([
    { summary: 'a static program', spec: { dynamic: false, type: 2 }, kind: 'static' },
    { summary: 'a static-pie program', spec: { flags1: 0x08000000 }, kind: 'static-pie' },
    { summary: 'a library', spec: { soname: 'libx.so' }, kind: 'library' },
    { summary: 'a dynamic program', spec: { interp: GLIBC_LOADER }, kind: 'dynamic' },
  ])('tells $summary by its headers', ({ spec, kind }) => {
    const resolution = linkerOf({ '/app/prog': buildElf(spec) }).resolveProgram('/app/prog');
    expect(resolution).toMatchObject({ kind, libraries: [], missing: [] });
    expect(resolution.error).toBeUndefined();
  });

  it.each([
    { name: 'upx-static.lzma', error: undefined },
    {
      name: 'upx-dynamic.nrv2e',
      error: 'it is packed by UPX, so its libraries are not to be seen; unpack it with "upx -d"',
    },
  ])('says that $name is packed, and refuses it where it is dynamic', ({ name, error }) => {
    const bytes = new Uint8Array(readFileSync(new URL(`../../testdata/elf/${name}.bin`, import.meta.url)));
    const resolution = linkerOf({ '/app/prog': bytes }).resolveProgram('/app/prog');
    expect(resolution.warnings.map(({ code }) => code)).toEqual(['PACKED_PROGRAM']);
    expect(resolution.error).toBe(error);
  });

  it('says when the interpreter is not in the image', () => {
    const linker = linkerOf({ '/app/prog': buildElf({ interp: '/lib/none.so', needed: ['liba.so'] }) });
    expect(linker.resolveProgram('/app/prog').error).toBe(
      'the dynamic loader "/lib/none.so" is not in the image',
    );
  });

  it('refuses what is no ELF file or not there', () => {
    const linker = linkerOf({ '/app/prog': 'text' });
    expect(() => linker.resolveProgram('/app/prog')).toThrow(
      'cannot resolve "/app/prog": not an ELF file in the image',
    );
    expect(() => linker.resolveProgram('/none')).toThrow('cannot resolve "/none": no such file in the image');
  });

  it('goes on with a broken library as with one that does not fit', () => {
    const broken = buildElf({ soname: 'liba.so' }).slice(0, 200);
    const linker = linkerOf({
      '/app/prog': buildElf({ interp: GLIBC_LOADER, needed: ['liba.so'] }),
      '/lib/liba.so': broken,
    });
    expect(linker.resolveProgram('/app/prog').error).toMatch(/^\/lib\/liba\.so: cannot read ELF/);
  });
});
