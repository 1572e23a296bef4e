import { afterEach, describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../io/limits.ts';
import {
  type AddressClass,
  classifyAddress,
  classifyHost,
  isLoopbackName,
  mayLeadTo,
} from './address-class.ts';
import { Connections, guardedLookup } from './connections.ts';
import { Http } from './http.ts';
import { DEFAULT_REGISTRY_LIMITS } from './limits.ts';

describe('classifyAddress', () => {
  const rows: readonly [address: string, expected: AddressClass][] = [
    ['127.0.0.1', 'loopback'],
    ['127.9.9.9', 'loopback'],
    ['0.0.0.0', 'loopback'],
    ['::1', 'loopback'],
    ['::', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['169.254.169.254', 'local-service'],
    ['::ffff:a9fe:a9fe', 'local-service'],
    ['64:ff9b::a9fe:a9fe', 'local-service'],
    ['fe80::1', 'local-service'],
    ['fd00:ec2::254', 'local-service'],
    ['100.100.100.200', 'local-service'],
    ['168.63.129.16', 'local-service'],
    ['10.1.2.3', 'private'],
    ['172.16.0.1', 'private'],
    ['172.32.0.1', 'public'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['fc00::1', 'private'],
    ['239.1.1.1', 'private'],
    ['8.8.8.8', 'public'],
    ['2001:4860:4860::8888', 'public'],
  ];

  test.each(rows)('puts %s among the %s addresses', (address, expected) => {
    expect(classifyAddress(address)).toBe(expected);
  });
});

describe('mayLeadTo', () => {
  test.each<[AddressClass, AddressClass, boolean]>([
    ['public', 'public', true],
    ['public', 'private', false],
    ['public', 'loopback', false],
    ['public', 'local-service', false],
    ['private', 'public', true],
    ['private', 'private', true],
    ['private', 'loopback', false],
    ['private', 'local-service', false],
    ['loopback', 'private', true],
    ['loopback', 'loopback', true],
    ['loopback', 'local-service', false],
    ['local-service', 'local-service', true],
  ])('from %s to %s: %s', (from, to, expected) => {
    expect(mayLeadTo(from, to)).toBe(expected);
  });
});

test.each([
  ['localhost', true],
  ['LOCALHOST', true],
  ['a.localhost', true],
  ['[::1]', true],
  ['127.1.1.1', true],
  ['localhost.example', false],
  ['notlocalhost', false],
  ['10.0.0.1', false],
])('isLoopbackName(%s) is %s', (name, expected) => {
  expect(isLoopbackName(name)).toBe(expected);
});

test('classifyHost reads addresses in brackets and takes an unknown name for a public one', async () => {
  expect(await classifyHost('[::1]')).toBe('loopback');
  expect(await classifyHost('10.0.0.1')).toBe('private');
  expect(await classifyHost('no-such-host.invalid')).toBe('public');
});

describe('Connections that a public server leads to', () => {
  const connections = new Connections(
    { ...DEFAULT_LIMITS, ...DEFAULT_REGISTRY_LIMITS },
    () => ({ rejectUnauthorized: true }),
    {},
  );
  afterEach(() => connections.close());

  // Decimal, octal and short forms of IPv4 are made plain by the URL parser; "localhost" is not an address
  // and is resolved.
  test.each([
    'http://127.0.0.1:1/',
    'http://2130706433:1/',
    'http://0x7f.1:1/',
    'http://[::ffff:127.0.0.1]:1/',
    'http://localhost:1/',
    'http://192.168.0.1/',
  ])('refuse %s', async (text) => {
    const asked = { method: 'GET', url: new URL(text), purpose: 'read', ledBy: 'public' as const };
    const answer = new Http(connections, { ...DEFAULT_LIMITS, ...DEFAULT_REGISTRY_LIMITS }).exchange(asked);
    await expect(answer).rejects.toThrow(/^cannot read: .*: it leads to .*, a (loopback|private) address$/);
  });

  test('refuse a name that resolves inwards, and pass on where one may', async () => {
    const resolve = (ledBy: AddressClass) =>
      new Promise((done) =>
        guardedLookup(ledBy)('localhost', {}, (error, address) => done(error ?? address)),
      );
    expect(String(await resolve('public'))).toMatch(/it leads to localhost, a loopback address$/);
    expect(await resolve('loopback')).toMatch(/^(127\.0\.0\.1|::1)$/);
  });
});
