import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseImageConfig } from '../oci/config.ts';
import { replaceMembers } from './json-members.ts';
import { outputConfig } from './output-config.ts';

const DIFF_ID = `sha256:${'d'.repeat(64)}` as const;
const OLD = `sha256:${'0'.repeat(64)}`;

function outputOf(text: string, sourceDateEpoch?: number): string {
  const rawConfig = Buffer.from(text);
  const epoch = sourceDateEpoch === undefined ? {} : { sourceDateEpoch };
  return Buffer.from(
    outputConfig({
      config: parseImageConfig(rawConfig),
      rawConfig,
      diffId: DIFF_ID,
      version: '1.2.3',
      ...epoch,
    }),
  ).toString();
}

describe('outputConfig', () => {
  test('changes what must change and leaves every other byte', () => {
    const source = `{ "zebra" : 1.0, "architecture":"arm64","variant":"v8",
      "config":{"Env":["A=\\u003cb\\u003e"],"Healthcheck":{"Interval":12345678901234567890},"Labels":{"2":"b","1":"a"},"Future":[{}, null]},
      "created":"2024-05-06T07:08:09.123456789Z","history":[{"created_by":"a","x":1},{"created_by":"b","empty_layer":true}],
      "os":"linux","rootfs":{"type":"layers","diff_ids":["${OLD}"]},"docker_version":"20.10","é\\n":"ü"}`;
    expect(outputOf(source)).toBe(
      '{"zebra":1.0,"architecture":"arm64","variant":"v8",' +
        '"config":{"Env":["A=\\u003cb\\u003e"],"Healthcheck":{"Interval":12345678901234567890},"Labels":{"2":"b","1":"a"},"Future":[{}, null]},' +
        '"created":"2024-05-06T07:08:09.123456789Z","history":[{"created_by":"a","x":1,"empty_layer":true},{"created_by":"b","empty_layer":true},' +
        '{"created":"2024-05-06T07:08:09.123456789Z","created_by":"oslim 1.2.3","comment":"only what the configured process needs"}],' +
        `"os":"linux","rootfs":{"type":"layers","diff_ids":["${DIFF_ID}"]},"docker_version":"20.10","é\\n":"ü"}`,
    );
  });

  const minimal = (more = '') => `{"rootfs":{"diff_ids":["${OLD}"]}${more}}`;

  test('adds a history where there is none, and no time where there is none', () => {
    expect(JSON.parse(outputOf(minimal(), 5))).toEqual({
      rootfs: { type: 'layers', diff_ids: [DIFF_ID] },
      history: [{ created_by: 'oslim 1.2.3', comment: 'only what the configured process needs' }],
    });
  });

  test.each([
    ['2024-05-06T07:08:09.5Z', 1_700_000_000, '2023-11-14T22:13:20Z'],
    ['2023-11-14T22:13:20Z', 1_700_000_000, '2023-11-14T22:13:20Z'],
    ['1999-01-01T00:00:00+05:45', 1_700_000_000, '1999-01-01T00:00:00+05:45'],
    ['not a time', 1_700_000_000, 'not a time'],
    ['2024-05-06T07:08:09Z', 0, '1970-01-01T00:00:00Z'],
  ])('clamps %s by %d to %s', (created, epoch, result) => {
    const output = JSON.parse(outputOf(minimal(`,"created":"${created}"`), epoch));
    expect(output.created).toBe(result);
    expect(output.history[0].created).toBe(result);
  });

  test('drops what speaks of other images', () => {
    const output = JSON.parse(
      outputOf(minimal(',"id":"x","parent":"y","moby.buildkit.cache.v0":"eyJ9","container":"z"')),
    );
    expect(Object.keys(output)).toEqual(['rootfs', 'container', 'history']);
  });

  test('leaves no second "rootfs" for a reader that does not mind the case', () => {
    const output = outputOf(
      minimal(`,"RootFS":{"type":"layers","diff_ids":["${OLD}"]},"rootfs":{"diff_ids":["${OLD}"]}`),
    );
    expect(output).not.toContain(OLD);
    expect(output.match(/rootfs/gi)).toHaveLength(1);
  });
});

describe('replaceMembers', () => {
  test('gives the same value as a copy with these members, whatever the JSON', () => {
    const key = fc.oneof(fc.string(), fc.constantFrom('a', 'b', '"', '\\', '{', '}', ',', ':'));
    const object = fc.dictionary(key, fc.jsonValue());
    const layout = fc.constantFrom(undefined, 1, '\t');
    fc.assert(
      fc.property(object, layout, fc.jsonValue(), (source, indent, value) => {
        const others = Object.fromEntries(
          Object.entries(source).filter(([name]) => !['new', 'gone'].includes(name.toLowerCase())),
        );
        const text = replaceMembers(JSON.stringify({ ...others, gone: 1 }, null, indent), {
          new: value,
          gone: undefined,
        });
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify({ ...others, new: value })));
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  test('keeps a member called __proto__ as it is', () => {
    expect(replaceMembers('{"__proto__":{"a":1}}', { b: 2 })).toBe('{"__proto__":{"a":1},"b":2}');
  });
});
