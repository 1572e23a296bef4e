import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseRegistriesConf, pullNames, pushName, readRegistriesConf } from './registries-conf.ts';

const RULES = parseRegistriesConf(`
unqualified-search-registries = ["docker.io"]

[[registry]]
prefix = "docker.io"
location = "hub.internal/proxy"
[[registry.mirror]]
location = "mirror.internal:5000"
insecure = true
[[registry.mirror]]
location = "digests.internal"
pull-from-mirror = "digest-only"

[[registry]]
location = "docker.io/team"

[[registry]]
prefix = "*.example.com"
location = "cache.internal"
insecure = true

[[registry]]
location = "bad.internal"
blocked = true
`);

describe('pullNames', () => {
  const rows: readonly {
    summary: string;
    name: string;
    by?: 'digest';
    expected: readonly [string, boolean][];
  }[] = [
    { summary: 'no rule', name: 'r.internal/a', expected: [['r.internal/a', false]] },
    {
      summary: 'a mirror, then the location',
      name: 'docker.io/library/a',
      expected: [
        ['mirror.internal:5000/library/a', true],
        ['hub.internal/proxy/library/a', false],
      ],
    },
    {
      summary: 'a mirror for digests',
      name: 'docker.io/library/a',
      by: 'digest',
      expected: [
        ['mirror.internal:5000/library/a', true],
        ['digests.internal/library/a', false],
        ['hub.internal/proxy/library/a', false],
      ],
    },
    { summary: 'the longest prefix', name: 'docker.io/team/a', expected: [['docker.io/team/a', false]] },
    {
      summary: 'a prefix that ends inside a name',
      name: 'docker.io/teams/a',
      expected: [
        ['mirror.internal:5000/teams/a', true],
        ['hub.internal/proxy/teams/a', false],
      ],
    },
    { summary: 'a wildcard', name: 'r.example.com/a/b', expected: [['cache.internal/a/b', true]] },
    {
      summary: 'a wildcard is not for the domain itself',
      name: 'example.com/a',
      expected: [['example.com/a', false]],
    },
  ];

  test.each(rows)('follows $summary', ({ name, by, expected }) => {
    expect(pullNames(RULES, name, by ?? 'tag').map((place) => [place.name, place.insecure])).toEqual(
      expected,
    );
  });

  test('refuses a blocked registry', () => {
    expect(() => pullNames(RULES, 'bad.internal/a', 'tag')).toThrow(
      /^cannot use "bad.internal\/a": registries.conf blocks bad.internal$/,
    );
  });
});

test('pushName never is a mirror', () => {
  expect(pushName(RULES, 'docker.io/library/a')).toEqual({
    name: 'hub.internal/proxy/library/a',
    insecure: false,
  });
});

test.each([
  {
    summary: 'version 1',
    text: '[registries.search]\nregistries = []\n[registry]\n',
    error: 'version 1 is not supported',
  },
  {
    summary: 'a registry without a name',
    text: '[[registry]]\ninsecure = true',
    error: 'neither prefix nor location',
  },
  {
    summary: 'a flag that is a text',
    text: '[[registry]]\nlocation = "a"\nblocked = "no"',
    error: '"blocked" is neither true nor false',
  },
  {
    summary: 'an unknown way to pull',
    text: '[[registry]]\nlocation = "a"\npull-from-mirror = "some"',
    error: 'is unknown',
  },
])('refuses $summary', ({ text, error }) => {
  expect(() => parseRegistriesConf(text)).toThrow(error);
});

test("readRegistriesConf reads the user's file and its drop-ins, which come after it", async () => {
  const home = await mkdtemp(join(tmpdir(), 'oslim-registries-test-'));
  try {
    const folder = join(home, '.config/containers/registries.conf.d');
    await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, '../registries.conf'),
      '[[registry]]\nlocation = "a.test"\n[[registry]]\nlocation = "b.test"\n',
    );
    await writeFile(join(folder, '1.conf'), '[[registry]]\nlocation = "b.test"\ninsecure = true\n');
    await writeFile(join(folder, 'ignored.txt'), 'not TOML');
    const rules = readRegistriesConf({ HOME: home }).filter(({ prefix }) => prefix.endsWith('.test'));
    expect(rules.map(({ prefix, insecure }) => [prefix, insecure])).toEqual([
      ['a.test', false],
      ['b.test', true],
    ]);
    const named = join(home, 'named.conf');
    await writeFile(named, '[[registry]]\nlocation = 1');
    expect(() => readRegistriesConf({ CONTAINERS_REGISTRIES_CONF: named })).toThrow(
      /^cannot read ".*named.conf": .*"location" is not a string$/,
    );
  } finally {
    await rm(home, { recursive: true });
  }
});
