import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { receive, send } from './stored-stream.ts';

const CHUNK = 100_000;

/** Chunks that say which they are; `onNext` hears of each before it is made. */
async function* chunks(count: number, onNext: (index: number) => void = () => undefined) {
  for (let index = 0; index < count; index++) {
    onNext(index);
    yield new Uint8Array(CHUNK).fill(index);
  }
}

const never = new AbortController().signal;

describe('a stream between threads', () => {
  it('arrives as it was sent', async () => {
    const { port1: here, port2: there } = new MessageChannel();
    const sending = send(chunks(20), here, never);
    const received: Uint8Array[] = [];
    for await (const bytes of receive(there)) received.push(bytes);
    await sending;
    const expected = Buffer.concat(Array.from({ length: 20 }, (_, index) => Buffer.alloc(CHUNK, index)));
    expect(Buffer.compare(Buffer.concat(received), expected)).toBe(0);
  });

  it('waits for who reads it, and goes on', async () => {
    const { port1: here, port2: there } = new MessageChannel();
    let made = 0;
    const sending = send(
      chunks(200, (index) => {
        made = index;
      }),
      here,
      never,
    );
    const reading = receive(there);
    await reading.next();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(made).toBeLessThan(60);
    let length = 0;
    for await (const bytes of reading) length += bytes.length;
    await sending;
    expect(made).toBe(199);
    expect(length).toBeGreaterThan(199 * CHUNK - (1 << 20));
  });

  it('throws what the stream throws, and does not say that it has ended', async () => {
    const { port1: here, port2: there } = new MessageChannel();
    const broken = chunks(5, (index) => {
      if (index === 4) throw new Error('cut off');
    });
    await expect(send(broken, here, never)).rejects.toThrow('cut off');
    const ends: unknown[] = [];
    there.on('message', (message) => ends.push(message));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(ends).not.toContain(null);
    here.close();
  });

  it('ends the stream when it is aborted while it waits', async () => {
    const { port1: here, port2: there } = new MessageChannel();
    const stop = new AbortController();
    let isEnded = false;
    const endless = async function* () {
      try {
        for (;;) yield new Uint8Array(CHUNK);
      } finally {
        isEnded = true;
      }
    };
    setTimeout(() => stop.abort(new Error('enough')), 30);
    await expect(send(endless(), here, stop.signal)).rejects.toThrow('enough');
    expect(isEnded).toBe(true);
    here.close();
    there.close();
  });
});
