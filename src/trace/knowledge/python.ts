/**
 * Modules that the interpreter imports by itself before and around the program: at start (Python/pylifecycle.c, site),
 * for warnings and tracebacks, at exit; and what C code imports by name.
 */
export const START_MODULES: readonly { readonly modules: readonly string[]; readonly source: string }[] = [
  {
    modules: ['encodings', 'codecs', 'io', 'abc', 'site', 'os', 'stat', 'posixpath', 'genericpath', 'runpy'],
    source: 'Python/pylifecycle.c init_import_site; Modules/main.c pymain_run_module; python -v',
  },
  {
    modules: [
      '_collections_abc',
      '_sitebuiltins',
      'sitecustomize',
      'usercustomize',
      '_bootlocale',
      'zipimport',
    ],
    source: 'Lib/site.py; Lib/codecs.py of 3.9 and before',
  },
  {
    modules: ['importlib', 'importlib.machinery', 'importlib.util', 'importlib._bootstrap_external'],
    source: 'Lib/importlib/__init__.py: the frozen modules find their source',
  },
  {
    modules: [
      'warnings',
      'linecache',
      'traceback',
      'tokenize',
      'threading',
      '__future__',
      'copyreg',
      'types',
    ],
    source: 'Python/_warnings.c, Python/pythonrun.c (3.13: traceback), Objects/typeobject.c (copyreg)',
  },
];

/** Modules that come with a module although no statement of it says so; `*` stands for all of a package's modules. */
export const UNWRITTEN_IMPORTS: Readonly<Record<string, readonly string[]>> = {
  // Python/codecs.c and encodings.search_function: by the name of the encoding.
  encodings: ['encodings.*'],
  // Modules/timemodule.c time_strptime.
  time: ['_strptime'],
  datetime: ['_strptime', '_pydatetime'],
  // Modules/_pickle.c _Pickle_InitState.
  pickle: ['copyreg', '_compat_pickle'],
  // Modules/_sqlite/connection.c pysqlite_connection_iterdump; _sqlite/microprotocols.
  sqlite3: ['sqlite3.dump', 'sqlite3.dbapi2', 'datetime'],
  // Modules/_elementtree.c.
  'xml.etree.ElementTree': ['xml.etree.ElementPath', 'copy', 'xml.etree.cElementTree'],
  // PyGObject, gi/pygi-foreign.c: converters of structures that other libraries define.
  gi: ['gi._gi_cairo', 'cairo'],
  // Lib/xml/sax/__init__.py default_parser_list; Lib/xml/dom/domreg.py well_known_implementations.
  'xml.sax': ['xml.sax.expatreader'],
  'xml.dom': ['xml.dom.minidom'],
  // Lib/dbm/__init__.py _names.
  dbm: ['dbm.sqlite3', 'dbm.gnu', 'dbm.ndbm', 'dbm.dumb'],
  // Modules/_decimal/_decimal.c.
  decimal: ['numbers', 'collections'],
  // Modules/_zoneinfo.c.
  zoneinfo: ['zoneinfo._common', 'zoneinfo._tzpath', 'tzdata'],
  // Lib/sysconfig: _get_sysconfigdata_name, built from the ABI and the platform.
  sysconfig: ['_sysconfigdata*'],
  // Lib/hashlib.py __get_builtin_constructor.
  hashlib: ['_md5', '_sha1', '_sha2', '_sha256', '_sha512', '_sha3', '_blake2'],
  // Lib/concurrent/futures/__init__.py __getattr__.
  'concurrent.futures': ['concurrent.futures.process', 'concurrent.futures.thread'],
  // Lib/distutils/dist.py get_command_class.
  'distutils.core': ['distutils.command.*'],
  // Lib/lib2to3/refactor.py get_all_fix_names.
  'lib2to3.refactor': ['lib2to3.fixes.*'],
  // Modules/_asynciomodule.c, Modules/_ctypes: their Python halves.
  _asyncio: ['asyncio'],
  _ctypes: ['ctypes'],
  _curses: ['curses'],
  // Modules/arraymodule.c, Modules/_collectionsmodule.c register with the abstract classes.
  array: ['collections.abc'],
};

/**
 * Standard modules for people at a terminal and for building and testing software. Other standard modules import
 * them in functions that a program does not reach; an application that wants them imports them.
 */
