import type { Command } from 'commander';
import { jsonText, verify, verifyText } from '../../index.ts';
import { interruptible } from '../interrupt.ts';
import {
  addConnectionOptions,
  addProcessOptions,
  many,
  type ProcessFlags,
  processOptionsOf,
} from '../keep-flags.ts';
import { paletteFor, wantsColor } from '../palette.ts';

interface VerifyFlags extends ProcessFlags {
  readonly against?: string;
  readonly symbols?: boolean;
  readonly strict?: boolean;
  readonly allowMissing: readonly string[];
  readonly platform?: string;
  readonly json?: boolean;
}

/** Gives `command` the job of `oslim verify`; `done` takes the exit status. */
export function asVerifyCommand(command: Command, done: (status: number) => void): Command {
  command
    .description(
      'is the image complete: digests, what its config names, every interpreter, library, version, link',
    )
    .argument('<image>', 'the image, in any form that oslim reads')
    .option(
      '--against <image>',
      'the original: what it resolves, this image has to resolve to the same bytes',
    )
    .option('--symbols', 'undefined symbols too')
    .option('--strict', 'notes are findings')
    .option('--allow-missing <name>', 'a library that may be missing (repeatable)', many, [])
    .option('--platform <os/arch>', 'which image of an index');
  addProcessOptions(command);
  addConnectionOptions(command);
  command.option('--json', 'one JSON document');
  return command.action(async (image: string, flags: VerifyFlags) => done(await runVerify(image, flags)));
}

async function runVerify(image: string, flags: VerifyFlags): Promise<number> {
  const report = await interruptible((signal) =>
    verify({
      ...processOptionsOf(flags),
      image,
      platform: flags.platform,
      against: flags.against,
      symbols: flags.symbols ?? false,
      strict: flags.strict ?? false,
      allowMissing: flags.allowMissing,
      signal,
    }),
  );
  const text = flags.json
    ? jsonText(report)
    : verifyText(report, paletteFor(wantsColor(process.stdout, process.env)));
  process.stdout.write(`${text}\n`);
  return report.findings.length > 0 ? 3 : 0;
}
