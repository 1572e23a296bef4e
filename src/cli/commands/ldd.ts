import type { Command } from 'commander';
import { jsonText, type LddOptions, lddText, lddTree, listLibraries } from '../../index.ts';
import { addLimitOption, limitsOf } from '../keep-flags.ts';

interface LddFlags {
  readonly all?: boolean;
  readonly tree?: boolean;
  readonly json?: boolean;
  readonly cpu?: string;
  readonly inferred: boolean;
  readonly symbols?: boolean;
  readonly platform?: string;
  readonly insecure?: boolean;
  readonly limit: readonly string[];
}

/** Gives `command` the job of `oslim ldd`; `done` takes the exit status. */
export function asLddCommand(command: Command, done: (status: number) => void): Command {
  command
    .description('what the dynamic loader would load, inside the image, on any architecture')
    .argument('<image>', 'the image, in any form that oslim reads')
    .argument('[path...]', "ELF files in it; by default the image's entrypoint")
    .option('--all', 'every executable, and every shared library that needs another one')
    .option('--tree', 'who needs whom')
    .option('--cpu <level>', 'answer as that processor would: x86-64-v3, baseline, …')
    .option('--no-inferred', 'without what read-only data only suggest')
    .option('--symbols', 'undefined symbols too')
    .option('--platform <os/arch>', 'which image of an index')
    .option('--insecure', 'plain HTTP, or HTTPS without verification');
  return addLimitOption(command)
    .option('--json', 'one JSON document')
    .action(async (image: string, paths: readonly string[], flags: LddFlags) =>
      done(await runLdd(image, paths, flags)),
    );
}

async function runLdd(image: string, paths: readonly string[], flags: LddFlags): Promise<number> {
  const options: LddOptions = {
    image,
    paths,
    all: flags.all ?? false,
    inferred: flags.inferred,
    symbols: flags.symbols ?? false,
    insecure: flags.insecure ?? false,
    limits: limitsOf(flags.limit),
    ...(flags.cpu === undefined ? {} : { cpu: flags.cpu }),
    ...(flags.platform === undefined ? {} : { platform: flags.platform }),
  };
  const report = await listLibraries(options);
  const text = flags.json ? jsonText(report) : flags.tree ? lddTree(report) : lddText(report);
  process.stdout.write(`${text}\n`);
  return report.files.some((file) => file.missing.length > 0 || file.error !== undefined) ? 1 : 0;
}
