import { describe, expect, it } from 'vitest';
import { rootPath } from '../../rootfs/root-path.ts';
import { memoryRootfs } from '../../testing/memory-rootfs.ts';
import { processSpecOf } from '../process-spec.ts';
import { subcommands } from './subcommands.ts';

const ROOTFS = memoryRootfs({
  '/usr/bin/tool': '#!/usr/bin/python3\n',
  '/usr/bin/elf': '\x7fELF',
  '/usr/bin/large': `\x7fELF${'x'.repeat(17 << 20)}`,
  '/usr/bin/tool-run': 'x',
  '/usr/bin/tool-list': 'x',
  '/usr/bin/elf-run': 'x',
  '/usr/bin/python3': 'x',
  '/usr/bin/python3-config': 'x',
});

describe('subcommands', () => {
  const rows: { summary: string; entrypoint: string[]; cmd: string[]; found: string[][] }[] = [
    {
      summary: 'the one that the operand names, with its arguments',
      entrypoint: [],
      cmd: ['elf', '-v', 'run', 'x'],
      found: [['elf-run', 'x']],
    },
    { summary: 'none that is not there', entrypoint: [], cmd: ['elf', 'list'], found: [] },
    {
      summary: 'all of a script whose arguments its user chooses',
      entrypoint: ['tool'],
      cmd: ['list'],
      found: [['tool-list'], ['tool-run']],
    },
    { summary: 'none of a large program', entrypoint: ['large'], cmd: ['x'], found: [] },
    { summary: 'none of an interpreter', entrypoint: ['python3'], cmd: ['config'], found: [] },
  ];
  it.each(rows)('returns $summary', ({ entrypoint, cmd, found }) => {
    const process = processSpecOf({ Entrypoint: entrypoint, Cmd: cmd, Env: ['PATH=/usr/bin'] });
    const program = rootPath(`/usr/bin/${process.argv[0]}`);
    const { argv, cwd, env } = process;
    expect(subcommands({ program, invokedAs: program, argv, cwd, env }, ROOTFS, process)).toEqual(found);
  });
});
