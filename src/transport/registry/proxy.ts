import { BlockList, isIP } from 'node:net';
import { isLoopbackName, withoutBrackets } from './address-class.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Returns the proxy for `url` that the environment asks for, by Go's rules, which registry clients share:
 * HTTPS_PROXY or HTTP_PROXY by scheme (lower case wins), unless NO_PROXY names the host by `*`, a domain (and
 * what is under it), an address, a CIDR range, each with an optional port; loopback hosts never go through a
 * proxy.
 */
export function proxyFor(url: URL, env: Environment): string | undefined {
  const name = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const proxy = env[name] ?? env[name.toUpperCase()];
  if (proxy === undefined || proxy === '' || isLoopbackName(url.hostname)) return undefined;
  const rules = (env.no_proxy ?? env.NO_PROXY ?? '').split(/[\s,]+/).filter((rule) => rule !== '');
  if (rules.some((rule) => isExempt(rule.toLowerCase(), url))) return undefined;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

function isExempt(rule: string, url: URL): boolean {
  if (rule === '*') return true;
  const hostname = withoutBrackets(url.hostname).toLowerCase();
  if (rule.includes('/')) return isInRange(rule, hostname);
  if (isIP(withoutBrackets(rule)) === 6) return hostname === withoutBrackets(rule);
  const [, host = rule, port] = /^(.*?)(?::(\d+))?$/.exec(rule) ?? [];
  if (port !== undefined && port !== (url.port || (url.protocol === 'https:' ? '443' : '80'))) return false;
  const domain = host.replace(/^\*?\./, '');
  // A leading dot exempts only what is under the domain, not the domain itself.
  return (hostname === domain && !/^\*?\./.test(host)) || hostname.endsWith(`.${domain}`);
}

function isInRange(rule: string, hostname: string): boolean {
  const [network = '', prefix = ''] = rule.split('/');
  const family = isIP(network);
  const bits = Number.parseInt(prefix, 10);
  if (family === 0 || isIP(hostname) !== family || !(bits >= 0 && bits <= (family === 6 ? 128 : 32)))
    return false;
  const list = new BlockList();
  list.addSubnet(network, bits, family === 6 ? 'ipv6' : 'ipv4');
  return list.check(hostname, family === 6 ? 'ipv6' : 'ipv4');
}
