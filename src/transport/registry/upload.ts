import { IntegrityError, OslimError, RegistryError } from '../../errors.ts';
import type { Blob } from '../../image/image.ts';
import { type Digest, parseDigest } from '../../oci/digest.ts';
import { protocolFailure } from './failure.ts';
import type { HttpAnswer } from './http.ts';
import type { Repository } from './repository.ts';

/** How a blob is sent. */
export interface UploadOptions {
  /**
   * Send chunks of this many bytes (PATCH) rather than the whole (PUT); some registries take only the whole.
   */
  readonly chunkSize?: number | undefined;
  /** A repository of the same registry that may have the blob. */
  readonly mountFrom?: string | undefined;
}

/**
 * An upload session (distribution-spec v1.1, "Pushing blobs"): where it goes on, and how many bytes the
 * registry has.
 */
interface Session {
  readonly location: URL;
  readonly offset: number;
  /** OCI-Chunk-Min-Length, in bytes. */
  readonly minChunk: number;
}

/** After a proxy that takes no body as large as the blob (413), chunks of this size are tried. */
const FALLBACK_CHUNK_SIZE = 16 << 20;

/**
 * Puts a blob into a repository unless it is there: by mounting it, else by an upload, whole or in chunks,
 * which goes on where it broke when the session still stands, and starts anew when it is gone. Throws
 * RegistryError, IntegrityError.
 */
export async function pushBlob(
  repository: Repository,
  blob: Blob,
  options: UploadOptions = {},
): Promise<void> {
  if (await hasBlob(repository, blob)) return;
  let session =
    options.mountFrom === undefined ? undefined : await mount(repository, blob, options.mountFrom);
  if (session === 'mounted') return;
  let chunkSize = options.chunkSize;
  for (let tries = 1; ; tries += 1) {
    try {
      session ??= await startSession(repository, blob);
      return await sendBlob(repository, blob, session, chunkSize);
    } catch (error) {
      if (isTooLarge(error) && chunkSize === undefined) {
        chunkSize = FALLBACK_CHUNK_SIZE;
        session = undefined;
        continue;
      }
      // A session that is gone or out of step is as good as a broken connection: the next attempt starts with
      // what is there.
      await repository.http.pauseAfter(isSessionLost(error) ? retryable(error) : error, tries);
      session =
        session === undefined || isSessionLost(error)
          ? undefined
          : await resumeSession(repository, blob, session);
    }
  }
}

async function hasBlob(repository: Repository, { descriptor }: Blob): Promise<boolean> {
  const answer = await repository.request({
    method: 'HEAD',
    target: `blobs/${descriptor.digest}`,
    purpose: `look for blob ${descriptor.digest}`,
    accept: [200, 404],
  });
  answer.discard();
  return answer.status === 200;
}

/**
 * Tries a cross-repository mount (end-11): 201 is done, 202 is the session of an upload instead, anything
 * else is none.
 */
async function mount(
  repository: Repository,
  { descriptor }: Blob,
  from: string,
): Promise<Session | 'mounted' | undefined> {
  const query = new URLSearchParams({ mount: descriptor.digest, from });
  try {
    const answer = await repository.request({
      method: 'POST',
      target: `blobs/uploads/?${query}`,
      purpose: `mount blob ${descriptor.digest}`,
      accept: [201, 202, 400, 403, 404, 405],
      scopes: [`repository:${from}:pull`],
    });
    answer.discard();
    if (answer.status === 201) return checkCreated(answer, descriptor.digest, 'mounted');
    return answer.status === 202 ? sessionOf(repository, answer, answer.errand.url, 0) : undefined;
  } catch (error) {
    // A token server may refuse the scope of the other repository outright; the upload needs no mount.
    if (error instanceof RegistryError && (error.failure.status === 401 || error.failure.status === 403))
      return undefined;
    throw error;
  }
}

async function startSession(repository: Repository, { descriptor }: Blob): Promise<Session> {
  const answer = await repository.request({
    method: 'POST',
    target: 'blobs/uploads/',
    purpose: `push blob ${descriptor.digest}`,
    accept: [202],
  });
  answer.discard();
  return sessionOf(repository, answer, answer.errand.url, 0);
}

