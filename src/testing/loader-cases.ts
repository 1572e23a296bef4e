import { DF_1_NODEFLIB, EM_386, EM_AARCH64, EM_S390, EM_X86_64, ET_EXEC } from '../elf/constants.ts';
import { buildLdSoCache, type CacheSpec } from './cache-builder.ts';
import { buildElf, type ElfSpec } from './elf-builder.ts';
import type { MemoryFile } from './memory-rootfs.ts';

export const GLIBC_LOADER = '/lib64/ld-linux-x86-64.so.2';
export const MUSL_LOADER = '/lib/ld-musl-x86_64.so.1';

/** What a made root filesystem holds at a path. */
type CaseFile =
  | ElfSpec
  | { readonly cache: CacheSpec['lines']; readonly format?: CacheSpec['format'] }
  | { readonly link: string }
  | { readonly hardLink: string }
  | { readonly text: string };

/** One case of what a loader does; what it expects is the real loader's own answer. */
export interface LoaderCase {
  readonly summary: string;
  readonly libc?: 'glibc' | 'musl';
  readonly files: Readonly<Record<string, CaseFile>>;
  /** Default `/app/prog`. */
  readonly subject?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cpu?: string;
  /** `NAME => PATH` in the order of `ld.so --list`, or `NAME => not found`. */
  readonly expected: readonly string[];
  /** Part of the reason why the load ends. */
  readonly error?: string;
  /** The real loader cannot show it: it needs a start that `LD_TRACE_LOADED_OBJECTS` does not do. */
  readonly madeOnly?: boolean;
}

const prog = (spec: ElfSpec = {}): ElfSpec => ({ interp: GLIBC_LOADER, ...spec });
const muslProg = (spec: ElfSpec = {}): ElfSpec => ({ interp: MUSL_LOADER, ...spec });
const lib = (soname: string, spec: ElfSpec = {}): ElfSpec => ({ soname, ...spec });
const A = 'liba.so';
const B = 'libb.so';
const C = 'libc1.so';

