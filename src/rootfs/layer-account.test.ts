import { describe, expect, it, test } from 'vitest';
import { layerOf } from '../testing/image-builder.ts';
import type { TarSpec } from '../testing/tar-builder.ts';
import { flatten } from './flatten.ts';
import { LayerAccount } from './layer-account.ts';

/** What is told of an image of these layers, lowest first. */
async function accountOf(...layers: readonly (readonly TarSpec[])[]) {
  const account = new LayerAccount();
  const { rootfs, close } = await flatten(
    layers.map((layer) => layerOf(layer)),
    { onLayer: (_, changes, below) => account.observe(changes, below) },
  );
  const hidden = account
    .hidden(rootfs)
    .map(({ path, bytes, layer, by, how }) => `${path} ${bytes} of ${layer} ${how} by ${by}`);
  const result = { layers: account.layers(rootfs), hidden, dive: account.dive() };
  close();
  return result;
}

function file(name: string, size: number): TarSpec {
  return { name, content: 'x'.repeat(size) };
}

describe('LayerAccount', () => {
  test.each<{
    summary: string;
    layers: TarSpec[][];
    bytes: number[];
    hidden: string[];
    wasted: number;
  }>([
    { summary: 'one layer', layers: [[file('a', 3)]], bytes: [3], hidden: [], wasted: 0 },
    {
      summary: 'a file that is replaced',
      layers: [[file('a', 3)], [file('a', 5)]],
      bytes: [3, 5],
      hidden: ['/a 3 of 0 replaced by 1'],
      // dive counts the version that stays, too.
      wasted: 8,
    },
    {
      summary: 'a file that is deleted',
      layers: [[file('a', 3)], [file('b', 1)], [file('.wh.a', 0)]],
      bytes: [3, 1, 0],
      hidden: ['/a 3 of 0 deleted by 2'],
      wasted: 3,
    },
    {
      summary: 'a directory that is deleted',
      layers: [[file('d/a', 3), file('d/e/b', 4)], [file('.wh.d', 0)]],
      bytes: [7, 0],
      hidden: ['/d/e/b 4 of 0 deleted by 1', '/d/a 3 of 0 deleted by 1'],
      // dive names the directory alone, and only once: it counts none of it.
      wasted: 0,
    },
    {
      summary: 'a directory that is emptied',
      layers: [[file('d/a', 3)], [file('d/.wh..wh..opq', 0), file('d/b', 2)]],
      bytes: [3, 2],
      hidden: ['/d/a 3 of 0 deleted by 1'],
      wasted: 0,
    },
    {
      summary: 'hard links and symbolic ones',
      layers: [
        [
          file('a', 3),
          { name: 'b', type: 'hardlink', target: 'a' },
          { name: 'c', type: 'symlink', target: 'target' },
        ],
      ],
      bytes: [9],
      hidden: [],
      wasted: 0,
    },
    {
      summary: 'one name of two that is deleted',
      layers: [[file('a', 3), { name: 'b', type: 'hardlink', target: 'a' }], [file('.wh.a', 0)]],
      bytes: [3, 0],
      hidden: [],
      wasted: 3,
    },
    {
      summary: 'a name that one layer has twice',
      layers: [[file('a', 3), file('a', 4)]],
      bytes: [4],
      hidden: ['/a 3 of 0 replaced by 0'],
      wasted: 0,
    },
    {
      summary: 'a file that is deleted, and made again',
      layers: [[file('a', 3)], [file('.wh.a', 0)], [file('a', 5)]],
      bytes: [3, 0, 5],
      hidden: ['/a 3 of 0 deleted by 1'],
      wasted: 8,
    },
    {
      summary: 'an empty directory that is deleted with what came into it',
      layers: [[{ name: 'd/', type: 'directory' }], [file('d/a', 3)], [file('.wh.d', 0)]],
      bytes: [0, 3, 0],
      hidden: ['/d/a 3 of 1 deleted by 2'],
      wasted: 3,
    },
  ])('tells of $summary', async ({ layers, bytes, hidden, wasted }) => {
    const account = await accountOf(...layers);
    expect(account.layers.map((layer) => layer.bytes)).toEqual(bytes);
    expect(account.hidden).toEqual(hidden);
    expect(account.dive.wastedBytes).toBe(wasted);
  });

  it('gives the share of the smallest versions as efficiency', async () => {
    expect((await accountOf([file('a', 30), file('b', 40)], [file('a', 30)])).dive.efficiency).toBe(0.7);
    expect((await accountOf([])).dive.efficiency).toBe(1);
  });

  it('says of each layer how much of it is hidden', async () => {
    const { layers } = await accountOf([file('a', 3), file('b', 1)], [file('a', 5)], [file('a', 6)]);
    expect(layers.map(({ hiddenBytes, files }) => [hiddenBytes, files])).toEqual([
      [3, 2],
      [5, 1],
      [0, 1],
    ]);
  });
});
