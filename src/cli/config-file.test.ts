import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../index.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { applyConfigFile } from './config-file.ts';

const each = (value: string, previous: readonly string[]) => [...previous, value];

/** Returns the options that a command has after reading this file and these arguments. */
async function optionsWith(text: string, ...argv: string[]) {
  const file = join(temporaryDirectory(), 'some.yaml');
  writeFileSync(file, text);
  const command = new Command()
    .addOption(new Option('--level <level>').choices(['minimal', 'default', 'safe']))
    .option('--include <glob>', '', each, [])
    .option('--no-certs')
    .option('--strict')
    .option('--max-size <size>')
    .option('--cmd <command>')
    .option('--json')
    .action(() => {});
  command.parse(argv, { from: 'user' });
  await applyConfigFile(command, file);
  return command.opts();
}

describe('applyConfigFile', () => {
  const rows: readonly { summary: string; text: string; argv?: readonly string[]; options: object }[] = [
    { summary: 'nothing of an empty file', text: '', options: { certs: true, include: [] } },
    {
      summary: 'texts, numbers, switches and what a --no- option switches off',
      text: 'level: safe\nmax-size: 5000\nstrict: true\ncerts: false\n',
      options: { level: 'safe', maxSize: '5000', strict: true, certs: false },
    },
    {
      summary: 'a command as a list',
      text: 'cmd: [/app/server, -v]\n',
      options: { cmd: '["/app/server","-v"]' },
    },
    {
      summary: 'lists before those of the command line',
      text: 'include: [/a, /b]\n',
      argv: ['--include', '/c'],
      options: { include: ['/a', '/b', '/c'] },
    },
    {
      summary: 'the command line where both say something',
      text: 'level: safe\ncerts: true\n',
      argv: ['--level', 'minimal', '--no-certs'],
      options: { level: 'minimal', certs: false },
    },
  ];
  it.each(rows)('takes $summary', async ({ text, argv = [], options }) => {
    expect(await optionsWith(text, ...argv)).toMatchObject(options);
  });

  it.each([
    ['unknown: 1', '"unknown" is no option that it may hold'],
    ['json: true', '"json" is no option that it may hold'],
    ['level: huge', '"level" is one of minimal, default, safe'],
    ['strict: maybe', '"strict" is true or false'],
    ['max-size: {a: 1}', '"max-size" is a text'],
    ['include: [[1]]', '"include" is a text'],
    ['- a', 'not a mapping of option names to values'],
    ['a: [', 'cannot read the configuration'],
  ])('refuses %s', async (text, message) => {
    const refused = optionsWith(text);
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(message);
  });

  it('refuses a file that is named and not there, and does without oslim.yaml', async () => {
    const command = new Command().action(() => {});
    await expect(applyConfigFile(command, '/nowhere/x.yaml')).rejects.toThrow(
      'cannot read the configuration "/nowhere/x.yaml"',
    );
    await expect(applyConfigFile(command, undefined)).resolves.toBeUndefined();
  });
});