/** The rules of glibc's and musl's loaders, one made root filesystem each. */
export const LOADER_CASES: readonly LoaderCase[] = [
  {
    summary: 'DT_RPATH goes before LD_LIBRARY_PATH',
    files: { '/app/prog': prog({ needed: [A], rpath: '/r' }), '/r/liba.so': lib(A), '/env/liba.so': lib(A) },
    env: { LD_LIBRARY_PATH: '/env' },
    expected: ['liba.so => /r/liba.so'],
  },
  {
    summary: 'LD_LIBRARY_PATH goes before DT_RUNPATH',
    files: {
      '/app/prog': prog({ needed: [A], runpath: '/r' }),
      '/r/liba.so': lib(A),
      '/env/liba.so': lib(A),
    },
    env: { LD_LIBRARY_PATH: '/env' },
    expected: ['liba.so => /env/liba.so'],
  },
  {
    summary: 'DT_RPATH beside DT_RUNPATH does not count',
    files: {
      '/app/prog': prog({ needed: [A], rpath: '/r', runpath: '/run' }),
      '/r/liba.so': lib(A),
      '/run/liba.so': lib(A),
    },
    env: { LD_LIBRARY_PATH: '/nowhere' },
    expected: ['liba.so => /run/liba.so'],
  },
  {
    summary: 'DT_RPATH of the program serves what its libraries need, through two loaders',
    files: {
      '/app/prog': prog({ needed: [A], rpath: '/r' }),
      '/r/liba.so': lib(A, { needed: [B] }),
      '/r/libb.so': lib(B, { needed: [C] }),
      '/r/libc1.so': lib(C),
    },
    expected: ['liba.so => /r/liba.so', 'libb.so => /r/libb.so', 'libc1.so => /r/libc1.so'],
  },
  {
    summary: 'DT_RUNPATH of the program does not serve what its libraries need',
    files: {
      '/app/prog': prog({ needed: [A], runpath: '/r' }),
      '/r/liba.so': lib(A, { needed: [B] }),
      '/r/libb.so': lib(B),
    },
    expected: ['liba.so => /r/liba.so', 'libb.so => not found'],
  },
  {
    summary: 'a library with DT_RUNPATH of its own does not look into the DT_RPATH of its loader',
    files: {
      '/app/prog': prog({ needed: [A], rpath: '/r' }),
      '/r/liba.so': lib(A, { needed: [B], runpath: '/other' }),
      '/r/libb.so': lib(B),
      '/other/libx.so': lib('libx.so'),
    },
    expected: ['liba.so => /r/liba.so', 'libb.so => not found'],
  },
  {
    summary: '$ORIGIN of a program started through a link is the directory of the real file',
    files: {
      '/opt/app/bin/prog': prog({ needed: [A], runpath: '$ORIGIN/../lib' }),
      '/opt/app/lib/liba.so': lib(A),
      '/app/prog': { link: '/opt/app/bin/prog' },
      '/lib/liba.so': lib(A),
    },
    expected: ['liba.so => /opt/app/bin/../lib/liba.so'],
  },
  {
    summary: '$ORIGIN of a library reached through a link is the directory of the link',
    files: {
      '/app/prog': prog({ needed: [A], rpath: '/r' }),
      '/r/liba.so': { link: '/real/liba.so' },
      '/real/liba.so': lib(A, { needed: [B], runpath: '$ORIGIN' }),
      '/r/libb.so': lib(B),
      '/real/libb.so': lib(B),
    },
    expected: ['liba.so => /r/liba.so', 'libb.so => /r/libb.so'],
  },
  {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a token of the loader, not of JavaScript
    summary: '${LIB} and $LIB are what the loader was built with, an unknown token stays as it is',
    files: {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a token of the loader, not of JavaScript
      '/app/prog': prog({ needed: [A, B], rpath: '/app/${LIB}:/app/$LIBX' }),
      '/app/lib/x86_64-linux-gnu/liba.so': lib(A),
      '/app/$LIBX/libb.so': lib(B),
    },
    expected: ['liba.so => /app/lib/x86_64-linux-gnu/liba.so', 'libb.so => /app/$LIBX/libb.so'],
  },
  {
    summary: 'a DT_NEEDED with an absolute path is opened there',
    files: {
      '/app/prog': prog({ needed: ['/opt/x/liba.so'] }),
      '/opt/x/liba.so': lib(A),
      '/lib/liba.so': lib(A),
    },
    expected: ['/opt/x/liba.so => /opt/x/liba.so'],
  },
  {
    summary: 'a relative DT_NEEDED with a slash starts in the working directory',
    files: {
      '/app/prog': prog({ needed: ['opt/liba.so'] }),
      '/opt/liba.so': lib(A),
      '/app/opt/liba.so': lib(A),
    },
    expected: ['opt/liba.so => opt/liba.so'],
  },
  {
    summary: 'a DT_NEEDED with $ORIGIN is named by what it stands for',
    files: { '/app/prog': prog({ needed: ['$ORIGIN/../x/liba.so'] }), '/x/liba.so': lib(A) },
    expected: ['/app/../x/liba.so => /app/../x/liba.so'],
  },
  {
    summary: 'a library is known by its DT_SONAME once it is loaded under another file name',
    files: {
      '/app/prog': prog({ needed: ['libfile.so', B], rpath: '/r' }),
      '/r/libfile.so': lib('libsoname.so.1'),
      '/r/libb.so': lib(B, { needed: ['libsoname.so.1'] }),
      '/r/libsoname.so.1': lib('libsoname.so.1'),
    },
    expected: ['libfile.so => /r/libfile.so', 'libb.so => /r/libb.so'],
  },
  {
    summary: 'two files with one DT_SONAME are both loaded when each is asked for by its own name',
    files: {
      '/app/prog': prog({ needed: ['libone.so', 'libtwo.so'], rpath: '/r' }),
      '/r/libone.so': lib('libsame.so'),
      '/r/libtwo.so': lib('libsame.so'),
    },
    expected: ['libone.so => /r/libone.so', 'libtwo.so => /r/libtwo.so'],
  },
  {
    summary: 'two names of one file are one object, the first name stays',
    files: {
      '/app/prog': prog({ needed: ['libone.so', 'libtwo.so'], rpath: '/r' }),
      '/r/libone.so': {},
      '/r/libtwo.so': { link: 'libone.so' },
    },
    expected: ['libone.so => /r/libone.so'],
  },
  {
    summary: 'a candidate of another class is passed over',
    files: {
      '/app/prog': prog({ needed: [A], rpath: '/bad:/r' }),
      '/bad/liba.so': lib(A, { class: 32, machine: EM_386 }),
      '/r/liba.so': lib(A),
    },
    expected: ['liba.so => /r/liba.so'],
  },
  {
    summary: 'a candidate of another machine is passed over',
    files: {
      '/app/prog': prog({ needed: [A], rpath: '/bad:/r' }),
      '/bad/liba.so': lib(A, { machine: EM_AARCH64 }),
      '/r/liba.so': lib(A),
    },
    expected: ['liba.so => /r/liba.so'],
  },
  {
    summary: "a candidate of another machine and byte order is passed over by Debian's loader",
    files: {
      '/app/prog': prog({ needed: [A], rpath: '/bad:/r' }),
      '/bad/liba.so': lib(A, { data: 'msb', machine: EM_S390 }),
      '/r/liba.so': lib(A),
    },
    expected: ['liba.so => /r/liba.so'],
  },
  {
    summary: 'a candidate of this machine in another byte order ends the load',
    files: {
      '/app/prog': prog({ needed: [A], rpath: '/bad:/r' }),
      // As the loader reads it, this machine; 0x3e00 in the order of the file.
      '/bad/liba.so': lib(A, { data: 'msb', machine: EM_X86_64 << 8 }),
      '/r/liba.so': lib(A),
    },
    expected: [],
    error: 'ELF file data encoding not little-endian',
  },
  {
    summary: 'an empty candidate ends the load',
    files: {
      '/app/prog': prog({ needed: [A], rpath: '/bad:/r' }),
      '/bad/liba.so': { text: '' },
      '/r/liba.so': lib(A),
    },
    expected: [],
    error: 'file too short',
  },
  {
    summary: 'a candidate that is no ELF file ends the load: a linker script where a library should be',
    files: {
      '/app/prog': prog({ needed: [A], rpath: '/bad:/r' }),
      '/bad/liba.so': { text: `/* GNU ld script */\n${'INPUT(-la) '.repeat(8)}\n` },
      '/r/liba.so': lib(A),
    },
    expected: [],
    error: 'invalid ELF header',
  },
  {
    summary: 'a directory where a library should be ends the load',
    files: { '/app/prog': prog({ needed: [A], rpath: '/bad' }), '/bad/liba.so/x': { text: '' } },
    expected: [],
    error: 'cannot read file data',
  },
  {
    summary: 'an executable is not loaded as a library',
    files: { '/app/prog': prog({ needed: [A], rpath: '/r' }), '/r/liba.so': lib(A, { type: ET_EXEC }) },
    expected: [],
    error: 'cannot dynamically load executable',
  },
  {
    summary: 'a dangling link in an earlier directory is no candidate',
    files: {
      '/app/prog': prog({ needed: [A], rpath: '/bad:/r' }),
      '/bad/liba.so': { link: '/none' },
      '/r/liba.so': lib(A),
    },
    expected: ['liba.so => /r/liba.so'],
  },
  {
    summary: 'without a cache the default directories of the loader are searched in its order',
    files: {
      '/app/prog': prog({ needed: [A, B] }),
      '/usr/lib/liba.so': lib(A),
      '/lib/x86_64-linux-gnu/libb.so': lib(B),
      '/usr/lib/libb.so': lib(B),
    },
    expected: ['liba.so => /usr/lib/liba.so', 'libb.so => /lib/x86_64-linux-gnu/libb.so'],
  },
  {
    summary: 'the cache leads outside of the default directories and goes before them',
    files: {
      '/app/prog': prog({ needed: [A, 'libfoo.so.10', 'libfoo.so.9'] }),
      '/etc/ld.so.cache': {
        cache: [
          { name: A, path: '/opt/liba.so' },
          { name: 'libfoo.so.9', path: '/opt/foo9' },
          { name: 'libfoo.so.10', path: '/opt/foo10' },
          { name: 'libother.so', path: '/opt/other' },
        ],
      },
      '/opt/liba.so': lib(A),
      '/lib/liba.so': lib(A),
      '/opt/foo9': lib('libfoo.so.9'),
      '/opt/foo10': lib('libfoo.so.10'),
    },
    expected: ['liba.so => /opt/liba.so', 'libfoo.so.10 => /opt/foo10', 'libfoo.so.9 => /opt/foo9'],
  },
  {
    summary: 'the new cache behind an old one is found',
    files: {
      '/app/prog': prog({ needed: [A] }),
      '/etc/ld.so.cache': { cache: [{ name: A, path: '/opt/liba.so' }], format: 'mixed' },
      '/opt/liba.so': lib(A),
    },
    expected: ['liba.so => /opt/liba.so'],
  },
  {
    summary: 'a cache entry for another architecture does not count',
    files: {
      '/app/prog': prog({ needed: [A] }),
      '/etc/ld.so.cache': { cache: [{ name: A, path: '/opt/liba.so', flags: 0x003 }] },
      '/opt/liba.so': lib(A),
      '/usr/lib/liba.so': lib(A),
    },
    expected: ['liba.so => /usr/lib/liba.so'],
  },
  {
    summary: 'a stale cache entry is passed over',
    files: {
      '/app/prog': prog({ needed: [A] }),
      '/etc/ld.so.cache': { cache: [{ name: A, path: '/gone/liba.so' }] },
      '/usr/lib/liba.so': lib(A),
    },
    expected: ['liba.so => /usr/lib/liba.so'],
  },
  {
    summary: 'DF_1_NODEFLIB keeps from the default directories, in the cache too, and from nothing else',
    files: {
      '/app/prog': prog({ needed: [A, B], flags1: DF_1_NODEFLIB }),
      '/etc/ld.so.cache': {
        cache: [
          { name: A, path: '/usr/lib/liba.so' },
          { name: B, path: '/opt/libb.so' },
        ],
      },
      '/usr/lib/liba.so': lib(A),
      '/opt/libb.so': lib(B),
    },
    expected: ['liba.so => not found', 'libb.so => /opt/libb.so'],
  },
  {
    summary: 'an empty element of LD_LIBRARY_PATH is the working directory',
    files: { '/app/prog': prog({ needed: [A] }), '/liba.so': lib(A), '/usr/lib/liba.so': lib(A) },
    env: { LD_LIBRARY_PATH: '/x:' },
    expected: ['liba.so => liba.so'],
  },
  {
    summary: 'LD_LIBRARY_PATH takes semicolons and drops trailing slashes',
    files: { '/app/prog': prog({ needed: [A] }), '/x/y/liba.so': lib(A) },
    env: { LD_LIBRARY_PATH: '/none;/x//y//' },
    expected: ['liba.so => /x//y/liba.so'],
  },
  {
    summary: 'LD_PRELOAD comes first, then what ld.so.preload names, then the rest',
    files: {
      '/app/prog': prog({ needed: [A] }),
      '/etc/ld.so.preload': { text: '# comment\n/opt/libfile.so\n' },
      '/opt/libenv.so': lib('libenv.so', { needed: [B] }),
      '/opt/libfile.so': lib('libfile.so'),
      '/lib/liba.so': lib(A),
      '/lib/libb.so': lib(B),
    },
    env: { LD_PRELOAD: '/opt/libenv.so /opt/none.so' },
    expected: [
      '/opt/libenv.so => /opt/libenv.so',
      '/opt/libfile.so => /opt/libfile.so',
      'liba.so => /lib/liba.so',
      'libb.so => /lib/libb.so',
    ],
  },
  {
    summary: 'an auxiliary library that is there is loaded before what names it, one that is not is no error',
    files: {
      '/app/prog': prog({ needed: [A], rpath: '/r' }),
      '/r/liba.so': lib(A, { needed: ['aux:libaux.so', 'aux:libnone.so', B] }),
      '/r/libaux.so': lib('libaux.so', { needed: [C] }),
      '/r/libb.so': lib(B),
      '/r/libc1.so': lib(C),
    },
    expected: [
      'libaux.so => /r/libaux.so',
      'liba.so => /r/liba.so',
      'libb.so => /r/libb.so',
      'libc1.so => /r/libc1.so',
    ],
    // Tracing, the loader lists what it does not find as missing even where a start would go on.
    madeOnly: true,
  },
  {
    summary: 'a filter needs its filtee',
    files: {
      '/app/prog': prog({ needed: [A], rpath: '/r' }),
      '/r/liba.so': lib(A, { needed: ['filter:libfiltee.so'] }),
      '/r/libfiltee.so': lib('libfiltee.so'),
    },
    expected: ['libfiltee.so => /r/libfiltee.so', 'liba.so => /r/liba.so'],
  },
  {
    summary: 'the loader is listed where something needs it',
    files: {
      '/app/prog': prog({ needed: [A, B] }),
      '/lib/liba.so': lib(A, { needed: ['ld-linux-x86-64.so.2'] }),
      '/lib/libb.so': lib(B),
    },
    expected: ['liba.so => /lib/liba.so', 'libb.so => /lib/libb.so', `${GLIBC_LOADER} => ${GLIBC_LOADER}`],
  },
  {
    summary: 'breadth first: what the program needs goes before what its libraries need',
    files: {
      '/app/prog': prog({ needed: [A, B] }),
      '/lib/liba.so': lib(A, { needed: [C] }),
      '/lib/libb.so': lib(B),
      '/lib/libc1.so': lib(C),
    },
    expected: ['liba.so => /lib/liba.so', 'libb.so => /lib/libb.so', 'libc1.so => /lib/libc1.so'],
  },
  ...(['x86-64-v2', 'x86-64-v3', 'x86-64-v4', 'baseline'] as const).map((cpu): LoaderCase => {
    const directory =
      cpu === 'baseline' || cpu === 'x86-64-v2'
        ? ''
        : cpu === 'x86-64-v4'
          ? 'glibc-hwcaps/x86-64-v4/'
          : 'glibc-hwcaps/x86-64-v3/';
    return {
      summary: `a processor of level ${cpu} loads the best variant of a directory that it can`,
      files: {
        '/app/prog': prog({ needed: [A] }),
        '/usr/lib/liba.so': lib(A),
        '/usr/lib/glibc-hwcaps/x86-64-v3/liba.so': lib(A),
        '/usr/lib/glibc-hwcaps/x86-64-v4/liba.so': lib(A),
      },
      cpu,
      expected: [`liba.so => /usr/lib/${directory}liba.so`],
    };
  }),
  {
    summary: 'the cache gives the variant of the level',
    files: {
      '/app/prog': prog({ needed: [A] }),
      '/etc/ld.so.cache': {
        cache: [
          { name: A, path: '/opt/liba.so' },
          { name: A, path: '/opt/glibc-hwcaps/x86-64-v2/liba.so', hwcaps: 'x86-64-v2' },
          { name: A, path: '/opt/glibc-hwcaps/x86-64-v3/liba.so', hwcaps: 'x86-64-v3' },
        ],
      },
      '/opt/liba.so': lib(A),
      '/opt/glibc-hwcaps/x86-64-v2/liba.so': lib(A),
      '/opt/glibc-hwcaps/x86-64-v3/liba.so': lib(A),
    },
    cpu: 'x86-64-v2',
    expected: ['liba.so => /opt/glibc-hwcaps/x86-64-v2/liba.so'],
  },
  {
    summary: 'a library as the subject is the main program: its DT_RPATH serves, its DT_SONAME answers',
    files: {
      '/opt/liba.so': lib(A, { needed: [B], rpath: '/r' }),
      '/r/libb.so': lib(B, { needed: [C, A] }),
      '/r/libc1.so': lib(C),
    },
    subject: '/opt/liba.so',
    expected: ['libb.so => /r/libb.so', 'libc1.so => /r/libc1.so'],
  },
  {
    summary: 'musl searches LD_LIBRARY_PATH before DT_RPATH',
    libc: 'musl',
    files: {
      '/app/prog': muslProg({ needed: [A], rpath: '/r' }),
      '/r/liba.so': lib(A),
      '/env/liba.so': lib(A),
    },
    env: { LD_LIBRARY_PATH: '/env' },
    expected: ['liba.so => /env/liba.so'],
  },
  {
    summary: 'musl inherits DT_RUNPATH like DT_RPATH',
    libc: 'musl',
    files: {
      '/app/prog': muslProg({ needed: [A], runpath: '/r' }),
      '/r/liba.so': lib(A, { needed: [B] }),
      '/r/libb.so': lib(B),
    },
    expected: ['liba.so => /r/liba.so', 'libb.so => /r/libb.so'],
  },
  {
    summary: 'musl is libc, libm and libpthread itself, whatever lies in the file system',
    libc: 'musl',
    files: {
      '/app/prog': muslProg({ needed: ['libc.musl-x86_64.so.1', 'libm.so.6', A] }),
      '/lib/libm.so.6': lib('libm.so.6'),
      '/lib/liba.so': lib(A, { needed: ['libc.so.6'] }),
    },
    expected: [
      `libc.musl-x86_64.so.1 => ${MUSL_LOADER}`,
      `libm.so.6 => ${MUSL_LOADER}`,
      'liba.so => /lib/liba.so',
    ],
  },
  {
    summary: 'musl never matches by DT_SONAME',
    libc: 'musl',
    files: {
      '/app/prog': muslProg({ needed: ['libfile.so', 'libsoname.so'], rpath: '/r' }),
      '/r/libfile.so': lib('libsoname.so'),
      '/r/libsoname.so': lib('libsoname.so'),
    },
    expected: ['libfile.so => /r/libfile.so', 'libsoname.so => /r/libsoname.so'],
  },
  {
    summary: 'musl takes its path file in place of the defaults, and knows neither cache nor ld.so.conf',
    libc: 'musl',
    files: {
      '/app/prog': muslProg({ needed: [A, B] }),
      '/etc/ld-musl-x86_64.path': { text: '/first\n/second' },
      '/etc/ld.so.conf': { text: '/conf\n' },
      '/etc/ld.so.cache': { cache: [{ name: B, path: '/conf/libb.so' }] },
      '/second/liba.so': lib(A),
      '/lib/libb.so': lib(B),
      '/conf/libb.so': lib(B),
    },
    expected: ['liba.so => /second/liba.so', 'libb.so => not found'],
  },
  {
    summary: 'musl takes the first file that exists and fails when it does not fit',
    libc: 'musl',
    files: {
      '/app/prog': muslProg({ needed: [A] }),
      '/lib/liba.so': { text: 'no library' },
      '/usr/lib/liba.so': lib(A),
    },
    expected: ['liba.so => not found'],
    error: 'Exec format error',
  },
  {
    summary: 'musl searches /lib, /usr/local/lib and /usr/lib without a path file',
    libc: 'musl',
    files: {
      '/app/prog': muslProg({ needed: [A, B] }),
      '/usr/local/lib/liba.so': lib(A),
      '/usr/lib/liba.so': lib(A),
      '/usr/lib/libb.so': lib(B),
      '/usr/bin/liba.so': lib(A),
    },
    expected: ['liba.so => /usr/local/lib/liba.so', 'libb.so => /usr/lib/libb.so'],
  },
];

/** Returns the files of a case as a rootfs takes them, without its loader. */
export function filesOf(files: LoaderCase['files']): Readonly<Record<string, MemoryFile>> {
  return Object.fromEntries(Object.entries(files).map(([path, file]) => [path, contentOf(file)]));
}

function contentOf(file: CaseFile): MemoryFile {
  if ('link' in file || 'hardLink' in file) return file;
  if ('text' in file) return file.text;
  if ('cache' in file)
    return buildLdSoCache({
      lines: file.cache,
      ...(file.format === undefined ? {} : { format: file.format }),
    });
  return buildElf(file);
}
