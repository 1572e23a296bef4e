import type { RootPath } from '../rootfs/root-path.ts';
import type { PackageClass } from './package-classes.ts';
import { kindOfPath } from './path-kinds.ts';

/** What a file is to people who ask what an image is made of. */
export type FileKind =
  | 'program'
  | 'library'
  | 'code'
  | 'bytecode'
  | 'compiler'
  | 'header'
  | 'static library'
  | 'development'
  | 'documentation'
  | 'locale'
  | 'cache'
  | 'log'
  | 'package database'
  | 'test'
  | 'debug information'
  | 'time zone'
  | 'certificate'
  | 'font'
  | 'other';

interface KindRule {
  readonly kind: FileKind;
  /** Matched against the whole path. */
  readonly pattern: RegExp;
  /** Where it is written that the path has this use. */
  readonly source: string;
}

/** The first rule that fits counts; they say more than the package that a file is of. */
const PATH_RULES: readonly KindRule[] = [
  {
    kind: 'debug information',
    pattern: /^\/usr\/lib\/debug\/|\.debug$|\.dSYM\/|\.pdb$/,
    source: 'gdb manual, Separate Debug Files',
  },
  {
    kind: 'package database',
    pattern:
      /^\/(?:var\/lib\/(?:dpkg|rpm|pacman|dnf|yum|apk)|lib\/apk\/db|usr\/lib\/(?:sysimage\/rpm|apk\/db))\//,
    source: 'dpkg(1), apk(8), rpm(8), "FILES"',
  },
  {
    kind: 'cache',
    pattern: /^\/var\/(?:cache|lib\/apt\/lists|tmp)\/|^\/tmp\//,
    source: 'FHS 3.0, 5.5 and 5.15; sources.list(5)',
  },
  {
    kind: 'cache',
    pattern:
      /\/(?:\.cache|\.npm\/_[a-z]+|\.yarn\/cache|\.cargo\/registry|\.m2\/repository|\.gradle\/caches|\.composer\/cache|\.nuget\/packages)\//,
    source:
      'XDG Base Directory Specification; npm-cache(1), yarn, cargo, Maven, Gradle, Composer, NuGet manuals',
  },
  {
    kind: 'cache',
    pattern: /^(?:\/root)?\/go\/pkg\/mod\/|^\/usr\/local\/cargo\/registry\//,
    source: 'Go Modules Reference, "Module cache"; Cargo Home',
  },
  { kind: 'log', pattern: /^\/var\/log\//, source: 'FHS 3.0, 5.10' },
  {
    kind: 'time zone',
    pattern: /^\/usr\/(?:share|lib)\/zoneinfo\//,
    source: 'tzset(3)',
  },
  {
    kind: 'certificate',
    pattern: /^\/(?:etc\/(?:ssl|pki)|usr\/share\/ca-certificates|usr\/lib\/ssl)\/|\/certifi\/cacert\.pem$/,
    source: 'update-ca-certificates(8), update-ca-trust(8)',
  },
  {
    kind: 'font',
    pattern: /^\/usr\/(?:local\/)?share\/fonts\/|\.(?:ttf|otf|ttc|pfb|woff2?)$/,
    source: 'fontconfig, fonts-conf(5)',
  },
  {
    kind: 'locale',
    pattern: /^\/usr\/(?:lib\/locale|share\/(?:i18n|locale|locale-langpack))\/|\/LC_MESSAGES\//,
    source: 'locale(5), localedef(1), gettext manual 11.2.3',
  },
  {
    kind: 'test',
    pattern: /\/(?:tests?|__tests__|testdata|test-data|testing\/fixtures)\//,
    source: 'conventions of pytest, Jest, Go (go help test)',
  },
  {
    kind: 'bytecode',
    pattern: /\/__pycache__\/|\.(?:pyc|pyo|elc|beam)$/,
    source: 'PEP 3147; Emacs Lisp manual, Byte Compilation; erlc(1)',
  },
  {
    kind: 'header',
    pattern: /^\/usr\/(?:local\/)?include\/|\/include\/.*\.(?:h|hh|hpp|hxx|inc)$|\.(?:h|hh|hpp|hxx)$/,
    source: 'FHS 3.0, 4.5',
  },
  { kind: 'static library', pattern: /\.(?:a|o|la|rlib)$/, source: 'ar(1), libtool manual, rustc book' },
  {
    kind: 'development',
    pattern: /\.(?:d\.[cm]?ts|[cm]?js\.map|css\.map|tsbuildinfo)$/,
    source: 'TypeScript handbook, Declaration Files; Source Map specification',
  },
  {
    kind: 'compiler',
    pattern:
      /^\/usr\/(?:local\/)?(?:lib(?:exec)?\/(?:gcc|llvm-[\d.]+|rustlib|go-[\d.]+)|go\/(?:pkg|src|bin)|rustup|cargo\/bin)\/|^\/usr\/local\/(?:rustup|go)\//,
    source: 'gcc manual, Directory Options; LLVM, Go and rustup installation guides',
  },
];

/** After the packages: what is left by its name alone. */
const NAME_RULES: readonly KindRule[] = [
  {
    kind: 'documentation',
    pattern:
      /\/(?:README|CHANGELOG|CHANGES|LICEN[CS]E|COPYING|AUTHORS|NEWS|HISTORY)(?:\.(?:md|txt|rst))?$|\.md$/i,
    source: 'GNU coding standards 7.3; npm and PyPI packages carry them likewise',
  },
  {
    kind: 'code',
    pattern: /\.(?:py|[cm]?js|jsx|ts|rb|p[lm]|php|lua|tcl|scm|el|jar|war|class|sh|go|rs|c|cc|cpp|wasm)$/,
    source: 'file name extensions of languages that are run or compiled from such files',
  },
];

const OF_PATH_KIND = {
  documentation: 'documentation',
  translation: 'locale',
  development: 'development',
} as const;

const OF_CLASS: Readonly<Partial<Record<PackageClass, FileKind>>> = {
  documentation: 'documentation',
  development: 'development',
  debug: 'debug information',
  toolchain: 'compiler',
};

/** What is known of a file besides its path. */
export interface FileFacts {
  /** Class of the package that has it. */
  readonly packageClass?: PackageClass;
  /** What its ELF header or first line says. */
  readonly form?: 'program' | 'library' | 'script';
}

/** Returns what the file at `path` is: by its place, else its package, else its form, else its name. */
export function kindOfFile(path: RootPath, { packageClass, form }: FileFacts): FileKind {
  const placed = PATH_RULES.find(({ pattern }) => pattern.test(path))?.kind;
  if (placed !== undefined) return placed;
  const distributed = kindOfPath(path);
  if (distributed !== undefined) return OF_PATH_KIND[distributed];
  const ofPackage = packageClass === undefined ? undefined : OF_CLASS[packageClass];
  if (ofPackage !== undefined) return ofPackage;
  if (form === 'library') return 'library';
  if (form === 'program' || form === 'script') return 'program';
  return NAME_RULES.find(({ pattern }) => pattern.test(path))?.kind ?? 'other';
}
