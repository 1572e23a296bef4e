import type { MessagePort } from 'node:worker_threads';

/** Bytes in one message: chunks of a socket are small, and each message costs both threads a turn. */
const MESSAGE_BYTES = 256 << 10;
/** Bytes that may be on their way, so that a fast sender does not fill the memory. */
const AHEAD_BYTES = 4 << 20;

/** What goes over the port: the bytes, then null. What comes back is how many bytes were taken. */
type StreamMessage = Uint8Array | null;

/**
 * Sends a stream to the thread at the other end of `port`, as fast as `receive` takes it there. Throws what the stream
 * throws, and the reason of an abort.
 */
export async function send(
  chunks: AsyncIterable<Uint8Array>,
  port: MessagePort,
  signal: AbortSignal,
): Promise<void> {
  let ahead = 0;
  let wake = (): void => undefined;
  const onTaken = (bytes: number): void => {
    ahead -= bytes;
    wake();
  };
  const onAbort = (): void => wake();
  port.on('message', onTaken);
  signal.addEventListener('abort', onAbort);
  try {
    for await (const message of gathered(chunks)) {
      signal.throwIfAborted();
      ahead += message.length;
      port.postMessage(message satisfies StreamMessage, [message.buffer]);
      while (ahead > AHEAD_BYTES && !signal.aborted)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
    signal.throwIfAborted();
    port.postMessage(null satisfies StreamMessage);
  } finally {
    signal.removeEventListener('abort', onAbort);
    port.off('message', onTaken);
  }
}

/** Receives what `send` sends, in the thread that has the other port; returning early closes it. */
export async function* receive(port: MessagePort): AsyncGenerator<Uint8Array> {
  const waiting: StreamMessage[] = [];
  let wake = (): void => undefined;
  port.on('message', (message: StreamMessage) => {
    waiting.push(message);
    wake();
  });
  try {
    for (;;) {
      const message = waiting.shift();
      if (message === null) return;
      if (message === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      yield message;
      port.postMessage(message.length);
    }
  } finally {
    port.close();
  }
}

/** Copies chunks into messages of a size, each with a buffer of its own, which can be given away. */
async function* gathered(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let message = new Uint8Array(MESSAGE_BYTES);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + MESSAGE_BYTES - filled);
      message.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < MESSAGE_BYTES) continue;
      yield message;
      message = new Uint8Array(MESSAGE_BYTES);
      filled = 0;
    }
  }
  if (filled > 0) yield message.slice(0, filled);
}