async function sendBlob(
  repository: Repository,
  blob: Blob,
  session: Session,
  chunkSize: number | undefined,
): Promise<void> {
  const { digest, size } = blob.descriptor;
  const step = Math.max(chunkSize ?? 0, session.minChunk);
  // What a broken upload left behind can only go on by PATCH (end-5); the closing PUT (end-6) may carry a
  // whole blob.
  const isChunked = chunkSize !== undefined || session.offset > 0;
  while (isChunked && session.offset < size) {
    const end = chunkSize === undefined ? size : Math.min(size, session.offset + step);
    session = await sendChunk(repository, blob, session, end);
  }
  const url = new URL(session.location);
  url.searchParams.set('digest', digest);
  const answer = await repository.send({
    method: 'PUT',
    target: url,
    purpose: `push blob ${digest}`,
    accept: [201, 204],
    headers: { 'content-type': 'application/octet-stream' },
    ...(isChunked ? {} : { body: { size, open: () => blob.open() } }),
  });
  answer.discard();
  checkCreated(answer, digest, undefined);
}

async function sendChunk(
  repository: Repository,
  blob: Blob,
  session: Session,
  end: number,
): Promise<Session> {
  const { offset } = session;
  const answer = await repository.send({
    method: 'PATCH',
    target: session.location,
    purpose: `push blob ${blob.descriptor.digest}`,
    accept: [202],
    headers: { 'content-type': 'application/octet-stream', 'content-range': `${offset}-${end - 1}` },
    body: { size: end - offset, open: () => sliceOf(blob.open(), offset, end) },
  });
  answer.discard();
  const next = sessionOf(repository, answer, session.location, end);
  if (next.offset > offset && next.offset <= end) return { ...next, minChunk: session.minChunk };
  throw protocolFailure(answer.errand, answer.status, 'its upload session does not move forward');
}

/** Asks a session how far it has come (end-13); none, when it is gone. */
async function resumeSession(
  repository: Repository,
  { descriptor }: Blob,
  session: Session,
): Promise<Session | undefined> {
  const answer = await repository.request({
    method: 'GET',
    target: session.location,
    purpose: `resume pushing blob ${descriptor.digest}`,
    accept: [204, 400, 404, 405, 416],
  });
  answer.discard();
  if (answer.status !== 204) return undefined;
  const next = sessionOf(repository, answer, session.location, 0);
  return next.offset > descriptor.size ? undefined : { ...next, minChunk: session.minChunk };
}

/**
 * Reads Location, Range (`0-N`, the bytes that the registry has) and OCI-Chunk-Min-Length of a session's
 * answer; `offset` is how many bytes it should have.
 */
function sessionOf(repository: Repository, answer: HttpAnswer, base: URL, offset: number): Session {
  const range = /^(?:bytes=)?0-(\d+)$/.exec(answer.header('range') ?? '');
  const last = Number(range?.[1] ?? 0);
  const minimum = Number(answer.header('oci-chunk-min-length') ?? 0);
  return {
    // The spec wants a Location in every answer; without one the session stays where it was.
    location:
      answer.header('location') === undefined && answer.status === 204
        ? base
        : repository.resolveLocation(answer, base),
    // `0-0` is what registries answer for none as for one byte: it is one only where one is what was sent.
    offset: range === null ? offset : last > 0 ? last + 1 : offset === 1 ? 1 : 0,
    minChunk: Number.isSafeInteger(minimum) && minimum > 0 ? minimum : 0,
  };
}

function checkCreated<T>(answer: HttpAnswer, digest: Digest, result: T): T {
  const text = answer.header('docker-content-digest');
  if (text !== undefined && readDigest(text) !== digest)
    throw new IntegrityError('what the registry stored', digest, text.slice(0, 150));
  return result;
}

function readDigest(text: string): Digest | undefined {
  try {
    return parseDigest(text);
  } catch (error) {
    if (error instanceof OslimError) return undefined;
    throw error;
  }
}

/** 404: gone; 416: out of step (another chunk than ours came first). */
function isSessionLost(error: unknown): error is RegistryError {
  return error instanceof RegistryError && (error.failure.status === 404 || error.failure.status === 416);
}

function isTooLarge(error: unknown): boolean {
  return error instanceof RegistryError && error.failure.status === 413;
}

function retryable(error: RegistryError): RegistryError {
  return new RegistryError(error.message, { ...error.failure, retryable: true }, { advice: error.advice });
}

async function* sliceOf(
  stream: AsyncIterable<Uint8Array>,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const chunk of stream) {
    const from = Math.max(start - at, 0);
    const to = Math.min(end - at, chunk.length);
    if (from < to) yield chunk.subarray(from, to);
    at += chunk.length;
    if (at >= end) return;
  }
}