export const DEVELOPER_MODULES: ReadonlySet<string> = new Set([
  // Python library reference, "Development Tools", "Debugging and Profiling", "Software Packaging and Distribution".
  ...['pydoc', 'pydoc_data', 'doctest', 'unittest', 'lib2to3', 'test', 'pdb', 'bdb', 'cProfile', 'profile'],
  ...['pstats', 'trace', 'tracemalloc', 'distutils', 'ensurepip', 'venv', 'zipapp', '_pyrepl', 'idlelib'],
  // "Graphical User Interfaces with Tk", "Program Frameworks" (turtle), interactive use.
  ...['tkinter', 'turtle', 'turtledemo', 'readline', 'rlcompleter', 'code', 'codeop', 'antigravity', 'this'],
  // "Superseded Modules" and sources of builds.
  ...[
    'msilib',
    'pickletools',
    'pyclbr',
    'tabnanny',
    'webbrowser',
    'modulefinder',
    'py_compile',
    'compileall',
  ],
  ...['__phello__', '_osx_support', '_aix_support', '_android_support', '_ios_support'],
]);

/**
 * Those of them that need a display, a terminal or a network, or are tests: a module that is only there because its
 * distribution is kept whole does not bring them in. The others it does: frameworks load such modules by name.
 */
export const INTERACTIVE_MODULES: ReadonlySet<string> = new Set([
  ...[
    'tkinter',
    'turtle',
    'turtledemo',
    'idlelib',
    'lib2to3',
    'test',
    'ensurepip',
    'venv',
    'msilib',
    '_pyrepl',
  ],
  ...['antigravity', 'this', '_osx_support', '_aix_support', '_android_support', '_ios_support'],
]);

/**
 * Distributions that build, test and measure others. They are kept when the program imports them, not because some
 * module of an installed library would (PyPA, "Project Summaries"; PyPI classifiers "Software Development :: …").
 */
export const DEVELOPER_DISTRIBUTIONS: ReadonlySet<string> = new Set([
  ...[
    'pip',
    'setuptools',
    'wheel',
    'build',
    'virtualenv',
    'pipenv',
    'poetry',
    'poetry-core',
    'hatchling',
    'flit-core',
  ],
  ...[
    'pytest',
    'nose',
    'hypothesis',
    'coverage',
    'tox',
    'nox',
    'mock',
    'pytest-cov',
    'pytest-asyncio',
    'pytest-xdist',
  ],
  ...[
    'cython',
    'numpydoc',
    'sphinx',
    'docutils',
    'ipython',
    'ipykernel',
    'jupyter',
    'mypy',
    'pylint',
    'flake8',
  ],
  ...[
    'black',
    'isort',
    'ruff',
    'pre-commit',
    'twine',
    'uv',
    'debugpy',
    'jedi',
    'line-profiler',
    'memory-profiler',
  ],
]);

/** Files outside the module tree that a standard module reads by a name of its own. */
export const MODULE_FILES: Readonly<
  Record<string, { readonly paths: readonly string[]; readonly source: string }>
> = {
  mimetypes: {
    paths: [
      '/etc/mime.types',
      '/etc/httpd/mime.types',
      '/etc/httpd/conf/mime.types',
      '/etc/apache/mime.types',
      '/etc/apache2/mime.types',
      '/usr/local/etc/httpd/conf/mime.types',
      '/usr/local/lib/netscape/mime.types',
    ],
    source: 'Lib/mimetypes.py knownfiles',
  },
  curses: {
    paths: ['/etc/terminfo', '/lib/terminfo', '/usr/lib/terminfo', '/usr/share/terminfo'],
    source: 'terminfo(5), "Fetching Compiled Descriptions"',
  },
  readline: { paths: ['/etc/inputrc', '/lib/terminfo', '/etc/terminfo'], source: 'readline(3)' },
  tkinter: { paths: ['/usr/share/tcltk', '/usr/lib/tcltk'], source: 'tclvars(n), tcl_library' },
  zoneinfo: { paths: ['/etc/localtime', '/etc/timezone'], source: 'tzset(3)' },
};

/** Directories with data of a standard package, below the library's directory: kept when the package is imported. */
export const DATA_PACKAGES: ReadonlySet<string> = new Set([
  'lib2to3',
  'venv',
  'ensurepip',
  'pydoc_data',
  'idlelib',
]);

