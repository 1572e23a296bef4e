import { describe, expect, it } from 'vitest';
import { UsageError } from '../errors.ts';
import type { SlimJobOptions } from '../jobs/slim-job.ts';
import { type BatchWorker, batch } from './batch.ts';
import { destinationsOf } from './destinations.ts';
import { parseImageList } from './image-list.ts';
import { type BatchLine, parseLine } from './line.ts';

describe('parseImageList', () => {
  it.each([
    [
      'a list with comments and blank lines',
      '# all\nredis:7\n\n  app:1 # ours\nredis:7\n',
      ['redis:7', 'app:1'],
    ],
    ['one image', 'docker-archive:a.tar', ['docker-archive:a.tar']],
    [
      'a compose file',
      'name: x\nservices:\n  web:\n    image: app:1\n    environment: {image: none}\n  built:\n    build: .\n  db:\n    image: redis:7\n',
      ['app:1', 'redis:7'],
    ],
    [
      'Kubernetes manifests',
      'apiVersion: v1\nkind: Pod\nspec:\n  initContainers: [{image: a:1}]\n  containers: [{image: b:1}, {name: none}]\n---\nkind: CronJob\nspec: {jobTemplate: {spec: {template: {spec: {containers: [{image: c:1}]}}}}}\n---\nkind: List\nitems: [{spec: {template: {spec: {containers: [{image: b:1}]}}}}]\n',
      ['a:1', 'b:1', 'c:1'],
    ],
  ])('reads %s', (_, text, images) => {
    expect(parseImageList(text, 'x')).toEqual(images);
  });

  it.each([
    ['nothing', '# nothing\n'],
    ['a manifest without images', 'kind: ConfigMap\n'],
    ['broken YAML', 'services: [\n'],
    [
      'aliases that multiply',
      `kind: a\nx: &a [${'1,'.repeat(9)}1]\n${'bcdefgh'.replace(/./g, (to) => `${to}: &${to} [${`*${String.fromCharCode(to.charCodeAt(0) - 1)},`.repeat(9)}1]\n`)}`,
    ],
  ])('refuses %s', (_, text) => {
    expect(() => parseImageList(text, 'x')).toThrow(UsageError);
  });
});

describe('destinationsOf', () => {
  it.each([
    ['redis', 'slim/{name}:{tag}', false, 'slim/redis:latest'],
    [
      'registry.example:5000/team/app:1.2',
      'r.example/{name}:{tag}-slim',
      false,
      'r.example/team/app:1.2-slim',
    ],
    ['registry.example/team/app:1.2', 'out/{name}-{tag}.tar', true, 'out/team-app-1.2.tar'],
    ['docker-archive:/a/b.tar', 'out/{n}-{name}.tar', true, 'out/1-b.tar'],
    ['oci:/a/b:v1', '{name}:{tag}', false, 'b:v1'],
    [`app@sha256:${'0123456789abcdef'.repeat(4)}`, '{name}:{tag}', false, 'app:0123456789ab'],
  ])('%s by %s', (image, template, inFile, expected) => {
    expect(destinationsOf([image], template, inFile)).toEqual([expected]);
  });

  it('refuses two images in one place, and standard input', () => {
    expect(() => destinationsOf(['a:1', 'a:2'], '{name}.tar', true)).toThrow(/"a:1" goes there/);
    expect(() => destinationsOf(['-'], '{name}.tar', true)).toThrow(UsageError);
  });
});

describe('batch', () => {
  const job = (image: string): SlimJobOptions => ({ image });
  const done = (image: string): BatchLine => ({ image, status: 'done', seconds: 1, before: 100, after: 10 });

  function workers(run: (image: string) => Promise<BatchLine>) {
    const state = { started: 0, stopped: 0, running: 0, most: 0 };
    const startWorker = (): BatchWorker => {
      state.started++;
      return {
        async run({ image }) {
          state.most = Math.max(state.most, ++state.running);
          try {
            return await run(image);
          } finally {
            state.running--;
          }
        },
        async stop() {
          state.stopped++;
        },
      };
    };
    return { state, startWorker };
  }

  it('slims all, no more at a time than asked, and adds up', async () => {
    const { state, startWorker } = workers(async (image) => done(image));
    const seen: string[] = [];
    const jobs = ['a', 'b', 'c', 'd', 'e'].map(job);
    const onLine = ({ image }: BatchLine) => seen.push(image);
    const totals = await batch({ jobs, concurrency: 2, onLine, startWorker });
    expect(seen.sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(totals).toMatchObject({ images: 5, done: 5, failed: 0, before: 500, after: 50, saved: 450 });
    expect(state).toMatchObject({ started: 2, stopped: 2, most: 2 });
  });

  it('goes on with another process when one ends under an image', async () => {
    const { state, startWorker } = workers(async (image) => {
      if (image === 'b') throw new Error('its process ended');
      return done(image);
    });
    const lines: BatchLine[] = [];
    const jobs = ['a', 'b', 'c'].map(job);
    const totals = await batch({ jobs, concurrency: 1, onLine: (line) => lines.push(line), startWorker });
    expect(lines.map(({ status }) => status)).toEqual(['done', 'failed', 'done']);
    expect(totals).toMatchObject({ done: 2, failed: 1 });
    expect(state.started).toBe(2);
  });

  it('ends when it is aborted, and starts nothing more', async () => {
    const abort = new AbortController();
    const { startWorker } = workers(async (image) => done(image));
    const seen: string[] = [];
    const onLine = ({ image }: BatchLine) => {
      seen.push(image);
      abort.abort(new Error('enough'));
    };
    const jobs = ['a', 'b', 'c'].map(job);
    await expect(batch({ jobs, concurrency: 1, onLine, startWorker, signal: abort.signal })).rejects.toThrow(
      'enough',
    );
    expect(seen).toEqual(['a']);
  });
});

it.each([
  ['half a line', '{"image":"a","sta', undefined],
  ['another document', '{"totals":{}}', undefined],
  ['no object', 'null', undefined],
  ['a line', '{"image":"a","status":"done","seconds":1}', { image: 'a', status: 'done', seconds: 1 }],
])('reads a log: %s', (_, text, expected) => {
  expect(parseLine(text)).toEqual(expected);
});
