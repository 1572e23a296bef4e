import { describe, expect, it } from 'vitest';
import { rootPath } from '../rootfs/root-path.ts';
import { isDocumentationPath, kindOfPath, type PathKind } from './path-kinds.ts';

const ROWS: readonly { path: string; kind: PathKind | undefined }[] = [
  { path: '/usr/share/doc/libc6/copyright', kind: 'documentation' },
  { path: '/usr/share/doc', kind: undefined },
  { path: '/usr/local/share/man/man1/x.1', kind: 'documentation' },
  { path: '/usr/local/man/man1/x.1', kind: 'documentation' },
  { path: '/usr/share/lintian/overrides/x', kind: 'documentation' },
  { path: '/usr/share/bug/x/control', kind: 'documentation' },
  { path: '/usr/share/doc-base/x', kind: 'documentation' },
  { path: '/usr/share/docker/x', kind: undefined },
  { path: '/usr/share/bash-completion/completions/git', kind: 'documentation' },
  { path: '/usr/share/vim/vim90/doc/help.txt', kind: undefined },
  { path: '/usr/share/locale/de/LC_MESSAGES/x.mo', kind: 'translation' },
  { path: '/usr/share/locale/locale.alias', kind: undefined },
  { path: '/usr/lib/locale/C.utf8/LC_CTYPE', kind: undefined },
  { path: '/usr/include/stdio.h', kind: 'development' },
  { path: '/usr/lib/x86_64-linux-gnu/libc.a', kind: 'development' },
  { path: '/usr/lib/arm-linux-gnueabihf/crt1.o', kind: 'development' },
  { path: '/lib64/libc.a', kind: 'development' },
  { path: '/usr/local/lib/libx.la', kind: 'development' },
  { path: '/usr/lib/x86_64-linux-gnu/ImageMagick-6.9.11/modules-Q16/coders/png.la', kind: undefined },
  { path: '/usr/lib/gcc/x86_64-linux-gnu/12/libgcc.a', kind: 'development' },
  { path: '/usr/lib/gcc/x86_64-linux-gnu/12/cc1', kind: undefined },
  { path: '/usr/lib/x86_64-linux-gnu/pkgconfig/zlib.pc', kind: 'development' },
  { path: '/usr/share/cmake/Modules/FindX.cmake', kind: 'development' },
  { path: '/usr/lib64/cmake/zlib/zlib.cmake', kind: 'development' },
  { path: '/usr/share/aclocal/x.m4', kind: 'development' },
  { path: '/usr/share/gir-1.0/Gtk-3.0.gir', kind: 'development' },
  { path: '/usr/lib/x86_64-linux-gnu/girepository-1.0/Gtk-3.0.typelib', kind: undefined },
  { path: '/usr/lib/x86_64-linux-gnu/libc.so.6', kind: undefined },
  { path: '/usr/lib/x86_64-linux-gnu/perl/5.36.0/CORE/perl.h', kind: 'development' },
  { path: '/usr/lib/x86_64-linux-gnu/perl5/5.36/auto/DBI/dbipport.h', kind: 'development' },
  { path: '/usr/lib/x86_64-linux-gnu/perl5/5.36/auto/DBI/DBI.so', kind: undefined },
  { path: '/app/include/x.h', kind: undefined },
];

describe('kindOfPath', () => {
  it.each(ROWS)('$path: $kind', ({ path, kind }) => {
    expect(kindOfPath(rootPath(path))).toBe(kind);
  });
});

describe('isDocumentationPath', () => {
  const CATALOGS: readonly {
    summary: string;
    directory: string;
    locales: string[];
    isDocumentation: boolean;
  }[] = [
    { summary: 'no locale selected', directory: 'de', locales: [], isDocumentation: true },
    {
      summary: 'the language of the locale',
      directory: 'de',
      locales: ['de_DE.UTF-8'],
      isDocumentation: false,
    },
    {
      summary: 'language and territory',
      directory: 'pt_BR',
      locales: ['C', 'pt_BR.UTF-8'],
      isDocumentation: false,
    },
    { summary: 'another territory', directory: 'pt_BR', locales: ['pt_PT'], isDocumentation: true },
    { summary: 'a modifier', directory: 'sr@latin', locales: ['sr_RS@latin'], isDocumentation: false },
    {
      summary: 'a codeset as it is normalised',
      directory: 'ja.utf8',
      locales: ['ja_JP.UTF-8'],
      isDocumentation: false,
    },
    {
      summary: 'another language that begins alike',
      directory: 'des',
      locales: ['de_DE'],
      isDocumentation: true,
    },
  ];
  it.each(CATALOGS)('catalog: $summary', ({ directory, locales, isDocumentation }) => {
    expect(isDocumentationPath(rootPath(`/usr/share/locale/${directory}/LC_MESSAGES/x.mo`), locales)).toBe(
      isDocumentation,
    );
  });

  it('counts development material, and nothing that a process opens', () => {
    expect(isDocumentationPath(rootPath('/usr/include/stdio.h'))).toBe(true);
    expect(isDocumentationPath(rootPath('/etc/nginx/nginx.conf'))).toBe(false);
  });
});