/** Groups of entry points that are commands and build steps, not plugins (setuptools, "Entry Points"; PyPA specifications). */
export const COMMAND_GROUPS =
  /^(?:console_scripts|gui_scripts|distutils\..*|setuptools\..*|egg_info\.writers|pytest11|sphinx\..*|flake8\..*)$/;

/** Packages of the interpreter itself and its standard library, by source package. */
export const INTERPRETER_SOURCES: readonly { readonly pattern: RegExp; readonly source: string }[] = [
  {
    pattern: /^(?:python\d*(?:\.\d+)?(?:-defaults)?|python3-stdlib-extensions|pypy3?)$/,
    source: 'Debian source packages python3.11, python3-defaults, python3-stdlib-extensions, pypy3',
  },
  { pattern: /^python3(?:\.\d+)?$/, source: 'Fedora python3.12; Alpine main/python3' },
];

/** Packages of third-party modules, by name. */
export const MODULE_PACKAGES: readonly { readonly pattern: RegExp; readonly source: string }[] = [
  {
    pattern: /^(?:python3?|pypy3?)-.+/,
    source: 'Debian Python Policy 4.3; Fedora Python Packaging Guidelines',
  },
  { pattern: /^python3?\d+-.+/, source: 'openSUSE and EPEL: python311-foo' },
  { pattern: /^py3-.+/, source: 'Alpine aports: py3-foo' },
];

/** What of a distribution no program reads: type stubs, sources of extensions, build products, message sources. */
export const UNREAD_FILE =
  /\.(?:pyi|pyx|pxd|pxi|c|cc|cpp|cxx|h|hh|hpp|hxx|cu|cuh|f|f90|f77|a|la|o|po|pot|rst)$|\/(?:\.gitignore|\.gitkeep)$/;

/** Files that launchers look for in the working directory when no option names another. */
export const LAUNCHER_FILES: readonly { readonly name: string; readonly source: string }[] = [
  { name: 'gunicorn.conf.py', source: 'gunicorn settings, "config"' },
  { name: 'celeryconfig.py', source: 'Celery user guide, "Configuration"' },
  { name: 'wsgi.py', source: 'Flask, "Application Discovery"' },
  { name: 'app.py', source: 'Flask, "Application Discovery"' },
  { name: 'main.py', source: 'FastAPI CLI, "Discovery"' },
  { name: 'locustfile.py', source: 'Locust configuration' },
  { name: 'fabfile.py', source: 'Fabric, "fab"' },
  { name: 'tasks.py', source: 'Invoke, "Loading collections"' },
  { name: 'settings.py', source: 'Django and Scrapy settings' },
];

/** What the lazy modules and attributes of six.moves are in Python 3 (six documentation, "Renamed modules and attributes compatibility"). */
export const SIX_MOVES: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    ['configparser', 'copyreg', 'queue', 'reprlib', 'socketserver', 'tkinter', 'collections_abc'].map(
      (name) => [name, [name.replace('_', '.')]],
    ),
  ),
  BaseHTTPServer: ['http.server'],
  CGIHTTPServer: ['http.server'],
  SimpleHTTPServer: ['http.server'],
  StringIO: ['io'],
  UserDict: ['collections'],
  UserList: ['collections'],
  UserString: ['collections'],
  cPickle: ['pickle'],
  cStringIO: ['io'],
  dbm_gnu: ['dbm.gnu'],
  dbm_ndbm: ['dbm.ndbm'],
  email_mime_base: ['email.mime.base'],
  email_mime_image: ['email.mime.image'],
  email_mime_multipart: ['email.mime.multipart'],
  email_mime_nonmultipart: ['email.mime.nonmultipart'],
  email_mime_text: ['email.mime.text'],
  html_entities: ['html.entities'],
  html_parser: ['html.parser'],
  http_client: ['http.client'],
  http_cookiejar: ['http.cookiejar'],
  http_cookies: ['http.cookies'],
  reduce: ['functools'],
  reload_module: ['importlib'],
  shlex_quote: ['shlex'],
  urllib: ['urllib.error', 'urllib.parse', 'urllib.request', 'urllib.response', 'urllib.robotparser'],
  urllib_error: ['urllib.error'],
  urllib_parse: ['urllib.parse'],
  urllib_robotparser: ['urllib.robotparser'],
  xmlrpc_client: ['xmlrpc.client'],
  xmlrpc_server: ['xmlrpc.server'],
};
