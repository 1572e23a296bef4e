import { RegistryError, type RegistryErrorDetail, reasonOf } from '../../errors.ts';
import { isRecord } from '../../oci/json.ts';
import { printable, redacted, withoutCredentials } from './printable.ts';

/** What a request is for: the middle of `cannot <purpose>: …`, the method and the URL. */
export interface Errand {
  readonly purpose: string;
  readonly method: string;
  readonly url: URL;
  /** The Authorization field that was sent: never to be told. */
  readonly authorization?: string | undefined;
}

/** Statuses after which the same request may succeed (RFC 9110; 429 is RFC 6585). */
const TRANSIENT_STATUS = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Codes of Node and undici after which the same request may succeed. A refused connection or an unknown name
 * does not heal.
 */
const TRANSIENT_CODE: Readonly<Record<string, string>> = {
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  ETIMEDOUT: 'the connection timed out',
  EAI_AGAIN: 'the name server did not answer',
  ENETUNREACH: 'the network is unreachable',
  EHOSTUNREACH: 'the host is unreachable',
  UND_ERR_SOCKET: 'the connection was closed',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the answer ended early',
  UND_ERR_ABORTED: 'the connection was closed',
  OSLIM_STALLED: 'the transfer stalled',
};

const LASTING_CODE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ENOTFOUND: 'there is no such host',
  EPROTO: 'the TLS handshake failed',
  UND_ERR_HEADERS_OVERFLOW: 'the headers of the answer are too large',
};

/** Returns the error for an answer with a status that is a failure; `body` is what of the answer was read. */
export function answerFailure(
  errand: Errand,
  status: number,
  body: Uint8Array,
  retryAfterMs?: number,
): RegistryError {
  const errors = parseErrors(body, errand.authorization);
  const details = errors.map(({ code, message }) => `${code}${message ? `: ${message}` : ''}`).join('; ');
  const advice = adviceFor(status, errand.url.host);
  return new RegistryError(
    `cannot ${errand.purpose}: ${errand.url.host} answered ${status}${details ? ` (${details})` : ''}`,
    {
      method: errand.method,
      url: redacted(errand.url),
      status,
      errors,
      retryable: TRANSIENT_STATUS.has(status),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
    advice === undefined ? {} : { advice },
  );
}

/** Returns the error for a request that got no whole answer. */
export function networkFailure(errand: Errand, error: unknown): RegistryError {
  const code = codeOf(error);
  const reason = TRANSIENT_CODE[code] ?? LASTING_CODE[code] ?? printable(reasonOf(error));
  const advice = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)/.test(code)
    ? `put the registry's CA into certs.d/${errand.url.host}/ca.crt, or use --insecure`
    : undefined;
  return new RegistryError(
    `cannot ${errand.purpose}: ${errand.url.host}: ${reason}`,
    {
      method: errand.method,
      url: redacted(errand.url),
      status: 0,
      errors: [],
      retryable: code in TRANSIENT_CODE,
    },
    { cause: error, advice },
  );
}

/** Returns the error for an answer that the distribution-spec does not allow. */
export function protocolFailure(errand: Errand, status: number, reason: string): RegistryError {
  return new RegistryError(`cannot ${errand.purpose}: ${errand.url.host}: ${reason}`, {
    method: errand.method,
    url: redacted(errand.url),
    status,
    errors: [],
    retryable: false,
  });
}

function codeOf(error: unknown): string {
  for (let one = error, depth = 0; one instanceof Error && depth < 5; one = one.cause, depth += 1) {
    if ('code' in one && typeof one.code === 'string') return one.code;
    if (one instanceof AggregateError && one.errors.length > 0) return codeOf(one.errors[0]);
  }
  return '';
}

/**
 * Parses the `errors` of an answer (distribution-spec, "Error Codes"); a body that has none, a proxy's page
 * say, has none.
 */
function parseErrors(body: Uint8Array, authorization: string | undefined): readonly RegistryErrorDetail[] {
  const text = (value: unknown, max: number): string =>
    typeof value === 'string' ? printable(withoutCredentials(value, authorization), max) : '';
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder().decode(body));
  } catch {
    // The status alone tells what happened.
    return [];
  }
  if (!isRecord(document)) return [];
  // Token servers answer `{"details": "…"}` (Docker Hub) or `{"error": …}` (RFC 6749, section 5.2).
  const errors = Array.isArray(document.errors) ? document.errors.filter(isRecord) : [];
  const details = errors.map(({ code, message }) => ({
    code: text(code, 60) || 'UNKNOWN',
    message: text(message, 200),
  }));
  const other = text(document.details ?? document.error_description ?? document.error, 200);
  if (details.length === 0 && other !== '') return [{ code: 'UNKNOWN', message: other }];
  return details.slice(0, 3);
}

function adviceFor(status: number, host: string): string | undefined {
  if (status === 401 || status === 403)
    return `log in to ${host} (docker login, podman login) or give --username and --password-stdin`;
  if (status === 404) return 'check the name and the tag; private repositories may also need a login';
  if (status === 429) return 'the registry limits requests; log in or try again later';
  return undefined;
}
