import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UsageError } from '../errors.ts';
import { parseReference } from '../oci/reference.ts';
import {
  type OutputLocation,
  parseOutputLocation,
  parseSourceLocation,
  type SourceLocation,
} from './location.ts';

const HEX = '0123456789abcdef'.repeat(4);
let home: string;
let cwd: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'oslim-location-'));
  cwd = process.cwd();
  process.chdir(home);
  writeFileSync('app.tar', '');
  writeFileSync('with:colon.tar', '');
  mkdirSync('redis');
  mkdirSync('layout');
  writeFileSync('layout/oci-layout', '{}');
});

afterAll(() => {
  process.chdir(cwd);
  rmSync(home, { recursive: true });
});

describe('parseSourceLocation', () => {
  const rows: { summary: string; text: string; is: SourceLocation }[] = [
    { summary: 'stdin', text: '-', is: { kind: 'stdin' } },
    {
      summary: 'a registry',
      text: 'docker://redis:7',
      is: { kind: 'registry', reference: parseReference('redis:7') },
    },
    {
      summary: 'an image called like a command',
      text: 'docker://ldd',
      is: { kind: 'registry', reference: parseReference('ldd') },
    },
    { summary: 'an engine', text: 'docker-daemon:redis:7', is: { kind: 'docker-daemon', name: 'redis:7' } },
    {
      summary: 'an image ID',
      text: `docker-daemon:sha256:${HEX}`,
      is: { kind: 'docker-daemon', name: `sha256:${HEX}` },
    },
    {
      summary: 'a docker-archive',
      text: 'docker-archive:a.tar',
      is: { kind: 'docker-archive', file: 'a.tar' },
    },
    {
      summary: 'an image of a docker-archive',
      text: 'docker-archive:/d/a.tar:redis:7',
      is: { kind: 'docker-archive', file: '/d/a.tar', reference: 'redis:7' },
    },
    {
      summary: 'a file with a colon',
      text: 'docker-archive:with:colon.tar',
      is: { kind: 'docker-archive', file: 'with:colon.tar' },
    },
    {
      summary: 'an oci-archive',
      text: 'oci-archive:a.tar:t',
      is: { kind: 'oci-archive', file: 'a.tar', reference: 't' },
    },
    { summary: 'a layout', text: 'oci:dir', is: { kind: 'oci', directory: 'dir' } },
    { summary: 'a filesystem', text: 'rootfs:/', is: { kind: 'rootfs', directory: '/' } },
    { summary: 'an existing file', text: 'app.tar', is: { kind: 'archive', file: 'app.tar' } },
    {
      summary: 'a file that is not there, by path',
      text: './no.tar',
      is: { kind: 'archive', file: './no.tar' },
    },
    { summary: 'a path above', text: '../no.tar', is: { kind: 'archive', file: '../no.tar' } },
    { summary: 'a device', text: '/dev/null', is: { kind: 'archive', file: '/dev/null' } },
    { summary: 'an existing layout', text: 'layout', is: { kind: 'oci', directory: 'layout' } },
    {
      summary: 'a folder that must not hide an image',
      text: 'redis',
      is: { kind: 'name', reference: parseReference('redis') },
    },
    {
      summary: 'a bare name',
      text: 'host:5000/a',
      is: { kind: 'name', reference: parseReference('host:5000/a') },
    },
    {
      summary: 'a repository called like a transport',
      text: 'dir:latest',
      is: { kind: 'name', reference: parseReference('dir:latest') },
    },
    {
      summary: 'a repository called docker',
      text: 'docker:27',
      is: { kind: 'name', reference: parseReference('docker:27') },
    },
  ];
  test.each(rows)('reads $summary', ({ text, is }) => {
    expect(parseSourceLocation(text)).toEqual(is);
  });

  test.each([
    ['', /it is empty/],
    ['./redis', /without an oci-layout file/],
    ['oci:', /a directory is missing/],
    ['docker-archive:', /a file is missing/],
    ['docker-archive:a:', /not PATH or PATH:REF/],
    ['oci::x', /not PATH or PATH:REF/],
    ['docker://', /it is empty/],
    ['rootfs:', /a directory is missing/],
    ['dir:/a', /transport dir: is not supported/],
    ['A/B', /lower case/],
  ])('refuses %j', (text, says) => {
    const act = () => parseSourceLocation(text);
    expect(act).toThrow(UsageError);
    expect(act).toThrow(says);
  });
});

describe('parseOutputLocation', () => {
  const rows: { summary: string; text: string; is: OutputLocation }[] = [
    { summary: 'stdout', text: '-', is: { kind: 'stdout' } },
    { summary: 'a bare file', text: 'slim.tar', is: { kind: 'loadable', file: 'slim.tar' } },
    { summary: 'a bare file with a colon', text: 'a:b', is: { kind: 'loadable', file: 'a:b' } },
    { summary: 'a layout', text: 'oci:d:t', is: { kind: 'oci', directory: 'd', reference: 't' } },
    { summary: 'a docker-archive', text: 'docker-archive:f', is: { kind: 'docker-archive', file: 'f' } },
    {
      summary: 'a registry',
      text: 'docker://a:b',
      is: { kind: 'registry', reference: parseReference('a:b') },
    },
  ];
  test.each(rows)('reads $summary', ({ text, is }) => {
    expect(parseOutputLocation(text)).toEqual(is);
  });

  test.each(['', 'rootfs:/x', 'oci:'])('refuses %j', (text) => {
    expect(() => parseOutputLocation(text)).toThrow(UsageError);
  });
});
