/**
 * Files that programs reach through libraries' built-in names, so that no trace of them stands in the program
 * itself. Each row: the paths, and where that is documented.
 */
export interface EssentialPaths {
  readonly what: string;
  /** Files or directories (kept with everything in them). */
  readonly paths: readonly string[];
  readonly source: string;
}

export const CERTIFICATE_PATHS: readonly EssentialPaths[] = [
  {
    what: 'CA certificates',
    paths: ['/etc/ssl/certs', '/etc/ssl/cert.pem', '/usr/lib/ssl/certs', '/usr/lib/ssl/cert.pem'],
    source: 'update-ca-certificates(8); OPENSSLDIR of Debian is /usr/lib/ssl, of Alpine /etc/ssl',
  },
  {
    what: 'CA certificates',
    paths: ['/etc/pki/tls/certs', '/etc/pki/tls/cert.pem', '/etc/pki/ca-trust/extracted/pem'],
    source: 'update-ca-trust(8) of Fedora; the list of paths that Go searches (crypto/x509, root_linux.go)',
  },
  {
    what: 'CA certificates',
    paths: ['/var/lib/ca-certificates/ca-bundle.pem', '/var/lib/ca-certificates/pem'],
    source: 'openSUSE; crypto/x509, root_linux.go',
  },
];

export const ZONEINFO_PATHS: readonly EssentialPaths[] = [
  {
    what: 'time zones',
    paths: ['/usr/share/zoneinfo', '/etc/localtime', '/etc/timezone'],
    source: 'tzset(3)',
  },
];

/** Whole second copies of the database, chosen only by an explicit TZ=posix/… or right/… (tzfile(5), zic -L). */
export const ZONEINFO_COPIES: readonly string[] = ['posix', 'right'];

export const ACCOUNT_PATHS: readonly EssentialPaths[] = [
  {
    what: 'accounts',
    paths: ['/etc/passwd', '/etc/group'],
    source: 'passwd(5), group(5); engines look User up there',
  },
  { what: 'name service configuration', paths: ['/etc/nsswitch.conf'], source: 'nsswitch.conf(5)' },
  {
    what: 'operating system identification',
    paths: ['/etc/os-release', '/usr/lib/os-release'],
    source: 'os-release(5)',
  },
];

/** Directories of every system, where people mount and programs look: kept with their owner and mode, without what is in them. */
export const MOUNT_POINTS: readonly EssentialPaths[] = [
  {
    what: 'a mount point',
    paths: ['/home', '/media', '/mnt', '/opt', '/srv'],
    source: 'Filesystem Hierarchy Standard 3.0, section 3',
  },
];

export const TEMPORARY_DIRECTORY = '/tmp';
