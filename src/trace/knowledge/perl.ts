/** Modules that perl itself loads without the source saying so; each is small, and what needs it cannot be read off. */
export const IMPLICIT_MODULES: readonly { readonly modules: readonly string[]; readonly source: string }[] = [
  {
    modules: ['Config', 'strict', 'warnings', 'feature', 'utf8', 'XSLoader'],
    source: 'perlrun(1): -V, -E, -C, -w',
  },
  { modules: ['Errno', 'Tie::Hash::NamedCapture'], source: 'perlvar(1): %!, %+, %-' },
  { modules: ['IO::File', 'IO::Handle'], source: 'perlfunc(1), "Methods on file handles"' },
  { modules: ['File::Glob'], source: 'perlop(1), "glob"' },
  { modules: ['attributes', 'mro', 're'], source: 'perlsub(1), "Subroutine Attributes"; perldiag(1)' },
  {
    modules: ['PerlIO', 'PerlIO::scalar', 'PerlIO::encoding'],
    source: 'PerlIO(3perl), layers that are loaded on use',
  },
  { modules: ['Carp::Heavy', 'Exporter::Heavy', 'Carp'], source: 'Carp(3perl), Exporter(3perl)' },
];

/** Files of a directory of @INC that are read by name: perl's configuration, what an administrator runs at every start. */
export const START_FILES: readonly { readonly names: readonly string[]; readonly source: string }[] = [
  {
    names: ['Config.pm', 'Config_heavy.pl', 'Config_git.pl', 'Config-static.pl', 'Config_static.pl'],
    source: 'Config(3perl)',
  },
  { names: ['sitecustomize.pl'], source: 'perlrun(1), -f' },
  { names: ['bytes_heavy.pl', 'utf8_heavy.pl'], source: 'bytes(3perl), utf8(3perl)' },
];

/** Properties of characters were files before perl 5.32 (perl5320delta). */
export const UNICORE_FILES_BEFORE = 32;

/** Layers (PerlIO(3perl)) and the modules behind them. */
export const LAYER_MODULES: Readonly<Record<string, readonly string[]>> = {
  encoding: ['PerlIO::encoding', 'Encode'],
  via: ['PerlIO::via'],
  mmap: ['PerlIO::mmap'],
  gzip: ['PerlIO::gzip'],
  locale: ['open', 'encoding'],
};

/**
 * Modules for people at a terminal and for building and testing software (perlmodlib(1)). Other modules of the
 * core load them where a program does not come by; an application that wants them loads them itself.
 */
export const DEVELOPER_MODULES =
  /^(?:CPAN|Test|Test2|TAP|ExtUtils|App|Devel|Pod|Module::CoreList|Module::Metadata|Perl::OSType|B::(?:Deparse|Concise|Debug|Lint|Showlex|Terse|Xref)|Benchmark|DB|perl5db|Dumpvalue|Term::(?:ReadLine|UI)|O|Perldoc|Thread::Queue|AutoSplit|SelfTest|inc|Unicode::Collate::Locale|perlfaq|Params::Check|Locale::Maketext::Simple|IPC::Cmd|encoding::warnings|sigtrap|diagnostics)(?:::|$)/;

/** Source packages of the interpreter and its core modules. */
export const INTERPRETER_SOURCES: readonly { readonly pattern: RegExp; readonly source: string }[] = [
  { pattern: /^perl(?:-?5(?:\.\d+)*)?$/, source: 'Debian, Fedora, openSUSE and Alpine source package perl' },
];

/** Encodings are loaded by name at run time (Encode::Supported(3perl)): tables of these scripts are the large ones. */
export const EAST_ASIAN_ENCODINGS =
  /^(?:euc-?(?:jp|kr|cn|tw)|shift_?-?jis|sjis|7bit-jis|cp9(?:32|36|49|50)|iso-?2022-?(?:jp|kr|cn).*|gb(?:k|2312|18030|12345).*|hz|big5.*|johab|jis\w*|mac(?:japanese|korean|chinese\w*)|ks_?c_?5601.*|x-sjis|windows-31j)$/i;
export const EAST_ASIAN_MODULES = /^Encode::(?:CN|JP|KR|TW)(?:::|$)/;

/** Files that application servers look for when no argument names one. */
export const LAUNCHER_FILES: readonly { readonly name: string; readonly source: string }[] = [
  { name: 'app.psgi', source: 'plackup(1)' },
  { name: 'cpanfile', source: 'Carton: read by nothing at run time but kept with the application' },
];

/** Names of files with Perl code. */
export const PERL_FILE = /\.(?:p[lm]|psgi|cgi|t|al|fcgi|ix|pmc)$/;
