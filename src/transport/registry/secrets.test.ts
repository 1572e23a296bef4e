import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, expect, test, vi } from 'vitest';
import { slim } from '../../slim.ts';
import { runCommandLine } from '../../testing/command-line.ts';
import { programImageFiles } from '../../testing/program-image.ts';
import {
  closeAfter,
  endless,
  type Fault,
  flipBit,
  resetAfter,
  send,
  stallAfter,
} from '../../testing/registry/fault.ts';
import { failure } from '../../testing/registry/registry-store.ts';
import { type Guard, TestRegistry } from '../../testing/registry/test-registry.ts';
import { temporaryDirectory } from '../../testing/temporary-directory.ts';

const USER = 'robot$ci';
const PASSWORD = 'Pä55/w+rd "%41" ü';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** The secret in every spelling that may come of it. */
const SPELLINGS: readonly string[] = [
  PASSWORD,
  base64(PASSWORD),
  base64(`${USER}:${PASSWORD}`),
  Buffer.from(PASSWORD).toString('base64url'),
  Buffer.from(PASSWORD).toString('hex'),
  encodeURIComponent(PASSWORD),
  encodeURI(PASSWORD),
  new URLSearchParams({ x: PASSWORD }).toString().slice(2),
  JSON.stringify(PASSWORD).slice(1, -1),
  Buffer.from(PASSWORD).toString('latin1'),
];

const ALL = /\/v2\/a|token/;

/** Refuses what the registry would allow, with an error and a warning that repeat the credentials. */
function repeating(status: number): NonNullable<Fault['deliver']> {
  return (reply, response) => {
    const { authorization } = response.req.headers;
    const said = `you sent ${authorization} to ${response.req.url}, that is ${PASSWORD}`;
    const refusal = failure(status, 'X', said);
    const headers = { ...refusal.headers, warning: `299 - "${authorization}"` };
    send(authorization === undefined ? reply : { ...refusal, headers }, response);
  };
}

const FAULTS: readonly { readonly summary: string; readonly faults: readonly Fault[] }[] = [
  { summary: 'none', faults: [] },
  ...[400, 403, 404, 429, 500, 503].map((status) => ({
    summary: `status ${status}, whose error repeats what the client sent`,
    faults: [{ on: ALL, deliver: repeating(status) }],
  })),
  { summary: 'a reset', faults: [{ on: ALL, deliver: resetAfter(1) }] },
  { summary: 'an early end', faults: [{ on: ALL, deliver: closeAfter(1) }] },
  { summary: 'a stall', faults: [{ on: /blobs/, deliver: stallAfter(1) }] },
  { summary: 'a document without an end', faults: [{ on: ALL, deliver: endless }] },
  { summary: 'a changed bit', faults: [{ on: /\/v2\/a/, deliver: flipBit }] },
  {
    summary: 'a token that is no JSON',
    faults: [{ on: /token/, answer: () => ({ status: 200, body: Buffer.from('<html>') }) }],
  },
  {
    summary: 'a redirect to elsewhere',
    faults: [
      {
        on: /blobs/,
        answer: () => ({
          status: 307,
          headers: { location: 'http://user:pass@127.0.0.1:1/x?signature=abc' },
        }),
      },
    ],
  },
];

const GUARDS: readonly Guard[] = [
  { kind: 'basic', username: USER, password: PASSWORD },
  { kind: 'bearer', username: USER, password: PASSWORD },
];

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const one of open.splice(0).reverse()) await one.close();
});

async function startRegistry(guard: Guard, faults: readonly Fault[]): Promise<TestRegistry> {
  const registry = await TestRegistry.start();
  open.push(registry);
  registry.guard = guard;
  const files = programImageFiles();
  const blobs = [...files].filter(([path]) => path.startsWith('blobs/')).map(([, bytes]) => bytes);
  for (const bytes of blobs) registry.store.putBlob('a/b', bytes);
  const manifest = blobs.find((bytes) => Buffer.from(bytes).includes('"layers":')) ?? Buffer.alloc(0);
  registry.store.putManifest('a/b', '1', 'application/vnd.oci.image.manifest.v1+json', manifest);
  for (const fault of faults) registry.fail(fault);
  return registry;
}

/** Every secret that the registry and the client share: the password, and the tokens that were given for it. */
function secretsOf(registry: TestRegistry): readonly string[] {
  const sent = registry.seen.flatMap(({ authorization }) => authorization?.split(' ').slice(1) ?? []);
  return [...SPELLINGS, ...sent.filter((value) => value.length > 8)];
}

test.each(
  GUARDS.flatMap((guard) =>
    FAULTS.map(({ summary, faults }) => ({ kind: guard.kind, guard, summary, faults })),
  ),
)('no output, report or error has the secret: $kind, $summary', async ({ guard, faults }) => {
  const registry = await startRegistry(guard, faults);
  const directory = temporaryDirectory();
  mkdirSync(join(directory, 'docker'));
  const auths = { [registry.host]: { auth: base64(`${USER}:${PASSWORD}`) } };
  writeFileSync(join(directory, 'docker/config.json'), JSON.stringify({ auths }));
  vi.stubEnv('DOCKER_CONFIG', join(directory, 'docker'));
  vi.stubEnv('HOME', directory);
  vi.stubEnv('XDG_CACHE_HOME', join(directory, 'cache'));
  vi.stubEnv('OSLIM_DEBUG', '1');
  mkdirSync(join(directory, 'out'));
  const image = `docker://${registry.host}/a/b:1`;
  const signal = AbortSignal.timeout(3000);
  const failed = await slim({ image, output: join(directory, 'out/api.tar'), signal }).then(
    () => '',
    (error: unknown) => inspect(error, { depth: 20, showHidden: true }),
  );
  const isQuick = faults.length === 0 || failed.includes('answered 4');
  const said = isQuick
    ? await runCommandLine(
        image,
        '-o',
        join(directory, 'out/slim.tar'),
        '--json',
        '--report',
        join(directory, 'out/r.html'),
        '--report',
        join(directory, 'out/r.json'),
        '--lock',
        join(directory, 'out/lock'),
      )
    : { stdout: '', stderr: '' };
  const written = readdirSync(join(directory, 'out')).map((name) =>
    readFileSync(join(directory, 'out', name), 'latin1'),
  );
  const everything = [failed, said.stdout, said.stderr, ...written].join('\n');
  expect(registry.seen.some(({ authorization }) => authorization !== undefined)).toBe(true);
  for (const secret of secretsOf(registry)) expect(everything.includes(secret), secret).toBe(false);
});
