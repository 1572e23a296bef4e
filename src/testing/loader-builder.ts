import { EM_X86_64 } from '../elf/constants.ts';
import { buildElf, type ElfSpec } from './elf-builder.ts';

/** What a made glibc loader has compiled in; only its strings matter, it cannot run. */
export interface GlibcLoaderSpec extends ElfSpec {
  readonly version?: string;
  readonly systemDirs?: readonly string[];
  readonly lib?: string;
  readonly hwcaps?: string;
}

/** Builds a file that is recognised as a loader of glibc, Debian's 2.36 for x86-64 unless told otherwise. */
export function buildGlibcLoader(spec: GlibcLoaderSpec = {}): Uint8Array {
  const version = spec.version ?? '2.36';
  const systemDirs = spec.systemDirs ?? [
    '/lib/x86_64-linux-gnu/',
    '/usr/lib/x86_64-linux-gnu/',
    '/lib/',
    '/usr/lib/',
  ];
  const literals = [
    '',
    'LIBRARY_PATH',
    'ORIGIN',
    spec.lib ?? 'lib/x86_64-linux-gnu',
    'system search path',
    '/etc/ld.so.cache',
    `ld.so (made) stable release version ${version}.\nfor a test`,
    ...(spec.hwcaps === '' ? [] : ['--glibc-hwcaps-mask', spec.hwcaps ?? 'x86-64-v4:x86-64-v3:x86-64-v2']),
    '',
    ...systemDirs,
    '',
  ];
  return buildElf({
    soname: 'ld-linux-x86-64.so.2',
    ...spec,
    rodata: literals.join('\0'),
  });
}

/** Builds a file that is recognised as musl's loader. */
export function buildMuslLoader(spec: ElfSpec & { readonly arch?: string } = {}): Uint8Array {
  return buildElf({
    machine: EM_X86_64,
    soname: 'libc.musl-x86_64.so.1',
    ...spec,
    rodata: [
      '',
      'musl libc (x86_64)\nVersion %s',
      `%.*s/etc/ld-musl-${spec.arch ?? 'x86_64'}.path`,
      '/usr/local/bin:/bin:/usr/bin',
      '/lib:/usr/local/lib:/usr/lib',
      '',
    ].join('\0'),
  });
}
