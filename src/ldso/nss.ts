import type { Rootfs } from '../rootfs/rootfs.ts';

const NSSWITCH = '/etc/nsswitch.conf';

/** Which functions of libc ask which database (nsswitch.conf(5)); a function's `_r` form asks the same. */
const DATABASE_FUNCTIONS: Readonly<Record<string, readonly string[]>> = {
  passwd: ['getpwnam', 'getpwuid', 'getpwent'],
  group: ['getgrnam', 'getgrgid', 'getgrent'],
  initgroups: ['initgroups', 'getgrouplist'],
  shadow: ['getspnam', 'getspent'],
  gshadow: ['getsgnam', 'getsgent'],
  hosts: [
    'getaddrinfo',
    'getnameinfo',
    'gethostbyname',
    'gethostbyname2',
    'gethostbyaddr',
    'gethostent',
    'getaddrinfo_a',
  ],
  services: ['getservbyname', 'getservbyport', 'getservent', 'getaddrinfo', 'getnameinfo'],
  protocols: ['getprotobyname', 'getprotobynumber', 'getprotoent'],
  networks: ['getnetbyname', 'getnetbyaddr', 'getnetent'],
  rpc: ['getrpcbyname', 'getrpcbynumber', 'getrpcent'],
  ethers: ['ether_hostton', 'ether_ntohost'],
  netgroup: ['setnetgrent', 'innetgr'],
  aliases: ['getaliasbyname', 'getaliasent'],
};

/** Every function that asks a name service. */
export const NSS_FUNCTIONS: ReadonlySet<string> = new Set(
  Object.values(DATABASE_FUNCTIONS).flatMap((names) => [...names, ...names.map((name) => `${name}_r`)]),
);

/** What glibc asks without nsswitch.conf or a line in it (nss/nss_database.c, nss_database_select_default). */
function defaultServices(database: string): readonly string[] {
  if (database === 'hosts' || database === 'networks') return ['dns', 'files'];
  return ['files'];
}

/** Returns the services that the imported functions ask, by the image's nsswitch.conf. */
export function nssServices(rootfs: Rootfs, imports: ReadonlySet<string>): ReadonlySet<string> {
  const configured = parseNsswitch(rootfs.text(NSSWITCH) ?? '');
  const services = new Set<string>();
  for (const [database, functions] of Object.entries(DATABASE_FUNCTIONS)) {
    if (!functions.some((name) => imports.has(name) || imports.has(`${name}_r`))) continue;
    // initgroups falls back on the line of group (nsswitch.conf(5)).
    const line =
      configured.get(database) ?? (database === 'initgroups' ? configured.get('group') : undefined);
    for (const service of line ?? defaultServices(database)) services.add(service);
  }
  return services;
}

function parseNsswitch(text: string): ReadonlyMap<string, readonly string[]> {
  const lines = new Map<string, readonly string[]>();
  for (const line of text.split('\n')) {
    const [, database, services] = /^\s*([a-z]+):(.*)$/.exec(line.replace(/#.*/, '')) ?? [];
    if (database === undefined || services === undefined) continue;
    // Actions like [NOTFOUND=return] stand between services.
    lines.set(
      database,
      services
        .replaceAll(/\[[^\]]*\]/g, ' ')
        .split(/\s+/)
        .filter((service) => service !== ''),
    );
  }
  return lines;
}
