/** Source packages of the interpreter and its extensions. */
export const INTERPRETER_SOURCES: readonly { readonly pattern: RegExp; readonly source: string }[] = [
  {
    pattern: /^php(?:\d+(?:\.\d+)*)?(?:-defaults)?$/,
    source: 'Debian php8.2 and php-defaults; Fedora php; Alpine php82',
  },
];

/** Programs and modules with the interpreter in them; `php` itself is in the table of interpreters. */
export const PHP_SERVERS =
  /^(?:php-fpm\d*(?:\.\d+)?|php-cgi\d*(?:\.\d+)?|phpdbg\d*(?:\.\d+)?|libphp\d*(?:\.\d+)?\.so|frankenphp)$/;

/** Where web servers and images put applications that no argument of a server names. */
export const DOCUMENT_ROOTS: readonly { readonly path: string; readonly source: string }[] = [
  { path: '/var/www', source: 'Debian Policy 11.5; WORKDIR of the official image' },
  { path: '/srv/www', source: 'FHS 3.0, 3.17' },
  { path: '/usr/share/nginx/html', source: 'nginx packages of Fedora and nginx.org' },
];

/** Names of files with PHP code. */
export const PHP_FILE = /\.(?:php\d?|inc|phtml|module|install|phar)$/;

/** Parts of applications and of vendor/ that no program loads (Composer, "export-ignore" practice). */
export const UNREAD_PATH =
  /\/(?:tests?|Tests|docs?|\.github|node_modules)\/|\/(?:phpunit\.xml[^/]*|[^/]+\.md)$/;
