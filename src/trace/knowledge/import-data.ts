/** Files that a C library function reads, kept when something imports the function. */
export interface ImportData {
  /** Names of undefined dynamic symbols. */
  readonly imports: readonly string[];
  /** Files, or directories with everything in them; `*` stands for any part of one name. */
  readonly paths: readonly string[];
  /** Only when a program imports it that is no interpreter: what libraries do with it is less than that. */
  readonly programsOnly?: boolean;
  readonly source: string;
}

export const IMPORT_DATA: readonly ImportData[] = [
  {
    imports: [
      'getservbyname',
      'getservbyname_r',
      'getservbyport',
      'getservbyport_r',
      'getservent',
      'getaddrinfo',
      'getnameinfo',
    ],
    paths: ['/etc/services'],
    source: 'services(5)',
  },
  {
    imports: ['getprotobyname', 'getprotobyname_r', 'getprotobynumber', 'getprotobynumber_r'],
    paths: ['/etc/protocols'],
    source: 'protocols(5)',
  },
  { imports: ['getaddrinfo'], paths: ['/etc/gai.conf'], source: 'gai.conf(5)' },
  {
    imports: ['getaddrinfo', 'gethostbyname', 'gethostbyname_r'],
    paths: ['/etc/host.conf'],
    source: 'host.conf(5)',
  },
  { imports: ['getrpcbyname', 'getrpcbynumber'], paths: ['/etc/rpc'], source: 'rpc(5)' },
  {
    imports: ['setlocale', 'newlocale'],
    paths: ['/usr/lib/locale/C.utf8', '/usr/lib/locale/C.UTF-8', '/etc/locale.alias'],
    source: 'setlocale(3), localedef(1)',
  },
  {
    imports: ['iconv_open'],
    paths: [
      '/usr/lib/*/gconv/gconv-modules*',
      '/usr/lib64/gconv/gconv-modules*',
      '/usr/lib/gconv/gconv-modules*',
    ],
    source: 'iconv(1), gconv-modules.cache and gconv-modules',
  },
  {
    imports: ['iconv_open'],
    paths: ['/usr/lib/*/gconv', '/usr/lib64/gconv', '/usr/lib/gconv'],
    programsOnly: true,
    source: 'iconv_open(3): which encodings a program converts is decided by its input',
  },
  {
    imports: ['sasl_server_init', 'sasl_server_new'],
    paths: ['libsasldb.so*', 'libsql.so*', 'libldapdb.so*'].flatMap((name) => [
      `/usr/lib/*/sasl2/${name}`,
      `/usr/lib64/sasl2/${name}`,
    ]),
    source: 'Cyrus SASL, "Auxiliary Properties": auxprop plugins of servers',
  },
  { imports: ['getusershell'], paths: ['/etc/shells'], source: 'getusershell(3)' },
  { imports: ['getmntent', 'setmntent'], paths: ['/etc/mtab'], source: 'getmntent(3)' },
  {
    imports: ['getspnam', 'getspnam_r', 'getspent'],
    paths: ['/etc/shadow', '/etc/gshadow'],
    source: 'getspnam(3)',
  },
  {
    imports: ['getsubid_init', 'subid_get_uid_ranges'],
    paths: ['/etc/subuid', '/etc/subgid'],
    source: 'subuid(5)',
  },
  {
    imports: ['setupterm', 'tgetent', 'tigetstr', '_nc_setupterm', 'initscr', 'newterm'],
    paths: ['/lib/terminfo', '/etc/terminfo'],
    source: 'terminfo(5); Debian keeps the common entries there',
  },
];

/** Variables that choose a locale, the strongest first (locale(7)). */
const LOCALE_VARIABLES: readonly string[] = [
  'LC_ALL',
  'LC_CTYPE',
  'LC_COLLATE',
  'LC_MESSAGES',
  'LC_TIME',
  'LC_NUMERIC',
  'LC_MONETARY',
  'LANG',
  'LANGUAGE',
];
export const LOCALE_DIRECTORY = '/usr/lib/locale';
export const LOCALE_ARCHIVE = '/usr/lib/locale/locale-archive';

/** Returns the locales that an environment selects, without those that are built into the C library. */
export function selectedLocales(env: ReadonlyMap<string, string>): ReadonlySet<string> {
  const names = LOCALE_VARIABLES.flatMap((variable) => (env.get(variable) ?? '').split(':'));
  return new Set(names.filter((name) => name !== '' && !/^(?:C|POSIX|C\.(?:UTF-8|utf8))$/.test(name)));
}
