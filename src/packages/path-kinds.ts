import type { RootPath } from '../rootfs/root-path.ts';

/** Kinds of a package's files that a running process does not open. */
export type PathKind = 'documentation' | 'translation' | 'development';

interface PathRule {
  readonly kind: PathKind;
  /** Matched against the whole path. */
  readonly pattern: RegExp;
  /** Where it is written that the path has this use. */
  readonly source: string;
}

/** /usr and /usr/local, whose share/ directories are laid out alike (FHS 3.0, 4.9.2). */
const SHARE = '^/usr/(?:local/)?share';

/**
 * The directories that hold libraries themselves, not plugins below them (FHS 3.0, 4.6; Debian Policy 9.1.1
 * for the triplets).
 */
const LIBRARY_DIRECTORY =
  '^(?:/usr(?:/local)?)?/lib(?:x?32|64)?(?:/[a-z0-9_]+-(?:linux|kfreebsd|gnu)-?[a-z0-9]*)?';

/**
 * Where distributions put what only people, translators, compilers and packagers read; the first match
 * counts.
 */
const RULES: readonly PathRule[] = [
  {
    kind: 'documentation',
    pattern: new RegExp(`${SHARE}/(?:doc|doc-base|man|info|gtk-doc|help|omf)/`),
    source: 'FHS 3.0, 4.11',
  },
  { kind: 'documentation', pattern: /^\/usr\/(?:local|X11R6)\/(?:doc|man|info)\//, source: 'FHS 3.0, 4.9.2' },
  {
    kind: 'documentation',
    pattern: new RegExp(`${SHARE}/(?:lintian|linda|bug|apport|reportbug)/`),
    source: 'lintian(1), reportbug(1)',
  },
  {
    kind: 'documentation',
    pattern: new RegExp(`${SHARE}/(?:licenses|metainfo|appdata)/`),
    source: 'Fedora guidelines, Licensing; AppStream',
  },
  {
    kind: 'documentation',
    pattern: new RegExp(
      `${SHARE}/(?:bash-completion|zsh/(?:vendor-completions|site-functions)|fish/(?:vendor_)?completions(?:\\.d)?)/`,
    ),
    source: 'bash-completion README, zsh and fish manuals: read by a shell with a person before it',
  },
  { kind: 'documentation', pattern: /^\/etc\/bash_completion\.d\//, source: 'bash-completion README' },
  {
    kind: 'translation',
    pattern: new RegExp(`${SHARE}/locale(?:-langpack)?/[^/]+/LC_[A-Z]+/`),
    source: 'gettext manual, 11.2.3',
  },
  { kind: 'development', pattern: /^\/usr\/(?:local\/)?include\//, source: 'FHS 3.0, 4.5' },
  {
    kind: 'development',
    pattern: new RegExp(`${LIBRARY_DIRECTORY}/[^/]+\\.(?:l?a|o|spec)$`),
    source: 'Debian Policy 8.3 and 8.4',
  },
  {
    kind: 'development',
    pattern: /^\/usr\/lib\/gcc\/.*\.(?:a|o|h)$/,
    source: 'gcc manual, Directory Options',
  },
  {
    kind: 'development',
    pattern: new RegExp(`(?:${LIBRARY_DIRECTORY}|${SHARE})/pkgconfig/`),
    source: 'pkg-config(1)',
  },
  {
    kind: 'development',
    pattern: new RegExp(`(?:${LIBRARY_DIRECTORY}|${SHARE})/cmake(?:-[0-9.]+)?/`),
    source: 'cmake-packages(7)',
  },
  {
    kind: 'development',
    pattern: new RegExp(`${SHARE}/(?:aclocal(?:-[0-9.]+)?|gir-1\\.0|vala|gdb|debhelper)/`),
    source: 'aclocal(1), GObject Introspection, gdb',
  },
  {
    kind: 'development',
    pattern: new RegExp(`${LIBRARY_DIRECTORY}/perl\\d*/.+\\.(?:h|xst)$`),
    source: 'perlembed(1), ExtUtils::Embed; DBI::DBD, "The Driver.xst file"',
  },
  { kind: 'development', pattern: /^\/usr\/lib\/debug\//, source: 'gdb manual, Separate Debug Files' },
];

/**
 * Returns what a distribution's file is for when a running process does not open it; undefined for everything
 * else.
 */
export function kindOfPath(path: RootPath): PathKind | undefined {
  return RULES.find((rule) => rule.pattern.test(path))?.kind;
}

/**
 * Is `path` documentation, development material (headers, static archives, pkg-config, CMake, `.la` in a
 * library directory; in a plugin directory ltdl opens them) or a message catalog of a locale that is not
 * among `locales` (`de_DE.UTF-8`)? None is selected by default.
 */
export function isDocumentationPath(path: RootPath, locales: Iterable<string> = []): boolean {
  const kind = kindOfPath(path);
  if (kind !== 'translation') return kind !== undefined;
  const directory = path.split('/').find((_, at, parts) => parts[at - 1]?.startsWith('locale') === true);
  return ![...locales].some((locale) => catalogsOf(locale).has(directory ?? ''));
}

/**
 * Returns the names of the directories in which gettext looks for a locale's catalogs:
 * `ll_CC.codeset@modifier` with any of its parts behind the language left out (gettext manual, 11.2.3).
 */
function catalogsOf(locale: string): Set<string> {
  const [, language = '', territory = '', codeset = '', modifier = ''] =
    /^([^_.@]*)(_[^.@]*)?(\.[^@]*)?(@.*)?$/.exec(locale) ?? [];
  const names = new Set<string>();
  for (const country of [territory, '']) {
    for (const charset of [codeset, codeset.toLowerCase().replaceAll('-', ''), '']) {
      for (const variant of [modifier, '']) names.add(`${language}${country}${charset}${variant}`);
    }
  }
  return names;
}
