/** Modules that are part of the interpreter; a package of the same name is never asked (Node.js, `module.builtinModules`). */
export const BUILTIN_MODULES: ReadonlySet<string> = new Set(
  (
    'assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain ' +
    'events fs http http2 https inspector module net os path perf_hooks process punycode querystring readline repl ' +
    'stream string_decoder sys timers tls trace_events tty url util v8 vm wasi worker_threads zlib'
  ).split(' '),
);

/**
 * Directories of modules that every program of a distribution's interpreter may load, below the root; `*` stands for
 * any part of one name, a leading `PREFIX` for what the interpreter's own directory lies in.
 */
export const GLOBAL_DIRECTORIES: readonly { readonly directory: string; readonly source: string }[] = [
  { directory: '/usr/lib/*/nodejs', source: 'Debian nodejs, patch "Modules: Debian paths"' },
  { directory: '/usr/share/nodejs', source: 'Debian nodejs, Debian Javascript Policy' },
  { directory: '/usr/lib/nodejs', source: 'Debian nodejs' },
  { directory: 'PREFIX/lib/node', source: 'Node.js, "Loading from the global folders"' },
];

/** Options of the interpreter that name a module, read as `require` or `import` would from the working directory. */
export const MODULE_OPTIONS: Readonly<Record<string, 'require' | 'import'>> = {
  '-r': 'require',
  '--require': 'require',
  '--import': 'import',
  '--loader': 'import',
  '--experimental-loader': 'import',
};

/** Options of the interpreter that name a file or a directory (node(1)). */
export const FILE_OPTIONS: ReadonlySet<string> = new Set([
  '--env-file',
  '--env-file-if-exists',
  '--icu-data-dir',
  '--openssl-config',
]);

/** Conditions under which a package's exports are read (Node.js, "Conditional exports"); `default` always holds. */
export const CONDITIONS: readonly string[] = ['node', 'node-addons'];

/** Programs that start or fetch others: what they are asked for is read from package.json and not from their own code. */
export const PACKAGE_MANAGERS: ReadonlySet<string> = new Set([
  'npm',
  'npx',
  'yarn',
  'yarnpkg',
  'pnpm',
  'corepack',
  'node-gyp',
]);

/** Where such a program keeps what it runs; the value of `variable` comes first, `~` is the home directory. */
export const MANAGER_HOMES: readonly {
  readonly manager: string;
  readonly variable: string;
  readonly directory: string;
  readonly source: string;
}[] = [
  {
    manager: 'corepack',
    variable: 'COREPACK_HOME',
    directory: '~/.cache/node/corepack',
    source: 'corepack README, "Environment Variables"',
  },
];

/** Modules whose functions start programs, and what a function's first argument is. */
export const STARTER_MODULES: ReadonlySet<string> = new Set([
  'child_process',
  'execa',
  'cross-spawn',
  'cross-spawn-promise',
  'nano-spawn',
  'tinyexec',
]);
export const STARTERS: Readonly<Record<string, 'shell' | 'program' | 'module'>> = {
  exec: 'shell',
  execSync: 'shell',
  execaCommand: 'program',
  execaCommandSync: 'program',
  spawn: 'program',
  spawnSync: 'program',
  execFile: 'program',
  execFileSync: 'program',
  execa: 'program',
  execaSync: 'program',
  sync: 'program',
  default: 'program',
  x: 'program',
  fork: 'module',
};

/** Names of directories at the top of a package that no program reads (npm, "files"; common layouts of packages). */
export const UNREAD_DIRECTORIES: ReadonlySet<string> = new Set([
  'test',
  'tests',
  '__tests__',
  'spec',
  'doc',
  'docs',
  'example',
  'examples',
  'benchmark',
  'benchmarks',
  'bench',
  'coverage',
  'man',
  'demo',
  'website',
  '.github',
  '.circleci',
  '.vscode',
  'typings',
]);

/** Files of a package that are there for people, editors and compilers. */
export const UNREAD_FILE =
  /\.(?:md|markdown|map|flow|tsbuildinfo|gyp|gypi|cmake|patch|tgz|log|lock|pdb|exe|dll|dylib)$|\.d\.[cm]?ts$|\/(?:(?:change|history|contributing|authors|security|codeowners|tsconfig[\w.-]*|package-lock|pnpm-lock|bower|component|karma|rollup|webpack|vite(?:st)?|jest|babel|tslint|renovate)[\w.-]*|\.(?:npmignore|eslint\w*|prettier\w*|editorconfig|travis|jshintrc|nycrc|babelrc|gitattributes)[\w.]*)$/i;

/** Where programs of other systems lie in a package: prebuildify's `prebuilds/PLATFORM-ARCH`, and names of the same form. */
export const FOREIGN_PLATFORM =
  /(?:^|[/@.-])(?:darwin|win32|windows|freebsd|openbsd|sunos|aix|android)(?:[-_/.]|$)/;
