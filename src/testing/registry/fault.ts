import type { IncomingMessage, ServerResponse } from 'node:http';

/** Reply is what the registry means to answer. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** Fault spoils the requests whose `METHOD /path?query` it matches, `times` times (always, when absent). */
export interface Fault {
  readonly on: RegExp;
  readonly times?: number;
  /** Answers in place of the registry, which never sees the request. */
  readonly answer?: (request: IncomingMessage) => Reply;
  /** Lets the registry do its work and then delivers its reply in its own way. */
  readonly deliver?: (reply: Reply, response: ServerResponse) => void;
  /** Ends the connection when this many bytes of the request's body have come; the registry keeps them. */
  readonly cutBodyAt?: number;
  /** Never reads the request's body and never answers. */
  readonly isDeaf?: boolean;
}

/** Sends a reply as it should be. */
export function send(reply: Reply, response: ServerResponse): void {
  const length = response.req.method === 'HEAD' ? {} : { 'content-length': String(reply.body?.length ?? 0) };
  response.writeHead(reply.status, { ...length, ...reply.headers });
  response.end(response.req.method === 'HEAD' ? undefined : reply.body);
}

/** The connection is reset after `bytes` bytes of the body. */
export function resetAfter(bytes: number): NonNullable<Fault['deliver']> {
  return (reply, response) => {
    writeStart(reply, response, bytes, () => response.socket?.resetAndDestroy());
  };
}

/** The connection ends in the orderly way after `bytes` bytes, short of what was announced. */
export function closeAfter(bytes: number): NonNullable<Fault['deliver']> {
  return (reply, response) => {
    writeStart(reply, response, bytes, () => response.socket?.end());
  };
}

/** Nothing comes after `bytes` bytes, and the connection stays open. */
export function stallAfter(bytes: number): NonNullable<Fault['deliver']> {
  return (reply, response) => writeStart(reply, response, bytes, () => undefined);
}

/** One byte comes in every `intervalMs`. */
export function drip(intervalMs: number): NonNullable<Fault['deliver']> {
  return (reply, response) => {
    response.writeHead(reply.status, reply.headers);
    let at = 0;
    const timer = setInterval(() => {
      response.write(reply.body?.subarray(at, at + 1) ?? new Uint8Array(1));
      at += 1;
    }, intervalMs);
    response.on('close', () => clearInterval(timer));
  };
}

/** A body without an end and without a length. */
export function endless(reply: Reply, response: ServerResponse): void {
  response.writeHead(reply.status, reply.headers);
  const chunk = Buffer.alloc(64 << 10, 0x20);
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', more);
  more();
}

/** The body with one bit changed in its middle. */
export function flipBit(reply: Reply, response: ServerResponse): void {
  const body = Buffer.from(reply.body ?? []);
  const middle = body.length >> 1;
  body[middle] = (body[middle] ?? 0) ^ 1;
  send({ ...reply, body }, response);
}

function writeStart(reply: Reply, response: ServerResponse, bytes: number, then: () => void): void {
  const body = reply.body ?? new Uint8Array();
  response.writeHead(reply.status, { 'content-length': String(body.length), ...reply.headers });
  response.write(body.subarray(0, bytes), () => then());
}
