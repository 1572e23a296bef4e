import { describe, expect, it } from 'vitest';
import { matchesOutput } from './match-output.js';
import { blocksOf } from './page-blocks.js';

describe('blocksOf', () => {
  it('reads commands with what they print, and the marks before them', () => {
    const page =
      'a\n\n<!-- docs-test: status 3 -->\n<!-- docs-test: needs a.tar docker -->\n```console\n$ a\nb\n\nc\n$ d\n```\n';
    const [block] = blocksOf(page);
    expect(block).toMatchObject({ line: 5, status: 3, needs: ['a.tar', 'docker'], notRun: undefined });
    expect(block?.steps).toEqual([
      { command: 'a', expected: ['b', '', 'c'] },
      { command: 'd', expected: [] },
    ]);
  });

  it.each([
    ['an indented command', 'a\n\n    oslim b\n'],
    ['commands in a block of no language', '```\n$ oslim b\n```\n'],
    ['commands in a block of no language and no prompt', '```\noslim b -o c\n```\n'],
    ['a mark that means nothing', '<!-- docs-test: perhaps -->\n```sh\na\n```\n'],
    ['output before any command', '```console\na\n```\n'],
    ['a fence that does not end', '```sh\na\n'],
  ])('refuses %s', (_, page) => {
    expect(() => blocksOf(page)).toThrow(/^line \d/);
  });
});

describe('matchesOutput', () => {
  it.each([
    ['the same', ['a b', 'c'], 'a b\nc\n'],
    ['other figures', ['12.5 MB in 3 files'], '4 MB  in 4711 files\n'],
    ['another digest', ['sha256:0a1b… is it'], 'sha256:ffff012345 is it\n'],
    ['anything in a line', ['a … b'], 'a what ever b\n'],
    ['any lines', ['a', '…', 'b'], 'a\nc\n\nd\nb\n'],
    ['no lines', ['a', '…'], 'a\n'],
    ['what a pattern would mean', ['a.b (c) [d]'], 'a.b (c) [d]\n'],
  ])('takes %s', (_, expected, actual) => {
    expect(matchesOutput(expected, actual)).toBe(true);
  });

  it.each([
    ['another word', ['a b'], 'a c\n'],
    ['a line too many', ['a'], 'a\nb\n'],
    ['a line too few', ['a', 'b'], 'a\n'],
    ['a dot that is none', ['a.b'], 'axb\n'],
    ['a word for a figure', ['3 files'], 'no files\n'],
    ['nothing', ['a'], ''],
  ])('refuses %s', (_, expected, actual) => {
    expect(matchesOutput(expected, actual)).toBe(false);
  });
});
