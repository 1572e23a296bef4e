import { IntegrityError, RegistryError, UnsupportedError } from '../../errors.ts';
import type { Digest } from '../../oci/digest.ts';
import { protocolFailure } from './failure.ts';
import type { HttpAnswer } from './http.ts';
import type { Repository } from './repository.ts';

/** The blob that a range is of. */
interface RangedBlob {
  readonly digest: Digest;
  readonly size: number;
}

/**
 * Yields the bytes of a blob from `start` up to `end`, unverified (distribution-spec v1.1, "Pulling blobs"; RFC 9110
 * section 14). A transfer that breaks goes on where it ended. Throws RegistryError, IntegrityError (the blob has another
 * size), and UnsupportedError where the server sends the whole instead, of which nothing is taken.
 */
export async function* fetchRange(
  repository: Repository,
  blob: RangedBlob,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  let at = start;
  let progressAt = start;
  for (let tries = 1; at < end; tries += 1) {
    try {
      for await (const chunk of fetchFrom(repository, blob, at, end)) {
        at += chunk.length;
        yield chunk;
      }
    } catch (error) {
      if (at - progressAt >= repository.http.limits.progressBytes) {
        progressAt = at;
        tries = 1;
      }
      await repository.http.pauseAfter(error, tries);
    }
  }
}

/** Yields bytes of the range as long as one answer brings them; ends in RegistryError when it brings too few. */
async function* fetchFrom(
  repository: Repository,
  blob: RangedBlob,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  const answer = await repository.send({
    method: 'GET',
    target: `blobs/${blob.digest}`,
    purpose: `read part of blob ${blob.digest}`,
    accept: [200, 206],
    headers: { range: `bytes=${start}-${end - 1}` },
  });
  try {
    checkRange(answer, blob, start, end);
    let at = start;
    for await (const chunk of answer.body) {
      at += chunk.length;
      if (at > end) throw protocolFailure(answer.errand, 206, 'it sent more than it was asked for');
      yield chunk;
    }
    if (at < end) throw endedEarly(answer);
  } finally {
    answer.discard();
  }
}

/** What a server announces is checked before a byte is taken. */
function checkRange(answer: HttpAnswer, blob: RangedBlob, start: number, end: number): void {
  if (answer.status === 200) {
    const { host } = answer.errand.url;
    throw new UnsupportedError(`cannot read part of blob ${blob.digest}: ${host} sends the whole of it`);
  }
  const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(answer.header('content-range') ?? '');
  if (range === null || Number(range[1]) !== start || Number(range[2]) >= end)
    throw protocolFailure(answer.errand, 206, 'it sent another range than it was asked for');
  if (range[3] !== '*' && Number(range[3]) !== blob.size)
    throw new IntegrityError(`the size of blob ${blob.digest}`, `${blob.size} bytes`, `${range[3]} bytes`);
}

function endedEarly(answer: HttpAnswer): RegistryError {
  const { failure, message } = protocolFailure(answer.errand, answer.status, 'the answer ended early');
  return new RegistryError(message, { ...failure, retryable: true });
}
