import { describe, expect, it } from 'vitest';
import { configuredLines } from './generic-commands.ts';

const COMMANDS = new Set(['echo', 'tr', 'jq', 'sort']);

describe('configuredLines', () => {
  const rows: { summary: string; text: string; found: string[] }[] = [
    {
      summary: 'a pipeline behind a key',
      text: 'UserParameter=up[*],echo "$1" | tr a-z A-Z',
      found: ['echo "$1" | tr a-z A-Z'],
    },
    { summary: 'a list', text: '  run: jq . x && sort x', found: ['jq . x && sort x'] },
    { summary: 'a command with an option', text: 'UserParameter=x[*],sort -r $1', found: ['sort -r $1'] },
    { summary: 'no word that is a command by chance', text: 'sort = echo', found: [] },
    { summary: 'no alternatives of a pattern', text: 'location ~ \\.(echo|sort)$', found: [] },
    { summary: 'nothing where a part is no command', text: 'table: | name | sort |', found: [] },
    { summary: 'no statement of a format of its own', text: 'echo $arg_x;', found: [] },
    { summary: 'nothing that is no shell', text: 'sort -r (', found: [] },
    { summary: 'no comment', text: '# echo x | sort', found: [] },
  ];
  it.each(rows)('finds $summary', ({ text, found }) => {
    const commands = configuredLines(text, (name) => COMMANDS.has(name));
    expect(commands.map(({ argv }) => argv[2])).toEqual(found);
  });
});
