import type { Command } from 'commander';
import { inspect, inspectText, jsonText } from '../../index.ts';
import { applyConfigFile } from '../config-file.ts';
import { interruptible } from '../interrupt.ts';
import {
  addConnectionOptions,
  addKeepOptions,
  addProcessOptions,
  type TraceFlags,
  traceOptionsOf,
} from '../keep-flags.ts';
import { paletteFor, wantsColor } from '../palette.ts';

interface InspectFlags extends TraceFlags {
  readonly all?: boolean;
  readonly trace: boolean;
  readonly config?: string;
  readonly json?: boolean;
}

/** Gives `command` the job of `oslim inspect`; `done` takes the exit status. */
export function asInspectCommand(command: Command, done: (status: number) => void): Command {
  command
    .description(
      'what an image is made of: layers, packages, kinds of files, waste, and what slimming would leave',
    )
    .argument('<image>', 'the image, in any form that oslim reads')
    .option('--all', 'every row, not the largest alone')
    .option('--no-trace', 'without what slimming would leave')
    .option('--platform <os/arch>', 'which image of an index');
  addKeepOptions(command);
  addProcessOptions(command);
  addConnectionOptions(command);
  command
    .option('--config <file>', 'options from a YAML file (default: oslim.yaml, where there is one)')
    .option('--json', 'one JSON document');
  return command.action(async (image: string, flags: InspectFlags) => {
    await applyConfigFile(command, flags.config);
    done(await runInspect(image, command.opts<InspectFlags>()));
  });
}

async function runInspect(image: string, flags: InspectFlags): Promise<number> {
  const report = await interruptible((signal) =>
    inspect({ ...traceOptionsOf(flags), image, trace: flags.trace, signal }),
  );
  const palette = paletteFor(wantsColor(process.stdout, process.env));
  const text = flags.json ? jsonText(report) : inspectText(report, palette, { all: flags.all ?? false });
  process.stdout.write(`${text}\n`);
  return 0;
}
