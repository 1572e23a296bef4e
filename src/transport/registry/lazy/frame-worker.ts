import { parentPort, workerData } from 'node:worker_threads';
import { InternalError } from '../../../errors.ts';
import { encodeError } from '../../../io/thread-error.ts';
import { RegistryContext } from '../registry-context.ts';
import { FrameFetcher } from './fetch-frames.ts';
import { type FrameOutcome, type FrameRequest, STATE, type ThreadData } from './frame-request.ts';

const { setup, fd, port, state } = workerData as ThreadData;
const { reference, place, credential, registry } = setup;
const HEARTBEAT_MS = 1000;

let received = 0;
let fetcher: Promise<FrameFetcher> | undefined;

async function openFetcher(): Promise<FrameFetcher> {
  const context = new RegistryContext({
    ...registry,
    credentials: { credentialFor: async () => credential },
    onReceived: (bytes) => {
      received += bytes;
    },
  });
  // Asked as the main thread asked, so that trust, proxies and rules are the same.
  const found = context.pullRepositories(reference).find(({ name }) => name === place);
  if (found === undefined) throw new InternalError(`no place ${place} to pull from`);
  return new FrameFetcher(await found.open(), fd);
}

async function run(request: FrameRequest): Promise<FrameOutcome> {
  let failure: FrameOutcome['failure'];
  try {
    fetcher ??= openFetcher();
    await (await fetcher).fetch(request);
  } catch (error) {
    failure = encodeError(error);
  }
  const outcome = { received, ...(failure === undefined ? {} : { failure }) };
  received = 0;
  return outcome;
}

parentPort?.on(
  'message',
  async ({ id, request }: { readonly id: number; readonly request: FrameRequest }) => {
    parentPort?.postMessage({ id, outcome: await run(request) });
  },
);

port.on('message', async (request: FrameRequest) => {
  port.postMessage(await run(request));
  Atomics.store(state, STATE.done, 1);
  Atomics.notify(state, STATE.done);
});

setInterval(() => Atomics.add(state, STATE.heartbeat, 1), HEARTBEAT_MS);
