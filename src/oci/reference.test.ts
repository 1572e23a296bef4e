import { describe, expect, test } from 'vitest';
import { UsageError } from '../errors.ts';
import {
  defaultOutputName,
  familiarName,
  formatReference,
  parseReference,
  withDefaultTag,
} from './reference.ts';

const HEX = '0123456789abcdef'.repeat(4);

describe('parseReference', () => {
  const valid: { summary: string; text: string; full: string; familiar?: string }[] = [
    { summary: 'an official image', text: 'redis', full: 'docker.io/library/redis' },
    { summary: 'an official image with a tag', text: 'redis:7', full: 'docker.io/library/redis:7' },
    { summary: "a user's repository of Docker Hub", text: 'me/app:1.0_x', full: 'docker.io/me/app:1.0_x' },
    {
      summary: 'Docker Hub spelled out',
      text: 'docker.io/redis',
      full: 'docker.io/library/redis',
      familiar: 'redis',
    },
    {
      summary: "Docker Hub's old name",
      text: 'index.docker.io/me/a',
      full: 'docker.io/me/a',
      familiar: 'me/a',
    },
    { summary: 'localhost without a port', text: 'localhost/a', full: 'localhost/a' },
    { summary: 'a host with a port', text: 'localhost:5000/a', full: 'localhost:5000/a' },
    { summary: 'a port and a tag', text: 'host:5000/a/b:t', full: 'host:5000/a/b:t' },
    { summary: 'a digest', text: `host:5000/a/b@sha256:${HEX}`, full: `host:5000/a/b@sha256:${HEX}` },
    { summary: 'tag and digest', text: `a:t@sha256:${HEX}`, full: `docker.io/library/a:t@sha256:${HEX}` },
    {
      summary: 'a sha512 digest',
      text: `a@sha512:${HEX}${HEX}`,
      full: `docker.io/library/a@sha512:${HEX}${HEX}`,
    },
    { summary: 'an IPv6 host', text: '[2001:db8::1]:5000/a', full: '[2001:db8::1]:5000/a' },
    { summary: 'an upper-case host', text: 'Registry/a', full: 'Registry/a' },
    { summary: 'all separators', text: 'r.io/a.b/c_d/e__f/g---h', full: 'r.io/a.b/c_d/e__f/g---h' },
    {
      summary: 'a repository of Docker Hub that looks like a host stays in full',
      text: 'docker.io/localhost/a',
      full: 'docker.io/localhost/a',
      familiar: 'docker.io/localhost/a',
    },
    { summary: 'library with two components', text: 'library/a/b', full: 'docker.io/library/a/b' },
    {
      summary: 'the longest tag',
      text: `a:${'t'.repeat(128)}`,
      full: `docker.io/library/a:${'t'.repeat(128)}`,
    },
  ];
  test.each(valid)('reads $summary', ({ text, full, familiar }) => {
    const reference = parseReference(text);
    expect(formatReference(reference)).toBe(full);
    expect(familiarName(reference)).toBe(familiar ?? text);
    expect(parseReference(formatReference(reference))).toEqual(reference);
    expect(parseReference(familiarName(reference))).toEqual(reference);
  });

  const invalid: { summary: string; text: string; says: RegExp }[] = [
    { summary: 'nothing', text: '', says: /it is empty/ },
    { summary: 'upper case in a repository', text: 'me/App', says: /lower case/ },
    { summary: 'an image ID', text: HEX, says: /image ID/ },
    { summary: 'a URL', text: 'https://r.io/a', says: /it is a URL/ },
    { summary: 'an empty tag', text: 'a:', says: /not a tag/ },
    { summary: 'a tag of 129 characters', text: `a:${'t'.repeat(129)}`, says: /not a tag/ },
    { summary: 'a tag that begins with a dash', text: 'a:-t', says: /not a tag/ },
    { summary: 'a short digest', text: 'a@sha256:00', says: /64 lower-case hex/ },
    { summary: 'an unknown algorithm', text: `a@md5:${HEX}`, says: /md5/ },
    { summary: 'an empty component', text: 'a//b', says: /not \[host/ },
    { summary: 'a component that ends with a separator', text: 'a-/b', says: /not \[host/ },
    { summary: 'three underscores', text: 'a___b', says: /not \[host/ },
    { summary: 'a path that climbs', text: 'r.io/../b', says: /not \[host/ },
    { summary: 'a bad host', text: '-a.io/b', says: /not a host/ },
    { summary: 'white space', text: 'a b', says: /not \[host/ },
    { summary: 'a line break', text: 'a\n', says: /not \[host/ },
    { summary: 'a repository of 256 characters', text: `r.io/${'a'.repeat(256)}`, says: /at most 255/ },
    { summary: 'an absurd length', text: 'a'.repeat(100_000), says: /longer than/ },
  ];
  test.each(invalid)('refuses $summary', ({ text, says }) => {
    const act = () => parseReference(text);
    expect(act).toThrow(UsageError);
    expect(act).toThrow(says);
    expect(act).not.toThrow(/\n/);
  });
});

describe('defaultOutputName', () => {
  test.each([
    ['myapp', 'myapp:latest-slim'],
    ['myapp:1.2', 'myapp:1.2-slim'],
    [`r.io/a@sha256:${HEX}`, 'r.io/a:slim'],
    [`r.io/a:7@sha256:${HEX}`, 'r.io/a:7-slim'],
    [`a:${'t'.repeat(128)}`, `a:${'t'.repeat(123)}-slim`],
  ])('%s becomes %s', (source, name) => {
    expect(familiarName(defaultOutputName(parseReference(source)))).toBe(name);
  });
});

test('withDefaultTag adds latest only where nothing chooses', () => {
  expect(formatReference(withDefaultTag(parseReference('a')))).toBe('docker.io/library/a:latest');
  expect(formatReference(withDefaultTag(parseReference('a:b')))).toBe('docker.io/library/a:b');
  expect(withDefaultTag(parseReference(`a@sha256:${HEX}`)).tag).toBeUndefined();
});
