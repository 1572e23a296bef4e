import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { validateImage } from '../image/validate-image.ts';
import type { SlimOptions } from '../options.ts';
import { flatten } from '../rootfs/flatten.ts';
import { slim } from '../slim.ts';
import { archiveOf } from '../testing/image-media.ts';
import { APPLICATION_LAYER, BASE_LAYER, programImageFiles } from '../testing/program-image.ts';
import { TestRegistry } from '../testing/registry/test-registry.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { dumpTree } from '../testing/tree-dump.ts';
import { openArchive } from '../transport/archive-source.ts';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function slimmed(options: Partial<SlimOptions>, layers = [BASE_LAYER, APPLICATION_LAYER]) {
  const directory = temporaryDirectory();
  const image = join(directory, 'image.tar');
  writeFileSync(image, archiveOf(programImageFiles({ layers })));
  const output = options.output?.replace('DIR', directory);
  const result = await slim({ image, debugImage: [], ...options, ...(output ? { output } : {}) });
  return { result, directory };
}

async function opened(file: string) {
  const source = await openArchive(file);
  open.push(source);
  const image = await source.open({});
  await validateImage(image);
  const { rootfs, close } = await flatten(image.layers);
  const paths = dumpTree(rootfs).map((line) => line.slice(0, line.indexOf(': ')));
  close();
  return { image, paths };
}

describe('a debug image', () => {
  it('is the slim image with the shell of the original in a second layer of its own', async () => {
    const { result, directory } = await slimmed({ output: 'DIR/slim.tar' });
    expect(readdirSync(directory).sort()).toEqual(['image.tar', 'slim-debug.tar', 'slim.tar']);
    const plain = await opened(join(directory, 'slim.tar'));
    const debug = await opened(join(directory, 'slim-debug.tar'));
    expect(debug.image.layers).toHaveLength(2);
    expect(debug.image.layers[0]?.descriptor.digest).toBe(plain.image.layers[0]?.descriptor.digest);
    const more = debug.paths.filter((path) => !plain.paths.includes(path));
    expect(more).toEqual(['/bin', '/usr/bin/', '/usr/bin/sh']);
    expect(plain.paths.filter((path) => !debug.paths.includes(path))).toEqual([]);
    expect(debug.image.names).toEqual(['docker.io/example/server:1.0-slim-debug']);
    expect(debug.image.config.config).toEqual(plain.image.config.config);
    expect(result.debug).toMatchObject({
      commands: ['/bin/sh', 'sh'],
      written: [join(directory, 'slim-debug.tar')],
    });
  });

  it('has the commands that are named, and no others', async () => {
    const { directory } = await slimmed({ output: 'DIR/slim.tar', debugImage: ['apt'] });
    const { paths } = await opened(join(directory, 'slim-debug.tar'));
    expect(paths).toContain('/usr/bin/apt');
    expect(paths).not.toContain('/usr/bin/sh');
  });

  it('leaves the slim image as it is without one', async () => {
    const [one, two] = [await slimmed({ output: 'DIR/slim.tar' }), await slimmed({ output: 'DIR/slim.tar' })];
    const bytes = [one, two].map(({ directory }) => readFileSync(join(directory, 'slim-debug.tar')));
    expect(bytes[0]?.equals(bytes[1] ?? Buffer.alloc(0))).toBe(true);
    const { result } = await slimmed({ output: 'DIR/slim.tar', debugImage: undefined });
    expect(result.imageId).toBe(one.result.imageId);
    expect(result.debug).toBeUndefined();
  });

  it('stands in a layout and in a registry under the name with -debug', async () => {
    const { directory } = await slimmed({ output: 'oci:DIR/layout' });
    const { manifests } = JSON.parse(readFileSync(join(directory, 'layout/index.json'), 'utf8'));
    const names = manifests.map(
      (one: { annotations: Record<string, string> }) => one.annotations['org.opencontainers.image.ref.name'],
    );
    expect(names).toEqual(['1.0-slim', '1.0-slim-debug']);
    const registry = await TestRegistry.start();
    open.push(registry);
    const { result } = await slimmed({ push: `${registry.host}/a/b:t`, insecure: true });
    expect(result.debug?.written).toEqual([`${registry.host}/a/b:t-debug`]);
    expect([...registry.store.manifests.keys()]).toEqual(expect.arrayContaining(['a/b:t', 'a/b:t-debug']));
  });

  it.each([
    {
      summary: 'an original without a shell',
      options: { output: 'DIR/slim.tar' },
      says: /the original has no shell/,
    },
    { summary: 'standard output', options: { output: '-' }, says: /to standard output/ },
    {
      summary: 'a command that is not there',
      options: { debugImage: ['nano'] },
      says: /cannot include command "nano"/,
    },
  ])('is not made of $summary, and nothing is written', async ({ options, says }) => {
    const base = BASE_LAYER.filter(({ name }) => name !== 'usr/bin/sh');
    await expect(slimmed(options, [base, APPLICATION_LAYER])).rejects.toThrow(says);
  });
});
