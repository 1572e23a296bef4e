/** Where languages have their modules: of these their own detectors keep what programs load. */
export const LANGUAGE_TREE =
  /^\/usr\/(?:local\/)?(?:lib(?:\/[^/]+-linux-[^/]+)?|share)\/(?:python[\d.]*|perl5?|ruby|rubygems-integration|gems|nodejs|node_modules|php\d*|lua|java|maven-repo|jvm|R|ocaml|ghc|guile|erlang|go-[\d.]+|gocode|cargo)\//;

/** Files of which other files are made once, while the image is built. */
export const BUILT_FROM: readonly { readonly pattern: RegExp; readonly source: string }[] = [
  { pattern: /^\/usr\/share\/i18n\//, source: 'localedef(1): compiled into /usr/lib/locale' },
  {
    pattern: /^\/usr\/share\/ca-certificates\//,
    source: 'update-ca-certificates(8): collected in /etc/ssl/certs',
  },
  { pattern: /^\/usr\/src\//, source: 'FHS 3.0, 4.12: source code' },
];
