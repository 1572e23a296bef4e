import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

/**
 * AddressClass is who can be behind an IP address; `local-service` are link-local and cloud metadata
 * addresses.
 */
export type AddressClass = 'public' | 'private' | 'loopback' | 'local-service';

const RANGES: Readonly<Record<Exclude<AddressClass, 'public'>, BlockList>> = {
  // 0.0.0.0 and :: reach the own host on Linux.
  loopback: blockList(['127.0.0.0/8', '0.0.0.0/8', '::1/128', '::/128']),
  // RFC 3927 and RFC 4291; and the metadata services that live outside them: AWS over IPv6, Alibaba, Azure.
  'local-service': blockList([
    '169.254.0.0/16',
    'fe80::/10',
    'fd00:ec2::/32',
    '100.100.100.200/32',
    '168.63.129.16/32',
  ]),
  // RFC 1918, RFC 6598, RFC 4193; and benchmark, multicast and reserved ranges, where no public registry is.
  private: blockList([
    '10.0.0.0/8',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '100.64.0.0/10',
    '198.18.0.0/15',
    '224.0.0.0/3',
    'fc00::/7',
    'ff00::/8',
  ]),
};

/**
 * Returns the class of an IP address; an IPv4 address inside an IPv6 one (mapped, NAT64) counts as itself.
 */
export function classifyAddress(address: string): AddressClass {
  const plain = embeddedIpv4(address) ?? address;
  const family = isIP(plain) === 6 ? 'ipv6' : 'ipv4';
  if (RANGES.loopback.check(plain, family)) return 'loopback';
  if (RANGES['local-service'].check(plain, family)) return 'local-service';
  return RANGES.private.check(plain, family) ? 'private' : 'public';
}

/** May a server of class `from` send its clients to one of class `to`? Outwards always, inwards never. */
export function mayLeadTo(from: AddressClass, to: AddressClass): boolean {
  if (to === 'public' || from === to) return true;
  return from === 'loopback' && to === 'private';
}

/** Is it a name or an address of this host itself, as Docker decides it: localhost, 127.0.0.0/8, ::1? */
export function isLoopbackName(hostname: string): boolean {
  const bare = withoutBrackets(hostname).toLowerCase();
  if (isIP(bare) !== 0) return classifyAddress(bare) === 'loopback';
  return bare === 'localhost' || bare.endsWith('.localhost');
}

/**
 * Returns the class of a host's addresses, the most inward of them; a name that does not resolve here is
 * public.
 */
export async function classifyHost(hostname: string): Promise<AddressClass> {
  const bare = withoutBrackets(hostname);
  if (isIP(bare) !== 0) return classifyAddress(bare);
  if (isLoopbackName(bare)) return 'loopback';
  try {
    const classes = (await lookup(bare, { all: true })).map(({ address }) => classifyAddress(address));
    return (
      (['loopback', 'local-service', 'private'] as const).find((one) => classes.includes(one)) ?? 'public'
    );
  } catch {
    // Behind a proxy names need not resolve here; the strictest reading is that the registry is a public one.
    return 'public';
  }
}

export function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

/** `::ffff:a.b.c.d` and `64:ff9b::a.b.c.d` (RFC 6052), which WHATWG URLs spell as two hexadecimal groups. */
function embeddedIpv4(address: string): string | undefined {
  const match = /^(?:::ffff:|64:ff9b::)(?:([0-9a-f]{1,4}):([0-9a-f]{1,4})|([0-9.]+))$/i.exec(address);
  if (match === null) return undefined;
  if (match[3] !== undefined) return match[3];
  const value = Number.parseInt(match[1] ?? '', 16) * 0x1_0000 + Number.parseInt(match[2] ?? '', 16);
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join('.');
}

function blockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', prefix = ''] = range.split('/');
    list.addSubnet(network, Number.parseInt(prefix, 10), isIP(network) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}
