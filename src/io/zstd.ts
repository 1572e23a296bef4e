import { on } from 'node:events';
import type { Transform } from 'node:stream';
import { Worker } from 'node:worker_threads';
import zlib from 'node:zlib';
import { FormatError, OslimError, reasonOf } from '../errors.ts';
import { pumped } from './pump.ts';
import { type FramePiece, zstdFrames } from './zstd-frames.ts';
import { needsRoom } from './zstd-stream.js';

type MakeTransform = (options: { readonly chunkSize: number; readonly highWaterMark: number }) => Transform;

const CHUNK_BYTES = 1 << 20;
/** Input that one message to the worker gathers: in bytes, and in blocks, which bound what comes back. */
const MESSAGE_BYTES = 64 << 10;
const MESSAGE_BLOCKS = 32;

/** Inflates zstd by node:zlib where this Node has it (22.15 and later), else by zstd-codec in a worker thread. */
export function zstdInflated(source: AsyncIterable<Uint8Array>, subject: string): AsyncGenerator<Uint8Array> {
  const make: unknown = Reflect.get(zlib, 'createZstdDecompress');
  const pieces = zstdFrames(source, subject);
  return typeof make === 'function'
    ? inflatedByNode(pieces, make as MakeTransform, subject)
    : inflatedByWorker(pieces, subject);
}

/** node:zlib inflates one frame and no more, so every frame gets a stream of its own. */
async function* inflatedByNode(
  pieces: AsyncGenerator<FramePiece>,
  make: MakeTransform,
  subject: string,
): AsyncGenerator<Uint8Array> {
  try {
    for (let first = await pieces.next(); first.done !== true; first = await pieces.next()) {
      yield* pumped(
        frameFrom(first.value, pieces),
        make({ chunkSize: CHUNK_BYTES, highWaterMark: CHUNK_BYTES }),
        'zstd',
        subject,
      );
    }
  } finally {
    await pieces.return(undefined);
  }
}

/** Yields the bytes of the frame that `first` begins, and leaves `pieces` at the next frame. */
async function* frameFrom(first: FramePiece, pieces: AsyncGenerator<FramePiece>): AsyncGenerator<Uint8Array> {
  yield first.bytes;
  for (let ended = first.endsFrame; !ended; ) {
    const next = await pieces.next();
    if (next.done === true) return;
    yield next.value.bytes;
    ended = next.value.endsFrame;
  }
}

/** Inflates in a worker thread; one message is under way while the result of the one before is used. */
export async function* inflatedByWorker(
  pieces: AsyncGenerator<FramePiece>,
  subject: string,
): AsyncGenerator<Uint8Array> {
  const worker = new Worker(new URL('./zstd-worker.js', import.meta.url));
  try {
    const answers = on(worker, 'message');
    let isWaiting = false;
    for await (const message of messagesOf(pieces)) {
      worker.postMessage(message, [message.bytes.buffer]);
      if (isWaiting) yield* answerOf(await answers.next(), subject);
      isWaiting = true;
    }
    if (isWaiting) yield* answerOf(await answers.next(), subject);
  } catch (error) {
    if (error instanceof OslimError) throw error;
    throw new FormatError('zstd', 0, `cannot decompress ${subject}: ${reasonOf(error)}`, { cause: error });
  } finally {
    await worker.terminate();
  }
}

function answerOf(event: IteratorResult<unknown>, subject: string): Uint8Array[] {
  const [answer] = event.value as [Uint8Array[] | string];
  if (typeof answer !== 'string') return answer;
  throw new FormatError('zstd', 0, `cannot decompress ${subject}: ${answer}`);
}

/** What the worker takes: bytes of frames, all of which need room for a large window or none. */
interface Message {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly isRoomy: boolean;
}

async function* messagesOf(pieces: AsyncGenerator<FramePiece>): AsyncGenerator<Message> {
  let gathered: Uint8Array[] = [];
  let length = 0;
  let blocks = 0;
  let isRoomy = false;
  const take = (): Message => {
    const message = { bytes: joined(gathered, length), isRoomy };
    gathered = [];
    length = 0;
    blocks = 0;
    return message;
  };
  for await (const { bytes, blocks: more, windowBytes } of pieces) {
    const needs: boolean = windowBytes === undefined ? isRoomy : needsRoom(windowBytes);
    if (needs !== isRoomy && length > 0) yield take();
    isRoomy = needs;
    gathered.push(bytes);
    length += bytes.length;
    blocks += more;
    if (length >= MESSAGE_BYTES || blocks >= MESSAGE_BLOCKS) yield take();
  }
  if (length > 0) yield take();
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
