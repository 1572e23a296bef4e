import type { Command } from 'commander';
import { jsonText, UsageError, why, whyText } from '../../index.ts';
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

interface WhyFlags extends TraceFlags {
  readonly all?: boolean;
  readonly from?: string;
  readonly config?: string;
  readonly json?: boolean;
}

/** Gives `command` the job of `oslim why`; `done` takes the exit status. */
export function asWhyCommand(command: Command, done: (status: number) => void): Command {
  command
    .description('why a file would be kept (its chain of reasons), or why not and what would keep it')
    .argument('<image>', 'the image, in any form that oslim reads; with --from it may be left out')
    .argument('[path]', 'a file, link or directory in it, or the name of a command')
    .option('--all', 'every chain of reasons (at most 100), not the shortest alone')
    .option('--from <report>', 'read the answer from what `oslim IMAGE --json` printed, or from a lock file')
    .option('--platform <os/arch>', 'which image of an index');
  addKeepOptions(command);
  addProcessOptions(command);
  addConnectionOptions(command);
  command
    .option('--config <file>', 'options from a YAML file (default: oslim.yaml, where there is one)')
    .option('--json', 'one JSON document');
  return command.action(async (first: string, second: string | undefined, flags: WhyFlags) => {
    await applyConfigFile(command, flags.config);
    done(await runWhy(first, second, command.opts<WhyFlags>()));
  });
}

async function runWhy(first: string, second: string | undefined, flags: WhyFlags): Promise<number> {
  if (second === undefined && flags.from === undefined) {
    throw new UsageError(`cannot explain "${first}": no path is named`, {
      advice: 'oslim why IMAGE PATH, or oslim why PATH --from REPORT',
    });
  }
  const [image, path] = second === undefined ? [undefined, first] : [first, second];
  const report = await interruptible((signal) =>
    why({ ...traceOptionsOf(flags), image, path, all: flags.all ?? false, from: flags.from, signal }),
  );
  const text = flags.json
    ? jsonText(report)
    : whyText(report, paletteFor(wantsColor(process.stdout, process.env)));
  process.stdout.write(`${text}\n`);
  return 0;
}
