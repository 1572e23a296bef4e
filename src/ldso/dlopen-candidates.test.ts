import { describe, expect, it } from 'vitest';
import { buildElf, type ElfSpec } from '../testing/elf-builder.ts';
import { buildGlibcLoader, buildMuslLoader } from '../testing/loader-builder.ts';
import { GLIBC_LOADER, MUSL_LOADER } from '../testing/loader-cases.ts';
import { type MemoryFile, memoryRootfs } from '../testing/memory-rootfs.ts';
import { dlopenedLibraries } from './dlopened-libraries.ts';
import { Linker } from './linker.ts';

const so = (soname: string, spec: ElfSpec = {}) => buildElf({ soname, ...spec });
const LIBC = so('libc.so.6', { rodata: '\0/usr/lib/gconv\0', exports: [{ name: 'getpwnam' }] });

function opened(program: ElfSpec, files: Readonly<Record<string, MemoryFile>> = {}): readonly string[] {
  const linker = new Linker({
    rootfs: memoryRootfs({
      [GLIBC_LOADER]: buildGlibcLoader(),
      [MUSL_LOADER]: buildMuslLoader(),
      '/lib/libc.so.6': LIBC,
      '/app/prog': buildElf({ interp: GLIBC_LOADER, needed: ['libc.so.6'], ...program }),
      ...files,
    }),
  });
  const groups = dlopenedLibraries(linker, linker.resolveProgram('/app/prog'));
  return groups.flatMap(({ candidate, libraries }) =>
    libraries.map(({ path, certainty }) => `${path} ${candidate.because} ${certainty}`),
  );
}

