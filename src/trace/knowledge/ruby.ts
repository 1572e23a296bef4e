/** What the interpreter loads by itself (ruby.c, gem_prelude.rb) or from C on first use. */
export const IMPLICIT_FEATURES: readonly { readonly features: readonly string[]; readonly source: string }[] =
  [
    {
      features: ['rubygems', 'rbconfig', 'monitor', 'thread', 'fiber'],
      source: 'gem_prelude.rb; rubygems.rb',
    },
    { features: ['error_highlight', 'did_you_mean', 'syntax_suggest/core_ext'], source: 'gem_prelude.rb' },
    {
      features: ['unicode_normalize/normalize', 'unicode_normalize'],
      source: 'String#unicode_normalize (string.c)',
    },
    { features: ['enc/encdb', 'enc/trans/transdb'], source: 'localeinit.c, encoding.c' },
    {
      features: ['pp', 'set', 'continuation'],
      source: 'prelude.rb: Kernel#pp; Ruby 3.2 NEWS: autoload of Set',
    },
    { features: ['rubygems/defaults/operating_system'], source: 'rubygems.rb: what a distribution adds' },
  ];

/** What a feature loads when a constant of it is asked for. */
export const LATER_FEATURES: Readonly<Record<string, readonly string[]>> = {
  // Digest.const_missing requires digest/NAME, and digest/sha2 for SHA256 (ext/digest/lib/digest.rb).
  digest: ['digest/md5', 'digest/rmd160', 'digest/sha1', 'digest/sha2', 'digest/bubblebabble'],
};

/** Below the directory for extensions: encodings, loaded by the name of an encoding (encoding.c, transcode.c). */
export const ENCODINGS = 'enc';
/** Transcoders of East Asian scripts, most of what the encodings weigh: kept when the program names one. */
export const EAST_ASIAN_TRANSCODERS =
  /\/enc\/trans\/(?:big5|chinese|gb\w*|japanese\w*|korean|emoji\w*|utf8_mac|iso2022)\.so$/;
export const EAST_ASIAN_ENCODINGS =
  /\b(?:euc[-_]?(?:jp|kr|cn|tw)|shift[-_]?jis|sjis|windows[-_]?31j|cp9(?:32|36|49|50)|iso[-_]2022[-_]jp|gb(?:k|2312|18030)|big5|utf[-_]?8[-_]mac)\b/i;

/** Gems and parts of the standard library for people at a terminal and for building and testing software. */
export const DEVELOPER_FEATURES =
  /^(?:bundler|bundled_gems|rdoc|irb|reline|debug|rbs|typeprof|test-unit|test\/unit|minitest|power_assert|mkmf|rubygems\/(?:commands|test_case|tasktest|indexer|server|gem_runner|command_manager|gemcutter_utilities|install_update_options|mock_gem_ui))(?:\/|$)/;
export const DEVELOPER_GEMS: ReadonlySet<string> = new Set([
  ...[
    'bundler',
    'rdoc',
    'irb',
    'reline',
    'readline',
    'debug',
    'rbs',
    'typeprof',
    'test-unit',
    'minitest',
    'power_assert',
  ],
  ...[
    'rake',
    'rake-compiler',
    'rspec',
    'rspec-core',
    'rspec-mocks',
    'rspec-expectations',
    'rubocop',
    'pry',
    'byebug',
    'yard',
  ],
  ...['simplecov', 'guard', 'ronn', 'solargraph', 'steep', 'rubygems-update'],
]);

/** Where gems are installed, besides GEM_HOME, GEM_PATH and BUNDLE_PATH; `*` stands for any part of one name. */
export const GEM_HOMES: readonly { readonly pattern: string; readonly source: string }[] = [
  { pattern: '/usr/share/rubygems-integration/*', source: 'Debian: rubygems/defaults/operating_system.rb' },
  { pattern: '/usr/lib/*/rubygems-integration/*', source: 'Debian: rubygems/defaults/operating_system.rb' },
  { pattern: '/var/lib/gems/*', source: 'Debian: rubygems/defaults/operating_system.rb' },
  { pattern: '/usr/lib/ruby/gems/*', source: 'Gem.default_dir; Debian and Alpine' },
  { pattern: '/usr/lib64/ruby/gems/*', source: 'Gem.default_dir; openSUSE' },
  { pattern: '/usr/share/gems', source: 'Fedora: rubygems/defaults/operating_system.rb' },
  { pattern: '/usr/lib64/gems/ruby', source: 'Fedora: rubygems/defaults/operating_system.rb' },
  { pattern: '/usr/local/lib/ruby/gems/*', source: 'Gem.default_dir below /usr/local: the official image' },
  { pattern: '/usr/local/share/gems', source: 'Fedora: rubygems/defaults/operating_system.rb' },
  { pattern: '/usr/local/bundle', source: 'GEM_HOME of the official image' },
  { pattern: '/usr/local/bundle/ruby/*', source: 'BUNDLE_PATH of Rails’ own Dockerfile' },
  { pattern: '/root/.gem/ruby/*', source: 'Gem.user_dir' },
  { pattern: '/root/.local/share/gem/ruby/*', source: 'Gem.user_dir' },
];

/** Source packages of the interpreter with its standard library and bundled gems. */
export const INTERPRETER_SOURCES: readonly { readonly pattern: RegExp; readonly source: string }[] = [
  {
    pattern: /^(?:ruby|ruby-defaults|ruby\d(?:\.\d+)*|rubygems|jruby)$/,
    source: 'Debian, Fedora, Alpine source packages',
  },
];

/** Parts of a gem that no program loads (Bundler, "How to create a gem"; Gem::Specification#extensions). */
export const UNREAD_GEM_PATH =
  /\/(?:tests?|specs?|features|benchmarks?|examples?|docs?|man|ext|\.github|\.yardoc|rakelib|sig|rbi|screenshots|samples?)\/|\/(?:Rakefile|Gemfile(?:\.lock)?|Guardfile|Dockerfile|\.\w[^/]*|CHANGELOG[^/]*|HISTORY[^/]*|README[^/]*|CONTRIBUTING[^/]*|CODE_OF_CONDUCT[^/]*|[^/]+\.(?:gem|md|rdoc|markdown|textile|o|c|h|cc|cpp|java|rl|y|log|out|mk|rbs|rbi))$/i;
/** Directories of these names hold code where a gem's load path passes through them. */
export const LOADED_DIRECTORY = /\/(?:lib|app|config|db|bin|exe|vendor|data|locales?)\//;

/** Files that launchers look for in the working directory when no argument names one. */
export const LAUNCHER_FILES: readonly { readonly name: string; readonly source: string }[] = [
  { name: 'config.ru', source: 'rackup(1), puma(1)' },
  { name: 'config/puma.rb', source: 'Puma, "Configuration file"' },
  { name: 'puma.rb', source: 'Puma, "Configuration file"' },
  { name: 'config/unicorn.rb', source: 'Unicorn, "Configurator"' },
  { name: 'config/application.rb', source: 'Rails, "The initialization process"' },
  { name: 'config/environment.rb', source: 'Rails, "The initialization process"; Sidekiq' },
  { name: 'Rakefile', source: 'rake(1)' },
];
