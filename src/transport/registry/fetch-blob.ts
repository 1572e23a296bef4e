import { IntegrityError, RegistryError } from '../../errors.ts';
import type { Descriptor } from '../../oci/descriptor.ts';
import { algorithmOf, Digester } from '../../oci/digest.ts';
import { protocolFailure } from './failure.ts';
import type { HttpAnswer } from './http.ts';
import type { Repository } from './repository.ts';

/**
 * Yields a blob (distribution-spec v1.1, "Pulling blobs"). A transfer that breaks goes on where it ended, by
 * a Range. The last step throws IntegrityError when digest or size is not the descriptor's. The descriptor's
 * `urls` are never asked.
 */
export async function* fetchBlob(repository: Repository, descriptor: Descriptor): AsyncGenerator<Uint8Array> {
  const digester = new Digester(algorithmOf(descriptor.digest));
  const { limits } = repository.http;
  let progressAt = 0;
  for (let tries = 1; digester.size < descriptor.size; tries += 1) {
    try {
      for await (const chunk of fetchFrom(repository, descriptor, digester.size)) {
        digester.update(chunk);
        yield chunk;
      }
    } catch (error) {
      if (digester.size - progressAt >= limits.progressBytes) {
        progressAt = digester.size;
        tries = 1;
      }
      await repository.http.pauseAfter(error, tries);
    }
  }
  const actual = digester.digest();
  if (actual !== descriptor.digest)
    throw new IntegrityError(`blob ${descriptor.digest}`, descriptor.digest, actual);
}

/**
 * Yields the blob from byte `offset` on; ends in RegistryError when the server ends too early, IntegrityError
 * when too late.
 */
async function* fetchFrom(
  repository: Repository,
  descriptor: Descriptor,
  offset: number,
): AsyncGenerator<Uint8Array> {
  const answer = await repository.send({
    method: 'GET',
    target: `blobs/${descriptor.digest}`,
    purpose: `read blob ${descriptor.digest}`,
    accept: offset === 0 ? [200] : [200, 206],
    headers: offset === 0 ? {} : { range: `bytes=${offset}-` },
  });
  try {
    checkLength(answer, descriptor, offset);
    // A server without ranges sends the whole again: what is known already is left out.
    let skip = answer.status === 206 ? 0 : offset;
    let at = offset;
    for await (const chunk of answer.body) {
      const fresh = skip >= chunk.length ? undefined : chunk.subarray(skip);
      skip -= chunk.length - (fresh?.length ?? 0);
      if (fresh === undefined) continue;
      at += fresh.length;
      if (at > descriptor.size) throw wrongSize(descriptor, `more than ${descriptor.size} bytes`);
      yield fresh;
    }
    if (at < descriptor.size) throw endedEarly(answer);
  } finally {
    answer.discard();
  }
}

/** What a server announces is checked before a byte is taken. */
function checkLength(answer: HttpAnswer, descriptor: Descriptor, offset: number): void {
  if (answer.status === 206) {
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(answer.header('content-range') ?? '');
    if (range === null || Number(range[1]) !== offset) {
      throw protocolFailure(answer.errand, 206, 'it sent another range than it was asked for');
    }
    if (range[2] !== '*' && Number(range[2]) !== descriptor.size)
      throw wrongSize(descriptor, `${range[2]} bytes`);
    return;
  }
  const announced = answer.header('content-length');
  if (announced !== undefined && Number(announced) !== descriptor.size)
    throw wrongSize(descriptor, `${announced} bytes`);
}

function wrongSize(descriptor: Descriptor, actual: string): IntegrityError {
  return new IntegrityError(`the size of blob ${descriptor.digest}`, `${descriptor.size} bytes`, actual);
}

function endedEarly(answer: HttpAnswer): RegistryError {
  const { failure, message } = protocolFailure(answer.errand, answer.status, 'the answer ended early');
  return new RegistryError(message, { ...failure, retryable: true });
}