describe('dlopenedLibraries', () => {
  it('takes NSS services from nsswitch.conf for what the imported functions ask', () => {
    const files = {
      '/etc/nsswitch.conf': 'passwd: files sss [NOTFOUND=return] ldap # comment\nhosts: files mdns4\n',
      '/lib/libnss_sss.so.2': so('libnss_sss.so.2', { needed: ['libsss.so'] }),
      '/lib/libsss.so': so('libsss.so'),
      '/lib/libnss_mdns4.so.2': so('libnss_mdns4.so.2'),
      '/lib/libnss_files.so.2': so('libnss_files.so.2'),
    };
    expect(opened({ imports: [{ name: 'getpwnam_r' }] }, files)).toEqual([
      '/lib/libnss_sss.so.2 nss exact',
      '/lib/libsss.so nss exact',
    ]);
    expect(opened({ imports: [{ name: 'getaddrinfo' }] }, files)).toEqual([
      '/lib/libnss_mdns4.so.2 nss exact',
    ]);
    expect(opened({ imports: [{ name: 'printf' }] }, files)).toEqual([]);
  });

  it('needs the files service as a library before glibc 2.34', () => {
    const files = {
      [GLIBC_LOADER]: buildGlibcLoader({ version: '2.31', hwcaps: '' }),
      '/lib/libnss_files.so.2': so('libnss_files.so.2'),
    };
    expect(opened({ imports: [{ name: 'getpwuid' }] }, files)).toEqual(['/lib/libnss_files.so.2 nss exact']);
  });

  it('opens libraries whose version the program fills in, and no name without a fixed part', () => {
    const files = {
      '/lib/libicuuc.so.72': so('libicuuc.so.72', { needed: ['libicudata.so.72'] }),
      '/lib/libicudata.so.72': so('libicudata.so.72'),
      '/lib/libicuuc-extra.so': so('libicuuc-extra.so'),
    };
    const rodata = '\0libicuuc.so.%s\0lib%s.so\0';
    expect(opened({ rodata, imports: [{ name: 'dlopen' }] }, files)).toEqual([
      '/lib/libicuuc.so.72 literal inferred',
      '/lib/libicudata.so.72 literal inferred',
    ]);
    expect(opened({ rodata: '\0lib%s.so\0', imports: [{ name: 'dlopen' }] }, files)).toEqual([]);
  });

  it('opens nothing of that in a musl program', () => {
    const files = {
      '/lib/libnss_files.so.2': so('libnss_files.so.2'),
      '/etc/nsswitch.conf': 'passwd: files',
    };
    expect(opened({ interp: MUSL_LOADER, imports: [{ name: 'getpwnam' }] }, files)).toEqual([]);
  });

  it('opens NSS modules, with their libc and loader, in a static glibc program that looks names up', () => {
    const files = {
      '/etc/nsswitch.conf': 'passwd: sss\n',
      '/lib/libnss_sss.so.2': so('libnss_sss.so.2', { needed: ['libc.so.6'] }),
      '/lib/libc.so.6': so('libc.so.6', { needed: ['ld-linux-x86-64.so.2'] }),
      // A static program has no loader mapped, so this name is searched for, not taken from PT_INTERP's path.
      '/lib/ld-linux-x86-64.so.2': buildGlibcLoader(),
    };
    const spec: ElfSpec = { dynamic: false, type: 2, rodata: '\0/etc/nsswitch.conf\0' };
    const bytes = { '/app/prog': buildElf(spec) };
    expect(opened({}, { ...files, ...bytes })).toEqual([
      '/lib/libnss_sss.so.2 nss exact',
      '/lib/libc.so.6 nss exact',
      '/lib/ld-linux-x86-64.so.2 nss exact',
    ]);
    expect(opened({}, { ...files, '/app/prog': buildElf({ ...spec, rodata: '\0hello\0' }) })).toEqual([]);
  });

  it('opens libgcc_s where threads are cancelled, and gconv modules where text is converted', () => {
    const files = {
      '/lib/libgcc_s.so.1': so('libgcc_s.so.1'),
      '/usr/lib/gconv/UTF-16.so': so('UTF-16.so'),
      '/usr/lib/gconv/EUC-JP.so': so('EUC-JP.so'),
    };
    expect(opened({ imports: [{ name: 'pthread_exit' }] }, files)).toEqual([
      '/lib/libgcc_s.so.1 unwinder exact',
    ]);
    expect(opened({ imports: [{ name: 'iconv_open' }] }, files)).toEqual([
      '/usr/lib/gconv/UTF-16.so gconv inferred',
    ]);
    expect(opened({ imports: [{ name: 'malloc' }] }, files)).toEqual([]);
  });

  it('opens the converters of encodings that an importer of iconv_open spells, by any of their names', () => {
    const files = {
      '/usr/lib/gconv/gconv-modules': [
        '# from to module cost',
        'alias\tSHIFT_JIS//\tSJIS//',
        'module\tSJIS//\tINTERNAL\tSJIS\t1',
        'module\tINTERNAL\tSJIS//\tSJIS\t1',
        'module\tEUC-KR//\tINTERNAL\tEUC-KR\t1',
      ].join('\n'),
      '/usr/lib/gconv/gconv-modules.d/extra.conf':
        'module BIG5// INTERNAL BIG5 1\nmodule X// INTERNAL ../evil 1\n',
      '/usr/lib/gconv/SJIS.so': so('SJIS.so'),
      '/usr/lib/gconv/BIG5.so': so('BIG5.so'),
      '/usr/lib/gconv/EUC-KR.so': so('EUC-KR.so'),
    };
    const rodata = '\0Shift_JIS//TRANSLIT\0BIG5\0see EUC-KR\0';
    expect(opened({ imports: [{ name: 'iconv_open' }], rodata }, files)).toEqual([
      '/usr/lib/gconv/SJIS.so gconv inferred',
      '/usr/lib/gconv/BIG5.so gconv inferred',
    ]);
    expect(opened({ imports: [{ name: 'malloc' }], rodata }, files)).toEqual([]);
    const gnulibs = `${rodata}autodetect_jp\0`;
    expect(opened({ imports: [{ name: 'iconv_open' }], rodata: gnulibs }, files)).toEqual([]);
  });

  it('takes dlopen notes as exact, whatever their priority', () => {
    const desc = Buffer.from('[{"soname":["libnote.so.1"],"priority":"suggested"}]\0');
    const notes = [{ owner: 'FDO', type: 0x407c0c0a, desc }];
    expect(opened({ notes }, { '/lib/libnote.so.1': so('libnote.so.1') })).toEqual([
      '/lib/libnote.so.1 note exact',
    ]);
  });

  it('infers library names of read-only data that the search path of that file really holds', () => {
    const files = {
      '/opt/plugins/plugin.so': so('plugin.so'),
      '/lib/libtail.so.3': so('libtail.so.3'),
      '/lib/text.so.1': 'no ELF file',
    };
    const rodata =
      '\0plugin.so\0xyzlibtail.so.3\0libnone.so.1\0see libx.so for more\0/opt/plugins/plugin.so\0';
    expect(opened({ rodata, runpath: '/opt/plugins' }, files)).toEqual([
      '/opt/plugins/plugin.so literal inferred',
      '/lib/libtail.so.3 literal inferred',
      '/opt/plugins/plugin.so literal inferred',
    ]);
  });

  it('finds the libraries of a Java runtime beside its launcher', () => {
    const files = {
      '/opt/jre/lib/libjli.so': so('libjli.so'),
      '/opt/jre/lib/libjava.so': so('libjava.so'),
      '/opt/jre/lib/server/libjvm.so': so('libjvm.so'),
    };
    expect(opened({ needed: ['libjli.so'], runpath: '/opt/jre/lib' }, files)).toEqual([
      '/opt/jre/lib/server/libjvm.so jvm exact',
      '/opt/jre/lib/libjava.so jvm exact',
    ]);
  });
});
