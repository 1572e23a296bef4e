/**
 * Environment variables whose value is a place where tools keep their own things, not a file that the program
 * reads by that name: keeping what they name would keep a toolchain or a whole home. Sources: environ(7) for the
 * first row; `go help environment`; the Cargo book "Environment Variables"; JEP and vendors' images for JAVA_HOME;
 * each interpreter's own manual for its *HOME. Runtimes that are used are kept by their own detector.
 */
const PLACES: ReadonlySet<string> = new Set([
  'PATH',
  'HOME',
  'PWD',
  'OLDPWD',
  'SHELL',
  'TMPDIR',
  'MANPATH',
  'INFOPATH',
  'TERM',
  'EDITOR',
  'PAGER',
  'GOPATH',
  'GOROOT',
  'GOCACHE',
  'GOMODCACHE',
  'CARGO_HOME',
  'RUSTUP_HOME',
  'JAVA_HOME',
  'JRE_HOME',
  'JDK_HOME',
  'MAVEN_HOME',
  'GRADLE_HOME',
  'GRADLE_USER_HOME',
  'PYTHONHOME',
  'PYTHONPYCACHEPREFIX',
  'PIP_CACHE_DIR',
  'POETRY_HOME',
  'POETRY_CACHE_DIR',
  'UV_CACHE_DIR',
  'NVM_DIR',
  'NPM_CONFIG_CACHE',
  'npm_config_cache',
  'YARN_CACHE_FOLDER',
  'PNPM_HOME',
  'COREPACK_HOME',
  'GEM_HOME',
  'BUNDLE_PATH',
  'BUNDLE_APP_CONFIG',
  'COMPOSER_HOME',
  'PHPIZE_DEPS',
  'PHP_INI_DIR',
  'LD_LIBRARY_PATH',
  'LD_PRELOAD',
  'PKG_CONFIG_PATH',
  'CPATH',
  'LIBRARY_PATH',
  'XDG_CACHE_HOME',
  'XDG_DATA_HOME',
  'XDG_CONFIG_HOME',
  'XDG_RUNTIME_DIR',
  'DOTNET_ROOT',
  'VIRTUAL_ENV',
]);

/** Variables that hold a colon-separated list of directories or files to be read (perlrun, python(1), ruby(1)). */
const LISTS: ReadonlySet<string> = new Set([
  'PERL5LIB',
  'PERLLIB',
  'PYTHONPATH',
  'RUBYLIB',
  'NODE_PATH',
  'CLASSPATH',
  'XDG_DATA_DIRS',
  'XDG_CONFIG_DIRS',
  'LUA_PATH',
]);

/**
 * Variables whose value is a command line that the program runs: by the names that environ(7), git(1), rsync(1), less(1),
 * man(1), sudo(8) and xdg-open(1) give them, and by the words that programs' own variables end in.
 */
const COMMAND_VARIABLE =
  /(?:^|_)(?:COMMAND|CMD|SSH|RSH|EDITOR|VISUAL|PAGER|BROWSER|ASKPASS|LESSOPEN|LESSCLOSE|PROGRAM|HELPER)$|^SHELL$/;

export function isCommandVariable(name: string): boolean {
  return COMMAND_VARIABLE.test(name);
}

export function isPlaceVariable(name: string): boolean {
  return PLACES.has(name);
}

export function isDirectoryListVariable(name: string): boolean {
  return LISTS.has(name) || /(?:_PATH|_DIRS)$/.test(name);
}
