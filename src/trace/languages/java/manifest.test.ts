import { describe, expect, it } from 'vitest';
import { manifestPaths, parseManifest } from './manifest.ts';

describe('parseManifest', () => {
  it.each([
    {
      summary: 'a long line goes on after one space, whatever ends the lines',
      text: 'Manifest-Version: 1.0\r\nClass-Path: lib/a.jar li\r\n b/b.jar\r\nMain-Class: a.Main\r\n',
      attributes: { 'manifest-version': '1.0', 'class-path': 'lib/a.jar lib/b.jar', 'main-class': 'a.Main' },
    },
    {
      summary: 'sections about members do not count',
      text: 'Main-Class: a.Main\n\nName: b/\nMain-Class: b.Main\n',
      attributes: { 'main-class': 'a.Main' },
    },
    { summary: 'an empty manifest', text: '', attributes: {} },
  ])('$summary', ({ text, attributes }) => {
    expect(Object.fromEntries(parseManifest(text))).toEqual(attributes);
  });
});

describe('manifestPaths', () => {
  it.each([
    { value: 'a.jar ../lib/b.jar', paths: ['a.jar', '../lib/b.jar'] },
    { value: 'file:/opt/a.jar file:///opt/b%20c.jar', paths: ['/opt/a.jar', '/opt/b c.jar'] },
    { value: 'http://example.org/a.jar lib/', paths: ['lib/'] },
    { value: '100%.jar', paths: ['100%.jar'] },
    { value: undefined, paths: [] },
  ])('$value', ({ value, paths }) => {
    expect(manifestPaths(value)).toEqual(paths);
  });
});
