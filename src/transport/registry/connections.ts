import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import {
  type AddressClass,
  classifyAddress,
  isLoopbackName,
  mayLeadTo,
  withoutBrackets,
} from './address-class.ts';
import type { AnswerLimits, RegistryLimits } from './limits.ts';
import { proxyFor } from './proxy.ts';
import type { HostTrust } from './trust.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** RefusedAddress is thrown where a server leads its clients to an address that it has no business with. */
class RefusedAddress extends Error {
  readonly code = 'OSLIM_REFUSED_ADDRESS';
}

/** Connections keeps one undici dispatcher for each origin and class of server that may lead there. */
export class Connections {
  readonly #limits: RegistryLimits & AnswerLimits;
  readonly #trustOf: (host: string) => HostTrust;
  readonly #env: Environment;
  readonly #open = new Map<string, Dispatcher>();

  constructor(limits: RegistryLimits & AnswerLimits, trustOf: (host: string) => HostTrust, env: Environment) {
    this.#limits = limits;
    this.#trustOf = trustOf;
    this.#env = env;
  }

  /**
   * Returns the dispatcher for `url`. With `ledBy`, the class of the server that named the URL (a redirect, a
   * token realm), a connection to an address further inwards is refused, after name resolution: a public name
   * may well resolve to 169.254.169.254.
   */
  for(url: URL, ledBy?: AddressClass): Dispatcher {
    if (ledBy !== undefined) refuseLiteral(url, ledBy);
    const key = `${url.origin} ${ledBy ?? ''}`;
    const known = this.#open.get(key);
    if (known !== undefined) return known;
    const made = this.#dispatcher(url, ledBy);
    this.#open.set(key, made);
    return made;
  }

  async close(): Promise<void> {
    const open = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(open.map((dispatcher) => dispatcher.destroy()));
  }

  #dispatcher(url: URL, ledBy: AddressClass | undefined): Dispatcher {
    const trust = this.#trustOf(url.host);
    const tls = {
      rejectUnauthorized: trust.rejectUnauthorized,
      ...(trust.ca ? { ca: [...trust.ca] } : {}),
      ...(trust.cert ? { cert: [...trust.cert] } : {}),
      ...(trust.key ? { key: [...trust.key] } : {}),
    };
    const common = {
      maxHeaderSize: this.#limits.headerBytes,
      bodyTimeout: 0,
      headersTimeout: this.#limits.headersTimeoutMs,
    };
    const timeout = this.#limits.connectTimeoutMs;
    const proxy = proxyFor(url, this.#env);
    if (proxy !== undefined) {
      return new ProxyAgent({
        ...common,
        uri: proxy,
        requestTls: { ...tls, timeout },
        proxyTunnel: url.protocol === 'https:',
      });
    }
    return new Agent({
      ...common,
      connect: { ...tls, timeout, ...(ledBy === undefined ? {} : { lookup: guardedLookup(ledBy) }) },
    });
  }
}

function refuseLiteral(url: URL, ledBy: AddressClass): void {
  const bare = withoutBrackets(url.hostname);
  const to = isIP(bare) === 0 ? (isLoopbackName(bare) ? 'loopback' : 'public') : classifyAddress(bare);
  if (!mayLeadTo(ledBy, to)) throw new RefusedAddress(`it leads to ${url.host}, a ${to} address`);
}

/**
 * Returns a resolver for connections that a server of class `ledBy` leads to: it answers RefusedAddress for
 * an address further inwards.
 */
export function guardedLookup(ledBy: AddressClass): LookupFunction {
  return (hostname, options, callback) => {
    dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '');
      const refused = addresses.find(({ address }) => !mayLeadTo(ledBy, classifyAddress(address)));
      if (refused !== undefined) {
        const reason = `it leads to ${hostname}, a ${classifyAddress(refused.address)} address`;
        return callback(new RefusedAddress(reason), '');
      }
      answer(addresses, options.all === true, callback);
    });
  };
}

function answer(
  addresses: readonly LookupAddress[],
  all: boolean,
  callback: Parameters<LookupFunction>[2],
): void {
  const first = addresses[0];
  if (all) callback(null, [...addresses]);
  else callback(null, first?.address ?? '', first?.family);
}
