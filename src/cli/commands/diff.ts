import { type Command, InvalidArgumentError } from 'commander';
import { diff, diffText, jsonText } from '../../index.ts';
import { interruptible } from '../interrupt.ts';
import { addLimitOption, limitsOf } from '../keep-flags.ts';
import { paletteFor, wantsColor } from '../palette.ts';

interface DiffFlags {
  readonly all?: boolean;
  readonly depth: number;
  readonly platform?: string;
  readonly insecure?: boolean;
  readonly limit: readonly string[];
  readonly json?: boolean;
}

/** Gives `command` the job of `oslim diff`; `done` takes the exit status. */
export function asDiffCommand(command: Command, done: (status: number) => void): Command {
  command
    .description('what went, what came and what changed from one image to another')
    .argument('<before>', 'an image, in any form that oslim reads')
    .argument('<after>', 'likewise')
    .option('--all', 'every package, directory and file, not the largest alone')
    .option('--depth <n>', 'components of the directories that are told apart', parseDepth, 2)
    .option('--platform <os/arch>', 'which image of an index')
    .option('--insecure', 'plain HTTP, or HTTPS without verification');
  return addLimitOption(command)
    .option('--json', 'one JSON document')
    .action(async (before: string, after: string, flags: DiffFlags) =>
      done(await runDiff(before, after, flags)),
    );
}

function parseDepth(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw new InvalidArgumentError('it is a number from 1 to 99');
  return Number.parseInt(text, 10);
}

async function runDiff(before: string, after: string, flags: DiffFlags): Promise<number> {
  const report = await interruptible((signal) =>
    diff({
      images: [before, after],
      depth: flags.depth,
      platform: flags.platform,
      insecure: flags.insecure ?? false,
      limits: limitsOf(flags.limit),
      signal,
    }),
  );
  const palette = paletteFor(wantsColor(process.stdout, process.env));
  const text = flags.json ? jsonText(report) : diffText(report, palette, { all: flags.all ?? false });
  process.stdout.write(`${text}\n`);
  return 0;
}
