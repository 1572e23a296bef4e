import { expect, test } from 'vitest';
import { proxyFor } from './proxy.ts';

const ENV = { HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'plain:2' };

const rows: readonly {
  summary: string;
  url: string;
  env: Readonly<Record<string, string>>;
  expected: string | undefined;
}[] = [
  { summary: 'HTTPS_PROXY is for https', url: 'https://r.example/', env: ENV, expected: 'http://p:1' },
  {
    summary: 'HTTP_PROXY is for http, and may lack its scheme',
    url: 'http://r.example/',
    env: ENV,
    expected: 'http://plain:2',
  },
  {
    summary: 'lower case wins',
    url: 'https://r.example/',
    env: { ...ENV, https_proxy: 'http://low:3' },
    expected: 'http://low:3',
  },
  { summary: 'there is none', url: 'https://r.example/', env: {}, expected: undefined },
  { summary: 'loopback is reached directly', url: 'https://localhost:5000/', env: ENV, expected: undefined },
  {
    summary: 'NO_PROXY is a star',
    url: 'https://r.example/',
    env: { ...ENV, NO_PROXY: '*' },
    expected: undefined,
  },
  {
    summary: 'NO_PROXY names the host',
    url: 'https://r.example/',
    env: { ...ENV, NO_PROXY: 'a, r.example' },
    expected: undefined,
  },
  {
    summary: 'NO_PROXY names the domain',
    url: 'https://r.example/',
    env: { ...ENV, NO_PROXY: 'example' },
    expected: undefined,
  },
  {
    summary: 'NO_PROXY names what is under the domain',
    url: 'https://r.example/',
    env: { ...ENV, NO_PROXY: '.example' },
    expected: undefined,
  },
  {
    summary: 'a leading dot leaves the domain itself out',
    url: 'https://r.example/',
    env: { ...ENV, NO_PROXY: '.r.example' },
    expected: 'http://p:1',
  },
  {
    summary: 'another name ends the same',
    url: 'https://bar.example/',
    env: { ...ENV, NO_PROXY: 'r.example' },
    expected: 'http://p:1',
  },
  {
    summary: 'the port fits',
    url: 'https://r.example/',
    env: { ...ENV, NO_PROXY: 'r.example:443' },
    expected: undefined,
  },
  {
    summary: 'the port does not fit',
    url: 'https://r.example:8443/',
    env: { ...ENV, NO_PROXY: 'r.example:443' },
    expected: 'http://p:1',
  },
  {
    summary: 'a range holds the address',
    url: 'https://10.1.2.3/',
    env: { ...ENV, no_proxy: '10.0.0.0/8' },
    expected: undefined,
  },
  {
    summary: 'a range of IPv6 holds the address',
    url: 'https://[2001:db8::1]/',
    env: { ...ENV, no_proxy: '2001:db8::/32' },
    expected: undefined,
  },
  {
    summary: 'a range is for addresses, not names',
    url: 'https://r.example/',
    env: { ...ENV, no_proxy: '0.0.0.0/0' },
    expected: 'http://p:1',
  },
  {
    summary: 'a broken range exempts nothing',
    url: 'https://10.1.2.3/',
    env: { ...ENV, no_proxy: '10.0.0.0/99' },
    expected: 'http://p:1',
  },
];

test.each(rows)('proxyFor when $summary', ({ url, env, expected }) => {
  expect(proxyFor(new URL(url), env)).toBe(expected);
});
